import copy
from typing import Any

import pytest

from tests.support import WORLD, Api, names, refused, seen

FORBIDDEN = (403, {"message": "403 Forbidden"})
INSUFFICIENT = (403, {"message": "403 Forbidden - Insufficient permissions"})


def world(version: str = "17.5.0") -> Api:
    world = copy.deepcopy(WORLD)
    world["gitlab"] = {"version": version}
    world["tokens"] += [
        {"token": "of-instance", "kind": "registration"},
        {"token": "of-acme", "kind": "registration", "group": "acme"},
        {"token": "running", "kind": "runner", "project": "acme/rocket"},
    ]
    return Api(world)


@pytest.fixture
def api() -> Api:
    """One runner, of acme/rocket, with the secret "running"; ada owns acme, bob develops there."""
    return world()


# By users


@pytest.mark.parametrize(
    ("as_", "given"),
    [
        ("root", {"runner_type": "instance_type"}),
        ("ada", {"runner_type": "group_type", "group_id": 1}),
        ("ada", {"runner_type": "project_type", "project_id": 1}),
    ],
)
def test_a_user_creates_a_runner(api: Api, as_: str, given: dict[str, Any]) -> None:
    more = {"description": "d", "paused": True, "locked": True, "tag_list": "a,b", "run_untagged": False}
    answer = api.post("user/runners", as_, **given, **more, maximum_timeout=900, maintenance_note="n")
    assert (answer.status, list(answer.json)) == (201, ["id", "token", "token_expires_at"])
    assert answer.json["token"].startswith("glrt-")
    shown = api.get(f"runners/{answer.json['id']}", as_).json
    told = {name: shown[name] for name in (*more, "runner_type", "maximum_timeout", "maintenance_note")}
    kind = {"runner_type": given["runner_type"], "maximum_timeout": 900, "maintenance_note": "n"}
    assert told == {**more, "tag_list": ["a", "b"], **kind}
    owners = ([one["id"] for one in shown["projects"]], [one["id"] for one in shown["groups"]])
    assert owners == ([given["project_id"]] if "project_id" in given else [], [1] if "group_id" in given else [])


def test_who_may_not_create_a_runner(api: Api) -> None:
    def told(as_: str | None, **given: Any) -> Any:
        return seen(api.post("user/runners", as_, **given))

    assert told("ada", runner_type="instance_type") == INSUFFICIENT
    assert told("bob", runner_type="group_type", group_id=1) == INSUFFICIENT
    assert told("bob", runner_type="project_type", project_id=1) == INSUFFICIENT
    assert told(None, runner_type="instance_type") == (401, {"message": "401 Unauthorized"})


def test_wrong_runners_are_not_created(api: Api) -> None:
    def told(**given: Any) -> Any:
        return api.post("user/runners", **given).json

    assert told(runner_type="group_type") == {"message": '400 (Bad request) "group_id" not given'}
    assert told(runner_type="project_type") == {"message": '400 (Bad request) "project_id" not given'}
    assert told(runner_type="x") == {"error": "runner_type does not have a valid value"}
    assert told(runner_type="group_type", group_id=99) == {"message": "400 Bad request - Missing/invalid group"}
    nobody = told(runner_type="project_type", project_id=99)
    assert nobody == {"message": "400 Bad request - Missing/invalid project"}
    text = "Tags list can not be empty when runner is not allowed to pick untagged jobs"
    assert told(runner_type="instance_type", run_untagged=False) == {"message": f"400 Bad request - {text}"}


# By registration tokens


def test_a_runner_registers_itself(api: Api) -> None:
    info = {"name": "gitlab-runner", "version": "17.5.0"}
    given = {"description": "d", "tag_list": ["a"], "maintainer_note": "n", "info": info, "active": False}
    answer = api.post("runners", None, token="of-instance", **given)
    assert (answer.status, list(answer.json)) == (201, ["id", "token", "token_expires_at"])
    assert not answer.json["token"].startswith("glrt-")
    shown = api.get(f"runners/{answer.json['id']}").json
    told = tuple(shown[name] for name in ("runner_type", "name", "tag_list", "maintenance_note", "paused"))
    assert told == ("instance_type", "gitlab-runner", ["a"], "n", True)


def test_where_a_runner_is_registered_its_token_says(api: Api) -> None:
    rocket = api.get("projects/1", "ada").json["runners_token"]
    group = api.get("groups/1", "ada").json["runners_token"]
    kinds = []
    for token in (rocket, group, "of-acme"):
        made = api.post("runners", None, token=token).json["id"]
        kinds.append(api.get(f"runners/{made}", "ada").json["runner_type"])
    assert kinds == ["project_type", "group_type", "group_type"]


