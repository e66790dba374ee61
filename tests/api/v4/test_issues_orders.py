from typing import Any

import pytest

from tests.issue_world import issue_api
from tests.support import Api, names


@pytest.fixture(scope="module")
def api() -> Api:
    api = issue_api()
    for who, iid in (("ada", 2), ("bob", 2), ("ada", 5)):
        api.post(f"projects/1/issues/{iid}/award_emoji", who, name="thumbsup")
    return api


def iids(api: Api, **given: Any) -> list[int]:
    return names(api.get("projects/1/issues", "bob", **given), "iid")


@pytest.mark.parametrize(
    ("by", "ascending", "descending"),
    [
        ("created_at", [3, 1, 2, 4, 5], [5, 4, 2, 1, 3]),
        ("title", [1, 2, 4, 5, 3], [3, 5, 4, 2, 1]),
        ("due_date", [4, 2, 5, 3, 1], [2, 4, 5, 3, 1]),
        ("milestone_due", [4, 1, 3, 5, 2], [3, 1, 4, 5, 2]),
        ("weight", [1, 3, 5, 4, 2], [3, 1, 5, 4, 2]),
        ("popularity", [4, 3, 1, 5, 2], [2, 5, 4, 3, 1]),
        ("label_priority", [1, 5, 4, 3, 2], [1, 5, 4, 3, 2]),
        ("priority", [4, 1, 3, 5, 2], [3, 1, 4, 5, 2]),
        ("relative_position", [5, 4, 3, 2, 1], [5, 4, 3, 2, 1]),
    ],
)
def test_a_list_is_ordered_both_ways_and_what_lacks_the_value_comes_last(
    api: Api, by: str, ascending: list[int], descending: list[int]
) -> None:
    assert iids(api, order_by=by, sort="asc") == ascending
    assert iids(api, order_by=by, sort="desc") == descending
    assert iids(api, order_by=by) == descending


def test_the_last_change_orders_too() -> None:
    from datetime import timedelta

    api = issue_api()
    api.store.advance_clock(timedelta(minutes=1))
    api.put("projects/1/issues/1", "bob", title="Alpha leaks more")
    assert iids(api, order_by="updated_at")[0] == 1
    assert iids(api, order_by="updated_at", sort="asc")[-1] == 1


def test_orders_follow_what_they_depend_on() -> None:
    api = issue_api()
    assert iids(api, order_by="milestone_due", sort="asc")[0] == 4
    api.put("projects/1/milestones/10003", "bob", due_date="2024-03-15")
    assert iids(api, order_by="milestone_due", sort="asc")[0] == 3


def test_issues_are_put_between_others_by_hand() -> None:
    api = issue_api()
    answer = api.put("projects/1/issues/3/reorder", "bob", move_after_id=10005)
    assert (answer.status, answer.json["iid"]) == (200, 3)
    api.put("projects/1/issues/1/reorder", "bob", move_after_id=10005, move_before_id=10003)
    api.put("projects/1/issues/2/reorder", "bob", move_before_id=10005)
    assert iids(api, order_by="relative_position") == [2, 5, 1, 3, 4]


def test_there_is_always_room_between_two_issues() -> None:
    api = issue_api({"issues": [{"title": "{n}", "repeat": 4}]})
    api.put("projects/1/issues/2/reorder", move_after_id=10001)
    for turn in range(30):
        api.put(f"projects/1/issues/{3 + turn % 2}/reorder", move_after_id=10001)
    assert iids(api, order_by="relative_position") == [1, 4, 3, 2]


def test_putting_an_issue_somewhere_is_no_change_of_it() -> None:
    from datetime import timedelta

    api = issue_api()
    api.store.advance_clock(timedelta(minutes=1))
    answer = api.put("projects/1/issues/3/reorder", "bob", move_after_id=10001)
    assert answer.json["updated_at"] == "2024-04-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("given", "status", "body"),
    [
        ({}, 400, {"error": "move_after_id, move_before_id are missing, at least one parameter must be provided"}),
        ({"move_after_id": 99}, 422, {"message": {"error": "Unprocessable Entity"}}),
        ({"move_after_id": 0}, 422, {"message": {"error": "Unprocessable Entity"}}),
    ],
)
def test_a_place_needs_a_neighbour(api: Api, given: dict[str, Any], status: int, body: Any) -> None:
    answer = api.put("projects/1/issues/1/reorder", "bob", **given)
    assert (answer.status, answer.json) == (status, body)


def test_reordering_is_for_those_who_may_change_the_issue(api: Api) -> None:
    assert api.put("projects/1/issues/99/reorder", "bob", move_after_id=10001).json == {
        "message": "404 Issue Not Found"
    }
    assert api.put("projects/1/issues/1/reorder", "gil", move_after_id=10002).status == 403
