"""Runners of the GitLab CI API."""

import pytest

from tests.api.ci.ci_world import apis, register
from tests.support import Api, seen

FORBIDDEN = (403, {"message": "403 Forbidden"})
NOW = "2024-05-01T09:00:00.000Z"


@pytest.fixture
def world() -> tuple[Api, Api, Api]:
    return apis()


@pytest.mark.parametrize("place", [1, 2])
def test_a_shared_runner_registers(world: tuple[Api, Api, Api], place: int) -> None:
    v4, api = world[0], world[place]
    made = api.post("runners/register.json", None, token="of-instance", description="host", tag_list="ruby, mysql")
    assert (made.status, list(made.json), made.json["id"]) == (201, ["id", "token"], 3)
    shown = v4.get("runners/3").json
    assert (shown["description"], shown["tag_list"], shown["is_shared"]) == ("host", ["ruby", "mysql"], True)


@pytest.mark.parametrize("token", ["of-rocket", "own"])
def test_a_runner_of_a_project_registers(world: tuple[Api, Api, Api], token: str) -> None:
    v4, alone, _ = world
    secret = v4.get("projects/1", "ada").json["runners_token"] if token == "own" else token
    made = alone.post("runners/register", None, token=secret)
    assert made.status == 201
    shown = v4.get(f"runners/{made.json['id']}").json
    assert (shown["is_shared"], [one["id"] for one in shown["projects"]]) == (False, [1])
    assert register(alone, made.json["token"]).status == 201


def test_gitlab_itself_is_told_more(world: tuple[Api, Api, Api]) -> None:
    v4, _, embedded = world
    more = {"run_untagged": False, "locked": True, "info": {"name": "n", "version": "1.2"}}
    made = embedded.post("runners/register", None, token="of-instance", tag_list="x", **more).json
    shown = v4.get(f"runners/{made['id']}").json
    assert (shown["run_untagged"], shown["locked"], shown["version"]) == (False, True, "1.2")
    no_tags = {"run_untagged": False}
    assert embedded.post("runners/register", None, token="of-instance", **no_tags).status == 404


def test_wrong_registrations_are_refused(world: tuple[Api, Api, Api]) -> None:
    for api in world[1:]:
        assert seen(api.post("runners/register", None, token="x")) == FORBIDDEN
        missing = {"message": '400 (Bad request) "token" not given'}
        assert seen(api.post("runners/register", None)) == (400, missing)
        assert seen(api.post("runners/register", None, token="")) == (400, missing)


@pytest.mark.parametrize("place", [1, 2])
def test_a_runner_goes_by_its_secret(world: tuple[Api, Api, Api], place: int) -> None:
    v4, api = world[0], world[place]
    register(api, info={"version": "0.6", "platform": "linux"})
    answer = api.request("DELETE", "runners/delete", None, token="glrt-shared")
    row = {
        "id": 1,
        "token": "glrt-shared",
        "created_at": NOW,
        "updated_at": NOW,
        "description": "shared",
        "contacted_at": NOW,
        "active": True,
        "is_shared": True,
        "name": None,
        "version": "0.6",
        "revision": None,
        "platform": "linux",
        "architecture": None,
    }
    assert seen(answer) == (200, row)
    assert seen(api.request("DELETE", "runners/delete", None, token="glrt-shared")) == FORBIDDEN
    assert seen(api.request("DELETE", "runners/delete", None))[0] == 400
    assert v4.get("runners/1").status == 404


def test_any_user_sees_all_runners_and_their_secrets(world: tuple[Api, Api, Api]) -> None:
    alone = world[1]
    runners = [{"id": 1, "token": "glrt-shared"}, {"id": 2, "token": "glrt-ruby"}]
    answer = alone.get("runners", "nora")
    assert seen(answer) == (200, runners)
    assert "X-Total" not in answer.headers
    assert seen(alone.get("runners", None)) == FORBIDDEN
    assert seen(alone.get("runners", "nobody")) == FORBIDDEN


def test_a_project_is_given_a_runner_and_gives_it_back(world: tuple[Api, Api, Api]) -> None:
    alone = world[1]
    assert seen(alone.post("projects/2/runners/2", "root")) == (201, {"id": 2, "project_id": 2, "runner_id": 2})
    assert seen(alone.post("projects/2/runners/2", "root")) == (400, {"message": ""})
    assert seen(alone.post("projects/2/runners/9", "root")) == (404, {"message": "404 Not found"})
    row = {"id": 2, "project_id": 2, "runner_id": 2, "created_at": NOW, "updated_at": NOW}
    assert seen(alone.delete("projects/2/runners/2", "root")) == (200, row)
    assert seen(alone.delete("projects/2/runners/2", "root")) == (404, {"message": "404 Not Found"})


def test_runners_of_projects_are_for_masters(world: tuple[Api, Api, Api]) -> None:
    alone = world[1]
    for method in ("POST", "DELETE"):
        assert seen(alone.request(method, "projects/1/runners/1", "bob")) == (401, {"message": "401 Unauthorized"})
        assert seen(alone.request(method, "projects/1/runners/1", None)) == FORBIDDEN
        assert seen(alone.request(method, "projects/9/runners/1", "bob")) == (404, {"message": "404 Not found"})
