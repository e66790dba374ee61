from pathlib import Path
from typing import Any

import pytest

from tests.support import Api, names

JOHN = {"private_token": "QVy1PB7sTxfy4pqfZM1U"}
SCENARIO = Path(__file__).parents[3] / "scenarios" / "v3.yaml"
NOT_FOUND = (404, {"message": "404 Not found"})


def with_outsider() -> Api:
    """Return the same world with nora, who is no member of anything."""
    nora = {"mockgitlab": 1, "users": [{"username": "nora", "private_token": "nora"}]}
    return Api(SCENARIO, nora, prefix="/api/v3/")


# Lists


def test_the_issues_of_a_project_are_listed_newest_first(api: Api) -> None:
    assert names(api.get("projects/1/issues"), "iid") == [3, 2, 1]
    assert names(api.get("projects/diaspora%2Fclient/issues", sort="asc"), "iid") == [1, 2, 3]


def test_lists_tell_whether_the_user_is_subscribed(api: Api) -> None:
    assert names(api.get("projects/1/issues", "jane", sort="asc"), "subscribed") == [True, True, True]
    assert names(api.get("projects/1/issues", sort="asc"), "subscribed") == [False, False, False]


@pytest.mark.parametrize(
    ("asked", "iids"),
    [
        ({"state": "opened"}, [2, 1]),
        ({"state": "closed"}, [3]),
        ({"state": "all"}, [3, 2, 1]),
        ({"labels": "bug"}, [1]),
        ({"labels": "bug,feature"}, [2, 1]),
        ({"labels": "bug, feature"}, [2, 1]),
        ({"labels": "nothing"}, []),
        ({"labels": ""}, [3, 2, 1]),
        ({"milestone": "1.0"}, [1]),
        ({"iid": 2}, [2]),
        ({"iid": 99}, []),
        ({"iids[]": 2}, [3, 2, 1]),
        ({"order_by": "updated_at", "sort": "asc"}, [1, 2, 3]),
    ],
)
def test_a_projects_issues_are_filtered(api: Api, asked: dict[str, Any], iids: list[int]) -> None:
    assert names(api.get("projects/1/issues", **asked), "iid") == iids


def test_a_state_that_there_is_not_is_refused(api: Api) -> None:
    answer = api.get("projects/1/issues", state="reopened")
    assert (answer.status, answer.json) == (400, {"error": "state does not have a valid value"})


def test_the_users_own_issues_are_listed(api: Api) -> None:
    assert names(api.get("issues", "jane"), "iid") == [3, 2]
    assert names(api.get("issues", "jane", state="opened"), "iid") == [2]
    assert names(api.get("issues"), "iid") == []


def test_the_open_issues_of_a_group_are_listed_unless_others_are_asked_for(api: Api) -> None:
    assert names(api.get("groups/diaspora/issues"), "iid") == [2, 1]
    assert names(api.get("groups/1/issues", state="all"), "iid") == [3, 2, 1]
    assert names(api.get("groups/1/issues", labels="bug,feature"), "iid") == []


# One issue


def test_an_issue_is_found_by_its_global_id(api: Api) -> None:
    shown = api.get("projects/1/issues/10001").json
    assert shown["author"].pop("avatar_url")
    assert shown["assignee"].pop("avatar_url")
    assert shown == {
        "id": 10001,
        "iid": 1,
        "project_id": 1,
        "title": "It crashes",
        "description": None,
        "state": "opened",
        "created_at": "2016-06-01T09:00:00.000Z",
        "updated_at": "2016-06-01T09:00:00.000Z",
        "labels": ["bug"],
        "milestone": {
            "id": 10001,
            "iid": 1,
            "project_id": 1,
            "title": "1.0",
            "description": None,
            "state": "active",
            "created_at": "2016-06-01T09:00:00.000Z",
            "updated_at": "2016-06-01T09:00:00.000Z",
            "due_date": None,
            "start_date": None,
        },
        "assignee": {
            "name": "Jane Roe",
            "username": "jane",
            "id": 3,
            "state": "active",
            "web_url": "http://localhost/jane",
        },
        "author": {
            "name": "John Smith",
            "username": "john_smith",
            "id": 2,
            "state": "active",
            "web_url": "http://localhost/john_smith",
        },
        "subscribed": False,
        "user_notes_count": 0,
        "upvotes": 0,
        "downvotes": 0,
        "due_date": None,
        "confidential": False,
        "web_url": "http://localhost/diaspora/client/-/issues/1",
    }


@pytest.mark.parametrize("path", ["projects/1/issues/1", "projects/2/issues/10001", "projects/1/issues/x"])
def test_the_iid_finds_nothing(api: Api, path: str) -> None:
    answer = api.get(path)
    assert (answer.status, answer.json) == NOT_FOUND
    assert "global id" in answer.headers["X-Mockgitlab-Reason"]


def test_a_confidential_issue_is_hidden() -> None:
    api = with_outsider()
    assert api.get("projects/1/issues/10001", None, private_token="nora").status == 200
    api.put("projects/1/issues/10001", confidential=True)
    answer = api.get("projects/1/issues/10001", None, private_token="nora")
    assert (answer.status, answer.json) == NOT_FOUND


# Writing