def test_wrong_registrations_are_refused(api: Api) -> None:
    refusal = (403, {"message": "403 Forbidden - invalid token supplied"})
    assert seen(api.post("runners", None, token="x")) == refusal
    assert seen(api.post("runners", None, token="running")) == refusal
    assert seen(api.post("runners", None)) == (400, {"message": '400 (Bad request) "token" not given'})
    text = "can not be empty when runner is not allowed to pick untagged jobs"
    assert refused(api.post("runners", None, token="of-acme", run_untagged=False)) == {"tags_list": [text]}
    both = api.post("runners", None, token="of-acme", maintainer_note="a", maintenance_note="b")
    assert seen(both) == (400, {"error": "maintainer_note, maintenance_note are mutually exclusive"})


def test_the_instance_says_who_registers_runners(api: Api) -> None:
    api.put("application/settings", "root", valid_runner_registrars=["project"])
    refusal = (403, {"message": "403 Forbidden - invalid token supplied"})
    assert seen(api.post("runners", None, token="of-acme")) == refusal
    assert api.post("runners", None, token="of-instance").status == 201
    api.put("application/settings", "root", allow_runner_registration_token=False)
    gone = {"message": "410 Gone", "reason": "runner registration disallowed"}
    assert seen(api.post("runners", None, token="of-instance")) == (410, gone)
    assert seen(api.post("runners", None, token="anything")) == (410, gone)


@pytest.mark.parametrize(
    ("path", "as_", "before", "others"),
    [
        ("runners", "root", "of-instance", "ada"),
        ("groups/1/runners", "ada", "of-acme", "bob"),
        ("projects/1/runners", "ada", "", "bob"),
    ],
)
def test_a_registration_token_is_reset(api: Api, path: str, as_: str, before: str, others: str) -> None:
    before = before or api.get("projects/1", "ada").json["runners_token"]
    answer = api.post(f"{path}/reset_registration_token", as_)
    assert (answer.status, list(answer.json), answer.json["token_expires_at"]) == (
        201,
        ["token", "token_expires_at"],
        None,
    )
    assert answer.json["token"].startswith("GR1348941")
    assert api.post("runners", None, token=before).status == 403
    assert api.post("runners", None, token=answer.json["token"]).status == 201
    assert seen(api.post(f"{path}/reset_registration_token", others)) == FORBIDDEN
    assert api.post(f"{path}/reset_registration_token", None).status == 401


# By authentication tokens


def test_a_runner_says_that_it_is_there(api: Api) -> None:
    assert api.get("runners/1").json["status"] == "never_contacted"
    answer = api.post("runners/verify", None, token="running", system_id="s_1")
    assert seen(answer) == (200, {"id": 1, "token": "running", "token_expires_at": None})
    shown = api.get("runners/1").json
    assert (shown["status"], shown["contacted_at"]) == ("online", "2024-05-01T09:00:00.000Z")
    api.post("runners/verify", None, token="running", system_id="s_1")
    api.post("runners/verify", None, token="running")
    assert names(api.get("runners/1/managers"), "system_id") == ["s_1", "<legacy>"]
    assert seen(api.post("runners/verify", None, token="x")) == FORBIDDEN
    assert seen(api.post("runners/verify", None)) == (400, {"message": '400 (Bad request) "token" not given'})


def test_a_runner_is_offline_two_hours_later_and_stale_after_a_week(api: Api) -> None:
    api.post("runners/verify", None, token="running", system_id="s_1")
    api.server.store.set_clock("2024-05-01T11:00:00Z")
    assert api.get("runners/1").json["status"] == "offline"
    assert names(api.get("runners", "ada", status="offline"), "id") == [1]
    api.server.store.set_clock("2024-05-08T09:00:00Z")
    assert api.get("runners/1").json["status"] == "stale"
    assert names(api.get("runners/1/managers"), "status") == ["stale"]


def test_a_runner_takes_another_secret(api: Api) -> None:
    answer = api.post("runners/reset_authentication_token", None, token="running")
    assert (answer.status, list(answer.json)) == (201, ["token", "token_expires_at"])
    assert seen(api.post("runners/verify", None, token="running")) == FORBIDDEN
    assert api.post("runners/verify", None, token=answer.json["token"]).status == 200
    assert seen(api.post("runners/reset_authentication_token", None, token="running")) == FORBIDDEN


def test_a_runner_deletes_its_machines_and_itself(api: Api) -> None:
    api.post("runners/verify", None, token="running", system_id="s_1")
    assert api.delete("runners/managers", None, token="running", system_id="s_1").status == 204
    gone = api.delete("runners/managers", None, token="running", system_id="s_1")
    assert seen(gone) == (404, {"message": "404 Runner manager not found Not Found"})
    assert seen(api.delete("runners/managers", None, token="x", system_id="s_1")) == FORBIDDEN
    assert api.delete("runners", None, token="running").status == 204
    assert seen(api.delete("runners", None, token="running")) == FORBIDDEN
    assert api.get("runners/1").status == 404


def test_before_16_0_a_runner_was_told_the_status_alone() -> None:
    api = world("15.11.0")
    assert seen(api.post("runners/verify", None, token="running")) == (200, "200")
    assert api.post("user/runners", runner_type="instance_type").status == 404
