"""The pages on files of a repository."""

import base64
import hashlib
from typing import Any

import pytest

from tests.api.v4.repositories import REPO, make_api, sha, text, world
from tests.support import Api

LAUNCH = f"{REPO}/files/src%2Flaunch.py"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def test_a_file_is_shown_in_base64_with_headers(api: Api) -> None:
    answer = api.get(LAUNCH, "rex", ref="main")
    content = b"def go():\n    pass\n"
    assert answer.json == {
        "file_name": "launch.py",
        "file_path": "src/launch.py",
        "size": 19,
        "encoding": "base64",
        "content_sha256": hashlib.sha256(content).hexdigest(),
        "ref": "main",
        "blob_id": "5c645c4464425e5585d66f36064307412a449853",
        "commit_id": sha(api),
        "last_commit_id": sha(api),
        "execute_filemode": False,
        "content": base64.b64encode(content).decode(),
    }
    assert answer.headers["X-Gitlab-Blob-Id"] == answer.json["blob_id"]
    assert answer.headers["X-Gitlab-Execute-Filemode"] == "false"


def test_head_tells_of_a_file_in_headers_alone(api: Api) -> None:
    answer = api.request("HEAD", LAUNCH, ref="feature/launch")
    assert (answer.status, answer.text, answer.headers["X-Gitlab-Size"]) == (200, "", "26")
    assert answer.headers["X-Gitlab-Last-Commit-Id"] == sha(api, "feature/launch")
    assert api.request("HEAD", f"{LAUNCH}/blame", ref="main").headers["X-Gitlab-File-Name"] == "launch.py"


def test_a_file_ending_in_json_keeps_its_name(api: Api) -> None:
    assert api.get(f"{REPO}/files/src%2Fdeep%2Fdata.json", ref="main").json["file_name"] == "data.json"


def test_a_file_is_shown_raw(api: Api) -> None:
    answer = api.get(f"{LAUNCH}/raw")
    assert (answer.text, answer.headers["Content-Type"]) == ("def go():\n    pass\n", "text/plain; charset=utf-8")
    api.post(f"{REPO}/files/bin", branch="main", commit_message="x", content="AAEC", encoding="base64")
    assert api.get(f"{REPO}/files/bin/raw").headers["Content-Type"] == "application/octet-stream"


def test_blame_tells_which_commit_each_line_comes_from(api: Api) -> None:
    groups = api.get(f"{LAUNCH}/blame", ref="feature/launch").json
    assert [(one["commit"]["id"], one["lines"]) for one in groups] == [
        (sha(api), ["def go():"]),
        (sha(api, "feature/launch"), ["    print('up')"]),
    ]
    part = api.get(f"{LAUNCH}/blame", **{"ref": "main", "range[start]": 2, "range[end]": 2}).json
    assert [one["lines"] for one in part] == [["    pass"]]
    wrong = api.get(f"{LAUNCH}/blame", **{"ref": "main", "range[start]": 2, "range[end]": 1})
    assert wrong.json == {"message": "range[start] must be less than or equal to range[end]"}
    wrong = api.get(f"{LAUNCH}/blame", **{"ref": "main", "range[start]": 0, "range[end]": 1})
    assert (wrong.status, wrong.json) == (400, {"error": "range[start] does not have a valid value"})
    missing = api.get(f"{REPO}/files/nothing/blame", **{"ref": "main", "range[start]": 2, "range[end]": 1})
    assert missing.json == {"message": "404 File Not Found"}


def test_what_a_pointer_of_git_lfs_points_to_is_not_there(api: Api) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
    change(api, "POST", "big.bin", content=pointer)
    assert api.get(f"{REPO}/files/big.bin/raw").text == pointer
    refused = api.get(f"{REPO}/files/big.bin/raw", lfs=True)
    assert (refused.status, refused.json) == (404, {"message": "404 Not Found"})
    assert api.get(f"{REPO}/files/README.md/raw", lfs=True).text == "# Rocket\n"
    api.put("projects/1", lfs_enabled=False)
    assert api.get(f"{REPO}/files/big.bin/raw", lfs=True).text == pointer


def test_a_submodule_is_a_file_with_nothing_in_it() -> None:
    api = make_api({"branches": {"main": {"lib": {"submodule": "a" * 40}}}})
    shown = api.get(f"{REPO}/files/lib", ref="main").json
    assert (shown["size"], shown["content"], shown["blob_id"]) == (0, "", "a" * 40)
    assert api.get(f"{REPO}/files/lib/raw").text == ""
    assert api.get(f"{REPO}/tree").json == [
        {"id": "a" * 40, "name": "lib", "type": "commit", "path": "lib", "mode": "160000"}
    ]


def test_what_is_missing_is_told(api: Api) -> None:
    assert api.get(LAUNCH).json == {"message": '400 (Bad request) "ref" not given'}
    assert api.get(LAUNCH, ref="nowhere").json == {"message": "404 Commit Not Found"}
    assert api.get(f"{REPO}/files/nothing", ref="main").json == {"message": "404 File Not Found"}
    assert api.get(f"{REPO}/files/src", ref="main").json == {"message": "404 File Not Found"}
    answer = api.get(f"{REPO}/files/..%2Fx", ref="main")
    assert (answer.status, answer.json) == (400, {"error": "file_path should be a valid file path"})


