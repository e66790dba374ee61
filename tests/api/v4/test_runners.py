import copy
from typing import Any

import pytest

from tests.support import WORLD, Api, names, refused, seen

NO_ACCESS = (403, {"message": "403 Forbidden - No access granted"})
FORBIDDEN = (403, {"message": "403 Forbidden"})
SHARED: dict[str, Any] = {
    "id": 1,
    "description": "shared",
    "ip_address": "",
    "active": True,
    "paused": False,
    "is_shared": True,
    "runner_type": "instance_type",
    "name": None,
    "online": True,
    "status": "online",
}
DETAILS: dict[str, Any] = {
    "tag_list": ["docker", "linux"],
    "run_untagged": True,
    "locked": False,
    "maximum_timeout": 3600,
    "access_level": "ref_protected",
    "version": "17.5.0",
    "revision": "abc",
    "platform": "linux",
    "architecture": "amd64",
    "contacted_at": "2024-05-01T08:00:00.000Z",
    "maintenance_note": None,
    "projects": [],
    "groups": [],
}
MANAGER = {
    "id": 1,
    "system_id": "s_1",
    "version": "17.5.0",
    "revision": "abc",
    "platform": "linux",
    "architecture": "amd64",
    "created_at": "2024-05-01T09:00:00.000Z",
    "contacted_at": "2024-05-01T08:00:00.000Z",
    "ip_address": "10.0.0.1",
    "status": "online",
}


def world(**settings: Any) -> dict[str, Any]:
    world = copy.deepcopy(WORLD)
    world["gitlab"] = settings
    world["groups"][0]["members"] = {"ada": "owner", "bob": "maintainer", "rex": "reporter", "gil": "guest"}
    kept = {name: MANAGER[name] for name in ("system_id", "version", "revision", "platform", "architecture")}
    heard = {"contacted_at": MANAGER["contacted_at"]}
    shared = {name: DETAILS[name] for name in ("tag_list", "maximum_timeout", "access_level")}
    note = {"description": "shared", "maintenance_note": "by the door", **heard}
    old = {"created_at": "2024-01-01T09:00:00Z", "contacted_at": "2024-04-02T09:00:00Z"}
    world["runners"] = [
        {**shared, **note, "managers": [{**kept, **heard, "ip_address": "10.0.0.1"}]},
        {"description": "stale", **old},
    ]
    world["groups"][0]["runners"] = [{"description": "acme", "tag_list": ["linux"], "active": False, **heard}]
    own = {"description": "rocket", "contacted_at": "2024-05-01T06:00:00Z", "projects": ["acme/rocket"]}
    world["projects"][0]["runners"] = [{"description": "locked", "locked": True}]
    world["projects"][1]["runners"] = [own]
    return world


@pytest.fixture
def api() -> Api:
    """Runners of the instance "shared" and "stale", of "acme", of acme/rocket "locked", of open/source too "rocket"."""
    return Api(world())


def found(api: Api, *given: Any, **more: Any) -> list[str]:
    return names(api.get(*given, **more), "description")


def id_of(api: Api, name: str) -> int:
    return next(int(one["id"]) for one in api.get("runners/all").json if one["description"] == name)


# Lists


def test_the_runners_of_those_who_own_them_are_listed(api: Api) -> None:
    assert sorted(found(api, "runners", "ada")) == ["acme", "locked", "rocket"]
    assert sorted(found(api, "runners", "bob")) == ["locked", "rocket"]
    assert found(api, "runners", "rex") == []
    assert found(api, "runners", "root") == []
    assert seen(api.get("runners", None)) == (401, {"message": "401 Unauthorized"})


