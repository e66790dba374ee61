"""Notes of issues, merge requests and snippets, and those of merge requests by their older name, comments.

Source: GitLab 8's doc/api/notes.md and lib/api/notes.rb; doc/api/merge_requests.md and lib/api/merge_requests.rb.
"""

from collections.abc import Callable
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import noteables
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.note import NOTE, Note, notes_of
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.ruby import inspect
from mockgitlab.api.services import notes
from mockgitlab.api.v3 import issues, merge_requests
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.notes import find_note
from mockgitlab.store import Query

SNIPPET = "projects/:id/snippets/:snippet_id"
NOTEABLES = {
    issues.AT: issues.THERE,
    merge_requests.AT: merge_requests.THERE,
    SNIPPET: SNIPPET,
}
"""Where each kind of record that is commented on is here, and where in v4."""
SHOWN = (
    NOTE.plus(upvote=lambda note, view: False, downvote=lambda note, view: False)
    .only(
        *("id", "body", "attachment", "author", "created_at", "updated_at", "system", "noteable_id", "noteable_type"),
        *("upvote", "downvote"),
    )
    .called("Note")
)
COMMENT = dsl.Shape("MRNote", ()).plus(
    note=lambda note, view: note.body,
    author=lambda note, view: view.one(USER_BASIC, view.store[User].get(note.author_id)),
)
v3.dialect.show({NOTE: SHOWN})


def list_notes(call: dsl.Call) -> Query[Note]:
    """List the notes on a record, oldest first."""
    found = notes_of(call.store, noteables.noteable_at(call)).order_by("id")
    internal = noteables.may_see_internal(call.store, call.user, noteables.container_at(call))
    return found if internal else found.where(internal=False)


def create_note(call: dsl.Call, given: dsl.Given) -> Any:
    """Comment on a record; one of quick actions alone is not kept, and 404 says that there is none."""
    return _tried(lambda: _write(call, given["body"], given.get("created_at")), 404, "404 Note {} Not Found")


def update_note(call: dsl.Call, note: Note, given: dsl.Given) -> Any:
    """Change the body of a note."""
    return _tried(lambda: notes.update(call, note, given["body"]), 400, "Failed to save note {}")


def _write(call: dsl.Call, body: str, created_at: str | None = None) -> notes.Written:
    return notes.create(call, noteables.noteable_at(call), notes.Draft(body, created_at))


def _tried(write: Callable[[], notes.Written], status: int, text: str) -> Any:
    """Return the note that is written, or the answer that there is none, which says what is wrong with it."""
    errors = {"note": ["can't be blank"]}
    try:
        note = write().note
    except notes.NoteRefused as error:
        note, errors = None, error.errors
    return note or dsl.present({"message": text.format(inspect(errors))}, status=status)


BODY = dsl.param("body", str, "The content of the note", required=True)
CREATED_AT = dsl.param("created_at", str, "When it was written; only administrators and owners may tell")

for _at, _there in NOTEABLES.items():
    _all, _one = f"{_at}/notes", f"{_at}/notes/:note_id"
    v3.locator(_one, integer=True)(find_note)
    v3.adopt(v4, "GET", f"{_there}/notes", at=_all, handler=list_notes, filters=())
    v3.adopt(v4, "GET", f"{_there}/notes/:note_id", at=_one)
    v3.adopt(v4, "POST", f"{_there}/notes", at=_all, handler=create_note, takes=(BODY, CREATED_AT))
    v3.adopt(v4, "PUT", f"{_there}/notes/:note_id", at=_one, handler=update_note, takes=(BODY,))
    v3.adopt(v4, "DELETE", f"{_there}/notes/:note_id", at=_one, gives_back=SHOWN)


# Comments

COMMENTS = tuple(f"{_at}/comments" for _at in merge_requests.PLACES)


@v3.get(*COMMENTS, shape=COMMENT)
def list_comments(call: dsl.Call, merge_request: MergeRequest) -> Query[Note]:
    """List the comments on a merge request, oldest first."""
    return list_notes(call)


@v3.post(*COMMENTS, rule=noteables.COMMENT, shape=COMMENT)
def create_comment(call: dsl.Call, merge_request: MergeRequest, note: Annotated[str, "The text of the comment"]) -> Any:
    """Comment on a merge request."""
    return _tried(lambda: _write(call, note), 400, "Failed to save note {}")
