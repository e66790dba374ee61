"""Reviews through python-gitlab: threads on lines, drafts, suggestions, context commits."""

from typing import Any

import pytest

from tests.merge_request_world import OPENED, world

pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


@pytest.fixture
def reviewed(rocket: Any) -> Any:
    """The merge request, as ada sees it who reviews it."""
    return rocket.mergerequests.get(1)


def on_first_line(merge_request: Any) -> dict[str, Any]:
    version = merge_request.diffs.list(get_all=True)[0]
    names = ("base", "start", "head")
    shas = {f"{name}_sha": getattr(version, f"{name}_commit_sha") for name in names}
    return {**shas, "position_type": "text", "old_path": "count.txt", "new_path": "count.txt", "new_line": 1}


def test_a_line_is_discussed_and_the_thread_resolved(reviewed: Any) -> None:
    thread = reviewed.discussions.create({"body": "Why?", "position": on_first_line(reviewed)})
    thread.notes.create({"body": "Because"})
    thread.resolved = True
    thread.save()
    [shown] = [one for one in reviewed.discussions.list(get_all=True) if not one.individual_note]
    assert [(note["body"], note["resolved"]) for note in shown.attributes["notes"]] == [
        ("Why?", True),
        ("Because", True),
    ]


def test_a_review_is_drafted_and_published(reviewed: Any) -> None:
    first = reviewed.draft_notes.create({"note": "Why?", "position": on_first_line(reviewed)})
    first.note = "How?"
    first.save()
    reviewed.draft_notes.create({"note": "Fine otherwise"})
    assert len(reviewed.draft_notes.list(get_all=True)) == 2
    reviewed.draft_notes.bulk_publish()
    assert reviewed.draft_notes.list(get_all=True) == []
    notes = reviewed.notes.list(sort="asc", get_all=True)
    assert [note.body for note in notes if not note.system] == ["How?", "Fine otherwise"]


def test_a_suggestion_is_applied(reviewed: Any, bob: Any) -> None:
    body = "```suggestion\nthree\n```"
    thread = reviewed.discussions.create({"body": body, "position": on_first_line(reviewed)})
    [suggestion] = thread.attributes["notes"][0]["suggestions"]
    author = bob.projects.get("acme/rocket")
    author.manager.gitlab.http_put(f"/suggestions/{suggestion['id']}/apply")
    assert author.files.raw("count.txt", "feature") == b"three\n2\n"
