from typing import Any

import pytest

from tests.api.v3.repositories import PROTECTED, REPO, make_api
from tests.support import Api, seen

FILES = f"{REPO}/files"
NEW = {"file_path": "new/a.txt", "branch_name": "main", "commit_message": "Write", "content": "1\n"}


@pytest.fixture
def api() -> Api:
    return make_api()


def read(api: Api, path: str) -> Any:
    return api.get(f"{REPO}/blobs/main", filepath=path).text


def test_a_file_is_named_by_a_parameter(api: Api) -> None:
    shown = api.get(FILES, "rex", file_path="src/launch.py", ref="main").json
    commits = [shown.pop(name) for name in ("commit_id", "last_commit_id")]
    assert commits[0] == commits[1] == api.get(f"{REPO}/commits/main").json["id"]
    assert len(shown.pop("blob_id")) == 40
    assert shown == {
        "file_name": "launch.py",
        "file_path": "src/launch.py",
        "size": 19,
        "encoding": "base64",
        "content": "ZGVmIGdvKCk6CiAgICBwYXNzCg==",
        "ref": "main",
    }


def test_its_path_may_end_as_its_format(api: Api) -> None:
    assert api.get(f"{FILES}.json", file_path="README.md", ref="main").status == 200


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        ({"file_path": "nothing", "ref": "main"}, 404, "404 File Not Found"),
        ({"file_path": "README.md", "ref": "nothing"}, 404, "404 Commit Not Found"),
        ({"file_path": "README.md"}, 400, '400 (Bad request) "ref" not given'),
        ({"ref": "main"}, 400, '400 (Bad request) "file_path" not given'),
    ],
)
def test_a_file_that_is_not_there_is_not_found(api: Api, given: dict[str, str], status: int, message: str) -> None:
    assert seen(api.get(FILES, **given)) == (status, {"message": message})


def test_files_are_created_changed_and_deleted(api: Api) -> None:
    told = {"file_path": "new/a.txt", "branch_name": "main"}
    assert seen(api.post(FILES, "bob", **NEW)) == (201, told)
    assert read(api, "new/a.txt") == "1\n"
    changed = {**NEW, "content": "Mgo=", "encoding": "base64", "author_name": "Nora", "author_email": "n@example.com"}
    assert seen(api.put(FILES, "bob", **changed)) == (200, told)
    assert read(api, "new/a.txt") == "2\n"
    assert api.get(f"{REPO}/commits/main").json["author_name"] == "Nora"
    gone = {name: NEW[name] for name in ("file_path", "branch_name", "commit_message")}
    assert seen(api.delete(FILES, "bob", **gone)) == (200, told)
    assert api.get(FILES, file_path="new/a.txt", ref="main").status == 404


@pytest.mark.parametrize(
    ("method", "given", "message"),
    [
        ("POST", {"file_path": "README.md"}, "A file with this name already exists"),
        ("PUT", {}, "A file with this name doesn't exist"),
        ("DELETE", {}, "A file with this name doesn't exist"),
        ("POST", {"branch_name": ""}, '400 (Bad request) "branch_name" not given'),
        ("PUT", {"commit_message": ""}, '400 (Bad request) "commit_message" not given'),
    ],
)
def test_changes_that_cannot_be_made_are_refused(api: Api, method: str, given: Any, message: str) -> None:
    assert seen(api.request(method, FILES, "bob", **{**NEW, **given})) == (400, {"message": message})


def test_an_encoding_that_v3_does_not_know_is_refused(api: Api) -> None:
    refused = (400, {"error": "encoding does not have a valid value"})
    assert seen(api.post(FILES, "bob", **NEW, encoding="text")) == refused


def test_files_are_changed_by_developers_where_the_branch_lets_them(api: Api) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert seen(api.request(method, FILES, "rex", **NEW)) == (403, {"message": "403 Forbidden"})
    protected = make_api(PROTECTED).post(FILES, "bob", **NEW)
    assert seen(protected) == (400, {"message": "You are not allowed to push into this branch"})
