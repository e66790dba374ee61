"""Environments and deployments as v3 shows them."""

from typing import Any

import pytest

from tests.api.v3.ci_world import api_with
from tests.support import Api, seen

AT = "projects/1/environments"
DEPLOYMENTS = "projects/1/deployments"
BASIC = {"id": 1, "name": "production", "slug": "production", "external_url": "https://example.com"}
BUILD = {"id": 1, "name": "ship", "stage": "deploy"}
DEPLOYED: dict[str, Any] = {
    "environments": [{"name": "production", "external_url": "https://example.com"}, {"name": "review/1"}],
    "pipelines": [{"id": 1, "ref": "main", "jobs": [BUILD]}],
}


@pytest.fixture
def api() -> Api:
    return api_with(**DEPLOYED)


def test_environments_are_listed_with_the_whole_project(api: Api) -> None:
    first, second = api.get(AT, "rex").json
    assert {name: first[name] for name in BASIC} == BASIC
    assert second["slug"].startswith("review-1-")
    shown = api.get("projects/1", "rex").json
    assert first["project"] == {name: value for name, value in shown.items() if name != "permissions"}
    assert [*first] == [*BASIC, "project"]


def test_an_environment_is_made_changed_and_deleted(api: Api) -> None:
    made = api.post(AT, "bob", name="staging", external_url="https://s.example.com")
    assert made.status == 201
    number = made.json["id"]
    changed = api.put(f"{AT}/{number}", "bob", name="qa", external_url="https://q.example.com")
    assert (changed.status, changed.json) == (
        200,
        {**made.json, "name": "qa", "external_url": "https://q.example.com"},
    )
    assert seen(api.delete(f"{AT}/{number}", "bob")) == (200, changed.json)
    assert seen(api.delete(f"{AT}/{number}", "bob")) == (404, {"message": "404 Not found"})


def test_what_is_no_environment_is_refused(api: Api) -> None:
    assert seen(api.post(AT, "bob")) == (400, {"message": '400 (Bad request) "name" not given'})
    told = {"error": "slug is automatically generated and cannot be changed"}
    assert seen(api.post(AT, "bob", name="x", slug="y")) == (400, told)
    assert seen(api.put(f"{AT}/1", "bob", slug="y")) == (400, told)
    taken = api.post(AT, "bob", name="production").json["message"]
    assert taken["name"] == ["has already been taken"]


def test_environments_are_for_reporters_to_read_and_developers_to_write() -> None:
    private = api_with(visibility="private", **DEPLOYED)
    assert seen(private.get(AT, "gil")) == (403, {"message": "403 Forbidden"})
    for call in (("POST", AT), ("PUT", f"{AT}/99"), ("DELETE", f"{AT}/99")):
        assert seen(private.request(*call, "rex", name="x")) == (403, {"message": "403 Forbidden"})
        assert private.request(*call, None, name="x").status == 401
    assert private.get(AT, None).status == 401


def test_deployments_are_listed_and_shown_with_the_build(api: Api) -> None:
    sha = api.get("projects/1/builds/1").json["commit"]["id"]
    api.prefix = "/api/v4/"
    for status in ("running", "success"):
        api.post(DEPLOYMENTS, "bob", environment="production", sha=sha, ref="main", tag=False, status=status)
    api.prefix = "/api/v3/"
    first, second = api.get(DEPLOYMENTS, "rex", status="success").json
    assert first.pop("user")["username"] == "bob"
    assert first == {
        "id": 10001,
        "iid": 1,
        "ref": "main",
        "sha": sha,
        "created_at": "2024-05-01T09:00:00.000Z",
        "environment": BASIC,
        "deployable": None,
    }
    assert seen(api.get(f"{DEPLOYMENTS}/10002", "rex")) == (200, second)
    assert seen(api.get(f"{DEPLOYMENTS}/99", "rex")) == (404, {"message": "404 Not found"})
    assert api.get(DEPLOYMENTS, None).status == 401


def test_a_deployment_by_a_build_shows_it() -> None:
    config = "ship: {script: ship, environment: {name: production}}"
    api = api_with(repository={"branches": {"main": {".gitlab-ci.yml": config}}, "tags": {}})
    api.post("projects/1/pipeline", "bob", ref="main")
    [deployment] = api.get(DEPLOYMENTS, "rex").json
    [build] = api.get("projects/1/builds", "rex").json
    assert deployment["deployable"] == build
