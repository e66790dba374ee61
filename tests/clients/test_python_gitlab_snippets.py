"""Snippets driven with python-gitlab, as its users drive them."""

from typing import Any

import gitlab
import pytest

from tests.support import WORLD

pytestmark = pytest.mark.mockgitlab(scenario=WORLD)

FILES = [{"file_path": "a.py", "content": "print(1)\n"}, {"file_path": "b.py", "content": "print(2)\n"}]


def test_a_personal_snippet(bob: Any) -> None:
    made = bob.snippets.create({"title": "Two", "files": FILES})
    assert bob.snippets.get(made.id).content() == b"print(1)\n"
    made.title = "Three"
    made.visibility = "public"
    made.save()
    assert [one.title for one in bob.snippets.list(get_all=True)] == ["Three"]
    assert [one.title for one in bob.snippets.list_public(get_all=True)] == ["Three"]
    assert [one.id for one in bob.snippets.list_all(get_all=True)] == [made.id]
    made.delete()
    assert bob.snippets.list(get_all=True) == []


def test_a_project_snippet_with_its_notes(bob: Any) -> None:
    rocket = bob.projects.get("acme/rocket")
    made = rocket.snippets.create({"title": "Two", "files": FILES, "visibility": "private"})
    made.files = [{"action": "move", "previous_path": "a.py", "file_path": "c.py"}]
    made.save()
    found = rocket.snippets.get(made.id)
    assert [file["path"] for file in found.files] == ["b.py", "c.py"]
    assert found.content() == b"print(2)\n"
    note = found.notes.create({"body": "Fine"})
    found.awardemojis.create({"name": "tada"})
    assert [one.body for one in found.notes.list(get_all=True)] == ["Fine"]
    note.delete()
    discussion = found.discussions.create({"body": "Why?"})
    discussion.notes.create({"body": "So"})
    assert [one["body"] for one in found.discussions.get(discussion.id).attributes["notes"]] == ["Why?", "So"]
    found.delete()
    with pytest.raises(gitlab.GitlabGetError):
        rocket.snippets.get(made.id)
