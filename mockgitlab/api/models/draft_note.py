"""Draft notes: comments of a review that only their author sees until they are published.

Source: https://docs.gitlab.com/api/draft_notes/ and GitLab's app/models/draft_note.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.diff_positions import LINES, PATHS, SHAS, line_code
from mockgitlab.api.models.merge_request import MergeRequest

NOWHERE: dict[str, Any] = {
    **dict.fromkeys((*SHAS, *PATHS)),
    "position_type": "text",
    **dict.fromkeys((*LINES, "line_range")),
}
"""How GitLab shows the position of a draft that is on no line."""


class DraftNote(dsl.Entity):
    """A comment that is not published yet; with ``discussion_id`` a reply."""

    id: int = dsl.serial()
    author_id: int = dsl.reference("User", "Who wrote it")
    merge_request_id: int = dsl.parent("MergeRequest")
    resolve_discussion: bool = dsl.optional("Whether publishing it resolves the discussion", default=False)
    discussion_id: str | None = dsl.optional("The discussion that it replies to")
    note: str = dsl.required("The content of the note")
    commit_id: str | None = dsl.optional("The commit whose lines are discussed")
    place: dict[str, Any] | None = dsl.hidden("The place in what is changed")

    @dsl.computed
    def line_code(self, view: dsl.View) -> str | None:
        """How GitLab names the line that it is on."""
        merge_request = view.store[MergeRequest].get(self.merge_request_id)
        return line_code(view.store, merge_request, self.place) if self.place and merge_request else None

    @dsl.computed
    def position(self, view: dsl.View) -> dict[str, Any]:
        """The place in what is changed."""
        return self.place or NOWHERE


DRAFT_NOTE = DraftNote.shape(
    *("id", "author_id", "merge_request_id", "resolve_discussion", "discussion_id"),
    *("note", "commit_id", "line_code", "position"),
)
