"""Single issues through python-gitlab: written, closed, moved, linked, timed, subscribed to."""

from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import Connect, refused


@pytest.fixture
def issue(rocket: Any) -> Any:
    return rocket.issues.get(1)


def test_an_issue_is_shown_in_full(issue: Any, ada: Any) -> None:
    assert (issue.iid, issue.project_id, issue.state) == (1, 1, "opened")
    assert issue.labels == ["bug", "priority::high"]
    assert issue.milestone["title"] == "1.0"
    assert [one["username"] for one in issue.assignees] == ["bob"]
    assert (issue.author["username"], issue.assignee["username"]) == ("rex", "bob")
    assert (issue.upvotes, issue.downvotes, issue.user_notes_count) == (2, 0, 4)
    assert issue.task_completion_status == {"count": 2, "completed_count": 1}
    assert issue.references == {"short": "#1", "relative": "#1", "full": "acme/rocket#1"}
    assert issue.web_url == f"{ada.url}/acme/rocket/-/issues/1"
    assert (issue.due_date, issue.weight, issue.issue_type) == ("2024-05-10", 5, "issue")
    assert issue.created_at == "2024-02-01T08:00:00.000Z"


def test_an_issue_is_created_with_everything(rocket: Any) -> None:
    made = rocket.issues.create(
        {
            "title": "Land safely",
            "description": "Softly",
            "labels": ["bug", "landing"],
            "assignee_ids": [3],
            "milestone_id": rocket.milestones.list(title="1.0")[0].id,
            "due_date": "2024-06-01",
            "confidential": True,
            "weight": 3,
        }
    )
    assert (made.iid, made.title, made.description) == (46, "Land safely", "Softly")
    assert made.labels == ["bug", "landing"]
    assert (made.assignees[0]["username"], made.milestone["title"]) == ("bob", "1.0")
    assert (made.due_date, made.confidential, made.weight) == ("2024-06-01", True, 3)
    assert (made.author["username"], made.created_at) == ("ada", "2024-05-01T09:00:00.000Z")
    assert "landing" in [label.name for label in rocket.labels.list()]


def test_an_issue_that_cannot_be_is_refused(rocket: Any, connect: Connect) -> None:
    with pytest.raises(AttributeError, match="title"):
        rocket.issues.create({})
    create = rocket.issues.create
    assert refused(gitlab.GitlabCreateError, create, {"title": " "}) == (400, {"title": ["can't be blank"]})
    assert refused(gitlab.GitlabCreateError, create, {"title": "x" * 256}) == (
        400,
        {"title": ["is too long (maximum is 255 characters)"]},
    )
    assert refused(gitlab.GitlabCreateError, create, {"title": "x", "weight": "heavy"}) == (400, "weight is invalid")
    nowhere = connect("nora").projects.get("acme/engines/ion", lazy=True).issues.create
    assert refused(gitlab.GitlabCreateError, nowhere, {"title": "x"}) == (404, "404 Project Not Found")


def test_an_issue_is_changed_closed_and_reopened(issue: Any, rocket: Any) -> None:
    issue.title, issue.labels, issue.assignee_ids = "It exploded", ["docs"], [4]
    issue.save()
    assert (issue.title, issue.labels, issue.assignees[0]["username"]) == ("It exploded", ["docs"], "eve")
    issue.state_event = "close"
    issue.save()
    assert (issue.state, issue.closed_at, issue.attributes["closed_by"]["username"]) == (
        "closed",
        "2024-05-01T09:00:00.000Z",
        "ada",
    )
    rocket.issues.update(1, {"state_event": "reopen"})
    again = rocket.issues.get(1)
    assert (again.state, again.closed_at, again.attributes["closed_by"]) == ("opened", None, None)


def test_labels_are_added_and_removed_one_by_one(rocket: Any) -> None:
    changed = rocket.issues.update(1, {"add_labels": "docs,priority::low", "remove_labels": "bug"})
    assert changed["labels"] == ["docs", "priority::low"]
    assert rocket.issues.update(1, {"labels": ""})["labels"] == []


def test_an_issue_is_deleted_by_who_may(rocket: Any, bob: Any) -> None:
    assert refused(gitlab.GitlabDeleteError, bob.projects.get(1).issues.delete, 2) == (403, "403 Forbidden")
    rocket.issues.delete(2)
    assert refused(gitlab.GitlabGetError, rocket.issues.get, 2) == (404, "404 Not found")


