from typing import Any

import pytest

from mockgitlab.api.models.project import Project
from tests.support import WORLD, Api, names, seen

ISSUE = "projects/1/issues/1"
NOTES = f"{ISSUE}/notes"
NOW = "2024-05-01T09:00:00.000Z"
FAILED = (400, {"message": "400 Bad request - Failed to apply commands."})


@pytest.fixture(autouse=True)
def issue(api: Api) -> None:
    api.post("projects/1/issues", "gil", title="It explodes")
    for label in ("bug", "two words", "ci"):
        api.post("projects/1/labels", "ada", name=label, color="#ff0000")
    api.post("projects/1/milestones", "ada", title="1.0")


def said(changes: dict[str, Any], *summary: str) -> tuple[int, object]:
    return 202, {"commands_changes": changes, "summary": list(summary)}


def shown(api: Api, *keys: str) -> list[Any]:
    issue = api.get(ISSUE, "bob").json
    return [issue[key] for key in keys]


@pytest.mark.parametrize(
    ("before", "body", "changes", "summary", "expected"),
    [
        ({}, "/close", {"state_event": "close"}, "Closed this issue.", {"state": "closed"}),
        ({"state_event": "close"}, "/reopen", {"state_event": "reopen"}, "Reopened this issue.", {"state": "opened"}),
        ({}, "/title New", {"title": "New"}, 'Changed the title to "New".', {"title": "New"}),
        ({}, "/label ~bug", {"add_label_ids": [1]}, 'Added ~"bug" label.', {"labels": ["bug"]}),
        (
            {"labels": "ci"},
            '/labels ~bug ~"two words" ~nope',
            {"add_label_ids": [1, 2]},
            'Added ~"bug" ~"two words" labels.',
            {"labels": ["bug", "ci", "two words"]},
        ),
        ({}, '/label bug "two words"', {"add_label_ids": [1, 2]}, 'Added ~"bug" ~"two words" labels.', {}),
        (
            {"labels": "bug,ci"},
            "/unlabel ~bug",
            {"remove_label_ids": [1]},
            'Removed ~"bug" label.',
            {"labels": ["ci"]},
        ),
        ({"labels": "bug,ci"}, "/remove_label", {"label_ids": []}, "Removed all labels.", {"labels": []}),
        (
            {"labels": "bug"},
            "/relabel ~ci",
            {"label_ids": [3]},
            'Replaced all labels with ~"ci" label.',
            {"labels": ["ci"]},
        ),
        ({}, "/milestone %1.0", {"milestone_id": 10001}, 'Set the milestone to %"1.0".', {}),
        ({}, '/milestone %"1.0"', {"milestone_id": 10001}, 'Set the milestone to %"1.0".', {}),
        (
            {"milestone_id": 10001},
            "/remove_milestone",
            {"milestone_id": None},
            'Removed %"1.0" milestone.',
            {"milestone": None},
        ),
        (
            {},
            "/due 2024-06-07",
            {"due_date": "2024-06-07"},
            "Set the due date to Jun 7, 2024.",
            {"due_date": "2024-06-07"},
        ),
        ({}, "/due in 2 days", {"due_date": "2024-05-03"}, "Set the due date to May 3, 2024.", {}),
        (
            {"due_date": "2024-06-07"},
            "/remove_due_date",
            {"due_date": None},
            "Removed the due date.",
            {"due_date": None},
        ),
        ({}, "/confidential", {"confidential": True}, "Made this issue confidential.", {"confidential": True}),
        ({}, "/lock", {"discussion_locked": True}, "Locked the discussion.", {"discussion_locked": True}),
        (
            {"discussion_locked": True},
            "/unlock",
            {"discussion_locked": False},
            "Unlocked the discussion.",
            {"discussion_locked": False},
        ),
        ({}, "/weight 3", {"weight": 3}, "Set weight to 3.", {"weight": 3}),
        ({"weight": 3}, "/clear_weight", {"weight": None}, "Cleared weight.", {"weight": None}),
        ({}, "/subscribe", {"subscription_event": "subscribe"}, "Subscribed to notifications.", {"subscribed": True}),
        ({}, "/todo", {"todo_event": "add"}, "Added a to-do item.", {}),
        ({}, "/award :+1:", {"emoji_award": "thumbsup"}, "Toggled :thumbsup: emoji reaction.", {"upvotes": 1}),
        ({}, "/react :tada:", {"emoji_award": "tada"}, "Toggled :tada: emoji reaction.", {"upvotes": 0}),
    ],
)
def test_a_quick_action_changes_the_issue_and_says_so(
    api: Api, before: dict[str, Any], body: str, changes: dict[str, Any], summary: str, expected: dict[str, Any]
) -> None:
    if before:
        assert api.put(ISSUE, "ada", **before).status == 200
    assert seen(api.post(NOTES, "bob", body=body)) == said(changes, summary)
    assert dict(zip(expected, shown(api, *expected), strict=True)) == expected
    assert api.get(NOTES, "bob", activity_filter="only_comments").json == []


