from datetime import timedelta
from typing import Any

import pytest

from tests.issue_world import issue_api, remarks
from tests.support import Api


@pytest.fixture
def api() -> Api:
    api = issue_api()
    api.store.advance_clock(timedelta(hours=1))
    return api


def change(api: Api, iid: int = 1, as_: str = "bob", project: int = 1, **given: Any) -> Any:
    answer = api.put(f"projects/{project}/issues/{iid}", as_, **given)
    assert answer.status == 200, answer
    return answer.json


NOW = "2024-05-01T10:00:00.000Z"


def test_any_part_can_be_changed(api: Api) -> None:
    changed = change(
        api,
        title="Renamed",
        description="more",
        assignee_ids="2,3",
        milestone_id=10003,
        labels="ui",
        due_date="2024-09-20",
        confidential=True,
        discussion_locked=True,
        issue_type="incident",
        weight=0,
    )
    assert (changed["title"], changed["description"], changed["weight"]) == ("Renamed", "more", 0)
    assert [one["username"] for one in changed["assignees"]] == ["ada", "bob"]
    assert (changed["milestone"]["title"], changed["labels"], changed["due_date"]) == ("1.1", ["ui"], "2024-09-20")
    assert (changed["confidential"], changed["discussion_locked"], changed["issue_type"]) == (True, True, "incident")
    assert changed["updated_at"] == NOW


def test_any_part_can_be_cleared(api: Api) -> None:
    change(api, assignee_ids=[2], due_date="2024-09-20", description="x", weight=1)
    cleared = change(api, assignee_ids=[0], milestone_id=0, labels="", due_date="", description="", weight=None)
    assert (cleared["assignees"], cleared["milestone"], cleared["labels"]) == ([], None, [])
    assert (cleared["due_date"], cleared["description"], cleared["weight"]) == (None, "", None)
    change(api, assignee_ids=[2], milestone_id=10002)
    cleared = change(api, assignee_ids="", milestone_id="")
    assert (cleared["assignees"], cleared["milestone"]) == ([], None)
    change(api, assignee_id=2)
    assert change(api, assignee_id=0)["assignees"] == []


def test_assignees_stay_where_nobody_able_is_named(api: Api) -> None:
    def assigned(**given: Any) -> list[str]:
        return [one["username"] for one in change(api, **given)["assignees"]]

    assert assigned(assignee_ids=[2, 3]) == ["ada", "bob"]
    assert assigned(assignee_ids=[99]) == ["ada", "bob"]
    assert assigned(assignee_ids=[6], title="x") == ["ada", "bob"]
    assert assigned(assignee_id=None, title="y") == ["ada", "bob"]
    assert assigned(assignee_ids=[99, 4]) == ["rex"]
    assert assigned(assignee_ids=[2, 3], assignee_id=4) == ["rex"]


def test_labels_are_added_removed_or_replaced(api: Api) -> None:
    assert change(api, 2, add_labels="ui,new")["labels"] == ["bug", "new", "ui"]
    assert change(api, 2, remove_labels=["bug", "unknown"])["labels"] == ["new", "ui"]
    assert change(api, 2, add_labels="bug", remove_labels="new")["labels"] == ["bug", "ui"]
    assert change(api, 2, labels="bug")["labels"] == ["bug"]
    assert change(api, 2, labels=[""])["labels"] == []


def test_of_the_labels_of_one_scope_an_issue_has_the_last(api: Api) -> None:
    assert change(api, 2, labels="size::big,size::small,bug,size::big::huge")["labels"] == [
        "bug",
        "size::big::huge",
        "size::small",
    ]
    assert change(api, 2, add_labels="size::big")["labels"] == ["bug", "size::big", "size::big::huge"]
    assert change(api, 2, labels="size::big,size::small")["labels"] == ["size::small"]


def test_the_community_edition_knows_no_scopes() -> None:
    api = issue_api(gitlab={"edition": "ce"})
    assert change(api, 2, labels="size::big,size::small")["labels"] == ["size::big", "size::small"]


def test_what_stays_the_same_is_no_change(api: Api) -> None:
    before = api.get("projects/1/issues/1").json["updated_at"]
    assert change(api, title="Alpha leaks")["updated_at"] == before
    assert remarks(api, 1) == []


def test_owners_say_when_an_issue_changed(api: Api) -> None:
    assert (
        change(api, 1, "ada", title="x", updated_at="2024-02-03T00:00:00Z")["updated_at"] == "2024-02-03T00:00:00.000Z"
    )
    assert change(api, 1, "bob", title="y", updated_at="2024-02-03T00:00:00Z")["updated_at"] == NOW


