"""Scenarios in which something stands that nobody expects: they are read or refused, with the place told."""

import contextlib
import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgitlab.api.models.user import User
from mockgitlab.scenario.loader import load_scenario
from mockgitlab.scenario.problems import ScenarioError

TEAM: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "scenarios" / "team.yaml").read_text("utf-8"))
ODD: list[Any] = [
    *(None, True, 0, -1, 10**30, 1.5, "", "x", "ada", "2024-05-01", "../x", "a" * 300, "\0", "ü", "{n}"),
    *([], {}, [1], ["x"], {"a": 1}, [[]], [{}], [None]),
]


def places(node: Any) -> list[tuple[Any, Any]]:
    """Return everything in a scenario as what it stands in, and under which key or number."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
    return [place for key in keys for place in ((node, key), *places(node[key]))]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(places(TEAM)) - 1), st.sampled_from(ODD), st.booleans())
def test_a_scenario_with_something_odd_in_it_is_read_or_refused(number: int, odd: Any, instead: bool) -> None:
    scenario = copy.deepcopy(TEAM)
    node, key = places(scenario)[number]
    if instead or not isinstance(node, dict):
        node[key] = odd
    else:
        node["created_at"] = odd
    with contextlib.suppress(ScenarioError):  # anything else fails the test
        load_scenario(scenario)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"users": [{"username": "ada", "created_at": 1.5}]}, "users[0].created_at: must be a date, not 1.5"),
        ({"tokens": [{"token": "t", "user": "root", "scopes": [[]]}]}, "scopes: must be a list, each of it a string"),
        ({"users": [{"username": None}]}, "users[0].username: is missing: a user needs one"),
        ({"groups": [{"path": "x", "members": {"root": "ada"}}]}, "members.root: has the role 'ada'"),
        (
            {"projects": [{"path": "root/x", "issues": [{"title": "x", "links": 5}]}]},
            "issues[0]: cannot be made of what",
        ),
    ],
)
def test_what_stopped_a_seed_is_told_with_its_place(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario({"mockgitlab": 1, **changes})
    assert told in str(refused.value)


def test_what_has_no_value_is_as_if_not_given() -> None:
    nothing = {"username": "ada", "email": None, "state": None}
    store = load_scenario({"mockgitlab": 1, "users": [nothing]}).store
    assert [(user.email, user.state) for user in store[User].where(username="ada")] == [("ada@example.com", "active")]