def test_an_issue_moves_to_another_project(ada: Any, rocket: Any) -> None:
    ion = ada.projects.get("acme/engines/ion")
    moving = rocket.issues.get(1)
    moving.move(ion.id)
    assert (moving.project_id, moving.iid, moving.title) == (ion.id, 2, "It explodes")
    assert moving.labels == ["bug", "priority::high"]
    left = rocket.issues.get(1)
    assert (left.state, left.moved_to_id) == ("closed", moving.id)
    bodies = [note.body for note in ion.issues.get(2).notes.list()]
    assert "On it" in bodies
    assert "moved from acme/rocket#1" in bodies
    assert refused(gitlab.GitlabUpdateError, left.move, ion.id)[0] == 400


def test_an_issue_is_cloned_by_its_path(ada: Any) -> None:
    copy = ada.http_post("/projects/1/issues/1/clone", query_data={"to_project_id": 2, "with_notes": True})
    assert (copy["project_id"], copy["iid"], copy["state"]) == (2, 2, "opened")
    assert ada.projects.get(1).issues.get(1).state == "opened"


def test_issues_are_linked_and_unlinked(rocket: Any) -> None:
    blocked = rocket.issues.get(2)
    assert [(link.iid, link.link_type) for link in blocked.links.list()] == [(1, "is_blocked_by")]
    source, target = blocked.links.create({"target_project_id": 1, "target_issue_iid": 4, "link_type": "blocks"})
    assert (source.iid, target.iid) == (2, 4)
    assert {(link.iid, link.link_type) for link in rocket.issues.get(2).links.list()} == {
        (1, "is_blocked_by"),
        (4, "blocks"),
    }
    again = {"target_project_id": 1, "target_issue_iid": 4}
    assert refused(gitlab.GitlabCreateError, blocked.links.create, again) == (409, "Issue(s) already assigned")
    for link in blocked.links.list():
        link.delete()
    assert blocked.links.list() == []
    nowhere = {"target_project_id": 1, "target_issue_iid": 99}
    assert refused(gitlab.GitlabCreateError, blocked.links.create, nowhere)[0] == 404


def test_time_is_estimated_and_spent(issue: Any) -> None:
    assert issue.time_stats()["human_time_estimate"] == "1d"
    assert issue.time_stats()["total_time_spent"] == 10800
    assert issue.time_estimate("3h 30m")["time_estimate"] == 12600
    assert issue.add_spent_time("1d")["human_total_time_spent"] == "1d 3h"
    assert issue.reset_time_estimate()["time_estimate"] == 0
    assert issue.reset_spent_time() == {
        "time_estimate": 0,
        "total_time_spent": 0,
        "human_time_estimate": None,
        "human_total_time_spent": None,
    }
    assert refused(gitlab.GitlabTimeTrackingError, issue.time_estimate, "soon")[0] == 400


def test_subscriptions_are_taken_and_given_up(connect: Connect) -> None:
    issue = connect("gil").projects.get(1).issues.get(4)
    assert issue.subscribed is False
    issue.subscribe()
    assert issue.subscribed is True
    assert refused(gitlab.GitlabSubscribeError, issue.subscribe) == (304, "")
    issue.unsubscribe()
    assert issue.subscribed is False
    assert refused(gitlab.GitlabUnsubscribeError, issue.unsubscribe) == (304, "")


def test_who_takes_part_is_listed(issue: Any) -> None:
    assert {one["username"] for one in issue.participants()} == {"rex", "bob", "ada"}


def test_an_issue_becomes_a_to_do_item_once(rocket: Any, ada: Any) -> None:
    issue = rocket.issues.get(4)
    issue.todo()
    assert [todo.target["title"] for todo in ada.todos.list(action="marked")] == ["Write the manual"]
    assert refused(gitlab.GitlabTodoError, issue.todo) == (304, "")


def test_an_issue_is_put_elsewhere_in_the_order(rocket: Any) -> None:
    first, last = rocket.issues.get(1), rocket.issues.get(4)
    last.reorder(move_before_id=first.id)
    order = [issue.iid for issue in rocket.issues.list(state="opened", order_by="relative_position", sort="asc")]
    assert order.index(4) < order.index(1)


def test_merge_requests_that_are_not_there_are_empty_lists(issue: Any) -> None:
    assert (issue.closed_by(), issue.related_merge_requests()) == ([], [])


def test_the_client_of_an_issue_is_told_to_administrators(root: Any, ada: Any) -> None:
    made = ada.projects.get(1).issues.create({"title": "Who wrote this?"})
    detail = root.projects.get(1).issues.get(made.iid).user_agent_detail()
    assert detail["user_agent"].startswith("python-gitlab/")
    assert detail["ip_address"] == "127.0.0.1"
    assert refused(gitlab.GitlabGetError, made.user_agent_detail) == (403, "403 Forbidden")
