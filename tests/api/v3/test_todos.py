from typing import Any

import pytest

from tests.api.v3.conftest import ROCKET, basic
from tests.merge_request_world import OPENED
from tests.merge_request_world import world as merge_request_world
from tests.support import Api, names, seen

ADA = basic(2, "ada", "Ada Lovelace")


@pytest.fixture
def busy(world: Api) -> Api:
    """A world in which ada assigned an issue to bob, and mentioned him in another."""
    world.post("projects/1/issues", "ada", title="One", assignee_id=3)
    world.post("projects/1/issues", "ada", title="Two", description="Hey @bob")
    return world


def test_a_todo_item_is_shown_with_its_issue(busy: Api) -> None:
    mentioned, assigned = busy.get("todos", "bob").json
    assert assigned["author"].pop("avatar_url")
    assert assigned == {
        "id": 1,
        "project": ROCKET,
        "author": ADA,
        "action_name": "assigned",
        "target_type": "Issue",
        "target": busy.get("projects/1/issues/10001", "bob").json,
        "target_url": "http://localhost/acme/rocket/-/issues/1",
        "body": "One",
        "state": "pending",
        "created_at": "2024-05-01T09:00:00.000Z",
    }
    assert (mentioned["action_name"], mentioned["body"]) == ("mentioned", "Two")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"action": "assigned"}, [1]),
        ({"author_id": 2}, [2, 1]),
        ({"author_id": 4}, []),
        ({"project_id": 2}, []),
        ({"type": "MergeRequest"}, []),
        ({"state": "done"}, []),
    ],
)
def test_todo_items_are_filtered(busy: Api, given: dict[str, Any], found: list[int]) -> None:
    assert names(busy.get("todos", "bob", **given), "id") == found
    assert busy.delete("todos", "bob", **given).json == len(found)
    assert len(busy.get("todos", "bob").json) == 2 - len(found)


def test_one_todo_item_is_done_and_answered(busy: Api) -> None:
    todo = busy.get("todos", "bob").json[1]
    assert seen(busy.delete("todos/1", "bob")) == (200, {**todo, "state": "done"})
    assert names(busy.get("todos", "bob", state="done"), "id") == [1]
    assert seen(busy.delete("todos/2", "ada")) == (404, {"message": "404 Not found"})


def test_all_todo_items_are_done_and_counted(busy: Api) -> None:
    assert seen(busy.delete("todos", "bob")) == (200, 2)
    assert seen(busy.delete("todos", "bob")) == (200, 0)


def test_an_issue_is_marked_once(busy: Api) -> None:
    answer = busy.post("projects/1/issues/10001/todo", "rex")
    assert (answer.status, answer.json["action_name"], answer.json["state"]) == (201, "marked", "pending")
    again = busy.post("projects/1/issues/10001/todo", "rex")
    assert (again.status, again.text) == (304, "")
    assert seen(busy.post("projects/1/issues/1/todo", "rex")) == (404, {"message": "404 Not found"})


def test_a_merge_request_is_marked_once() -> None:
    api = Api(merge_request_world(OPENED), {"mockgitlab": 1, "gitlab": {"api": ["v3"]}}, prefix="/api/v3/")
    marked = api.post("projects/1/merge_requests/10001/todo", "rex")
    assert (marked.status, marked.json["target"]) == (201, api.get("projects/1/merge_requests/10001", "rex").json)
    assert api.post("projects/1/merge_requests/10001/todo", "rex").status == 304
    assert api.get("todos", "rex").json == [marked.json]
