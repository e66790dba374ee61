"""Notes. Source: https://docs.gitlab.com/api/notes/ and GitLab's lib/api/notes.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, noteables
from mockgitlab.api.models import note as models
from mockgitlab.api.models.note import NOTE, Note
from mockgitlab.api.services import notes
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import InvalidParameters, RecordNotFound
from mockgitlab.store import Query

ACTIVITY = {"all_notes": (False, True), "only_comments": (False,), "only_activity": (True,)}
ACTIVITY_FILTER = dsl.by(
    "activity_filter",
    str,
    "Comments, activity or both",
    lambda query, value, call: query.among("system", ACTIVITY[value]),
    default="all_notes",
    enum=tuple(ACTIVITY),
)


@v4.locator(*noteables.paths("notes/:note_id"), integer=True)
@v4.locator(*noteables.paths("discussions/:discussion_id/notes/:note_id"), integer=True)
def find_note(call: dsl.Call, value: str) -> Note:
    """Return the note with an id on the record that the path names."""
    noteable = noteables.noteable_at(call)
    note = models.notes_of(call.store, noteable).where(id=int(value)).first()
    if note is None:
        raise RecordNotFound(reason=f"no note {value} is on this {type(noteable).__name__.lower()}")
    return note


@v4.get(
    *noteables.paths("notes"),
    rule=access.USER,
    shape=NOTE,
    filters=[ACTIVITY_FILTER, dsl.order("created_at", "updated_at", columns={"created_at": "id"})],
)
def list_notes(call: dsl.Call) -> Query[Note]:
    """List the notes on a record."""
    found = models.notes_of(call.store, noteables.noteable_at(call))
    doubtful = (*found.where(internal=True), *found.where(system=True))
    hidden = frozenset(note.id for note in doubtful if not noteables.may_read_note(call, note))
    return found.filter(lambda note: note.id not in hidden, ("not among", hidden)) if hidden else found


@v4.get(*noteables.paths("notes/:note_id"), rule=noteables.READ_NOTE, shape=NOTE)
def show_note(note: Note) -> Note:
    """Show a note."""
    return note


for _path in ("notes", "notes/:note_id"):  # jobs read those of merge requests alone
    v4.changed("GET", f"projects/:id/merge_requests/:merge_request_iid/{_path}", job_token=True)


@v4.post(*noteables.paths("notes"), rule=noteables.COMMENT, shape=NOTE)
def create_note(
    call: dsl.Call,
    body: Annotated[str, "The content of the note"],
    internal: Annotated[bool | None, "Whether only members from Planner on see it"] = None,
    confidential: Annotated[bool | None, "The former name of internal"] = None,
    created_at: Annotated[str | None, "When it was written; only administrators and owners may tell"] = None,
    merge_request_diff_head_sha: Annotated[str | None, "The head that the quick action /merge is to merge"] = None,
) -> Any:
    """Comment on a record; of a comment of quick actions alone only their effects are left."""
    draft = notes.Draft(body, created_at, internal=bool(internal or confidential))
    return notes.present_written(call, notes.create(call, noteables.noteable_at(call), draft))


@v4.put(*noteables.paths("notes/:note_id"), rule=noteables.CHANGE_NOTE, shape=NOTE)
def update_note(
    call: dsl.Call,
    note: Note,
    body: Annotated[str | None, "The content of the note"] = None,
    confidential: Annotated[bool | None, "Cannot be changed any more"] = None,
) -> Any:
    """Change the body of a note."""
    if "body" in call.sent and not (body or "").strip():
        raise InvalidParameters(["body is empty"], reason="body was given without any text")
    return notes.present_written(call, notes.update(call, note, body, confidential))


@v4.delete(*noteables.paths("notes/:note_id"), rule=noteables.CHANGE_NOTE)
def delete_note(call: dsl.Call, note: Note) -> None:
    """Delete a note."""
    notes.delete(call, note)
