"""The pages on repositories."""

import base64
import io
import tarfile
import zipfile
from typing import Any
from urllib.parse import parse_qsl

import pytest
from werkzeug.test import Client

from tests.api.v4.repositories import FILES, REPO, make_api, sha, world
from tests.support import Api, names

pytestmark = pytest.mark.mockgitlab(scenario=world())


def test_a_tree_lists_folders_first(api: Api) -> None:
    assert api.get(f"{REPO}/tree", "rex").json == [
        {
            "id": "507e5a6fa5255b7b15a531974ffc556c6d8d0490",
            "name": "src",
            "type": "tree",
            "path": "src",
            "mode": "040000",
        },
        {
            "id": "30d572d0d89a9fa16fe68884e257980de34e5f0f",
            "name": "README.md",
            "type": "blob",
            "path": "README.md",
            "mode": "100644",
        },
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"path": "src"}, ["src/deep", "src/launch.py"]),
        ({"path": "src", "ref": "v1.1"}, ["src/deep", "src/count.py", "src/launch.py"]),
        ({"recursive": True}, ["src", "src/deep", "README.md", "src/deep/data.json", "src/launch.py"]),
    ],
)
def test_a_tree_is_of_a_folder_and_a_revision(api: Api, given: Any, expected: list[str]) -> None:
    assert names(api.get(f"{REPO}/tree", **given), "path") == expected


def test_a_tree_is_paged_by_keyset(api: Api) -> None:
    first = api.get(f"{REPO}/tree", recursive=True, pagination="keyset", per_page=3)
    assert names(first, "path") == ["src", "src/deep", "README.md"]
    given = dict(parse_qsl(first.headers["Link"].partition("?")[2].partition(">")[0]))
    assert names(api.get(f"{REPO}/tree", **given), "path") == ["src/deep/data.json", "src/launch.py"]
    by_id = {**given, "page_token": first.json[-1]["id"]}
    assert names(api.get(f"{REPO}/tree", **by_id), "path") == ["src/deep/data.json", "src/launch.py"]


def test_a_recursive_tree_may_be_listed_at_once(api: Api) -> None:
    answer = api.get(f"{REPO}/tree", recursive=True, pagination="none", per_page=1)
    assert (len(answer.json), "X-Total" in answer.headers, "Link" in answer.headers) == (5, False, False)
    refused = api.get(f"{REPO}/tree", pagination="none")
    text = 'pagination cannot be "none" unless "recursive" is true'
    assert (refused.status, refused.json) == (400, {"error": text})


def test_what_is_no_tree_is_told(api: Api) -> None:
    assert api.get(f"{REPO}/tree", ref="nowhere").json == {"message": "404 Tree Not Found"}
    newer = Api({**world(), "gitlab": {"version": "17.7.0"}})
    for path in ("nothing", "README.md"):
        assert newer.get(f"{REPO}/tree", path=path).json == {"message": "404 invalid revision or path Not Found"}
        older = api.get(f"{REPO}/tree", path=path)
        assert (older.status, older.json, older.headers["X-Total"]) == (200, [], "0")
    assert make_api({}).get(f"{REPO}/tree").json == {"message": "404 Tree Not Found"}


def test_a_blob_is_shown_and_raw(api: Api) -> None:
    at = f"{REPO}/blobs/30d572d0d89a9fa16fe68884e257980de34e5f0f"
    content = base64.b64encode(b"# Rocket\n").decode()
    assert api.get(at).json == {"size": 9, "encoding": "base64", "content": content, "sha": at[-40:]}
    assert api.get(f"{at}/raw").text == "# Rocket\n"
    missing = api.get(f"projects/2/repository/blobs/{at[-40:]}")
    assert (missing.status, missing.json) == (404, {"message": "404 Blob Not Found"})


def download(api: Api, path: str) -> Any:
    response = Client(api.server.app).get(f"/api/v4/{path}", headers={"Private-Token": "rex-token"})
    assert response.status_code == 200, response.get_data()
    return response


