import gzip
import io
import tarfile
from typing import Any

import pytest

from tests.support import WORLD, Answer, Api, a_file, names, seen

GROUPS: dict[str, Any] = {
    **WORLD,
    "users": [*WORLD["users"][:2], {"username": "bob", "public_email": "bob@example.com"}, *WORLD["users"][3:]],
    "groups": [
        {
            **WORLD["groups"][0],
            "description": "Rockets",
            "labels": [{"name": "bug", "color": "#d9534f"}],
            "milestones": [{"title": "1.0"}],
            "badges": [{"name": "build", "link_url": "https://example.com/a", "image_url": "https://example.com/b"}],
            "epics": [{"title": "Fly", "labels": ["bug"], "author": "bob"}],
        },
        {"path": "acme/labs", "labels": [{"name": "test", "color": "#000000"}]},
        {"path": "acme/labs/deep"},
        *WORLD["groups"][2:],
    ],
}
GROUPS["users"][2] = {"username": "bob", "email": "bob@example.com", "public_email": "bob@example.com"}
pytestmark = pytest.mark.mockgitlab(scenario=GROUPS)
FORBIDDEN = (403, {"message": "403 Forbidden"})


def exported(api: Api, as_: str = "ada") -> Answer:
    assert seen(api.post("groups/acme/export", as_)) == (202, {"message": "202 Accepted"})
    return api.get("groups/acme/export/download", as_)


def upload(api: Api, data: bytes, as_: str | None = "root", file: str = "x.tar.gz", **given: Any) -> Answer:
    named = {"name": "Again", "path": "again", **given}
    return api.form("POST", "groups/import", as_, file=a_file(file, data), **named)


def test_an_export_holds_the_groups_below_as_well(api: Api) -> None:
    answer = exported(api)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2024-05-01_09-00-000_acme_export.tar.gz"'
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(answer.data))) as archive:
        assert archive.extractfile("./tree/groups/_all.ndjson").read() == b"1\n2\n3\n"  # type: ignore[union-attr]
        assert "./tree/groups/2/labels.ndjson" in archive.getnames()


def test_exports_are_for_owners_and_kept_for_a_day(api: Api) -> None:
    assert seen(api.post("groups/acme/export", "bob")) == FORBIDDEN
    assert seen(api.get("groups/acme/export/download", "bob")) == FORBIDDEN
    gone = (404, {"message": "404 Not found or has expired"})
    assert seen(api.get("groups/acme/export/download", "ada")) == gone
    exported(api)
    assert seen(api.get("groups/acme/export/download")) == gone
    api.server.advance("24h")
    assert seen(api.get("groups/acme/export/download", "ada")) == gone


def test_a_group_is_imported_with_those_below_it(api: Api) -> None:
    assert seen(upload(api, exported(api).data)) == (202, {"message": "202 Accepted"})
    group = api.get("groups/again").json
    assert (group["name"], group["description"], group["visibility"]) == ("Again", "Rockets", "private")
    assert names(api.get("groups/again/labels")) == ["bug"]
    assert names(api.get("groups/again/milestones"), "title") == ["1.0"]
    assert names(api.get("groups/again/badges")) == ["build"]
    [epic] = api.get("groups/again/epics").json
    assert (epic["title"], epic["labels"], epic["author"]["username"]) == ("Fly", ["bug"], "bob")
    below = api.get("groups/again/descendant_groups").json
    assert sorted(one["full_path"] for one in below) == ["again/labs", "again/labs/deep"]
    assert "test" in names(api.get("groups/again%2Flabs/labels"))


def test_members_are_found_again_where_administrators_import(api: Api) -> None:
    data = exported(api).data
    upload(api, data)
    members = {one["username"]: one["access_level"] for one in api.get("groups/again/members").json}
    assert members == {"root": 50, "bob": 30}
    upload(api, data, "ada", path="mine")
    assert [one["username"] for one in api.get("groups/mine/members").json] == ["ada"]


def test_a_group_is_imported_below_another(api: Api) -> None:
    data = exported(api).data
    assert upload(api, data, "ada", parent_id="1").status == 202
    assert api.get("groups/acme%2Fagain").json["parent_id"] == 1
    assert seen(upload(api, data, "gil", parent_id="1")) == FORBIDDEN
    assert seen(upload(api, data, "nora", parent_id="1")) == (404, {"message": "404 Group Not Found"})


def test_what_is_wrong_is_refused(api: Api) -> None:
    taken = upload(api, b"x", path="acme")
    assert taken.status == 400
    assert taken.json["message"].startswith("Failed to save group {")
    told = {"message": {"error": "You need to upload a GitLab project export archive (ending in .gz)."}}
    assert seen(upload(api, b"x", file="x.txt")) == (422, told)
    assert upload(api, b"x", None).status == 401
    assert api.post("groups/import", path="x", name="x").status == 400
    assert seen(api.post("groups/import/authorize", "ada")) == FORBIDDEN


def test_of_what_is_no_archive_an_empty_group_is_made(api: Api) -> None:
    assert upload(api, b"x").status == 202
    assert api.get("groups/again").json["description"] in (None, "")
