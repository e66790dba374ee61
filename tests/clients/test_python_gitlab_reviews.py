"""Reviews through python-gitlab: threads on lines, drafts, suggestions, context commits."""

from collections.abc import Iterator
from typing import Any

import gitlab
import pytest

from mockgitlab import MockGitLab
from tests.merge_request_world import world

OPENED = {"title": "Launch", "source_branch": "feature", "author": "bob"}


@pytest.fixture
def served() -> Iterator[MockGitLab]:
    with MockGitLab(world(OPENED)) as server:
        yield server


def project_of(served: MockGitLab, who: str) -> Any:
    return gitlab.Gitlab(served.url, private_token=served.token(who)).projects.get("acme/rocket")


def on_first_line(merge_request: Any) -> dict[str, Any]:
    version = merge_request.diffs.list(get_all=True)[0]
    names = ("base", "start", "head")
    shas = {f"{name}_sha": getattr(version, f"{name}_commit_sha") for name in names}
    return {**shas, "position_type": "text", "old_path": "count.txt", "new_path": "count.txt", "new_line": 1}


def test_a_line_is_discussed_and_the_thread_resolved(served: MockGitLab) -> None:
    reviewed = project_of(served, "ada").mergerequests.get(1)
    thread = reviewed.discussions.create({"body": "Why?", "position": on_first_line(reviewed)})
    thread.notes.create({"body": "Because"})
    thread.resolved = True
    thread.save()
    [shown] = [one for one in reviewed.discussions.list(get_all=True) if not one.individual_note]
    assert [(note["body"], note["resolved"]) for note in shown.attributes["notes"]] == [
        ("Why?", True),
        ("Because", True),
    ]


def test_a_review_is_drafted_and_published(served: MockGitLab) -> None:
    reviewed = project_of(served, "ada").mergerequests.get(1)
    first = reviewed.draft_notes.create({"note": "Why?", "position": on_first_line(reviewed)})
    first.note = "How?"
    first.save()
    reviewed.draft_notes.create({"note": "Fine otherwise"})
    assert len(reviewed.draft_notes.list(get_all=True)) == 2
    reviewed.draft_notes.bulk_publish()
    assert reviewed.draft_notes.list(get_all=True) == []
    notes = reviewed.notes.list(sort="asc", get_all=True)
    assert [note.body for note in notes if not note.system] == ["How?", "Fine otherwise"]


def test_a_suggestion_is_applied(served: MockGitLab) -> None:
    reviewed = project_of(served, "ada").mergerequests.get(1)
    body = "```suggestion\nthree\n```"
    thread = reviewed.discussions.create({"body": body, "position": on_first_line(reviewed)})
    [suggestion] = thread.attributes["notes"][0]["suggestions"]
    author = project_of(served, "bob")
    author.manager.gitlab.http_put(f"/suggestions/{suggestion['id']}/apply")
    assert author.files.raw("count.txt", "feature") == b"three\n2\n"