@pytest.mark.parametrize("ending", ["", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz"])
def test_an_archive_unpacks_to_the_tree(api: Api, ending: str) -> None:
    response = download(api, f"{REPO}/archive{ending}")
    name = f"rocket-main-{sha(api)}"
    assert f'filename="{name}.tar' in response.headers["Content-Disposition"]
    with tarfile.open(fileobj=io.BytesIO(response.get_data())) as tar:
        found = {one.name: tar.extractfile(one).read().decode() for one in tar if one.isfile()}  # type: ignore[union-attr]
        assert tar.pax_headers["comment"] == sha(api)
    assert found == {f"{name}/{path}": content for path, content in FILES.items()}


def test_a_zip_holds_part_of_the_tree(api: Api) -> None:
    response = download(api, f"{REPO}/archive.zip?sha=v1.1&path=src&exclude_paths=src/deep")
    assert response.headers["Content-Type"] == "application/zip"
    name = f"rocket-v1.1-{sha(api, 'v1.1')}-src"
    with zipfile.ZipFile(io.BytesIO(response.get_data())) as found:
        assert found.namelist() == [f"{name}/", f"{name}/src/", f"{name}/src/count.py", f"{name}/src/launch.py"]


def test_an_archive_leaves_out_paths_and_patterns(api: Api) -> None:
    for excluded, left in (("src/deep,README.md", ["src/launch.py"]), ("*.py,/README.md/", ["src/deep/data.json"])):
        response = download(api, f"{REPO}/archive.zip?exclude_paths={excluded}")
        with zipfile.ZipFile(io.BytesIO(response.get_data())) as found:
            files = [one.filename.partition("/")[2] for one in found.infolist() if not one.is_dir()]
        assert files == left


def test_an_archive_is_named_after_a_branch_with_any_letters(api: Api) -> None:
    assert api.post(f"{REPO}/branches", branch="fix/ü✂", ref="main").status == 201
    answer = api.get(f"{REPO}/archive.zip", sha="fix/ü✂")
    told = answer.headers["Content-Disposition"].encode("latin-1").decode()
    assert (answer.status, told) == (200, f'attachment; filename="rocket-fix-ü✂-{sha(api, "main")}.zip"')


def test_an_archive_of_nothing_is_not_found(api: Api) -> None:
    for given in ({"sha": "nowhere"}, {"path": "nothing"}):
        assert api.get(f"{REPO}/archive", **given).json == {"message": "404 File Not Found"}


def test_an_archive_of_another_format_is_a_tar_but_no_path_ends_so(api: Api) -> None:
    answer = api.get(f"{REPO}/archive", format="rar")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="rocket-main-{sha(api)}.tar.gz"'
    answer = api.get(f"{REPO}/archive.rar")
    assert (answer.status, answer.json) == (404, {"error": "404 Not Found"})


def test_two_branches_are_compared(api: Api) -> None:
    found = api.get(f"{REPO}/compare", **{"from": "main", "to": "feature/launch"}).json
    assert [one["title"] for one in found["commits"]] == ["Count down", "Launch"]
    assert found["commit"]["title"] == "Launch"
    assert [one["new_path"] for one in found["diffs"]] == ["src/count.py", "src/launch.py"]
    assert (found["compare_same_ref"], found["compare_timeout"]) == (False, False)
    assert found["web_url"].endswith(f"/-/compare/{sha(api)}...{sha(api, 'feature/launch')}")
    back = api.get(f"{REPO}/compare", **{"from": "feature/launch", "to": "main"}).json
    assert back["web_url"].endswith(f"/-/compare/{sha(api)}...{sha(api)}")
    assert (back["commit"], back["commits"], back["diffs"]) == (None, [], [])
    straight = api.get(f"{REPO}/compare", **{"from": "feature/launch", "to": "main", "straight": True}).json
    assert [one["deleted_file"] for one in straight["diffs"]] == [True, False]


def test_what_is_too_much_for_a_diff_is_left_out() -> None:
    lines = {"big": "x" * 99 + "\n"}
    many = {f"f{number:04}": "1\n" for number in range(1_001)}
    branches = {
        "main": {"README": "x\n"},
        "big": {"from": "main", "commits": [{"files": {"big": lines["big"] * 2_050, "fits": lines["big"] * 2_000}}]},
        "many": {"from": "main", "commits": [{"files": many}]},
    }
    api = make_api({"branches": branches})
    found = api.get(f"{REPO}/compare", **{"from": "main", "to": "big"}).json
    assert [(one["new_path"], one["too_large"], not one["diff"]) for one in found["diffs"]] == [
        *(("big", True, True), ("fits", False, False))
    ]
    assert api.get(f"{REPO}/commits/big/diff").json[0] == found["diffs"][0]
    found = api.get(f"{REPO}/compare", **{"from": "main", "to": "many"}).json
    assert (len(found["diffs"]), found["compare_timeout"]) == (1_000, True)
    assert api.get(f"{REPO}/commits/many/diff").headers["X-Total"] == "1000"


def test_a_fork_is_compared_with_its_source(api: Api) -> None:
    fork = api.post("projects/1/fork", "ada", namespace_path="ada").json
    given = {"from": "main", "to": "feature/launch", "from_project_id": 1}
    assert len(api.get(f"projects/{fork['id']}/repository/compare", "ada", **given).json["commits"]) == 2
    refused = api.get(f"{REPO}/compare", **{**given, "from_project_id": 2})
    assert refused.json == {"message": "Target project id:2 is not a fork of project id:1"}
    assert api.get(f"{REPO}/compare", **{"from": "main", "to": "x"}).json == {"message": "404 Ref Not Found"}


def test_contributors_are_counted(api: Api) -> None:
    found = api.get(f"{REPO}/contributors", ref="v1.1", order_by="name", sort="desc").json
    assert names_of(found) == ["Bob Kahn", "Administrator", "Ada Lovelace"]
    assert found[0] == {"name": "Bob Kahn", "email": "bob@example.com", "commits": 1, "additions": 0, "deletions": 0}
    assert api.get(f"{REPO}/contributors", ref="nowhere").status == 404


def test_contributors_are_those_of_the_default_branch_before_17_4() -> None:
    def counted(version: str) -> int:
        found = Api({**world(), "gitlab": {"version": version}}).get(f"{REPO}/contributors", ref="v1.1").json
        return sum(one["commits"] for one in found)

    assert (counted("17.3.0"), counted("17.4.0")) == (1, 3)


def names_of(found: Any) -> list[str]:
    return [one["name"] for one in found]


def test_the_merge_base_of_refs(api: Api) -> None:
    assert api.get(f"{REPO}/merge_base", **{"refs[]": ["main", "v1.1"]}).json["id"] == sha(api)
    assert api.get(f"{REPO}/merge_base", refs="main").json == {"message": "Provide at least 2 refs"}
    unknown = api.get(f"{REPO}/merge_base", **{"refs[]": ["x", "main", "y"]})
    assert (unknown.status, unknown.json) == (400, {"message": "Could not find refs: x, y"})


def test_languages_are_told_by_endings(api: Api) -> None:
    assert api.get("projects/1/languages").json == {"Python": 100.0}
    assert api.get("projects/3/languages").json == {}


def test_a_project_may_begin_with_a_readme(api: Api) -> None:
    made = api.post("projects", "ada", name="Moon", description="Far", initialize_with_readme=True).json
    assert (made["default_branch"], made["empty_repo"]) == ("main", False)
    at = f"projects/{made['id']}/repository"
    assert api.get(f"{at}/files/README.md/raw", "ada").text == "# Moon\n\nFar\n"
    assert names(api.get(f"{at}/commits", "ada"), "title") == ["Initial commit"]


def test_a_fork_has_the_branches_of_its_source(api: Api) -> None:
    fork = api.post("projects/1/fork", "ada", namespace_path="ada", branches="main").json
    assert names(api.get(f"projects/{fork['id']}/repository/branches", "ada")) == ["main"]
    assert sha(api, project=fork["id"]) == sha(api)


def test_a_refused_write_and_a_reset_leave_nothing(api: Api) -> None:
    before = sha(api)
    api.post(f"{REPO}/files/x", branch="main", commit_message="x", content="x")
    assert sha(api) != before
    api.server.reset()
    assert sha(api) == before


def test_who_may_read(api: Api) -> None:
    assert api.get(f"{REPO}/tree", "gil").status == 403
    assert api.get("projects/2/repository/tree", None).status == 200


def test_forks_of_one_project_are_compared_with_each_other(api: Api) -> None:
    forks = [api.post("projects/1/fork", who, namespace=who).json["id"] for who in ("ada", "bob")]
    given = {"from": "main", "to": "feature/launch", "from_project_id": forks[1]}
    assert len(api.get(f"projects/{forks[0]}/repository/compare", **given).json["commits"]) == 2
    refused = api.get(f"projects/{forks[0]}/repository/compare", "ada", **given)
    text = f"Target project id:{forks[1]} is not a fork of project id:{forks[0]}"
    assert (refused.status, refused.json) == (400, {"message": text})
    api.post(f"projects/{forks[1]}/members", user_id=2, access_level=10)
    refused = api.get(f"projects/{forks[0]}/repository/compare", "ada", **given)
    text = "403 Forbidden - You don't have access to this fork's parent project"
    assert (refused.status, refused.json) == (403, {"message": text})
    api.post(f"projects/{forks[1]}/archive", "bob")
    assert api.get(f"projects/{forks[0]}/repository/compare", **given).status == 400
