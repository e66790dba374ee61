"""What triage bots do through python-gitlab: quick actions in comments, and the lists that they find issues by."""

from typing import Any

import pytest


@pytest.fixture
def issue(rocket: Any) -> Any:
    return rocket.issues.get(3)


def told(issue: Any, body: str) -> list[str]:
    return list(issue.notes.create({"body": body}).summary)


def test_a_bot_links_closes_and_moves_by_comments(issue: Any, rocket: Any) -> None:
    assert told(issue, "/relate #1") == ["Added #1 as a linked item related to this issue."]
    assert [link.iid for link in issue.links.list()] == [1]
    told(issue, "/duplicate #2")
    issue = rocket.issues.get(3)
    assert (issue.state, issue._links["closed_as_duplicate_of"].rpartition("/")[2]) == ("closed", "2")
    assert [event.state for event in issue.resourcestateevents.list()] == ["closed"]
    assert told(rocket.issues.get(4), "/clone") == ["Cloned this item to acme/rocket."]
    assert rocket.issues.list(search=rocket.issues.get(4).title, get_all=True)[0].iid == 46


def test_a_bot_plans_by_comments(issue: Any, rocket: Any, ada: Any) -> None:
    told(issue, "/health_status needs_attention\n/weight 8\n/iteration --current")
    issue = rocket.issues.get(3)
    assert (issue.health_status, issue.weight, issue.iteration["title"]) == ("needs_attention", 8, "Lift-off")
    assert [one.iid for one in rocket.issues.list(iteration_id="Current")] == [3]
    [event] = issue.resource_iteration_events.list()
    assert (event.action, event.iteration["title"]) == ("add", "Lift-off")
    [current] = ada.groups.get("acme").iterations.list(state="current")
    assert (current.title, current.state) == ("Lift-off", 2)
    assert [one.title for one in rocket.iterations.list(search="ignition")] == ["Ignition"]


def test_a_bot_is_told_what_came_of_nothing(issue: Any) -> None:
    assert told(issue, "/move nowhere/else") == [
        "Unable to move. Target project or group doesn't exist or doesn't support this item type."
    ]
