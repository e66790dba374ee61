"""What a write causes besides itself: system notes, resource events, user events and to-do items.

Every function takes the ``Call`` that caused it: the current user is the author, the clock the time.
"""

from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.access import me
from mockgitlab.api.models.event import Event
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.resource_event import ResourceEvent
from mockgitlab.api.models.todo import Todo


def system_note(call: dsl.Call, noteable: Any, body: str, action: str) -> Note:
    """Write GitLab's own remark on a record, such as ``changed the description``."""
    return call.store.insert(
        Note(
            body=body,
            author_id=me(call).id,
            system=True,
            noteable_type=type(noteable).__name__,
            noteable_id=noteable.id,
            project_id=noteable.project_id,
            discussion_id=call.store.mint_hex("discussion"),
            system_action=action,
        )
    )


def record_event(
    call: dsl.Call, project_id: int | None, action: str, target: Any = None, title: str | None = None
) -> Event:
    """Record what the current user did, such as ``opened`` an issue, and that the project is active."""
    event = Event(
        project_id=project_id,
        action_name=action,
        target_id=target.id if target is not None else None,
        target_iid=getattr(target, "iid", target.id) if target is not None else None,
        target_type=type(target).__name__ if target is not None else None,
        target_title=title if title is not None else getattr(target, "title", None),
        author_id=me(call).id,
    )
    project = call.store[Project].get(project_id)
    if project is not None:
        call.store.update(project, last_activity_at=call.now, updated_at=project.updated_at)
    return call.store.insert(event)


def record_label_events(call: dsl.Call, target: Any, before: Iterable[int], after: Iterable[int]) -> None:
    """Record which labels a record got and lost."""
    old, new = set(before), set(after)
    for label_id in sorted(new - old):
        _record(call, target, "label", label_id=label_id, action="add")
    for label_id in sorted(old - new):
        _record(call, target, "label", label_id=label_id, action="remove")


def record_milestone_events(call: dsl.Call, target: Any, before: int | None, after: int | None) -> None:
    """Record that a record changed its milestone."""
    if before == after:
        return
    if before is not None:
        _record(call, target, "milestone", milestone_id=before, action="remove")
    if after is not None:
        _record(call, target, "milestone", milestone_id=after, action="add")


def record_state_event(call: dsl.Call, target: Any, state: str) -> None:
    """Record that a record became ``closed``, ``reopened`` or ``merged``."""
    _record(call, target, "state", state=state)


def _record(call: dsl.Call, target: Any, kind: Any, **columns: Any) -> None:
    resource = {"resource_type": type(target).__name__, "resource_id": target.id}
    call.store.insert(ResourceEvent(kind=kind, user_id=me(call).id, **resource, **columns))


def add_todo(
    call: dsl.Call, user_id: int, action: str, target: Any, body: str = "", note_id: int | None = None
) -> Todo | None:
    """Ask a user for attention, unless the same is pending already or it is the current user's own doing.

    ``action``: ``assigned``, ``mentioned``, ``directly_addressed``, ``marked``, ``approval_required``, ``build_failed`` …
    """
    own = user_id == me(call).id and action != "marked"
    target_type = type(target).__name__
    pending = call.store[Todo].where(user_id=user_id, target_type=target_type, target_id=target.id, state="pending")
    if own or pending.where(action_name=action).exists():
        return None
    return call.store.insert(
        Todo(
            user_id=user_id,
            project_id=target.project_id,
            author_id=me(call).id,
            action_name=action,
            target_type=target_type,
            target_id=target.id,
            note_id=note_id,
            body=body or target.title,
        )
    )


def resolve_todos(call: dsl.Call, user_id: int, target: Any) -> None:
    """Mark as done what a record asked of a user."""
    todos = call.store[Todo].where(
        user_id=user_id, target_type=type(target).__name__, target_id=target.id, state="pending"
    )
    for todo in list(todos):
        call.store.update(todo, state="done")