@pytest.mark.parametrize(
    ("given", "body"),
    [
        (
            {},
            {
                "error": "assignee_id, assignee_ids, confidential, created_at, description, discussion_locked, "
                "due_date, labels, add_labels, remove_labels, milestone_id, state_event, title, issue_type, weight, "
                "epic_id, epic_iid are missing, at least one parameter must be provided"
            },
        ),
        ({"title": ""}, {"message": {"title": ["can't be blank"]}}),
        ({"title": "x" * 256}, {"message": {"title": ["is too long (maximum is 255 characters)"]}}),
        ({"state_event": "open"}, {"error": "state_event does not have a valid value"}),
        ({"title": "x", "updated_at": ""}, {"error": "updated_at is empty"}),
        ({"title": "x", "updated_at": "soon"}, {"error": "updated_at is invalid"}),
        ({"confidential": None}, {"error": "confidential is empty"}),
        ({"weight": -1}, {"message": {"weight": ["must be greater than or equal to 0"]}}),
    ],
)
def test_a_faulty_change_is_refused(api: Api, given: dict[str, Any], body: Any) -> None:
    answer = api.put("projects/1/issues/1", "ada", **given)
    assert (answer.status, answer.json) == (400, body)


def test_the_time_of_the_change_alone_changes_nothing(api: Api) -> None:
    assert api.put("projects/1/issues/1", "ada", updated_at="2024-02-03T00:00:00Z").status == 400


# Who may


def test_who_may_change_an_issue(api: Api) -> None:
    assert api.put("projects/1/issues/1", None, title="x").status == 401
    for who, iid in (("gil", 1), ("gil", 4)):
        answer = api.put(f"projects/1/issues/{iid}", who, title="x")
        assert (answer.status, answer.json) == (403, {"message": "403 Forbidden"})
    assert api.put("projects/2/issues/2", "nora", title="x").status == 403
    assert api.put("projects/1/issues/99", "bob", title="x").json == {"message": "404 Not found"}
    assert change(api, 2, "rex", title="x")["title"] == "x"
    assert (
        issue_api(source={"archived": True, "issues": [{"title": "x"}]}).put("projects/2/issues/1", title="y").status
        == 403
    )


def test_an_author_without_a_role_changes_the_text_and_the_state_alone(api: Api) -> None:
    planned = {"labels": "bug", "assignee_ids": [6], "due_date": "2024-09-20", "confidential": True, "weight": 1}
    changed = change(api, 1, "nora", 2, title="x", description="y", discussion_locked=True, **planned)
    assert (changed["title"], changed["description"], changed["labels"], changed["assignees"]) == ("x", "y", [], [])
    assert (changed["due_date"], changed["confidential"], changed["discussion_locked"]) == (None, False, None)
    assert change(api, 1, "nora", 2, state_event="close")["state"] == "closed"


def test_an_author_does_not_change_an_incident(api: Api) -> None:
    assert api.put("projects/1/issues/5", "gil", title="x").status == 403


# State


def test_closing_tells_who_and_when_and_reopening_forgets_it(api: Api) -> None:
    closed = change(api, state_event="close")
    assert (closed["state"], closed["closed_at"], closed["closed_by"]["username"]) == ("closed", NOW, "bob")
    api.store.advance_clock(timedelta(hours=1))
    assert change(api, 1, "ada", state_event="close")["closed_at"] == NOW
    opened = change(api, state_event="reopen")
    assert (opened["state"], opened["closed_at"], opened["closed_by"]) == ("opened", None, None)
    states = api.get("projects/1/issues/1/resource_state_events").json
    assert [(one["state"], one["user"]["username"]) for one in states] == [("closed", "bob"), ("reopened", "bob")]
    assert [one["action_name"] for one in api.get("projects/1/events", action="closed").json] == ["closed"]
    assert remarks(api, 1) == []


def test_a_locked_issue_is_reopened_by_nobody_before_it_is_unlocked() -> None:
    locked = {"title": "x", "author": "nora", "state": "closed", "discussion_locked": True}
    api = issue_api(source={"issues": [locked]})
    assert change(api, 1, "nora", 2, state_event="reopen")["state"] == "closed"
    assert change(api, 1, "root", 2, state_event="reopen", discussion_locked=False)["state"] == "closed"
    assert change(api, 1, "nora", 2, state_event="reopen")["state"] == "opened"


# What it causes


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"title": "Alpha drips"}, "changed title from **Alpha {-leak-}s** to **Alpha {+drip+}s**"),
        ({"title": "Alpha leaks!"}, "changed title from **Alpha leaks** to **Alpha leaks{+!+}**"),
        ({"description": "new"}, "changed the description"),
        ({"assignee_ids": [2]}, "assigned to @ada"),
        ({"due_date": "2024-09-20"}, "changed due date to September 20, 2024"),
        ({"confidential": True}, "made the issue confidential"),
        ({"discussion_locked": True}, "locked the discussion in this issue"),
        ({"issue_type": "test_case"}, "changed type from issue to test case"),
    ],
)
def test_a_change_is_remarked_on(api: Api, given: dict[str, Any], told: str) -> None:
    change(api, **given)
    assert remarks(api, 1) == [told]


