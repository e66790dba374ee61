"""Expectations, through ``assert_called`` and its like, on the journal of a small world."""

from typing import Any

import pytest

from mockgitlab.report.expectations import expectation
from mockgitlab.report.matchers import compare
from mockgitlab.report.target import Target
from mockgitlab.scenario.problems import ScenarioError
from mockgitlab.server import MockGitLab
from tests.support import WORLD, Api

CREATE = "POST /projects/:id/issues"


@pytest.fixture
def server() -> MockGitLab:
    """A server on which ada created an issue, listed issues by page and could not see a project of nobody's."""
    api = Api(WORLD)
    api.post("projects/1/issues", "ada", title="It explodes", labels=["bug"])
    api.get("projects/1/issues", "ada", page=2, state="opened")
    api.get("projects/77", "ada")
    return api.server


@pytest.mark.parametrize(
    ("on", "wanted", "ids"),
    [
        (CREATE, {}, [1]),
        ("POST /projects/:project/issues", {"times": 1}, [1]),
        ("POST /projects/1/issues", {}, [1]),
        ("ANY /api/v4/projects/1/*", {"times": 2}, [1, 2]),
        ("ANY /projects/*", {"at_least": 3, "at_most": 3}, [1, 2, 3]),
        (CREATE, {"json": {"title": "It explodes"}}, [1]),
        (CREATE, {"json": {"title": {"contains": "expl"}, "labels": {"contains": "bug"}}}, [1]),
        (CREATE, {"json": {"title": {"regex": "^It"}, "labels": {"type": "array"}}}, [1]),
        (CREATE, {"json": {"title": {"any": True}, "weight": {"any": False}}}, [1]),
        (CREATE, {"json": {"equal": {"title": "It explodes", "labels": ["bug"]}}}, [1]),
        ("GET /projects/:id/issues", {"query": {"page": 2}, "params": {"page": {"type": "integer"}}}, [2]),
        ("GET /projects/:id", {"status": 404, "user": "ada", "token": {"contains": "ada"}}, [3]),
    ],
)
def test_what_came_is_found(server: MockGitLab, on: str, wanted: dict[str, Any], ids: list[int]) -> None:
    assert [entry.id for entry in server.assert_called(on, **wanted)] == ids


def test_a_request_that_was_otherwise_is_told_by_criteria_and_as_a_diff(server: MockGitLab) -> None:
    with pytest.raises(AssertionError) as raised:
        server.assert_called(CREATE, times=1, json={"title": "It implodes", "confidential": True})
    told = str(raised.value)
    assert told.startswith(
        f'expected {CREATE} with {{"json": {{"title": "It implodes", "confidential": true}}}}, once; it came never\n'
        "nearest request: #1 POST /api/v4/projects/1/issues → 201 by ada: "
    )
    for line in (
        "  ✓ method POST",
        "  ✓ path /projects/:id/issues",
        '  ✗ json.title: expected "It implodes", came "It explodes"',
        "  ✗ json.confidential: expected true, nothing came",
        '  -  "title": "It implodes"',
        '  +  "title": "It explodes"',
        "  #3 GET /api/v4/projects/77 → 404 by ada",
    ):
        assert line in told


def test_the_nearest_request_of_another_path_is_told(server: MockGitLab) -> None:
    with pytest.raises(
        AssertionError, match=r"nearest request: #1 POST(.|\n)*✗ path /projects/:id/milestones: came /api"
    ):
        server.assert_called("POST /projects/:id/milestones")


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"times": 2}, f"expected {CREATE}, 2 times; it came once\n  #1 POST"),
        ({"at_most": 0}, f"expected {CREATE}, at most 0 times; it came once\n  #1 POST"),
        ({"at_least": 2, "at_most": 3}, f"expected {CREATE}, at least 2 times and at most 3 times; it came once"),
    ],
)
def test_a_wrong_number_is_told_with_what_came(server: MockGitLab, wanted: dict[str, int], told: str) -> None:
    with pytest.raises(AssertionError) as raised:
        server.assert_called(CREATE, **wanted)
    assert str(raised.value).startswith(told)