def test_assignees_are_added_and_removed(api: Api) -> None:
    def assigned() -> list[str]:
        return [user["username"] for user in shown(api, "assignees")[0]]

    answer = api.post(NOTES, "bob", body="/assign @ada and me")
    assert seen(answer) == said({"assignee_ids": [2, 3]}, "Assigned @ada and @bob.")
    assert assigned() == ["ada", "bob"]
    answer = api.post(NOTES, "bob", body="/unassign @ada")
    assert seen(answer) == said({"assignee_ids": [3]}, "Removed assignee @ada.")
    api.post(NOTES, "bob", body="/assign rex")
    answer = api.post(NOTES, "bob", body="/unassign")
    assert seen(answer) == said({"assignee_ids": []}, "Removed assignees @bob and @rex.")
    assert assigned() == []


def test_the_community_edition_has_one_assignee_and_no_weights() -> None:
    api = Api({**WORLD, "gitlab": {"edition": "ce"}})
    api.post("projects/1/issues", "ada", title="It explodes")
    answer = api.post(NOTES, "bob", body="/assign @ada @rex")
    assert seen(answer) == said({"assignee_ids": [2]}, "Assigned @ada.")
    assert seen(api.post(NOTES, "bob", body="/weight 3")) == said({}, "Could not apply weight command.")


def test_time_is_estimated_and_spent(api: Api) -> None:
    def stats() -> tuple[int, int]:
        found = shown(api, "time_stats")[0]
        return found["time_estimate"], found["total_time_spent"]

    assert seen(api.post(NOTES, "bob", body="/estimate 1d")) == said(
        {"time_estimate": 28_800}, "Set time estimate to 1d."
    )
    spent = {"duration": 5_400, "user_id": 3, "spent_at": NOW, "category": None}
    assert seen(api.post(NOTES, "bob", body="/spend 1h30m")) == said({"spend_time": spent}, "Added 1h 30m spent time.")
    back = {**spent, "duration": -1_800, "spent_at": "2024-04-01T00:00:00.000Z"}
    answer = api.post(NOTES, "bob", body="/spend -30m 2024-04-01")
    assert seen(answer) == said({"spend_time": back}, "Subtracted 30m spent time.")
    assert stats() == (28_800, 3_600)
    remarks = names(api.get(NOTES, "bob", sort="asc"), "body")
    assert remarks[-1] == "subtracted 30m of time spent at 2024-04-01 00:00:00 UTC"
    answer = api.post(NOTES, "bob", body="/remove_time_spent\n/remove_estimate")
    reset = {"spend_time": {"duration": "reset", "user_id": 3}, "time_estimate": 0}
    assert seen(answer) == said(reset, "Removed spent time. Removed time estimate.")
    assert stats() == (0, 0)


def test_a_todo_is_added_once_and_done(api: Api) -> None:
    api.post(NOTES, "bob", body="/todo")
    assert names(api.get("todos", "bob"), "action_name") == ["marked"]
    assert seen(api.post(NOTES, "bob", body="/todo")) == said({}, "Could not apply todo command.")
    answer = api.post(NOTES, "bob", body="/done")
    assert seen(answer) == said({"todo_event": "done"}, "Marked to-do item as done.")
    assert api.get("todos", "bob").json == []


def test_subscribing_is_taken_back(api: Api) -> None:
    api.post(NOTES, "bob", body="/subscribe")
    answer = api.post(NOTES, "bob", body="/unsubscribe")
    assert seen(answer) == said({"subscription_event": "unsubscribe"}, "Unsubscribed from notifications.")
    assert shown(api, "subscribed", "updated_at") == [False, NOW]


def test_a_reaction_is_toggled(api: Api) -> None:
    for expected in (1, 0):
        api.post(NOTES, "bob", body="/award :thumbsup:")
        assert shown(api, "upvotes") == [expected]


