from typing import Any

import pytest

from mockgitlab.scenario.problems import ScenarioError
from tests.api.services.test_ci_variables import api_with
from tests.api.services.test_pipelines import commit
from tests.support import WORLD, Api, names, seen

AT = "projects/1/resource_groups"
CONFIG = """
ship: {script: ship, resource_group: $CI_COMMIT_BRANCH/ship}
dock: {script: dock, resource_group: production}
land: {script: land, resource_group: production}
odd: {script: odd, resource_group: "a,b"}
rest: {script: rest}
"""
SHOWN = {
    "id": 2,
    "key": "production",
    "process_mode": "unordered",
    "created_at": "2024-05-01T09:00:00.000Z",
    "updated_at": "2024-05-01T09:00:00.000Z",
}


def test_pipelines_make_the_resource_groups_that_their_jobs_name() -> None:
    api = api_with(CONFIG)
    assert api.get(AT, "bob").json == []
    commit(api)
    commit(api)
    assert names(api.get(AT, "bob"), "key") == ["main/ship", "production"]
    assert seen(api.get(f"{AT}/production", "bob")) == (200, SHOWN)
    assert api.get(f"{AT}/main%2Fship", "bob").json["id"] == 1


def test_new_ones_run_their_jobs_in_the_order_of_the_project() -> None:
    api = api_with(CONFIG, settings={"version": "18.0.0"})
    api.put("projects/1", "ada", resource_group_default_process_mode="newest_first")
    commit(api)
    assert set(names(api.get(AT, "bob"), "process_mode")) == {"newest_first"}


def test_the_order_of_jobs_is_changed() -> None:
    api = with_production()
    changed = {**SHOWN, "id": 1, "process_mode": "oldest_first"}
    assert seen(api.put(f"{AT}/production", "bob", process_mode="oldest_first")) == (200, changed)
    assert seen(api.put(f"{AT}/production", "bob")) == (200, changed)
    wrong = api.put(f"{AT}/production", "bob", process_mode="random")
    assert seen(wrong) == (400, {"error": "process_mode does not have a valid value"})


def with_production(*more: Any) -> Api:
    rocket = {"path": "acme/rocket", "resource_groups": [{"key": "production"}, *more]}
    return Api({**WORLD, "projects": [rocket]})


def test_resource_groups_are_for_developers() -> None:
    api = with_production()
    assert [api.get(AT, who).status for who in ("bob", "rex", "nora", None)] == [200, 403, 404, 401]
    for method in ("GET", "PUT"):
        assert [api.request(method, f"{AT}/production", who).status for who in ("bob", "rex", None)] == [200, 403, 401]
    assert seen(api.get(f"{AT}/staging", "bob")) == (404, {"message": "404 Not found"})


@pytest.mark.parametrize(("key", "told"), [("production", "is given twice"), ("/x", "must have letters")])
def test_resource_groups_of_scenarios_that_are_none(key: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        with_production({"key": key})