def test_what_was_not_to_come_is_told(server: MockGitLab) -> None:
    server.assert_not_called("DELETE /projects/:id")
    server.assert_not_called(CREATE, json={"title": "other"})
    with pytest.raises(AssertionError, match=r"expected GET /projects/77, never; it came once\n  #3 GET"):
        server.assert_not_called("GET /projects/77")


def test_without_any_request_that_is_told() -> None:
    with pytest.raises(AssertionError, match="it came never\nno request came at all"):
        Api(WORLD).server.assert_called(CREATE)


def test_requests_the_journal_dropped_are_told() -> None:
    api = Api(WORLD)
    api.server.worlds.main.journal = type(api.server.journal)(1)
    for name in ("ada", "bob"):
        api.get("user", name)
    with pytest.raises(AssertionError, match="had to drop 1 requests, which are not counted"):
        api.server.assert_called("GET /user", times=2)


def test_order_is_asserted(server: MockGitLab) -> None:
    server.assert_order(CREATE, "GET /projects/:id")
    server.assert_order(
        {"on": CREATE, "json": {"title": {"any": True}}}, "GET /projects/:id/issues", "GET /projects/77"
    )
    with pytest.raises(AssertionError) as raised:
        server.assert_order("GET /projects/:id/issues", CREATE)
    assert str(raised.value).startswith(f"expected as number 2: {CREATE}; it came only before: #1 POST")
    assert "  ✓ 1. GET /projects/:id/issues: #2 GET" in str(raised.value)
    with pytest.raises(AssertionError, match="expected as number 1: GET /user; it never came"):
        server.assert_order("GET /user")


@pytest.mark.parametrize(
    ("on", "wanted", "told"),
    [
        ("projects", {}, "names no request"),
        ("GTE /projects", {}, "names no request"),
        (CREATE, {"jsn": {}}, "'jsn' cannot be expected: take times"),
        (CREATE, {"times": -1}, "times must be a whole number, not -1"),
        (CREATE, {"times": 1, "at_least": 1}, "leave at_least and at_most out"),
        (CREATE, {"json": {"title": {"regex": "("}}}, "is no regular expression"),
        (CREATE, {"json": {"title": {"type": "text"}}}, "there is no type 'text'"),
        (CREATE, {"json": {"title": {"any": 1}}}, "any must be true"),
    ],
)
def test_an_expectation_that_makes_no_sense_is_refused(on: str, wanted: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        expectation(on, **wanted)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("wanted", "came", "met"),
    [
        (5, "5", True),
        (True, "true", True),
        ("5", 5, False),
        ({"type": "integer"}, "5", True),
        ({"type": "integer"}, True, False),
        ({"type": "boolean"}, "false", True),
        ({"type": "number"}, 1.5, True),
        ({"type": "null"}, None, True),
        ({"type": "object"}, {}, True),
        ({"type": "string"}, 5, False),
        ({"contains": "x"}, 5, False),
        ({"regex": "x"}, 5, False),
    ],
)
def test_values_are_compared(wanted: Any, came: Any, met: bool) -> None:
    assert [one.met for one in compare(wanted, came, "x")] == [met]


def test_a_target_of_a_plain_path_is_no_operation() -> None:
    assert not Target("GET /projects/*").names_operation
    assert not Target("GET /projects/1").fits("GET", "/api/v4/projects/12", None)


def test_more_requests_than_the_scenario_allows_are_a_failure() -> None:
    api = Api({**WORLD, "max_requests": 2})
    for _ in range(2):
        api.get("user")
    api.server.verify()
    api.get("projects")
    with pytest.raises(AssertionError, match=r"made 3 requests, max_requests is 2; most often GET .user"):
        api.server.verify()
    told = api.server.world.verify().to_json()
    assert (told["ok"], told["over_budget"].partition(";")[0]) == (
        False,
        "the client made 3 requests, max_requests is 2",
    )


@pytest.mark.parametrize("most", [-1, "many", True, 1.5])
def test_a_budget_that_is_no_whole_number_is_refused(most: object) -> None:
    with pytest.raises(ScenarioError, match=r"max_requests.* must be a whole number"):
        MockGitLab({**WORLD, "max_requests": most})