def change(api: Api, method: str, path: str, **given: Any) -> Any:
    sent = {"branch": "main", "commit_message": "Change", **given}
    return api.request(method, f"{REPO}/files/{path}", "bob", **sent)


def test_a_file_is_created_updated_and_deleted(api: Api) -> None:
    made = change(api, "POST", "docs%2Fnew.md", content="# New\n", author_name="Eve", author_email="eve@example.com")
    assert (made.status, made.json) == (201, {"file_path": "docs/new.md", "branch": "main"})
    commit = api.get(f"{REPO}/commits/main").json
    assert (commit["author_name"], commit["author_email"], commit["committer_name"]) == (
        "Eve",
        "eve@example.com",
        "Bob Kahn",
    )
    assert change(api, "PUT", "docs%2Fnew.md", content="TmV3Cg==", encoding="base64").status == 200
    assert text(api, "docs/new.md") == "New\n"
    assert change(api, "DELETE", "docs%2Fnew.md").status == 204
    assert api.get(f"{REPO}/files/docs%2Fnew.md", ref="main").status == 404
    assert [one["name"] for one in api.get(f"{REPO}/tree").json] == ["src", "README.md"]


def test_a_file_becomes_executable(api: Api) -> None:
    change(api, "PUT", "README.md", content="# Rocket\n", execute_filemode=True)
    assert api.get(f"{REPO}/files/README.md", ref="main").json["execute_filemode"] is True


def test_a_file_may_go_to_a_new_branch(api: Api) -> None:
    assert change(api, "POST", "x", content="x", branch="new", start_branch="feature/launch").status == 201
    assert api.get(f"{REPO}/commits/new").json["parent_ids"] == [sha(api, "feature/launch")]
    taken = change(api, "POST", "y", content="y", branch="new", start_branch="main")
    text = "A branch called 'new' already exists. Switch to that branch in order to make changes"
    assert (taken.status, taken.json) == (400, {"message": text})


@pytest.mark.parametrize(
    ("method", "path", "given", "message"),
    [
        ("POST", "README.md", {"content": "x"}, "A file with this name already exists"),
        ("POST", "src", {"content": "x"}, "A directory with this name already exists"),
        ("POST", "README.md%2Fx", {"content": "x"}, "A file with this name already exists"),
        ("POST", ".git%2Fconfig", {"content": "x"}, "invalid path: '.git/config'"),
        ("POST", "a%2F" * 300 + "b", {"content": "x"}, "invalid path: it has 301 levels, 200 are allowed"),
        ("PUT", "nothing", {"content": "x"}, "A file with this name doesn't exist"),
        ("DELETE", "nothing", {}, "A file with this name doesn't exist"),
        (
            "POST",
            "x",
            {"content": "x", "branch": "nowhere"},
            "You can only create or edit files when you are on a branch",
        ),
        (
            "PUT",
            "README.md",
            {"content": "x", "last_commit_id": "0" * 40},
            "You are attempting to update a file that has changed since you started editing it.",
        ),
        (
            "DELETE",
            "README.md",
            {"last_commit_id": "0" * 40},
            "You are attempting to delete a file that has been previously updated.",
        ),
    ],
)
def test_what_cannot_be_done_is_refused(api: Api, method: str, path: str, given: Any, message: str) -> None:
    before = sha(api)
    answer = change(api, method, path, **given)
    assert (answer.status, answer.json) == (400, {"message": message})
    assert sha(api) == before


def test_the_last_commit_known_may_be_the_last(api: Api) -> None:
    assert change(api, "PUT", "README.md", content="x", last_commit_id=sha(api)).status == 200


def test_a_protected_branch_takes_no_files_from_developers() -> None:
    api = make_api({"branches": {"main": {"a": "1"}}})
    answer = change(api, "POST", "x", content="x")
    assert (answer.status, answer.json) == (400, {"message": "You are not allowed to push into this branch"})
    assert api.post(f"{REPO}/files/x", "ada", branch="main", commit_message="x", content="x").status == 201


def test_who_may_read_and_write(api: Api) -> None:
    assert api.get(LAUNCH, "gil", ref="main").status == 403
    assert api.get("projects/2/repository/files/a/raw", None).text == "1\n"
    refused = api.post(f"{REPO}/files/x", "rex", branch="main", commit_message="x", content="x")
    assert refused.status == 403


def test_the_first_file_makes_the_first_branch_and_protects_it() -> None:
    api = make_api({})
    made = api.post(f"{REPO}/files/README.md", "ada", branch="trunk", commit_message="First", content="# Hi\n")
    assert made.status == 201
    project = api.get("projects/1", statistics=True).json
    assert (project["default_branch"], project["empty_repo"]) == ("trunk", False)
    assert project["readme_url"] == "http://localhost/acme/rocket/-/blob/trunk/README.md"
    assert project["statistics"]["commit_count"] == 1
    assert api.get(f"{REPO}/branches/trunk").json["protected"] is True


def test_a_reason_names_the_file_that_is_in_the_way() -> None:
    api = make_api()
    given = {"branch": "main", "content": "x", "commit_message": "m"}
    refused = api.post(f"{REPO}/files/src%2Flaunch.py", "ada", **given)
    assert (refused.status, refused.json) == (400, {"message": "A file with this name already exists"})
    assert refused.headers["X-Mockgitlab-Reason"] == "cannot create 'src/launch.py' in main of acme/rocket"
