"""Notes of issues. Source: GitLab 8's doc/api/notes.md and lib/api/notes.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import noteables
from mockgitlab.api.models.note import NOTE, Note, notes_of
from mockgitlab.api.ruby import inspect
from mockgitlab.api.services import notes
from mockgitlab.api.v3 import issues
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.notes import find_note
from mockgitlab.store import Query

SHOWN = (
    NOTE.plus(upvote=lambda note, view: False, downvote=lambda note, view: False)
    .only(
        *("id", "body", "attachment", "author", "created_at", "updated_at", "system", "noteable_id", "noteable_type"),
        *("upvote", "downvote"),
    )
    .called("Note")
)
AT, THERE = f"{issues.AT}/notes", f"{issues.THERE}/notes"
v3.dialect.show({NOTE: SHOWN})
v3.locator(f"{AT}/:note_id")(find_note)


def list_notes(call: dsl.Call) -> Query[Note]:
    """List the notes on a record, oldest first."""
    found = notes_of(call.store, noteables.noteable_at(call)).order_by("id")
    internal = noteables.may_see_internal(call.store, call.user, noteables.container_at(call))
    return found if internal else found.where(internal=False)


def create_note(call: dsl.Call, given: dsl.Given) -> Any:
    """Comment on a record; one of quick actions alone is not kept, and 404 says that there is none."""
    written = notes.create(call, noteables.noteable_at(call), notes.Draft(given["body"], given.get("created_at")))
    return written.note or _gone()


def update_note(call: dsl.Call, note: Note, given: dsl.Given) -> Any:
    """Change the body of a note."""
    return notes.update(call, note, given["body"]).note or _gone()


def _gone() -> Any:
    errors = inspect({"note": ["can't be blank"]})
    return dsl.present({"message": f"404 Note {errors} Not Found"}, status=404)


BODY = dsl.param("body", str, "The content of the note", required=True)
CREATED_AT = dsl.param("created_at", str, "When it was written; only administrators and owners may tell")

v3.adopt(v4, "GET", THERE, at=AT, handler=list_notes, filters=())
v3.adopt(v4, "GET", f"{THERE}/:note_id", at=f"{AT}/:note_id")
v3.adopt(v4, "POST", THERE, at=AT, handler=create_note, takes=(BODY, CREATED_AT))
v3.adopt(v4, "PUT", f"{THERE}/:note_id", at=f"{AT}/:note_id", handler=update_note, takes=(BODY,))
v3.adopt(v4, "DELETE", f"{THERE}/:note_id", at=f"{AT}/:note_id", gives_back=SHOWN)