def test_taking_a_change_back_is_remarked_on(api: Api) -> None:
    change(api, 2, assignee_ids=[2, 4])
    change(api, 2, assignee_ids=[])
    change(api, 2, due_date="")
    change(api, 4, confidential=False)
    change(api, 2, discussion_locked=True)
    change(api, 2, discussion_locked=False)
    assert remarks(api, 4) == ["made the issue visible to everyone"]
    assert remarks(api, 2) == [
        "assigned to @ada and @rex and unassigned @bob",
        "unassigned @ada and @rex",
        "removed due date May 2, 2024",
        "locked the discussion in this issue",
        "unlocked the discussion in this issue",
    ]


def test_ticking_a_box_is_remarked_on_by_its_text(api: Api) -> None:
    change(api, description="- [ ] pump\n- [x] valve")
    change(api, description="- [x] pump\n- [ ] valve")
    change(api, description="- [x] pump")
    assert remarks(api, 1)[1:] == [
        "marked the checklist item **pump** as completed",
        "marked the checklist item **valve** as incomplete",
        "changed the description",
    ]


def test_labels_and_milestones_are_recorded_and_not_remarked_on(api: Api) -> None:
    change(api, labels="ui", milestone_id=10003)
    change(api, milestone_id=0)
    labels = api.get("projects/1/issues/1/resource_label_events").json
    assert [(one["action"], one["label"]["name"]) for one in labels] == [("remove", "bug")]
    milestones = api.get("projects/1/issues/1/resource_milestone_events").json
    assert [(one["action"], one["milestone"]["title"]) for one in milestones] == [("add", "1.1"), ("remove", "1.1")]
    assert remarks(api, 1) == []


def test_new_assignees_and_newly_mentioned_are_asked(api: Api) -> None:
    change(api, 2, assignee_ids=[3, 2], description="The alpha pump, @rex")
    change(api, 2, description="The alpha pump again, @rex")
    assert [one["action_name"] for one in api.get("todos", "ada").json] == ["assigned"]
    assert [one["action_name"] for one in api.get("todos", "rex").json] == ["mentioned"]
    assert api.get("todos", "bob").json == []


def test_who_changes_an_issue_has_done_what_it_asked(api: Api) -> None:
    changes: list[dict[str, Any]] = [{"labels": "ui"}, {"state_event": "close"}]
    for given in changes:
        change(api, 1, "ada", assignee_ids=[3])
        assert len(api.get("todos", "bob").json) == 1
        change(api, 1, "bob", **given)
        assert api.get("todos", "bob").json == []
        change(api, 1, "ada", assignee_ids=[])


def test_quick_actions_in_a_new_description_are_carried_out(api: Api) -> None:
    changed = change(api, description="Done now\n/close\n/spend 1h")
    assert (changed["description"], changed["state"]) == ("Done now", "closed")
    assert changed["time_stats"]["human_total_time_spent"] == "1h"


# Deleting


def test_an_issue_goes_with_all_that_belongs_to_it(api: Api) -> None:
    change(api, 1, "ada", assignee_ids=[3], labels="ui", state_event="close")
    api.post("projects/1/issues/1/notes", "bob", body="gone soon")
    api.post("projects/1/issues/1/award_emoji", "bob", name="tada")
    api.post("projects/1/issues/1/links", "bob", target_project_id=1, target_issue_iid=2)
    api.post("projects/1/issues/1/add_spent_time", "bob", duration="1h")
    answer = api.delete("projects/1/issues/1", "ada")
    assert (answer.status, answer.text) == (204, "")
    assert api.get("projects/1/issues/1").status == 404
    assert api.get("projects/1/issues/2/links").json == []
    assert api.get("todos", "bob").json == []
    kept = {kind.__name__ for kind in api.store.kinds() if api.store[kind].all().exists()}
    assert {"AwardEmoji", "Timelog", "ResourceLabelEvent", "ResourceStateEvent", "Event"}.isdisjoint(kept)
    assert remarks(api, 2) == ["marked this issue as related to #1"]


def test_planners_delete_issues_and_make_no_incidents(api: Api) -> None:
    api.post("projects/1/members", "ada", user_id=6, access_level=15)
    assert change(api, 1, "nora", issue_type="incident", title="Mine")["issue_type"] == "issue"
    assert api.delete("projects/1/issues/1", "nora").status == 204


def test_issues_of_archived_projects_stay(api: Api) -> None:
    api.post("projects/1/archive", "ada")
    assert api.delete("projects/1/issues/1", "ada").json == {"message": "403 Forbidden"}


def test_owners_delete_issues(api: Api) -> None:
    assert api.delete("projects/1/issues/1", None).status == 401
    assert api.delete("projects/1/issues/1", "bob").json == {"message": "403 Forbidden"}
    assert api.delete("projects/1/issues/99", "ada").json == {"message": "404 Issue Not Found"}


def test_an_issue_changed_meanwhile_is_not_deleted(api: Api) -> None:
    change(api, title="x")
    headers = {"If-Unmodified-Since": "Wed, 01 May 2024 09:30:00 GMT"}
    assert api.request("DELETE", "projects/1/issues/1", "ada", headers=headers).status == 412
    headers = {"If-Unmodified-Since": "Wed, 01 May 2024 10:30:00 GMT"}
    assert api.request("DELETE", "projects/1/issues/1", "ada", headers=headers).status == 204
