"""Notes, discussions and emoji reactions through python-gitlab."""

from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import Connect, refused


@pytest.fixture
def issue(rocket: Any) -> Any:
    return rocket.issues.get(1)


def bodies(notes: Any) -> list[str]:
    return [note.body for note in notes]


def test_notes_are_listed_newest_first_or_as_told(issue: Any) -> None:
    assert bodies(issue.notes.list()) == ["The left one", "Which engine?", "Thank you", "On it"]
    assert bodies(issue.notes.list(sort="asc", order_by="created_at", per_page=2, page=2)) == [
        "Which engine?",
        "The left one",
    ]


def test_a_note_is_written_changed_and_deleted(issue: Any, rocket: Any) -> None:
    made = issue.notes.create({"body": "Stand back, @bob!"})
    assert (made.author["username"], made.system, made.noteable_iid, made.internal) == ("ada", False, 1, False)
    assert rocket.issues.get(1).user_notes_count == 5
    made.body = "Stand far back"
    made.save()
    assert issue.notes.get(made.id).body == "Stand far back"
    made.delete()
    assert refused(gitlab.GitlabGetError, issue.notes.get, made.id) == (404, "404 Not found")


def test_a_note_that_cannot_be_is_refused(issue: Any, connect: Connect) -> None:
    assert refused(gitlab.GitlabCreateError, issue.notes.create, {"body": ""})[0] == 400
    mine = issue.notes.create({"body": "Mine"})
    gil = connect("gil").projects.get(1).issues.get(1)
    assert refused(gitlab.GitlabUpdateError, gil.notes.update, mine.id, {"body": "No, mine"})[0] == 403
    assert refused(gitlab.GitlabDeleteError, gil.notes.delete, mine.id)[0] == 403


def test_quick_actions_act_and_leave_no_note(issue: Any, rocket: Any) -> None:
    answer = rocket.manager.gitlab.http_post("/projects/1/issues/1/notes", post_data={"body": "/close\n/label ~docs"})
    assert "commands_changes" in answer
    after = rocket.issues.get(1)
    assert (after.state, after.labels, after.user_notes_count) == ("closed", ["bug", "docs", "priority::high"], 4)
    assert "closed" in [event.state for event in after.resourcestateevents.list()]


def test_internal_notes_are_hidden_from_guests(issue: Any, connect: Connect) -> None:
    issue.notes.create({"body": "Between us", "internal": True})
    gil = connect("gil").projects.get(1).issues.get(1)
    assert "Between us" not in bodies(gil.notes.list())
    assert "Between us" in bodies(issue.notes.list())


def test_what_changes_is_noted_by_the_system(rocket: Any) -> None:
    issue = rocket.issues.get(1)
    issue.title = "It blew up"
    issue.save()
    [system] = [note for note in issue.notes.list() if note.system]
    assert system.body.startswith("changed title from **")
    assert issue.notes.list(activity_filter="only_activity")[0].id == system.id
    assert len(issue.notes.list(activity_filter="only_comments")) == 4


def test_discussions_hold_the_notes(issue: Any) -> None:
    discussions = issue.discussions.list()
    assert [len(one.attributes["notes"]) for one in discussions] == [1, 1, 2]
    assert [one.individual_note for one in discussions] == [True, True, False]
    thread = issue.discussions.get(discussions[2].id)
    assert [note["body"] for note in thread.attributes["notes"]] == ["Which engine?", "The left one"]


def test_a_discussion_is_begun_and_answered(issue: Any) -> None:
    thread = issue.discussions.create({"body": "Why?"})
    reply = thread.notes.create({"body": "Because"})
    assert (reply.type, reply.body) == ("DiscussionNote", "Because")
    reply.body = "Just because"
    reply.save()
    again = issue.discussions.get(thread.id)
    assert [note["body"] for note in again.attributes["notes"]] == ["Why?", "Just because"]
    reply.delete()
    assert len(issue.discussions.get(thread.id).attributes["notes"]) == 1
    assert refused(gitlab.GitlabGetError, issue.discussions.get, "0" * 40) == (404, "404 Discussion Not Found")


def test_reactions_to_issues_are_given_and_taken_back(issue: Any, rocket: Any) -> None:
    assert [(one.name, one.user["username"]) for one in issue.awardemojis.list()] == [
        ("thumbsup", "ada"),
        ("thumbsup", "eve"),
        ("fire", "gil"),
    ]
    made = issue.awardemojis.create({"name": "rocket"})
    assert (made.name, made.awardable_type, made.awardable_id) == ("rocket", "Issue", issue.id)
    assert issue.awardemojis.get(made.id).user["username"] == "ada"
    assert refused(gitlab.GitlabCreateError, issue.awardemojis.create, {"name": "rocket"})[0] == 404
    made.delete()
    assert refused(gitlab.GitlabGetError, issue.awardemojis.get, made.id)[0] == 404
    issue.awardemojis.create({"name": "thumbsdown"})
    assert rocket.issues.get(1).downvotes == 1


def test_reactions_to_notes_are_given_and_taken_back(issue: Any, bob: Any) -> None:
    note = issue.notes.list(sort="asc")[0]
    assert [(one.name, one.user["username"]) for one in note.awardemojis.list()] == [("heart", "rex")]
    made = note.awardemojis.create({"name": "100"})
    assert note.awardemojis.get(made.id).awardable_type == "Note"
    not_mine = bob.projects.get(1).issues.get(1).notes.get(note.id).awardemojis
    assert refused(gitlab.GitlabAuthenticationError, not_mine.delete, made.id) == (401, "401 Unauthorized")
    made.delete()
    assert len(note.awardemojis.list()) == 1
