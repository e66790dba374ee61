"""To-do items, events and resource events through python-gitlab."""

from typing import Any

import gitlab

from tests.clients.python_gitlab_rig import refused


def test_to_do_items_are_listed_by_what_is_known_of_them(ada: Any, bob: Any) -> None:
    [todo] = ada.todos.list()
    assert (todo.action_name, todo.target_type, todo.target["iid"], todo.state) == ("mentioned", "Issue", 1, "pending")
    assert (todo.author["username"], todo.project["path_with_namespace"]) == ("rex", "acme/rocket")
    assert todo.target_url == f"{ada.url}/acme/rocket/-/issues/1"
    assert [one.action_name for one in ada.todos.list(state="done")] == ["marked"]
    assert [one.action_name for one in bob.todos.list(type="Issue", project_id=1, author_id=5)] == ["assigned"]
    assert bob.todos.list(action="mentioned") == []


def test_to_do_items_are_done_one_by_one_or_all_at_once(ada: Any, bob: Any) -> None:
    [todo] = ada.todos.list()
    todo.mark_as_done()
    assert (todo.state, ada.todos.list()) == ("done", [])
    for iid in (2, 3):
        bob.projects.get(1).issues.get(iid).todo()
    assert len(bob.todos.list()) == 3
    bob.todos.mark_all_as_done()
    assert bob.todos.list() == []


def test_assigning_somebody_asks_for_attention(rocket: Any, bob: Any) -> None:
    rocket.issues.update(4, {"assignee_ids": [3]})
    assert [(one.action_name, one.target["iid"]) for one in bob.todos.list()] == [("assigned", 4), ("assigned", 1)]


def test_mentioning_somebody_asks_for_attention(rocket: Any, bob: Any) -> None:
    rocket.issues.get(4).notes.create({"body": "Could you have a look, @bob?"})
    todo = bob.todos.list(action="mentioned")[0]
    assert (todo.body, todo.author["username"]) == ("Could you have a look, @bob?", "ada")


def test_what_happened_in_a_project_is_listed(rocket: Any) -> None:
    rocket.issues.create({"title": "News"})
    rocket.issues.get(1).notes.create({"body": "Hm"})
    events = rocket.events.list()
    assert [(event.action_name, event.author_username) for event in events] == [
        ("commented on", "ada"),
        ("opened", "ada"),
        ("opened", "rex"),
        ("closed", "bob"),
    ]
    assert events[0].note["body"] == "Hm"
    assert [event.target_title for event in rocket.events.list(action="closed")] == ["Old ticket 1"]
    assert [event.target_title for event in rocket.events.list(before="2024-02-01")] == ["Old ticket 1"]
    assert len(rocket.events.list(target_type="note")) == 1


def test_what_oneself_and_others_did_is_listed(ada: Any, bob: Any, rocket: Any) -> None:
    rocket.issues.create({"title": "News"})
    assert [event.target_title for event in ada.events.list()] == ["News"]
    assert ada.events.list(action="closed") == []
    assert [event.target_title for event in bob.users.get(2).events.list(target_type="issue")] == ["News"]
    assert {event.author_username for event in bob.events.list(scope="all")} >= {"ada", "bob"}


def test_changes_of_state_labels_and_milestones_are_recorded(rocket: Any) -> None:
    issue = rocket.issues.get(4)
    issue.labels, issue.milestone_id, issue.state_event = ["bug"], 0, "close"
    issue.save()
    labels = issue.resourcelabelevents.list()
    assert sorted((event.action, event.label["name"]) for event in labels) == [("add", "bug"), ("remove", "docs")]
    [milestone] = issue.resourcemilestoneevents.list()
    assert (milestone.action, milestone.milestone["title"], milestone.user["username"]) == ("remove", "1.0", "ada")
    [state] = issue.resourcestateevents.list()
    assert (state.state, state.resource_type, state.resource_id) == ("closed", "Issue", issue.id)
    assert issue.resourcestateevents.get(state.id).created_at == "2024-05-01T09:00:00.000Z"
    assert issue.resourcelabelevents.get(labels[0].id).label["name"] == labels[0].label["name"]
    assert issue.resourcemilestoneevents.get(milestone.id).id == milestone.id
    assert refused(gitlab.GitlabGetError, issue.resourcestateevents.get, 99)[0] == 404
    issue.weight = 5
    issue.save()
    assert [(event.weight, event.issue_id) for event in issue.resource_weight_events.list()] == [(5, issue.id)]


def test_the_clock_of_the_world_dates_what_happens(rocket: Any, mockgitlab: Any) -> None:
    mockgitlab.advance("1d 2h")
    assert rocket.issues.create({"title": "Next day"}).created_at == "2024-05-02T11:00:00.000Z"
    assert [event.target_title for event in rocket.events.list(after="2024-05-01")] == ["Next day"]
