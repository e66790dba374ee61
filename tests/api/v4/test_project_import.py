import gzip
import io
import json
import tarfile
from typing import Any

import pytest

from mockgitlab.api.v4 import project_import
from tests.support import WORLD, Answer, Api, a_file, seen

WITH_WORK: dict[str, Any] = {
    **WORLD,
    "users": [
        *WORLD["users"][:2],
        {"username": "bob", "name": "Bob Kahn", "email": "bob@example.com", "public_email": "bob@example.com"},
        *WORLD["users"][3:],
    ],
    "projects": [
        {
            "path": "acme/rocket",
            "description": "To the moon",
            "visibility": "private",
            "topics": ["space"],
            "members": {"bob": "maintainer"},
            "wiki_access_level": "disabled",
            "repository": {
                "branches": {
                    "main": {"README.md": "# Rocket\n", "a.txt": "one\n"},
                    "fix": {"from": "main", "commits": [{"message": "Fix", "files": {"a.txt": "two\n"}}]},
                },
                "tags": {"v1": "main"},
            },
            "labels": [{"name": "bug", "color": "#d9534f", "priority": 1}],
            "milestones": [{"title": "1.0", "due_date": "2024-06-01"}],
            "issues": [
                {
                    "title": "It explodes",
                    "author": "bob",
                    "assignees": ["bob", "rex"],
                    "labels": ["bug"],
                    "milestone": "1.0",
                    "notes": [{"author": "bob", "body": "On it"}, {"author": "rex", "body": "Why?"}],
                    "award_emoji": [{"name": "thumbsup", "user": "bob"}],
                },
                {"title": "Done", "author": "ada", "state": "closed"},
            ],
            "merge_requests": [{"title": "Repair", "author": "bob", "source_branch": "fix", "target_branch": "main"}],
        },
        *WORLD["projects"][1:],
    ],
}
pytestmark = pytest.mark.mockgitlab(scenario=WITH_WORK)


def exported(api: Api, as_: str = "ada") -> bytes:
    assert api.post("projects/1/export", as_).status == 202
    return api.get("projects/1/export/download", as_).data


def upload(api: Api, data: bytes, as_: str = "root", file: str = "x.tar.gz", **given: Any) -> Answer:
    return api.form("POST", "projects/import", as_, file=a_file(file, data), **{"path": "again", **given})


def imported(api: Api, as_: str = "root", **given: Any) -> str:
    """Import the rocket once more and return the path of the new project in this API."""
    answer = upload(api, exported(api), as_, **given)
    assert answer.status == 201, answer
    return f"projects/{answer.json['id']}"


