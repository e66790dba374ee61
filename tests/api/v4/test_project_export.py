import gzip
import io
import json
import tarfile
from typing import Any

import pytest
from werkzeug.test import Client

from mockgitlab.api.seeds.repository_sources import read_bundle
from mockgitlab.store import Objects
from tests.support import WORLD, Api

AT = "projects/1/export"
ROCKET = {
    "path": "acme/rocket",
    "description": "Flies",
    "labels": [{"name": "bug", "color": "#d9534f"}],
    "milestones": [{"title": "1.0"}],
    "repository": {"branches": {"main": {"README.md": "# Rocket\n"}, "fix": {"from": "main"}}, "tags": {"v1": "main"}},
    "issues": [
        {
            "title": "It explodes",
            "author": "ada",
            "assignees": ["bob"],
            "labels": ["bug"],
            "milestone": "1.0",
            "notes": [{"author": "bob", "body": "On it"}],
        }
    ],
}
FLYING = {**WORLD, "projects": [ROCKET, *WORLD["projects"][1:]]}
pytestmark = pytest.mark.mockgitlab(scenario=FLYING)


def unpacked(api: Api, who: str = "ada") -> dict[str, bytes]:
    sent = {"Private-Token": f"{who}-token"}
    data = Client(api.server.app).get(f"{api.prefix}{AT}/download", headers=sent).get_data()
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]


def test_an_export_is_made_shown_and_downloaded(api: Api) -> None:
    before = {
        "id": 1,
        "description": "Flies",
        "name": "rocket",
        "name_with_namespace": "acme / rocket",
        "path": "rocket",
        "path_with_namespace": "acme/rocket",
        "created_at": "2024-05-01T09:00:00.000Z",
        "export_status": "none",
    }
    assert api.get(AT, "ada").json == before
    started = api.post(AT, "ada")
    assert (started.status, started.json) == (202, {"message": "202 Accepted"})
    links = {
        "api_url": "http://localhost/api/v4/projects/1/export/download",
        "web_url": "http://localhost/acme/rocket/download_export",
    }
    assert api.get(AT, "ada").json == {**before, "export_status": "finished", "_links": links}
    answer = api.get(f"{AT}/download", "ada")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    name = 'attachment; filename="2024-05-01_09-00-000_acme_rocket_export.tar.gz"'
    assert answer.headers["Content-Disposition"] == name


def test_the_archive_holds_what_is_in_the_project(api: Api) -> None:
    api.post(AT, "ada")
    files = unpacked(api)
    assert (files["./VERSION"], files["./GITLAB_VERSION"]) == (b"0.2.4", b"17.5.0")
    assert json.loads(files["./tree/project.json"])["description"] == "Flies"
    label, issue = (json.loads(files[f"./tree/project/{name}.ndjson"]) for name in ("labels", "issues"))
    bug: dict[str, Any] = {
        "title": "bug",
        "color": "#d9534f",
        "description": None,
        "type": "ProjectLabel",
        "priorities": [],
    }
    assert label == bug
    wanted = {
        "title": "It explodes",
        "author_id": 2,
        "issue_assignees": [{"user_id": 3}],
        "label_links": [{"label": bug}],
    }
    assert {name: issue[name] for name in wanted} == wanted
    assert (issue["milestone"]["title"], [note["note"] for note in issue["notes"]]) == ("1.0", ["On it"])


def test_the_repository_is_a_bundle_that_git_reads(api: Api) -> None:
    api.post(AT, "ada")
    found = read_bundle(Objects(), unpacked(api)["./project.bundle"])
    assert sorted(found.refs) == ["refs/heads/fix", "refs/heads/main", "refs/tags/v1"]
    assert found.refs["refs/heads/main"] == api.get("projects/1/repository/commits/main", "ada").json["id"]


def test_a_description_takes_the_place_of_the_projects(api: Api) -> None:
    api.post(AT, "ada", description="Flew")
    assert json.loads(unpacked(api)["./tree/project.json"])["description"] == "Flew"


def test_an_export_is_of_the_user_who_made_it(api: Api) -> None:
    api.post(AT, "ada")
    refused = api.get(f"{AT}/download", "root")
    assert (refused.status, refused.json) == (404, {"message": "404 Not found or has expired"})
    assert api.get(AT, "root").json["export_status"] == "none"


def test_a_project_without_a_repository_has_no_bundle(api: Api) -> None:
    api.post("projects/3/export", "ada")
    assert api.get("projects/3/export/download", "ada").status == 200


def test_exporting_is_for_maintainers(api: Api) -> None:
    assert [api.post(AT, who).status for who in ("bob", "nora", None)] == [403, 404, 401]
    assert api.get(f"{AT}/download", "bob").status == 403


def test_administrators_may_turn_exports_off(api: Api) -> None:
    api.put("application/settings", "root", project_export_enabled=False)
    assert (api.post(AT, "ada").status, api.get(AT, "ada").json) == (404, {"message": "404 Not Found"})


def test_an_upload_elsewhere_is_not_built_and_a_wrong_method_refused(api: Api) -> None:
    assert api.post(AT, "ada", upload={"url": "https://example.com/x"}).status == 501
    assert api.post(AT, "ada", upload={"http_method": "PATCH"}).status == 400
