"""The variables of projects, of groups and of the instance, as pipelines get them."""

from typing import Any

import pytest

from tests.api.services.test_pipelines import commit, last
from tests.api.v4.repositories import world
from tests.api.v4.test_merge_request_pipelines import statuses
from tests.support import WORLD, Api

CONFIG = """
ship: {script: ship, rules: [{if: $HOST == "project"}]}
dock: {script: dock, rules: [{if: $HOST == "group"}]}
land: {script: land, rules: [{if: $HOST == "instance"}]}
rest: {script: rest}
"""


def api_with(
    config: str, own: Any = (), group: Any = (), instance: Any = (), *, settings: Any = None, **repository: Any
) -> Api:
    """Return a world whose project has a configuration, and variables here and there."""
    begin = {"message": "Begin", "date": "2024-04-01T10:00:00Z", "files": {".gitlab-ci.yml": config}}
    branches = {"main": {"commits": [begin]}}
    made = world({"branches": branches, "protected": False, **repository}, variables=list(own))
    acme = {**WORLD["groups"][0], "variables": list(group)}
    return Api({**made, "groups": [acme, *WORLD["groups"][1:]], "variables": list(instance), "gitlab": settings or {}})


def host(value: str, **more: Any) -> list[dict[str, Any]]:
    return [{"key": "HOST", "value": value, **more}]


def jobs(api: Api, **more: Any) -> list[str]:
    return [name for name, _ in statuses(api, commit(api, **more)) if name != "rest"]


@pytest.mark.parametrize(
    ("known", "made"),
    [
        ((host("project"), host("group"), host("instance")), ["ship"]),
        (((), host("group"), host("instance")), ["dock"]),
        (((), (), host("instance")), ["land"]),
        ((), []),
    ],
)
def test_the_nearest_variable_wins(known: Any, made: list[str]) -> None:
    assert jobs(api_with(CONFIG, *known)) == made


def test_variables_of_projects_win_over_those_of_the_configuration() -> None:
    assert jobs(api_with(f"variables: {{HOST: group}}\n{CONFIG}", host("project"))) == ["ship"]


def test_protected_variables_are_for_protected_refs() -> None:
    assert jobs(api_with(CONFIG, host("project", protected=True))) == []
    assert jobs(api_with(CONFIG, host("project", protected=True), protected=True), who="ada") == ["ship"]


def test_variables_with_a_scope_are_for_the_jobs_of_their_environments() -> None:
    shipping = 'ship: {script: ship, environment: review/$CI_COMMIT_BRANCH, rules: [{if: $HOST == "project"}]}\n'
    rest = "rest: {script: rest}\n"
    assert jobs(api_with(shipping + rest, host("project", environment_scope="review/*"))) == ["ship"]
    assert jobs(api_with(shipping + rest, host("project", environment_scope="production"))) == []
    both = host("group", environment_scope="review/*") + host("project", environment_scope="review/main")
    assert jobs(api_with(shipping + rest, both + host("instance"))) == ["ship"]


def test_includes_know_them() -> None:
    config = "include: {local: $HOST}\nrest: {script: rest}\n"
    sha = commit(api := api_with(config, host("nowhere.yml")))
    assert last(api, sha)["status"] == "failed"
    assert "nowhere.yml" in api.server.state()["Pipeline"][-1]["yaml_errors"]


@pytest.mark.parametrize(("raw", "made"), [(False, "named"), (True, "literal")])
def test_raw_variables_are_not_written_out(raw: bool, made: str) -> None:
    config = (
        """named: {script: x, rules: [{if: $HOST == "rocket"}]}\n"""
        """literal: {script: x, rules: [{if: $HOST == "$CI_PROJECT_NAME"}]}\nrest: {script: x}\n"""
    )
    assert jobs(api_with(config, host("$CI_PROJECT_NAME", raw=raw))) == [made]


def test_variables_of_a_configuration_may_say_that_they_are_raw() -> None:
    config = (
        """variables: {HOST: {value: $CI_PROJECT_NAME, expand: false}}\n"""
        """literal: {script: x, rules: [{if: $HOST == "$CI_PROJECT_NAME"}]}\nrest: {script: x}\n"""
    )
    assert jobs(api_with(config)) == ["literal"]