def changed(data: bytes, **files: Any) -> bytes:
    """Return an archive in which some files are others, and those that are ``None`` are missing."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as old:
        found = {one.name[2:]: old.extractfile(one).read() for one in old}  # type: ignore[union-attr]
    with tarfile.open(fileobj=buffer, mode="w") as new:
        for name, content in {**found, **files}.items():
            if content is not None:
                member = tarfile.TarInfo(f"./{name}")
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return gzip.compress(buffer.getvalue())


def rows(*given: Any) -> bytes:
    return "".join(f"{json.dumps(one)}\n" for one in given).encode()


def test_a_project_is_imported_from_its_archive(api: Api) -> None:
    answer = upload(api, exported(api), namespace="acme", name="Rocket II")
    status: dict[str, Any] = {
        "id": 4,
        "description": None,
        "name": "Rocket II",
        "name_with_namespace": "acme / Rocket II",
        "path": "again",
        "path_with_namespace": "acme/again",
        "created_at": "2024-05-01T09:00:00.000Z",
        "import_status": "scheduled",
        "import_type": "gitlab_project",
        "correlation_id": None,
        "failed_relations": [],
        "import_error": None,
        "stats": None,
    }
    assert seen(answer) == (201, status)
    done = {**status, "import_status": "finished", "description": "To the moon"}
    assert seen(api.get("projects/4/import")) == (200, done)
    project = api.get("projects/4").json
    assert (project["topics"], project["wiki_access_level"], project["visibility"]) == (
        ["space"],
        "disabled",
        "private",
    )
    assert (project["default_branch"], project["empty_repo"]) == ("main", False)


def test_its_repository_is_the_same(api: Api) -> None:
    at = imported(api)
    for place in ("repository/commits", "repository/branches", "repository/tags"):
        was, now = api.get(f"projects/1/{place}").json, api.get(f"{at}/{place}").json
        shas = [one.get("id") or one["commit"]["id"] for one in was]
        assert [one.get("id") or one["commit"]["id"] for one in now] == shas != []
    protected = api.get(f"{at}/protected_branches").json
    assert [one["name"] for one in protected] == ["main"]


def test_its_issues_keep_their_numbers_labels_milestones_and_states(api: Api) -> None:
    at = imported(api)
    issue = api.get(f"{at}/issues/1").json
    assert (issue["title"], issue["labels"], issue["milestone"]["title"]) == ("It explodes", ["bug"], "1.0")
    assert (issue["imported"], issue["imported_from"]) == (True, "gitlab_project")
    assert [one["user"]["username"] for one in api.get(f"{at}/issues/1/award_emoji").json] == ["bob"]
    assert api.get(f"{at}/issues/2").json["state"] == "closed"
    [label] = api.get(f"{at}/labels").json
    assert (label["name"], label["color"], label["priority"]) == ("bug", "#d9534f", 1)
    [milestone] = api.get(f"{at}/milestones").json
    assert (milestone["iid"], milestone["due_date"], milestone["project_id"]) == (1, "2024-06-01", 4)


def test_its_merge_requests_show_what_they_change(api: Api) -> None:
    at = imported(api)
    [one] = api.get(f"{at}/merge_requests").json
    assert (one["iid"], one["title"], one["source_branch"], one["target_project_id"]) == (1, "Repair", "fix", 4)
    assert [diff["new_path"] for diff in api.get(f"{at}/merge_requests/1/diffs").json] == ["a.txt"]
    assert api.put(f"{at}/merge_requests/1/merge").json["state"] == "merged"


def test_administrators_find_members_again_by_their_public_address(api: Api) -> None:
    at = imported(api)
    issue = api.get(f"{at}/issues/1").json
    assert issue["author"]["username"] == "bob"
    assert [one["username"] for one in issue["assignees"]] == ["bob", "root"]
    notes = [(one["author"]["username"], one["body"]) for one in api.get(f"{at}/issues/1/notes").json]
    assert sorted(notes) == [
        ("bob", "On it"),
        ("root", "Why?\n\n *By Rex Porter on 2024-05-01T09:00:00*"),
    ]
    assert {"bob": 40}.items() <= {
        one["username"]: one["access_level"] for one in api.get(f"{at}/members").json
    }.items()


def test_everything_is_of_others_who_import(api: Api) -> None:
    at = imported(api, "ada")
    issue = api.get(f"{at}/issues/1", "ada").json
    assert (issue["author"]["username"], [one["username"] for one in issue["assignees"]]) == ("ada", ["ada"])
    assert [(one["username"], one["access_level"]) for one in api.get(f"{at}/members", "ada").json] == [("ada", 50)]


def test_settings_that_are_given_count_in_place_of_those_exported(api: Api) -> None:
    data = exported(api)
    given = {"override_params[description]": "Mine", "override_params[topics]": "b,c"}
    at = f"projects/{upload(api, data, **given).json['id']}"
    project = api.get(at).json
    assert (project["description"], project["topics"]) == ("Mine", ["b", "c"])


def test_a_visibility_is_no_higher_than_that_of_the_group(api: Api) -> None:
    data = exported(api)
    answer = upload(api, data, namespace="acme", **{"override_params[visibility]": "public"})
    assert api.get(f"projects/{answer.json['id']}").json["visibility"] == "private"
    answer = upload(api, data, **{"override_params[visibility]": "public"})
    assert api.get(f"projects/{answer.json['id']}").json["visibility"] == "public"


def test_a_project_takes_the_place_of_another_if_that_is_wanted(api: Api) -> None:
    data = exported(api)
    taken = upload(api, data, path="rocket", namespace="acme")
    assert seen(taken) == (400, {"message": "Project namespace name has already been taken"})
    answer = upload(api, data, path="rocket", namespace="acme", overwrite="true")
    assert (answer.status, answer.json["path_with_namespace"]) == (201, "acme/rocket")
    assert api.get("projects/1").status == 404
    assert len(api.get(f"projects/{answer.json['id']}/issues").json) == 2


def test_what_is_no_archive_is_refused(api: Api) -> None:
    told = {"message": {"error": "You need to upload a GitLab project export archive (ending in .gz)."}}
    assert seen(upload(api, b"x", file="README.md")) == (422, told)
    assert seen(api.post("projects/import", path="x", file="./random/test")) == (400, {"error": "file is invalid"})
    assert api.post("projects/import", path="x").status == 400
    assert upload(api, b"x", namespace="nowhere").json == {"message": "404 Namespace Not Found"}
    assert upload(api, b"x", "nora", namespace="acme").status == 404
    assert api.post("projects/import", None, path="x").status == 401


def test_groups_take_imports_of_maintainers(api: Api) -> None:
    assert seen(upload(api, b"x", "bob", namespace="acme")) == (400, {"message": "Namespace is not valid"})
    old = Api({**WITH_WORK, "gitlab": {"version": "15.11.0"}})
    assert upload(old, b"x", "bob", namespace="acme").status == 201


def test_imports_can_be_turned_off_and_bounded(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_import, "MIB", 1)
    api.put("application/settings", max_import_size=1)
    assert upload(api, b"xx").status == 413
    api.put("application/settings", import_sources=["github"])
    assert seen(upload(api, b"x", "ada")) == (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize("place", ["import", "import-relation"])
def test_the_proxy_alone_asks_where_files_go(api: Api, place: str) -> None:
    assert seen(api.post(f"projects/{place}/authorize", "ada")) == (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"VERSION": b"0.1.0"}, "Import version mismatch: Required 0.2.4 but was 0.1.0"),
        ({"VERSION": None}, "Import version mismatch: Required 0.2.4 but was "),
        ({"tree/project.json": b"["}, "Incorrect JSON format"),
        ({"tree/project.json": None}, "Incorrect JSON format"),
        ({"project.bundle": b"# v2 git bundle\n\nPACK"}, "has no ref in ''"),
    ],
)
def test_a_broken_archive_lets_the_import_fail(api: Api, broken: dict[str, Any], told: str) -> None:
    answer = upload(api, changed(exported(api), **broken))
    status = api.get(f"projects/{answer.json['id']}/import").json
    assert (answer.status, status["import_status"]) == (201, "failed")
    assert status["import_error"] == f"Error importing repository  into root/again - {told}"


def test_what_is_no_gzip_lets_the_import_fail(api: Api) -> None:
    for number, data in enumerate((b"", b"x", gzip.compress(b"x" * 600), exported(api)[:-20])):
        answer = upload(api, data, path=f"p{number}")
        assert api.get(f"projects/{answer.json['id']}/import").json["import_status"] == "failed"


def test_a_record_that_cannot_be_made_is_told_of(api: Api) -> None:
    issues = rows({"title": " "}, {"title": "Good", "iid": 7}, {"title": "Twin", "iid": 7}, [], {"title": ["x"]})
    answer = upload(api, changed(exported(api), **{"tree/project/issues.ndjson": issues}))
    status = api.get(f"projects/{answer.json['id']}/import").json
    failure = {
        "created_at": "2024-05-01T09:00:00.000Z",
        "exception_class": "ActiveRecord::RecordInvalid",
        "exception_message": "Validation failed: Title can't be blank",
        "source": "process_relation_item!",
        "relation_name": "issues",
    }
    lines = [{"id": number, **failure, "line_number": line} for number, line in ((3, 5), (2, 4), (1, 1))]
    assert (status["import_status"], status["failed_relations"]) == ("finished", lines)
    assert [one["iid"] for one in api.get(f"projects/{answer.json['id']}/issues").json] == [7]


def test_values_that_do_not_fit_are_left_out(api: Api) -> None:
    odd: list[Any] = [None, True, -1, 2**70, "x", "", [], {}, [[]], [{"x": 1}], {"id": "x"}, "2024-13-45", 1.5]
    data = exported(api)
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as archive:
        found = {one.name[2:]: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]
    for value in odd:
        broken = {}
        for name, content in found.items():
            if name.startswith("tree/"):
                lines = [json.loads(line) for line in content.splitlines()]
                broken[name] = rows(*({**one, key: value} for one in lines for key in one))
        answer = upload(api, changed(data, **broken), overwrite="true")
        at = f"projects/{answer.json['id']}"
        assert api.get(f"{at}/import").json["import_status"] in ("finished", "failed")
        for place in ("", "/issues", "/merge_requests", "/labels", "/milestones", "/members", "/releases"):
            assert api.get(f"{at}{place}").status == 200
        for issue in api.get(f"{at}/issues").json:
            assert api.get(f"{at}/issues/{issue['iid']}/notes").status == 200


def test_an_import_goes_on_by_the_settings() -> None:
    api = Api({**WITH_WORK, "gitlab": {"transitions": {"imports": {"reads": 2}}}})
    at = imported(api)
    states = [api.get(f"{at}/import").json["import_status"] for _ in range(3)]
    assert (states[0], states[-1]) == ("scheduled", "finished")
    assert len(api.get(f"{at}/issues").json) == 2


# One relation


def relation(api: Api, data: bytes, as_: str = "ada", name: str = "issues", path: str = "acme/rocket") -> Answer:
    return api.form("POST", "projects/import-relation", as_, file=a_file("x.tar.gz", data), relation=name, path=path)


def test_a_relation_is_imported_again_but_for_what_is_there(api: Api) -> None:
    data = exported(api)
    api.delete("projects/1/issues/1")
    answer = relation(api, data)
    tracker = {
        "id": 1,
        "project_path": "acme/rocket",
        "relation": "issues",
        "status": "finished",
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
    }
    assert seen(answer) == (201, tracker)
    assert seen(api.get("projects/1/relation-imports", "ada")) == (200, [tracker])
    assert sorted(one["iid"] for one in api.get("projects/1/issues").json) == [1, 2]
    assert relation(api, data, name="milestones").json["status"] == "finished"
    assert len(api.get("projects/1/milestones").json) == 1


def test_a_relation_of_what_is_no_archive_fails(api: Api) -> None:
    assert relation(api, b"x").json["status"] == "failed"


def test_relations_are_for_maintainers(api: Api) -> None:
    told = "Imported relation must be one of issues, merge_requests, milestones, or ci_pipelines"
    assert seen(relation(api, b"x", name="labels")) == (400, {"message": told})
    refused = (403, {"message": "You are not authorized to perform this action"})
    assert seen(relation(api, b"x", "rex")) == refused
    assert seen(relation(api, b"x", "nora")) == (404, {"message": "Project not found"})
    assert api.get("projects/1/relation-imports", "rex").status == 403


def test_one_relation_is_imported_at_a_time() -> None:
    api = Api({**WITH_WORK, "gitlab": {"transitions": {"imports": {"reads": 1}}}})
    data = exported(api)
    assert relation(api, data).json["status"] == "created"
    told = {"message": "A relation import is already in progress for this project"}
    assert seen(relation(api, data)) == (409, told)
    states = [api.get("projects/1/relation-imports").json[0]["status"] for _ in range(2)]
    assert states == ["created", "finished"]