def test_an_issue_is_created(api: Api) -> None:
    answer = api.post(
        "projects/1/issues",
        "jane",
        title="New",
        description="Text",
        assignee_id=2,
        milestone_id=10001,
        labels="bug, new",
        due_date="2016-07-01",
        confidential=True,
        weight=5,
    )
    assert answer.status == 201
    shown = answer.json
    assert (shown["id"], shown["iid"], shown["title"], shown["description"]) == (10004, 4, "New", "Text")
    assert (shown["assignee"]["id"], shown["milestone"]["id"], shown["labels"]) == (2, 10001, ["bug", "new"])
    assert (shown["due_date"], shown["confidential"]) == ("2016-07-01", True)


@pytest.mark.parametrize("given", [{}, {"title": ""}, {"title": None}])
def test_a_title_that_is_missing_or_empty_is_not_given(api: Api, given: dict[str, Any]) -> None:
    answer = api.post("projects/1/issues", **given)
    assert (answer.status, answer.json) == (400, {"message": '400 (Bad request) "title" not given'})


def test_a_live_gitlab_tells_missing_and_empty_titles_apart(observing: Api) -> None:
    assert observing.post("projects/1/issues").json == {"error": "title is missing"}
    assert observing.post("projects/1/issues", title="").json == {"message": {"title": ["can't be blank"]}}


def test_a_title_that_is_too_long_is_refused(api: Api) -> None:
    answer = api.post("projects/1/issues", title="x" * 256)
    assert answer.json == {"message": {"title": ["is too long (maximum is 255 characters)"]}}


def test_an_issue_is_changed_closed_and_reopened(api: Api) -> None:
    assert api.put("projects/1/issues/10001", title="Other", labels="feature").json["labels"] == ["feature"]
    assert api.put("projects/1/issues/10001", state_event="close").json["state"] == "closed"
    assert api.put("projects/1/issues/10001", state_event="reopen").json["state"] == "reopened"
    assert names(api.get("projects/1/issues", state="opened"), "state") == ["opened", "reopened"]
    assert api.get("projects/1/issues/10001").json["title"] == "Other"


def test_a_change_of_nothing_changes_nothing(api: Api) -> None:
    answer = api.put("projects/1/issues/10001")
    assert (answer.status, answer.json["title"]) == (200, "It crashes")


def test_only_who_may_changes_an_issue() -> None:
    answer = with_outsider().put("projects/1/issues/10001", None, private_token="nora", title="x")
    assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})


def test_a_deleted_issue_is_given_back(api: Api) -> None:
    before = api.get("projects/1/issues/10002", None, **JOHN).json
    answer = api.delete("projects/1/issues/10002", None, **JOHN)
    assert (answer.status, answer.json) == (200, before)
    again = api.delete("projects/1/issues/10002", None, **JOHN)
    assert (again.status, again.json) == (404, {"message": "404 Issue Not Found"})


def test_only_owners_delete_issues(api: Api) -> None:
    assert api.delete("projects/1/issues/10002", "jane").status == 403
    assert api.get("projects/1/issues/10002").status == 200


def test_an_issue_is_moved(api: Api) -> None:
    answer = api.post("projects/1/issues/10001/move", to_project_id=2)
    assert (answer.status, answer.json["project_id"], answer.json["title"]) == (201, 2, "It crashes")
    assert api.get("projects/1/issues/10001").json["state"] == "closed"


@pytest.mark.parametrize(
    ("path", "given", "status", "message"),
    [
        ("projects/1/issues/10001", {}, 400, '400 (Bad request) "to_project_id" not given'),
        ("projects/1/issues/10001", {"to_project_id": 99}, 404, "404 Project Not Found"),
        ("projects/1/issues/1", {"to_project_id": 2}, 404, "404 Issue Not Found"),
    ],
)
def test_a_move_to_nowhere_is_refused(api: Api, path: str, given: Any, status: int, message: str) -> None:
    answer = api.post(f"{path}/move", **given)
    assert (answer.status, answer.json) == (status, {"message": message})


def test_who_subscribes_twice_gets_304(api: Api) -> None:
    subscription = "projects/1/issues/10001/subscription"
    answer = api.post(subscription)
    assert (answer.status, answer.json["subscribed"]) == (201, True)
    assert (api.post(subscription).status, api.post(subscription).text) == (304, "")
    answer = api.delete(subscription)
    assert (answer.status, answer.json["subscribed"]) == (200, False)
    assert api.delete(subscription).status == 304


def test_time_is_tracked(api: Api) -> None:
    issue = "projects/1/issues/10001"
    assert (api.post(f"{issue}/time_estimate", duration="3h").status) == 200
    spent = api.post(f"{issue}/add_spent_time", duration="1h30m")
    stats = {
        "time_estimate": 10800,
        "total_time_spent": 5400,
        "human_time_estimate": "3h",
        "human_total_time_spent": "1h 30m",
    }
    assert (spent.status, spent.json) == (201, stats)
    assert api.get(f"{issue}/time_stats").json == stats
    assert (api.post(f"{issue}/reset_spent_time").status, api.post(f"{issue}/reset_time_estimate").status) == (200, 200)
    assert api.get(f"{issue}/time_stats").json["total_time_spent"] == 0
    assert api.post(f"{issue}/time_estimate").json == {"message": '400 (Bad request) "duration" not given'}