def test_administrators_list_all_runners(api: Api) -> None:
    assert sorted(found(api, "runners/all")) == ["acme", "locked", "rocket", "shared", "stale"]
    assert seen(api.get("runners/all", "ada")) == FORBIDDEN
    [shared] = api.get("runners/all", version_prefix="17.").json
    assert shared == {**SHARED, "id": shared["id"]}
    assert list(shared) == list(SHARED)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"type": "group_type"}, ["acme"]),
        ({"type": "project_type", "tag_list": "linux"}, []),
        ({"scope": "specific"}, ["acme", "locked", "rocket"]),
        ({"scope": "shared"}, ["shared", "stale"]),
        ({"scope": "instance_type", "status": "online"}, ["shared"]),
        ({"status": "active"}, ["locked", "rocket", "shared", "stale"]),
        ({"status": "paused"}, ["acme"]),
        ({"paused": True}, ["acme"]),
        ({"paused": False}, ["locked", "rocket", "shared", "stale"]),
        ({"status": "online"}, ["acme", "shared"]),
        ({"status": "offline"}, ["rocket", "stale"]),
        ({"status": "never_contacted"}, ["locked"]),
        ({"status": "stale"}, ["stale"]),
        ({"tag_list": "linux"}, ["acme", "shared"]),
        ({"tag_list": "linux,docker"}, ["shared"]),
        ({"version_prefix": "17"}, ["shared"]),
        ({"version_prefix": "16."}, []),
    ],
)
def test_lists_are_narrowed(api: Api, given: dict[str, Any], wanted: list[str]) -> None:
    assert sorted(found(api, "runners/all", **given)) == wanted


def test_wrong_filters_are_told(api: Api) -> None:
    for name in ("type", "status", "scope"):
        answer = api.get("runners/all", **{name: "x"})
        assert seen(answer) == (400, {"error": f"{name} does not have a valid value"})
    assert refused(api.get("runners", "ada", scope="shared")) == "Scope contains invalid value"
    assert seen(api.get("runners/all", version_prefix="x")) == (400, {"error": "version_prefix is invalid"})


def test_a_project_has_its_own_runners_those_of_its_groups_and_the_shared_ones(api: Api) -> None:
    assert sorted(found(api, "projects/1/runners", "bob")) == ["acme", "locked", "rocket", "shared", "stale"]
    assert found(api, "projects/1/runners", "bob", scope="paused") == ["acme"]
    api.put("projects/1", "ada", group_runners_enabled=False, shared_runners_enabled=False)
    assert sorted(found(api, "projects/1/runners", "bob")) == ["locked", "rocket"]
    assert sorted(found(api, "projects/2/runners", "root")) == ["rocket", "shared", "stale"]
    assert seen(api.get("projects/1/runners", "rex")) == FORBIDDEN


def test_a_group_has_its_runners_those_above_and_the_shared_ones(api: Api) -> None:
    assert sorted(found(api, "groups/1/runners", "ada")) == ["acme", "shared", "stale"]
    assert found(api, "groups/acme%2Flabs/runners", "ada", type="group_type") == ["acme"]
    api.put("groups/1", "ada", shared_runners_setting="disabled_and_unoverridable")
    assert found(api, "groups/1/runners", "ada") == ["acme"]
    assert seen(api.get("groups/1/runners", "bob")) == FORBIDDEN


# One runner


def test_anybody_sees_a_shared_runner_without_its_notes(api: Api) -> None:
    shared = id_of(api, "shared")
    answer = api.get(f"runners/{shared}", "nora")
    assert seen(answer) == (200, {**SHARED, "id": shared, **DETAILS})
    assert list(answer.json) == [*SHARED, *DETAILS]
    assert api.get(f"runners/{shared}").json["maintenance_note"] == "by the door"
    assert seen(api.get(f"runners/{shared}", None)) == (401, {"message": "401 Unauthorized"})
    assert seen(api.get("runners/99")) == (404, {"message": "404 Not found"})


def test_runners_of_projects_and_groups_are_for_their_maintainers(api: Api) -> None:
    rocket, acme = id_of(api, "rocket"), id_of(api, "acme")
    shown = api.get(f"runners/{rocket}", "bob").json
    assert [one["path_with_namespace"] for one in shown["projects"]] == ["acme/rocket"]
    assert (shown["status"], shown["online"], shown["groups"]) == ("offline", False, [])
    everything = api.get(f"runners/{rocket}").json
    assert [one["path_with_namespace"] for one in everything["projects"]] == ["open/source", "acme/rocket"]
    group = api.get(f"runners/{acme}", "bob").json
    assert (group["status"], group["paused"], group["active"]) == ("paused", True, False)
    assert group["groups"] == [{"id": 1, "web_url": "http://localhost/groups/acme", "name": "acme"}]
    for id in (rocket, acme):
        assert seen(api.get(f"runners/{id}", "rex")) == NO_ACCESS


