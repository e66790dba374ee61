from typing import Any

import pytest

from tests.api.v4.repositories import REPO, sha, world
from tests.support import Api

OLD, NEW = "1" * 40, "2" * 40
AT = f"{REPO}/submodules/lib%2Fengine"


@pytest.fixture
def api() -> Api:
    files = {"README.md": "x\n", "lib/engine": {"submodule": OLD}}
    return Api(world({"branches": {"main": files}, "protected": False}))


def test_a_submodule_is_moved_to_another_commit(api: Api) -> None:
    made = api.put(AT, "bob", branch="main", commit_sha=NEW)
    assert made.status == 200
    assert made.json["title"] == f"Update submodule lib/engine with oid {NEW}"
    assert made.json["author_name"] == "Bob Kahn"
    assert made.json["id"] == sha(api)
    entry = api.get(f"{REPO}/tree", "bob", path="lib").json[0]
    assert (entry["id"], entry["type"], entry["mode"]) == (NEW, "commit", "160000")
    assert api.put(AT, "bob", branch="main", commit_sha=OLD, commit_message="Back").json["message"] == "Back"


@pytest.mark.parametrize(
    ("path", "given", "told"),
    [
        (AT, {"commit_sha": OLD}, f"The submodule lib/engine is already at {OLD}"),
        (AT, {"commit_sha": "v1"}, "Invalid parameters"),
        (AT, {"branch": "nowhere"}, "You can only create or edit files when you are on a branch"),
        (f"{REPO}/submodules/README.md", {}, "Invalid submodule path"),
        ("projects/3/repository/submodules/x", {}, "The repository is empty"),
    ],
)
def test_what_is_refused(api: Api, path: str, given: dict[str, Any], told: str) -> None:
    refused = api.put(path, "root", **{"branch": "main", "commit_sha": NEW, **given})
    assert (refused.status, refused.json) == (400, {"message": told})


def test_who_may_move_a_submodule(api: Api) -> None:
    assert api.put(AT, "rex", branch="main", commit_sha=NEW).status == 403
    api.post("projects/1/protected_branches", "ada", name="main")
    refused = api.put(AT, "bob", branch="main", commit_sha=NEW)
    assert refused.json == {"message": "You are not allowed to push into this branch"}


def test_a_submodule_of_a_scenario_needs_a_hash() -> None:
    with pytest.raises(Exception, match="is no hash of 40 hexadecimal digits"):
        Api(world({"branches": {"main": {"lib": {"submodule": "main"}}}}))
