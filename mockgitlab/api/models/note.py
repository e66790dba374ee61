"""Notes, the comments and the system's remarks, and the discussions that they form.

A discussion is no record of its own: it is the notes with one ``discussion_id``, of which the first stands for it.

Source: https://docs.gitlab.com/api/notes/, https://docs.gitlab.com/api/discussions/ and GitLab's
lib/api/entities/note.rb.
"""

from collections.abc import Callable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.award import delete_awards
from mockgitlab.api.models.event import NOTES, Event
from mockgitlab.api.models.importable import Importable
from mockgitlab.api.models.todo import Todo
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.store import Query


class Note(Importable):
    """A comment, or with ``system`` a remark of GitLab's own, on the record that ``noteable_…`` names."""

    id: int = dsl.serial()
    type: str | None = dsl.readonly()
    body: str = dsl.required("The content of the note")
    author_id: int = dsl.reference("User", "Who wrote it")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    system: bool = dsl.readonly(default=False)
    noteable_id: int | None = dsl.parent()
    noteable_type: str = dsl.parent()
    noteable_iid: int | None = dsl.readonly()
    project_id: int | None = dsl.parent("Project")
    discussion_id: str = dsl.hidden("The thread that it is part of: 40 hexadecimal digits")
    resolvable: bool = dsl.readonly(default=False)
    resolved: bool = dsl.readonly(default=False)
    resolved_by_id: int | None = dsl.reference("User", "Who resolved it")
    resolved_at: str | None = dsl.readonly()
    internal: bool = dsl.optional("Whether only members from Planner on see it", default=False, since="15.0")
    system_action: str | None = dsl.hidden("What a system note tells of: title, description, assignee, time_tracking …")
    last_edited_at: str | None = dsl.hidden()
    commit_id: str | None = dsl.hidden("The commit that it is on")
    position: dict[str, Any] | None = dsl.hidden("The place in a difference that it is on")

    @dsl.computed
    def attachment(self, view: dsl.View) -> None:
        """An uploaded file; no API sets it."""

    @dsl.computed
    def author(self, view: dsl.View) -> dict[str, Any] | None:
        """Who wrote it."""
        return view.one(USER_BASIC, view.store[User].get(self.author_id))

    @dsl.computed
    def confidential(self, view: dsl.View) -> bool:
        """The former name of ``internal``."""
        return self.internal

    @dsl.computed
    def commands_changes(self, view: dsl.View) -> dict[str, Any]:
        """What quick actions in the body changed: told once, by the call that carries them out."""
        return {}


def _if_resolvable(read: Callable[[Note, dsl.View], Any]) -> Callable[[Note, dsl.View], Any]:
    return lambda note, view: read(note, view) if note.resolvable else dsl.OMIT


def _is_on_lines(note: Note) -> bool:
    return note.type == "DiffNote" and note.noteable_type == "MergeRequest"


def _suggestions(note: Note, view: dsl.View) -> Any:
    if not _is_on_lines(note):
        return dsl.OMIT
    # Suggestions know of merge requests, and those of the notes on them.
    from mockgitlab.api.models.suggestion import SUGGESTION, suggestions_of

    return view.many(SUGGESTION, suggestions_of(view.store, note))


NOTE = (
    Note.shape(
        *("id", "type", "body", "attachment", "author", "created_at", "updated_at", "system"),
        *("noteable_id", "noteable_type", "project_id"),
    )
    .plus(
        commit_id=lambda note, view: note.commit_id if _is_on_lines(note) else dsl.OMIT,
        position=lambda note, view: note.position if note.type == "DiffNote" else dsl.OMIT,
    )
    .plus("resolvable", entity=Note)
    .plus(
        resolved=_if_resolvable(lambda note, view: note.resolved),
        resolved_by=_if_resolvable(lambda note, view: view.one(USER_BASIC, view.store[User].get(note.resolved_by_id))),
        resolved_at=_if_resolvable(lambda note, view: note.resolved_at),
        suggestions=_suggestions,
    )
    .plus(
        *("confidential", "internal", "imported", "imported_from", "noteable_iid", "commands_changes"),
        entity=Note,
    )
)
DISCUSSION = dsl.Shape("Discussion", ()).plus(
    id=lambda note, view: note.discussion_id,
    individual_note=lambda note, view: note.type is None,
    notes=lambda note, view: view.many(NOTE, discussion_of(view.store, note)),
)
"""The shape of a discussion, of which its first note is shown."""


def tied_to(noteable: dsl.Entity) -> dict[str, Any]:
    """Return the columns that tie a note to the record that it is on."""
    return {
        "noteable_id": noteable.id,
        "noteable_type": type(noteable).__name__,
        "noteable_iid": getattr(noteable, "iid", None),
        "project_id": getattr(noteable, "project_id", None),
    }


def notes_of(store: dsl.Store, noteable: dsl.Entity) -> Query[Note]:
    """Return the notes on a record, the system's too, in the order in which they were written."""
    return store[Note].where(noteable_id=noteable.id, noteable_type=type(noteable).__name__)


def discussion_of(store: dsl.Store, note: Note) -> list[Note]:
    """Return the notes of the discussion that a note is part of, oldest first."""
    notes = store[Note].where(
        discussion_id=note.discussion_id, noteable_id=note.noteable_id, noteable_type=note.noteable_type
    )
    return list(notes.order_by("created_at"))


def count_user_notes(store: dsl.Store, noteable: dsl.Entity) -> int:
    """Return how many comments a record has; the system's remarks do not count."""
    kind = type(noteable).__name__
    found = store[Note].having("noteable_id", noteable.id)
    return sum(note.noteable_type == kind and not note.system for note in found) if found else 0


def delete_note(store: dsl.Store, note: Note) -> None:
    """Delete a note with the reactions to it and the events and to-do items that it made."""
    delete_awards(store, note)
    events = store[Event].where(target_id=note.id).among("target_type", NOTES)
    for row in (*events, *store[Todo].where(note_id=note.id), note):
        store.delete(row)