def test_maintainers_of_a_project_see_the_runners_of_its_group(api: Api) -> None:
    api.post("projects/1/members", "ada", user_id=6, access_level=40)
    acme = id_of(api, "acme")
    assert api.get(f"runners/{acme}", "nora").status == 200
    api.put("projects/1", "ada", group_runners_enabled=False)
    assert seen(api.get(f"runners/{acme}", "nora")) == NO_ACCESS


def test_a_runner_is_changed_and_paused(api: Api) -> None:
    rocket = id_of(api, "rocket")
    given = {"description": "r2", "tag_list": "a,b,a", "run_untagged": False, "locked": True, "maximum_timeout": 600}
    answer = api.put(f"runners/{rocket}", "bob", **given, access_level="ref_protected", maintenance_note="n")
    kept = {name: answer.json[name] for name in (*given, "access_level", "maintenance_note")}
    assert kept == {**given, "tag_list": ["a", "b"], "access_level": "ref_protected", "maintenance_note": "n"}
    assert api.put(f"runners/{rocket}", "bob", paused=True).json["active"] is False
    assert api.put(f"runners/{rocket}", "bob", active=True).json["paused"] is False
    assert api.get(f"runners/{rocket}", "bob").json["description"] == "r2"


def test_wrong_changes_are_refused(api: Api) -> None:
    at = f"runners/{id_of(api, 'rocket')}"
    text = "can not be empty when runner is not allowed to pick untagged jobs"
    assert refused(api.put(at, "bob", run_untagged=False)) == {"tags_list": [text]}
    many = ",".join(map(str, range(51)))
    too_many = "Too many tags specified. Please limit the number of tags to 50"
    assert refused(api.put(at, "bob", tag_list=many)) == {"tags_list": [too_many]}
    assert refused(api.put(at, "bob", maximum_timeout=599)) == {"maximum_timeout": ["needs to be at least 10 minutes"]}
    long = "is too long (maximum is 1024 characters)"
    answer = api.put(at, "bob", maintenance_note="x" * 1025, description="x" * 1025)
    assert refused(answer) == {"description": [long], "maintenance_note": [long]}
    assert "at least one parameter must be provided" in api.put(at, "bob").json["error"]
    both = api.put(at, "bob", active=True, paused=True)
    assert seen(both) == (400, {"error": "active, paused are mutually exclusive"})
    wrong = api.put(at, "bob", access_level="x")
    assert seen(wrong) == (400, {"error": "access_level does not have a valid value"})


def test_runners_are_changed_by_their_owners_alone(api: Api) -> None:
    assert seen(api.put(f"runners/{id_of(api, 'shared')}", "ada", paused=True)) == NO_ACCESS
    assert seen(api.put(f"runners/{id_of(api, 'acme')}", "bob", paused=True)) == NO_ACCESS
    assert api.put(f"runners/{id_of(api, 'acme')}", "ada", paused=False).status == 200
    assert api.put(f"runners/{id_of(api, 'shared')}", "root", paused=True).status == 200


def test_a_runner_is_deleted(api: Api) -> None:
    locked, rocket, acme = id_of(api, "locked"), id_of(api, "rocket"), id_of(api, "acme")
    several = (403, {"message": "403 Forbidden - Runner associated with more than one project"})
    assert seen(api.delete(f"runners/{rocket}", "bob")) == several
    assert seen(api.delete(f"runners/{acme}", "bob")) == NO_ACCESS
    assert api.delete(f"runners/{locked}", "bob").status == 204
    assert api.delete(f"runners/{rocket}", "root").status == 204
    assert api.delete(f"runners/{acme}", "ada").status == 204
    assert sorted(found(api, "runners/all")) == ["shared", "stale"]
    assert api.get(f"runners/{locked}").status == 404