def test_several_quick_actions_are_told_in_one_string(api: Api) -> None:
    answer = api.post(NOTES, "bob", body="/close\n/LABEL ~bug\r\n\n/title New  ")
    changes = {"state_event": "close", "add_label_ids": [1], "title": "New"}
    assert seen(answer) == said(changes, 'Closed this issue. Added ~"bug" label. Changed the title to "New".')


def test_text_is_kept_without_the_commands(api: Api) -> None:
    answer = api.post(NOTES, "bob", body="Enough of this.\n\n/close\n\nThanks.\n/label ~bug\n")
    assert (answer.status, answer.json["body"]) == (201, "Enough of this.\n\nThanks.")
    assert answer.json["commands_changes"] == {"state_event": "close", "add_label_ids": [1]}
    assert api.get(f"{NOTES}/{answer.json['id']}", "bob").json["commands_changes"] == {}
    assert shown(api, "state", "labels") == ["closed", ["bug"]]


@pytest.mark.parametrize(
    "body",
    [
        "/closed",
        "/foo bar",
        " /close",
        "see /close",
        "```\n/close\n```",
        "```ruby\n/close\n```\ntext",
        ">>>\n/close\n>>>",
        "/close,please",
    ],
)
def test_what_is_no_command_stays_text(api: Api, body: str) -> None:
    answer = api.post(NOTES, "bob", body=body)
    assert (answer.status, answer.json["body"]) == (201, body)
    assert shown(api, "state") == ["opened"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("/reopen", "reopen"),
        ("/unlock", "unlock"),
        ("/unlabel ~bug", "unlabel"),
        ("/remove_milestone", "remove_milestone"),
        ("/done", "done"),
        ("/merge", "merge"),
    ],
)
def test_a_command_that_does_not_fit_is_told(api: Api, body: str, name: str) -> None:
    assert seen(api.post(NOTES, "bob", body=body)) == said({}, f"Could not apply {name} command.")


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("/assign @nobody_here", "Could not apply assign command. Failed to find users for '@nobody_here'."),
        ("/due whenever", "Failed to set due date because the date format is invalid."),
    ],
)
def test_an_argument_that_means_nothing_is_told(api: Api, body: str, summary: str) -> None:
    assert seen(api.post(NOTES, "bob", body=body)) == said({}, summary)


@pytest.mark.parametrize(
    "body", ["/label ~nope", "/title", "/milestone %nope", "/estimate soon", "/spend 1h 2030-01-01", "/award nope"]
)
def test_commands_without_any_effect_are_refused(api: Api, body: str) -> None:
    assert seen(api.post(NOTES, "bob", body=body)) == FAILED
    assert api.get(NOTES, "bob").json == []


def test_who_may_only_change_the_issue_cannot_plan_it(api: Api) -> None:
    answer = api.post(NOTES, "gil", body="/label ~bug\n/assign me\n/title New")
    summary = 'Could not apply label command. Could not apply assign command. Changed the title to "New".'
    assert seen(answer) == said({"title": "New"}, summary)
    assert shown(api, "labels", "assignees", "title") == [[], [], "New"]


def test_who_may_not_change_the_issue_cannot_close_it(api: Api) -> None:
    api.post("projects/1/issues", "ada", title="Not yours")
    answer = api.post("projects/1/issues/2/notes", "gil", body="/close")
    assert seen(answer) == said({}, "Could not apply close command.")


def test_a_command_that_is_not_built_is_named(api: Api) -> None:
    answer = api.post(NOTES, "bob", body="/zoom https://zoom.example/1")
    assert answer.status == 501
    assert "/zoom" in answer.json["message"]


def test_a_changed_note_carries_out_its_commands(api: Api) -> None:
    api.post(NOTES, "bob", body="On it")
    answer = api.put(f"{NOTES}/1", "bob", body="Done\n/close")
    assert (answer.json["body"], answer.json["commands_changes"]) == ("Done", {"state_event": "close"})
    answer = api.put(f"{NOTES}/1", "bob", body="/reopen")
    assert seen(answer) == said({"state_event": "reopen"}, "Reopened this issue.")
    assert api.get(NOTES, "bob", activity_filter="only_comments").json == []


def test_a_note_goes_before_the_lock_that_it_asks_for(api: Api) -> None:
    answer = api.post(NOTES, "bob", body="Enough\n/lock")
    assert (answer.status, shown(api, "discussion_locked")) == (201, [True])


def test_nothing_is_planned_in_an_archived_project(api: Api) -> None:
    with api.store.transaction():
        api.store.update(api.store[Project][1], archived=True)
    assert api.post(NOTES, "bob", body="/close").status == 403
    assert shown(api, "state") == ["opened"]
