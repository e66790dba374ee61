"""Runners: listed, shown, changed and deleted; given to projects and taken from them."""

from copy import deepcopy
from typing import Any

import pytest

from tests.support import WORLD, Api, seen

AT = "projects/1/runners"
SHARED = {"id": 1, "description": "shared", "active": True, "is_shared": True, "name": None}
OWN = {"id": 2, "description": "own", "active": False, "is_shared": False, "name": None}
LOCKED = {"id": 3, "description": "locked", "active": True, "is_shared": False, "name": None}
BOTH = {"id": 4, "description": "both", "active": True, "is_shared": False, "name": None}
NO_ACCESS = (403, {"message": "403 Forbidden - No access granted"})
IS_SHARED = (403, {"message": "403 Forbidden - Runner is shared"})
FORBIDDEN = (403, {"message": "403 Forbidden"})


@pytest.fixture
def api() -> Api:
    """Runner 1 is shared, 2 of acme/rocket, 3 of ada/notes and locked, 4 of both; nora has a project 4."""
    given: dict[str, Any] = deepcopy(WORLD)
    given["gitlab"] = {"api": ["v3", "v4"]}
    given["runners"] = [{"description": "shared", "token": "glrt-1"}]
    given["projects"][0]["runners"] = [{"description": "own", "token": "glrt-2", "active": False}]
    both = {"description": "both", "token": "glrt-4", "tag_list": ["ruby"], "projects": ["acme/rocket"]}
    given["projects"][2]["runners"] = [{"description": "locked", "token": "glrt-3", "locked": True}, both]
    given["projects"].append({"path": "nora/moon"})
    return Api(given, prefix="/api/v3/")


def test_runners_are_listed_of_the_user_of_a_project_and_of_all(api: Api) -> None:
    assert seen(api.get("runners", "ada")) == (200, [OWN, LOCKED, BOTH])
    assert seen(api.get("runners", "bob")) == (200, [])
    assert seen(api.get("runners/all")) == (200, [SHARED, OWN, LOCKED, BOTH])
    assert seen(api.get(AT, "ada")) == (200, [SHARED, OWN, BOTH])
    assert seen(api.get("runners/all", "ada")) == FORBIDDEN
    assert seen(api.get(AT, "bob")) == FORBIDDEN
    assert seen(api.get("runners", None)) == (401, {"message": "401 Unauthorized"})


def test_lists_of_runners_are_narrowed_by_their_scope(api: Api) -> None:
    assert seen(api.get("runners", "ada", scope="paused")) == (200, [OWN])
    assert seen(api.get("runners", "ada", scope="active")) == (200, [LOCKED, BOTH])
    assert seen(api.get("runners/all", scope="shared")) == (200, [SHARED])
    assert seen(api.get(AT, "ada", scope="specific")) == (200, [OWN, BOTH])
    assert seen(api.get(AT, "ada", scope="online")) == (200, [])
    wrong = (400, {"error": "scope does not have a valid value"})
    assert seen(api.get("runners", "ada", scope="shared")) == wrong
    assert seen(api.get("runners/all", scope="stale")) == wrong


def test_a_runner_is_shown_with_its_token(api: Api) -> None:
    answer = api.get("runners/4", "ada").json
    assert [one.pop("web_url") for one in answer["projects"]] == [
        "http://localhost/ada/notes",
        "http://localhost/acme/rocket",
    ]
    assert answer.pop("projects")[0] == {
        "id": 3,
        "http_url_to_repo": "http://localhost/ada/notes.git",
        "name": "notes",
        "name_with_namespace": "Ada Lovelace / notes",
        "path": "notes",
        "path_with_namespace": "ada/notes",
    }
    assert answer == {
        **BOTH,
        "tag_list": ["ruby"],
        "run_untagged": True,
        "locked": False,
        "version": None,
        "revision": None,
        "platform": None,
        "architecture": None,
        "contacted_at": None,
        "token": "glrt-4",
    }
    assert seen(api.get("runners/4", "nora")) == NO_ACCESS
    assert seen(api.get("runners/99", "ada")) == (404, {"message": "404 Not found"})


def test_the_token_of_a_shared_runner_is_for_administrators(api: Api) -> None:
    assert "token" not in api.get("runners/1", "nora").json
    assert api.get("runners/1").json["token"] == "glrt-1"


def test_a_runner_is_changed(api: Api) -> None:
    answer = api.put("runners/2", "ada", description="mine", active=True, tag_list=["a", "b"])
    assert answer.status == 200
    changed = {"description": "mine", "active": True, "tag_list": ["a", "b"]}
    assert {name: answer.json[name] for name in changed} == changed
    assert api.get("runners/2", "ada").json == answer.json
    names = "description, active, tag_list, run_untagged, locked"
    nothing = {"error": f"{names} are missing, at least one parameter must be provided"}
    assert seen(api.put("runners/2", "ada", maximum_timeout=900)) == (400, nothing)
    untagged = api.put("runners/2", "ada", tag_list="", run_untagged=False)
    assert untagged.status == 400


def test_shared_runners_are_for_administrators_to_change(api: Api) -> None:
    assert seen(api.put("runners/1", "ada", active=False)) == IS_SHARED
    assert seen(api.delete("runners/1", "ada")) == IS_SHARED
    assert seen(api.put("runners/2", "nora", active=False)) == NO_ACCESS
    assert api.put("runners/1", active=False).json["active"] is False
    assert seen(api.delete("runners/1")) == (200, {**SHARED, "active": False})


def test_a_deleted_runner_is_answered(api: Api) -> None:
    assert seen(api.delete("runners/2", "ada")) == (200, OWN)
    assert api.get("runners/2").status == 404
    several = {"message": "403 Forbidden - Runner associated with more than one project"}
    assert seen(api.delete("runners/4", "ada")) == (403, several)


def test_a_project_gets_a_runner_once(api: Api) -> None:
    assert seen(api.post("projects/3/runners", "ada", runner_id=2)) == (201, OWN)
    already = (409, {"message": "Runner was already enabled for this project"})
    assert seen(api.post("projects/3/runners", "ada", runner_id=2)) == already
    assert seen(api.post(AT, "ada", runner_id=1)) == IS_SHARED
    assert seen(api.post(AT, runner_id=3)) == (403, {"message": "403 Forbidden - Runner is locked"})
    assert seen(api.post("projects/4/runners", "nora", runner_id=2)) == NO_ACCESS
    assert seen(api.post(AT, "bob", runner_id=2)) == FORBIDDEN
    assert seen(api.post(AT, "ada")) == (400, {"message": '400 (Bad request) "runner_id" not given'})


def test_a_runner_taken_from_a_project_is_answered(api: Api) -> None:
    assert seen(api.delete(f"{AT}/4", "ada")) == (200, BOTH)
    assert seen(api.delete(f"{AT}/4", "ada")) == (404, {"message": "404 Runner Not Found"})
    only = "403 Forbidden - Only one project associated with the runner. Please remove the runner instead"
    assert seen(api.delete(f"{AT}/2", "ada")) == (403, {"message": only})
    assert seen(api.delete(f"{AT}/2", "bob")) == FORBIDDEN