def test_the_machines_of_a_runner_are_listed(api: Api) -> None:
    assert seen(api.get(f"runners/{id_of(api, 'shared')}/managers", "nora")) == (200, [MANAGER])
    assert api.get(f"runners/{id_of(api, 'rocket')}/managers", "bob").json == []
    assert seen(api.get(f"runners/{id_of(api, 'rocket')}/managers", "rex")) == NO_ACCESS


def test_a_runner_gets_another_secret(api: Api) -> None:
    rocket = id_of(api, "rocket")
    answer = api.post(f"runners/{rocket}/reset_authentication_token", "bob")
    assert (answer.status, answer.json["token_expires_at"]) == (201, None)
    assert answer.json["token"].startswith("glrt-")
    assert api.post("runners/verify", None, token=answer.json["token"]).json["id"] == rocket
    assert seen(api.post(f"runners/{rocket}/reset_authentication_token", "rex")) == NO_ACCESS


# In projects


def test_a_runner_is_enabled_in_another_project_and_disabled_there(api: Api) -> None:
    api.post("projects/3/members", "ada", user_id=3, access_level=40)
    rocket = id_of(api, "rocket")
    answer = api.post("projects/3/runners", "bob", runner_id=rocket)
    assert (answer.status, answer.json["description"], "projects" in answer.json) == (201, "rocket", False)
    assert "rocket" in found(api, "projects/3/runners", "bob")
    again = api.post("projects/3/runners", "bob", runner_id=rocket)
    text = "Assign to Validation failed: Runner projects runner has already been taken"
    assert seen(again) == (400, {"message": [text], "reason": "runner_error"})
    assert api.delete(f"projects/3/runners/{rocket}", "bob").status == 204
    gone = api.delete(f"projects/3/runners/{rocket}", "bob")
    assert seen(gone) == (404, {"message": "404 Runner Not Found"})


def test_the_last_project_keeps_its_runner(api: Api) -> None:
    locked = id_of(api, "locked")
    text = "403 Forbidden - Only one project associated with the runner. Please remove the runner instead"
    assert seen(api.delete(f"projects/1/runners/{locked}", "bob")) == (403, {"message": text})
    assert seen(api.delete(f"projects/1/runners/{locked}", "rex")) == FORBIDDEN


def test_which_runners_cannot_be_enabled(api: Api) -> None:
    def told(name: str, as_: str) -> Any:
        return seen(api.post("projects/3/runners", as_, runner_id=id_of(api, name)))

    assert told("acme", "root") == (403, {"message": "403 Forbidden - Runner is a group runner"})
    assert told("locked", "ada") == (403, {"message": "403 Forbidden - Runner is locked"})
    assert told("shared", "ada") == NO_ACCESS
    assert told("shared", "root")[0] == 400
    assert told("locked", "root")[0] == 201
    assert told("rocket", "rex")[0] == 404
    assert api.post("projects/3/runners", "ada", runner_id=99).json == {"message": "404 Not found"}
    api.post("projects/3/members", "ada", user_id=6, access_level=40)
    assert told("rocket", "nora") == NO_ACCESS


# Versions


def test_newer_versions_tell_more_of_a_runner_and_older_ones_its_address() -> None:
    newer = Api(world(version="18.11.0"))
    shared = newer.get(f"runners/{id_of(newer, 'shared')}").json
    told = {name: shared[name] for name in ("created_by", "created_at", "job_execution_status")}
    assert told == {"created_by": None, "created_at": "2024-05-01T09:00:00.000Z", "job_execution_status": "idle"}
    older = Api(world(version="16.0.0"))
    assert older.get(f"runners/{id_of(older, 'shared')}").json["ip_address"] == "10.0.0.1"
    observed = Api(world(errors="observed"))
    assert observed.get(f"runners/{id_of(observed, 'shared')}").json["ip_address"] is None
