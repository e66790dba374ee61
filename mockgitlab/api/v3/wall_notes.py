"""Notes on the wall of a project, which GitLab had up to 6.9.

Source: GitLab 6's doc/api/notes.md and lib/api/notes.rb.
"""

from typing import Annotated

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.note import Note, notes_of, tied_to
from mockgitlab.api.models.project import Project
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v3.notes import BODY, SHOWN
from mockgitlab.errors import BadRequest, RecordNotFound
from mockgitlab.store import Query

ALL = "projects/:id/notes"
AT = f"{ALL}/:note_id"
UNTIL = "7.0"
ON_WALL = SHOWN.only("id", "body", "attachment", "author", "created_at")


@v3.locator(AT, integer=True)
def find_wall_note(call: dsl.Call, value: str) -> Note:
    """Return the note with an id on the wall of the path's project."""
    found = notes_of(call.store, call.at(Project)).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"no note {value} is on the wall of {call.at(Project).full_path}")
    return found


@v3.get(ALL, shape=ON_WALL, until=UNTIL)
def list_wall_notes(
    call: dsl.Call, project: Project, recent: Annotated[bool, "The newest first"] = False
) -> Query[Note]:
    """List the notes on the wall of a project."""
    return notes_of(call.store, project).order_by("id", descending=recent)


@v3.get(AT, shape=ON_WALL, until=UNTIL)
def show_wall_note(note: Note) -> Note:
    """Show a note on the wall of a project."""
    return note


@v3.post(ALL, shape=ON_WALL, params=[BODY], until=UNTIL)
def create_wall_note(call: dsl.Call, project: Project, given: dsl.Given) -> Note:
    """Write on the wall of a project."""
    if not given["body"].strip():
        raise BadRequest('400 (Bad request) "note" not given', reason="the body is blank")
    discussion = call.store.mint_hex("discussion")
    made = Note(body=given["body"], author_id=access.me(call).id, **tied_to(project), discussion_id=discussion)
    return call.store.insert(made)
