from copy import deepcopy
from typing import Any

import pytest

from tests.support import WORLD, Api, names


@pytest.fixture
def busy() -> Api:
    """Rocket with One and a confidential Two, by ada; bob was assigned One and mentioned in Two; source with Open."""
    world: Any = deepcopy(WORLD)
    world["projects"][0]["issues"] = [
        {"title": "One", "author": "ada"},
        {"title": "Two", "author": "ada", "confidential": True},
    ]
    world["projects"][0]["todos"] = [
        {"user": "bob", "issue": 1, "author": "ada", "action_name": "assigned"},
        {"user": "bob", "issue": 2, "author": "rex", "action_name": "mentioned"},
        {"user": "gil", "issue": 1, "author": "ada"},
    ]
    world["projects"][1]["issues"] = [{"title": "Open", "author": "ada"}]
    world["projects"][1]["todos"] = [{"user": "bob", "issue": 1, "author": "ada", "state": "done"}]
    return Api(world)


# Listing


def test_to_do_items_are_the_users_own_pending_ones_the_newest_first(busy: Api) -> None:
    answer = busy.get("todos", "bob")
    assert names(answer, "id") == [2, 1]
    issue = busy.get("projects/1/issues/1", "bob").json
    assert answer.json[1] == {
        "id": 1,
        "project": {
            "id": 1,
            "description": answer.json[1]["project"]["description"],
            "name": "rocket",
            "name_with_namespace": "acme / rocket",
            "path": "rocket",
            "path_with_namespace": "acme/rocket",
            "created_at": "2024-05-01T09:00:00.000Z",
        },
        "author": issue["author"],
        "action_name": "assigned",
        "target_type": "Issue",
        "target": {key: value for key, value in issue.items() if key != "subscribed"},
        "target_url": "http://localhost/acme/rocket/-/issues/1",
        "body": "One",
        "state": "pending",
        "created_at": "2024-05-01T09:00:00.000Z",
        "updated_at": "2024-05-01T09:00:00.000Z",
    }


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"action": "assigned"}, [1]),
        ({"action": "marked", "state": "done"}, [4]),
        ({"author_id": "4"}, [2]),
        ({"project_id": "1"}, [2, 1]),
        ({"project_id": "2"}, []),
        ({"group_id": "1"}, [2, 1]),
        ({"group_id": "3", "state": "done"}, [4]),
        ({"group_id": "99"}, []),
        ({"state": "pending"}, [2, 1]),
        ({"state": "done"}, [4]),
        ({"type": "Issue"}, [2, 1]),
        ({"type": "MergeRequest"}, []),
    ],
)
def test_to_do_items_are_filtered(busy: Api, filters: dict[str, str], ids: list[int]) -> None:
    assert names(busy.get("todos", "bob", **filters), "id") == ids


@pytest.mark.parametrize("name", ["action", "state", "type"])
def test_words_that_mean_nothing_are_refused(busy: Api, name: str) -> None:
    answer = busy.get("todos", "bob", **{name: "x"})
    assert (answer.status, answer.json) == (400, {"error": f"{name} does not have a valid value"})


def test_to_do_items_need_a_user(api: Api) -> None:
    for answer in (
        api.get("todos", None),
        api.post("todos/1/mark_as_done", None),
        api.post("todos/mark_as_done", None),
    ):
        assert (answer.status, answer.json) == (401, {"message": "401 Unauthorized"})


def test_to_do_items_on_what_the_user_may_no_longer_see_are_left_out(busy: Api) -> None:
    busy.put("projects/1/issues/1", confidential=True)
    assert names(busy.get("todos", "gil"), "id") == []
    assert names(busy.get("todos", "bob"), "id") == [2, 1]


def test_a_group_counts_with_those_below(api: Api) -> None:
    api.post("projects", name="deep", namespace_id=2)
    api.post("projects/acme%2Flabs%2Fdeep/issues", title="Below", assignee_ids=[3])
    assert len(names(api.get("todos", "bob", group_id=1), "id")) == 1
    assert names(api.get("todos", "bob", group_id=3), "id") == []


# Done


def test_a_to_do_item_is_marked_as_done(busy: Api) -> None:
    busy.store.set_clock("2024-05-02T00:00:00Z")
    answer = busy.post("todos/1/mark_as_done", "bob")
    assert answer.status == 201
    assert (answer.json["id"], answer.json["state"]) == (1, "done")
    assert answer.json["updated_at"] == "2024-05-02T00:00:00.000Z"
    assert answer.json["target"]["subscribed"] is False
    assert busy.post("todos/1/mark_as_done", "bob").json == answer.json
    assert names(busy.get("todos", "bob"), "id") == [2]


def test_other_peoples_to_do_items_are_not_found(busy: Api) -> None:
    for id in ("3", "99"):
        answer = busy.post(f"todos/{id}/mark_as_done", "bob")
        assert (answer.status, answer.json) == (404, {"message": "404 Not found"})
    assert busy.post("todos/x/mark_as_done", "bob").json == {"error": "id is invalid"}


def test_all_pending_to_do_items_of_the_user_are_marked_as_done(busy: Api) -> None:
    answer = busy.post("todos/mark_as_done", "bob")
    assert (answer.status, answer.text) == (204, "")
    assert names(busy.get("todos", "bob"), "id") == []
    assert names(busy.get("todos", "gil"), "id") == [3]


# What makes them


def test_assigning_asks_for_attention_even_of_oneself_and_once_while_pending(api: Api) -> None:
    api.post("projects/1/issues", "bob", title="Mine", assignee_ids=[3], description="@bob look")
    assert names(api.get("todos", "bob"), "action_name") == ["assigned"]


def test_closing_what_asks_for_attention_is_enough(busy: Api) -> None:
    busy.put("projects/1/issues/1", "bob", state_event="close")
    assert names(busy.get("todos", "bob"), "id") == [2]
    assert names(busy.get("todos", "gil"), "id") == [3]


def test_a_comment_is_the_body_and_the_anchor(busy: Api) -> None:
    note = busy.post("projects/1/issues/1/notes", "ada", body="@rex please look").json["id"]
    item = busy.get("todos", "rex").json[0]
    assert (item["action_name"], item["body"]) == ("directly_addressed", "@rex please look")
    assert item["target_url"] == f"http://localhost/acme/rocket/-/issues/1#note_{note}"


def test_the_body_follows_the_title(busy: Api) -> None:
    busy.put("projects/1/issues/1", title="Renamed")
    assert busy.get("todos", "gil").json[0]["body"] == "Renamed"


def test_a_project_can_be_what_asks_for_attention() -> None:
    world: Any = deepcopy(WORLD)
    world["projects"][0]["todos"] = [{"user": "ada", "author": "nora", "action_name": "member_access_requested"}]
    item = Api(world).get("todos", "ada", type="Project").json[0]
    assert (item["target"], item["target_type"]) == (item["project"], "Project")
    assert item["target_url"] == "http://localhost/acme/rocket/-/project_members?tab=access_requests"


def test_a_scenario_says_what_is_wrong_with_to_do_items() -> None:
    world: Any = deepcopy(WORLD)
    world["projects"][0]["todos"] = [{"issue": 7, "action_name": "poked"}]
    with pytest.raises(Exception, match="todos") as refused:
        Api(world)
    text = str(refused.value)
    assert "names none of acme/rocket: 7" in text
    assert "whose to-do item is it?" in text
    assert "must be one of assigned, mentioned" in text
