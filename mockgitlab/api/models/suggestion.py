"""Suggestions: changes of a file that a note on its lines proposes.

Source: https://docs.gitlab.com/api/suggestions/ and GitLab's app/models/suggestion.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.mergeability import source_head
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.note import Note
from mockgitlab.git.lines import split_lines
from mockgitlab.git.objects import FOLDER, read_commit, text_of
from mockgitlab.git.trees import at_path


class Suggestion(dsl.Entity):
    """Lines of a file, and what a note proposes in their place."""

    id: int = dsl.serial()
    note_id: int = dsl.parent("Note")
    from_line: int = dsl.readonly()
    to_line: int = dsl.readonly()
    applied: bool = dsl.readonly(default=False)
    from_content: str = dsl.readonly(default="")
    to_content: str = dsl.readonly(default="")
    commit_id: str | None = dsl.hidden("The commit that applied it")

    @dsl.computed
    def appliable(self, view: dsl.View) -> bool:
        """Whether it can be applied now."""
        return is_appliable(view.store, self)


SUGGESTION = Suggestion.shape("id", "from_line", "to_line", "appliable", "applied", "from_content", "to_content")


def suggestions_of(store: dsl.Store, note: Note) -> list[Suggestion]:
    """Return what a note proposes, in its order."""
    return sorted(store[Suggestion].having("note_id", note.id), key=lambda one: one.id)


def merge_request_of(store: dsl.Store, suggestion: Suggestion) -> MergeRequest:
    """Return the merge request on which a suggestion is."""
    return store[MergeRequest][store[Note][suggestion.note_id].noteable_id or 0]


def path_of(store: dsl.Store, suggestion: Suggestion) -> str:
    """Return the path of the file that a suggestion changes."""
    position = store[Note][suggestion.note_id].position or {}
    return str(position.get("new_path") or position.get("old_path") or "")


def lines_at(store: dsl.Store, sha: str, path: str) -> list[bytes]:
    """Return the lines of a file as of a commit; none where it is not there."""
    entry = at_path(store.objects, read_commit(store.objects, sha).tree, path)
    return split_lines(store.objects.data(entry.sha, "blob")) if entry is not None and entry.mode != FOLDER else []


def text_between(lines: list[bytes], first: int, last: int) -> str:
    """Return lines of a file, counted from one, as text."""
    return text_of(b"".join(lines[first - 1 : last]))


def is_appliable(store: dsl.Store, suggestion: Suggestion) -> bool:
    """Tell whether a suggestion changes something, and the lines are still what they were."""
    merge_request = merge_request_of(store, suggestion)
    head = source_head(store, merge_request)
    if suggestion.applied or merge_request.state != "opened" or head is None:
        return False
    now = text_between(lines_at(store, head, path_of(store, suggestion)), suggestion.from_line, suggestion.to_line)
    return now == suggestion.from_content != suggestion.to_content
