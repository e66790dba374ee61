import io
import tarfile

import pytest

from tests.api.v3.repositories import REPO, make_api
from tests.support import Api, names, seen


@pytest.fixture
def api() -> Api:
    return make_api()


def test_a_folder_is_listed_all_at_once(api: Api) -> None:
    answer = api.get(f"{REPO}/tree", "rex", per_page=1)
    assert (names(answer), "X-Page" in answer.headers) == (["src", "README.md"], False)
    assert list(answer.json[0]) == ["id", "name", "type", "path", "mode"]
    assert names(api.get(f"{REPO}/tree", path="src", ref_name="feature/launch")) == ["deep", "count.py", "launch.py"]
    assert names(api.get(f"{REPO}/tree", path="src/deep", recursive=True), "path") == ["src/deep/data.json"]
    assert names(api.get(f"{REPO}/tree", path="nothing")) == []
    assert seen(api.get(f"{REPO}/tree", ref_name="nothing")) == (404, {"message": "404 Tree Not Found"})


def test_public_repositories_are_open_to_everybody(api: Api) -> None:
    assert names(api.get("projects/2/repository/tree", None)) == ["a"]
    assert api.get(f"{REPO}/tree", None).status == 404
    assert seen(api.get(f"{REPO}/tree", "gil")) == (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize("path", ["blobs/main", "commits/main/blob", "commits/v1.0/blob"])
def test_a_file_of_a_commit_is_plain_text(api: Api, path: str) -> None:
    answer = api.get(f"{REPO}/{path}", "rex", filepath="src/launch.py")
    assert (answer.status, answer.text) == (200, "def go():\n    pass\n")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert seen(api.get(f"{REPO}/{path}", filepath="src")) == (404, {"message": "404 File Not Found"})
    assert seen(api.get(f"{REPO}/{path}")) == (400, {"message": '400 (Bad request) "filepath" not given'})


def test_a_file_of_a_commit_that_is_not_there_is_not_found(api: Api) -> None:
    missing = (404, {"message": "404 Commit Not Found"})
    assert seen(api.get(f"{REPO}/blobs/nothing", filepath="README.md")) == missing


def test_a_blob_is_found_by_its_hash(api: Api) -> None:
    blob = api.get(f"{REPO}/tree").json[1]["id"]
    answer = api.get(f"{REPO}/raw_blobs/{blob}", "rex")
    assert (answer.status, answer.text, answer.headers["Content-Type"]) == (200, "# Rocket\n", "text/plain")
    assert seen(api.get(f"{REPO}/raw_blobs/{'1' * 40}")) == (404, {"message": "404 Blob Not Found"})


def test_an_archive_is_downloaded(api: Api) -> None:
    for path in ("archive", "archive.tar.gz"):
        answer = api.get(f"{REPO}/{path}", "rex", sha="v1.0")
        with tarfile.open(fileobj=io.BytesIO(answer.data)) as archive:
            assert any(name.endswith("/src/launch.py") for name in archive.getnames())
    assert api.get(f"{REPO}/archive.zip").headers["Content-Type"] == "application/zip"
    assert seen(api.get(f"{REPO}/archive", sha="nothing")) == (404, {"message": "404 File Not Found"})


def test_commits_are_compared(api: Api) -> None:
    shown = api.get(f"{REPO}/compare", "rex", **{"from": "main", "to": "feature/launch"}).json
    assert list(shown) == ["commit", "commits", "diffs", "compare_timeout", "compare_same_ref"]
    assert [one["title"] for one in shown["commits"]] == ["Count down", "Launch"]
    assert shown["commit"] == shown["commits"][1]
    assert "parent_ids" not in shown["commit"]
    assert [one["new_path"] for one in shown["diffs"]] == ["src/count.py", "src/launch.py"]
    assert "generated_file" not in shown["diffs"][0]
    same = api.get(f"{REPO}/compare", **{"from": "main", "to": "main"}).json
    assert (same["commit"], same["commits"], same["compare_same_ref"]) == (None, [], True)
    assert api.get(f"{REPO}/compare", to="main").json == {"message": '400 (Bad request) "from" not given'}


def test_a_commit_that_is_not_there_has_nothing_to_compare(api: Api) -> None:
    shown = api.get(f"{REPO}/compare", **{"from": "main", "to": "nothing"})
    nothing: dict[str, object] = {
        "commit": None,
        "commits": [],
        "diffs": [],
        "compare_timeout": False,
        "compare_same_ref": False,
    }
    assert seen(shown) == (200, nothing)


def test_contributors_are_listed(api: Api) -> None:
    answer = api.get(f"{REPO}/contributors", "rex", per_page=1)
    root = {"name": "Administrator", "email": "admin@example.com", "commits": 1, "additions": 0, "deletions": 0}
    assert (answer.status, answer.json, "X-Page" in answer.headers) == (200, [root], False)
    assert seen(api.get("projects/3/repository/contributors")) == (404, {"message": "404 Not Found"})
