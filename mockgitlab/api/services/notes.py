"""Writing, changing, resolving and deleting notes, with all that they cause.

Source: GitLab's app/services/notes and app/models/concerns/resolvable_note.rb.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects, mentions, noteables
from mockgitlab.api.cross_references import note_references
from mockgitlab.api.diff_positions import explained, problems
from mockgitlab.api.models import note as models
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.note import NOTE, Note
from mockgitlab.api.models.user import User
from mockgitlab.api.ruby import inspect
from mockgitlab.api.services import quick_actions
from mockgitlab.api.services.merge_request_merges import merge_if_ready
from mockgitlab.api.services.quick_actions import Outcome
from mockgitlab.api.services.suggestions import write_suggestions
from mockgitlab.errors import BadRequest
from mockgitlab.store import parse_instant, timestamp

LENGTH_AT_MOST = 1_000_000
NOTES_AT_MOST = 5_000


class NoteRefused(BadRequest):
    """A note did not pass its validations; GitLab writes them down as Ruby does."""

    def __init__(self, errors: dict[str, list[str]], reason: str = "") -> None:
        super().__init__(f"400 Bad request - Note {inspect(errors)}", reason=reason or f"the note is refused: {errors}")
        self.errors = errors


@dataclass(frozen=True)
class Draft:
    """What a client gave for a new note; ``reply_to`` is the first note of the discussion that it goes on with."""

    body: str
    created_at: str | None = None
    internal: bool = False
    type: str | None = None
    reply_to: Note | None = None
    position: dict[str, Any] | None = None
    commit_id: str | None = None


@dataclass(frozen=True)
class Written:
    """A note as it was written, ``None`` if it held quick actions alone, and what they did."""

    note: Note | None
    outcome: Outcome = field(default_factory=Outcome)


def create(call: dsl.Call, noteable: Any, draft: Draft) -> Written:
    """Write a note and carry out the quick actions in it; raises ``NoteRefused``."""
    kind = noteables.kind_of(noteable)
    check_text(draft.body)
    if models.notes_of(call.store, noteable).count() >= NOTES_AT_MOST:
        raise NoteRefused({"base": ["Maximum number of comments exceeded"]})
    if draft.internal and not kind.internal:
        raise NoteRefused({"confidential": ["can not be set for this resource"]})
    if draft.position and (wrong := problems(call.store, noteable, draft.position)):
        raise NoteRefused(wrong, explained(call.store, noteable, draft.position))
    outcome = _interpret(call, noteable, draft.body)
    note = _write(call, noteable, draft, outcome.text) if outcome.text else None
    _apply(call, noteable, outcome)
    return Written(note and call.store.fresh(note), outcome)


def check_text(body: str) -> None:
    """Refuse the text of a note when it is empty or too long."""
    if not body.strip():
        raise NoteRefused({"note": ["can't be blank"]})
    if len(body) > LENGTH_AT_MOST:
        raise NoteRefused({"note": [f"is too long (maximum is {LENGTH_AT_MOST} characters)"]})


def _interpret(call: dsl.Call, noteable: Any, body: str) -> Outcome:
    kind = noteables.kind_of(noteable)
    if kind.update is None:
        return Outcome(body)
    return quick_actions.interpret(call, noteable, body, may_update=kind.updatable(call, noteable))


def _apply(call: dsl.Call, noteable: Any, outcome: Outcome) -> None:
    update = noteables.kind_of(noteable).update
    if update is not None and outcome.changes:
        quick_actions.apply(call, call.store.fresh(noteable), outcome.changes, update)
    elif outcome.summary and isinstance(noteable, MergeRequest):
        merge_if_ready(call, call.store.fresh(noteable))


def _write(call: dsl.Call, noteable: Any, draft: Draft, text: str) -> Note:
    first = _thread(call, noteable, draft.reply_to)
    written = _date(call, draft.created_at)
    type = (first.type if first else None) or draft.type
    note = call.store.insert(
        Note(
            body=text,
            type=type,
            author_id=access.me(call).id,
            created_at=written,
            updated_at=written,
            **models.tied_to(noteable),
            discussion_id=first.discussion_id if first else call.store.mint_hex("discussion"),
            resolvable=noteables.is_resolvable(call.store, noteable, type),
            internal=first.internal if first else draft.internal and _may_hide(call),
            position=first.position if first else draft.position,
            commit_id=first.commit_id if first else draft.commit_id,
            **_resolution(call, first),
        )
    )
    write_suggestions(call.store, note)
    _cause(call, noteable, note)
    return note


def _thread(call: dsl.Call, noteable: Any, first: Note | None) -> Note | None:
    if first is None or first.type is not None:
        return first
    type = "DiscussionNote"
    changes = {
        "type": type,
        "resolvable": noteables.is_resolvable(call.store, noteable, type),
        "updated_at": first.updated_at,
    }
    return call.store.update(first, **changes)


def _resolution(call: dsl.Call, first: Note | None) -> dict[str, Any]:
    if first is None or not all(one.resolved for one in models.discussion_of(call.store, first)):
        return {}
    return {"resolved": True, "resolved_by_id": access.me(call).id, "resolved_at": call.now}


def _may_hide(call: dsl.Call) -> bool:
    return noteables.may_see_internal(call.store, call.user, noteables.container_at(call))


def _date(call: dsl.Call, created_at: str | None) -> str | None:
    if not created_at or access.level(call, noteables.container_at(call)) < access.OWNER:
        return None
    try:
        return timestamp(parse_instant(created_at))
    except ValueError:
        return None


def _cause(call: dsl.Call, noteable: Any, note: Note) -> None:
    touch(call, noteable)
    effects.record_event(call, note.project_id, "commented", note)
    effects.resolve_todos(call, note.author_id, noteable)
    _notify(call, noteable, note)
    _refer(call, noteable, note)


def _refer(call: dsl.Call, noteable: Any, note: Note) -> None:
    if isinstance(noteable, (Issue, MergeRequest)):
        note_references(call, noteable, (note.body,))


def touch(call: dsl.Call, noteable: Any) -> None:
    """Move the ``updated_at`` of a record that was commented on."""
    call.store.update(call.store.fresh(noteable), updated_at=call.now)


def _notify(call: dsl.Call, noteable: Any, note: Note, before: str | None = None) -> None:
    kind, at = noteables.kind_of(noteable), noteables.container_at(call)
    if not kind.todos:
        return

    def may_see(user: User) -> bool:
        hidden = note.internal and not noteables.may_see_internal(call.store, user, at)
        return not hidden and kind.readable(call.store, user, noteable)

    mentions.add_mention_todos(call, noteable, note.body, may_see=may_see, before=before, note=note)


def update(call: dsl.Call, note: Note, body: str | None, internal: bool | None = None) -> Written:
    """Change the text of a note and carry out the quick actions in it; one left without text is deleted."""
    noteable = noteables.noteable_at(call)
    if internal is not None and internal != note.internal:
        raise NoteRefused({"confidential": ["can not be changed for existing notes"]})
    if body is None or body == note.body:
        return Written(note)
    check_text(body)
    outcome = _interpret(call, noteable, body)
    changed = call.store.update(note, body=outcome.text, last_edited_at=call.now)
    write_suggestions(call.store, changed)
    touch(call, noteable)
    if outcome.text:
        effects.resolve_todos(call, access.me(call).id, noteable)
        _notify(call, noteable, changed, before=note.body)
        _refer(call, noteable, changed)
    else:
        models.delete_note(call.store, changed)
    _apply(call, noteable, outcome)
    return Written(changed if outcome.text else None, outcome)


def present_written(call: dsl.Call, written: Written) -> Any:
    """Return the answer to a written note: the note, or what its quick actions did; raises when they did nothing."""
    outcome = written.outcome
    if written.note is None and not outcome.summary:
        raise BadRequest(
            "400 Bad request - Failed to apply commands.", reason="no quick action in the note had an effect"
        )
    if written.note is None:
        return dsl.present({"commands_changes": outcome.told, "summary": [outcome.summary]}, status=202)
    if not outcome.told:
        return written.note
    return {**(call.view().one(NOTE, written.note) or {}), "commands_changes": outcome.told}


def delete(call: dsl.Call, note: Note) -> None:
    """Delete a note; a discussion goes with its last one."""
    models.delete_note(call.store, note)
    touch(call, noteables.noteable_at(call))


def resolve(call: dsl.Call, notes: Iterable[Note], resolved: bool) -> None:
    """Resolve notes, or take that back; a merge request that waits for its last thread is merged."""
    mark_resolved(call, notes, resolved)
    merge_request = call.maybe_at(MergeRequest)
    if merge_request is not None and resolved:
        all_resolved(call, merge_request)


def mark_resolved(call: dsl.Call, notes: Iterable[Note], resolved: bool) -> None:
    """Keep that notes are resolved, or no longer; who resolved one before is kept."""
    done = {"resolved": True, "resolved_by_id": access.me(call).id, "resolved_at": call.now}
    undone = {"resolved": False, "resolved_by_id": None, "resolved_at": None}
    for note in notes:
        if note.resolvable and note.resolved != resolved:
            call.store.update(note, **(done if resolved else undone))


def all_resolved(call: dsl.Call, merge_request: MergeRequest) -> None:
    """Remark that no thread of a merge request is open any more, if so, and merge it where it waits for that."""
    if not any(one.resolvable and not one.resolved for one in models.notes_of(call.store, merge_request)):
        effects.system_note(call, merge_request, "resolved all threads", "discussion")
        merge_if_ready(call, merge_request)
