"""Discussions: notes in threads.

Source: https://docs.gitlab.com/api/discussions/ and GitLab's lib/api/discussions.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, noteables
from mockgitlab.api.diff_positions import kept, position_param
from mockgitlab.api.models import note as models
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.note import DISCUSSION, NOTE, Note
from mockgitlab.api.services import notes
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Forbidden, NotFound

NOTE_PATHS = noteables.paths("discussions/:discussion_id/notes/:note_id")


def readable_discussion(call: dsl.Call, discussion_id: str, what: str = "Discussion") -> list[Note]:
    """Return the notes of a discussion on the record of the path, oldest first; raises ``NotFound`` for none."""
    found = models.notes_of(call.store, noteables.noteable_at(call)).where(discussion_id=discussion_id)
    readable = [note for note in found.order_by("created_at") if noteables.may_read_note(call, note)]
    if not readable:
        raise NotFound(what, reason=f"there is no discussion {discussion_id} that this user may read")
    return readable


@v4.get(*noteables.paths("discussions"), rule=access.USER, shape=DISCUSSION)
def list_discussions(call: dsl.Call) -> list[Note]:
    """List the discussions of a record, the oldest first."""
    firsts: dict[str, Note] = {}
    for note in models.notes_of(call.store, noteables.noteable_at(call)).order_by("created_at"):
        if noteables.may_read_note(call, note):
            firsts.setdefault(note.discussion_id, note)
    return list(firsts.values())


@v4.get(*noteables.paths("discussions/:discussion_id"), rule=access.USER, shape=DISCUSSION)
def show_discussion(call: dsl.Call, discussion_id: str) -> Note:
    """Show a discussion."""
    return readable_discussion(call, discussion_id)[0]


ON_LINES = (
    position_param("text", "image", "file"),
    dsl.param("commit_id", str, "The commit whose lines are discussed"),
)


def create_discussion(
    call: dsl.Call,
    given: dsl.Given,
    body: Annotated[str, "The content of the discussion"],
    created_at: Annotated[str | None, "When it was written; only administrators and owners may tell"] = None,
) -> Any:
    """Start a discussion with its first note, of a merge request on lines that it changes where ``position`` says."""
    place: dict[str, Any] = {"type": "DiscussionNote"}
    if given.get("position"):
        place = {"type": "DiffNote", "position": kept(given["position"]), "commit_id": given.get("commit_id")}
    draft = notes.Draft(body, created_at, **place)
    written = notes.create(call, noteables.noteable_at(call), draft)
    if written.note is None or not written.outcome.told:
        return notes.present_written(call, written)
    shown = call.view().one(DISCUSSION, written.note) or {}
    return {**shown, "notes": [{**shown["notes"][0], "commands_changes": written.outcome.told}]}


for _one in noteables.NOTEABLES:
    v4.post(
        f"{_one.path}/discussions",
        rule=noteables.COMMENT,
        shape=DISCUSSION,
        params=ON_LINES if _one.entity is MergeRequest else (),
    )(create_discussion)


@v4.put(*[f"{one.path}/discussions/:discussion_id" for one in noteables.RESOLVABLE], since="16.7", shape=DISCUSSION)
def resolve_discussion(
    call: dsl.Call, discussion_id: str, resolved: Annotated[bool, "Whether to resolve or to reopen it"]
) -> Note:
    """Resolve or reopen a discussion."""
    found = readable_discussion(call, discussion_id)
    check_may_resolve(call)
    if not any(note.resolvable for note in found):
        raise Forbidden(reason="no note in it can be resolved")
    notes.resolve(call, found, resolved)
    return call.store.fresh(found[0])


def check_may_resolve(call: dsl.Call, note: Note | None = None) -> None:
    """Raise ``Forbidden`` unless the current user may resolve a discussion, or a note, which its author may too."""
    user, noteable = access.me(call), noteables.noteable_at(call)
    refusal = noteables.refusal_to_comment(call)
    known = user.id in (noteable.author_id, note.author_id if note else None)
    if not known and access.level(call, noteables.container_at(call)) < access.DEVELOPER:
        refusal = f"{user.username} neither wrote it nor is a developer"
    if refusal:
        raise Forbidden(reason=refusal)


@v4.get(*noteables.paths("discussions/:discussion_id/notes"), rule=access.USER, shape=NOTE, paginated=False)
def list_notes_of_discussion(call: dsl.Call, discussion_id: str) -> list[Note]:
    """List the notes of a discussion, the oldest first."""
    return readable_discussion(call, discussion_id, "Notes")


@v4.post(*noteables.paths("discussions/:discussion_id/notes"), rule=noteables.COMMENT, shape=NOTE)
def reply(
    call: dsl.Call,
    discussion_id: str,
    body: Annotated[str, "The content of the note"],
    created_at: Annotated[str | None, "When it was written; only administrators and owners may tell"] = None,
) -> Any:
    """Add a note to a discussion; a plain note becomes a discussion by it."""
    first, noteable = readable_discussion(call, discussion_id)[0], noteables.noteable_at(call)
    if first.type is None and (first.system or not noteables.kind_of(noteable).replyable):
        raise BadRequest("400 Bad request - Discussion can not be replied to.", reason="it is no comment to reply to")
    draft = notes.Draft(body, created_at, type="DiscussionNote", reply_to=first)
    return notes.present_written(call, notes.create(call, noteable, draft))


@v4.get(*NOTE_PATHS, rule=noteables.READ_NOTE, shape=NOTE)
def show_note_of_discussion(note: Note) -> Note:
    """Show a note of a discussion."""
    return note


@v4.put(*NOTE_PATHS, rule=access.USER, shape=NOTE, constraints=[dsl.exactly_one_of("body", "resolved")])
def update_note_of_discussion(
    call: dsl.Call,
    note: Note,
    body: Annotated[str | None, "The content of the note"] = None,
    resolved: Annotated[bool | None, "Whether to resolve or to reopen the note"] = None,
) -> Any:
    """Change the body of a note, or resolve it."""
    if resolved is None:
        noteables.CHANGE_NOTE.check(call)
        return notes.present_written(call, notes.update(call, note, body))
    check_may_resolve(call, note)
    if not note.resolvable:
        raise BadRequest("400 Bad request - Note is not resolvable", reason=f"it is of type {note.type}")
    notes.resolve(call, [note], resolved)
    return call.at(Note)


@v4.delete(*NOTE_PATHS, rule=noteables.CHANGE_NOTE)
def delete_note_of_discussion(call: dsl.Call, note: Note) -> None:
    """Delete a note of a discussion."""
    notes.delete(call, note)
