"""What a write causes besides itself: system notes, resource events, user events and to-do items.

Every function takes the ``Call`` that caused it: the current user is the author, the clock the time.
"""

from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.access import me
from mockgitlab.api.models.event import Event
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.resource_event import (
    ResourceIterationEvent,
    ResourceLabelEvent,
    ResourceMilestoneEvent,
    ResourceStateEvent,
    ResourceWeightEvent,
    events_on,
)
from mockgitlab.api.models.todo import Todo, target_type_of, todos_on

ACTIONS = {"opened": "created", "accepted": "merged", "commented on": "commented"}
"""Words in which GitLab shows actions, and the actions as they are kept."""


def system_note(call: dsl.Call, noteable: Any, body: str, action: str) -> Note:
    """Write GitLab's own remark on a record, such as ``changed the description``."""
    return call.store.insert(
        Note(
            body=body,
            author_id=me(call).id,
            system=True,
            noteable_type=type(noteable).__name__,
            noteable_id=noteable.id,
            noteable_iid=getattr(noteable, "iid", None),
            project_id=getattr(noteable, "project_id", None),
            discussion_id=call.store.mint_hex("discussion"),
            system_action=action,
        )
    )


# Events


def record_event(
    call: dsl.Call, project_id: int | None, action: str, target: Any = None, title: str | None = None
) -> Event:
    """Record what the current user did, and that the project is active.

    ``action``: ``created`` (or ``opened``), ``closed``, ``reopened``, ``merged``, ``commented`` (or ``commented on``),
    ``approved``, ``joined``, ``left``, ``expired``, ``destroyed``, ``updated``. ``title`` is the title of a target that
    is no record, or that is commented on and is none.
    """
    touch_project(call, project_id)
    kept = ACTIONS.get(action, action)
    return call.store.insert(
        Event(project_id=project_id, action=kept, author_id=me(call).id, title=title, **target_columns(target))
    )


def target_columns(target: Any) -> dict[str, Any]:
    """Return the columns of an event that say what was acted on."""
    if target is None:
        return {}
    own = {"target_id": target.id, "target_iid": getattr(target, "iid", target.id)}
    if not isinstance(target, Note):
        name = type(target).__name__
        return {**own, "target_type": name, "subject_type": name, "subject_id": target.id}
    subject = {"subject_type": target.noteable_type, "subject_id": target.noteable_id, "internal": target.internal}
    return {**own, "target_type": target.type or "Note", **subject}


def touch_project(call: dsl.Call, project_id: int | None) -> None:
    """Move the ``last_activity_at`` of a project on."""
    project = call.store[Project].get(project_id)
    if project is not None and project.last_activity_at != call.now:
        call.store.update(project, last_activity_at=call.now, updated_at=project.updated_at)


# Resource events


def record_label_events(
    call: dsl.Call, target: Any, before: Iterable[int], after: Iterable[int], *, at: str | None = None
) -> None:
    """Record which labels a record got and lost, now or ``at`` another time."""
    if before == after:
        return
    old, new = set(before), set(after)
    for label_id in sorted(new - old):
        call.store.insert(ResourceLabelEvent(label_id=label_id, action="add", **_resource(call, target, at)))
    for label_id in sorted(old - new):
        call.store.insert(ResourceLabelEvent(label_id=label_id, action="remove", **_resource(call, target, at)))


def record_milestone_events(
    call: dsl.Call, target: Any, before: int | None, after: int | None, *, at: str | None = None
) -> None:
    """Record that a record got another milestone, or lost the one it had."""
    if before != after:
        action, milestone_id = _moved(before, after)
        resource = _resource(call, target, at)
        call.store.insert(
            ResourceMilestoneEvent(milestone_id=milestone_id, action=action, state=target.state, **resource)
        )


def _moved(before: int | None, after: int | None) -> tuple[str, int | None]:
    """Return what happened, and with which record, where one took another's place, or none did."""
    return ("remove", before) if after is None else ("add", after)


def record_iteration_events(call: dsl.Call, target: Any, before: int | None) -> None:
    """Record that an issue became part of another iteration, or left the one it was part of."""
    if target.iteration_id != before:
        action, iteration_id = _moved(before, target.iteration_id)
        resource = _resource(call, target, None)
        call.store.insert(ResourceIterationEvent(iteration_id=iteration_id, action=action, **resource))


def record_weight_events(call: dsl.Call, target: Any, before: int | None, since: str = "") -> None:
    """Record the weight that an issue got or lost, and the one it had ``since`` some time where no event tells that."""
    if target.weight == before:
        return
    if before is not None and not events_on(call.store, ResourceWeightEvent, target):
        call.store.insert(ResourceWeightEvent(weight=before, **_resource(call, target, since)))
    call.store.insert(ResourceWeightEvent(weight=target.weight, **_resource(call, target, None)))


def record_state_event(call: dsl.Call, target: Any, state: str) -> None:
    """Record that a record became ``closed``, ``reopened`` or ``merged``."""
    call.store.insert(ResourceStateEvent(state=state, **_resource(call, target, None)))


def _resource(call: dsl.Call, target: Any, at: str | None) -> dict[str, Any]:
    resource = {"resource_type": type(target).__name__, "resource_id": target.id}
    return {"user_id": me(call).id, "created_at": at or call.now, **resource}


# To-do items


def add_todo(
    call: dsl.Call, user_id: int, action: str, target: Any, body: str = "", note_id: int | None = None
) -> Todo | None:
    """Ask a user for attention, unless the same record asks already.

    ``action`` is one of ``models.todo.ACTIONS``, such as ``assigned``, ``mentioned`` or ``marked``. ``body`` is needed
    only where neither a note nor the target's title tells it.
    """
    if any(todo.user_id == user_id and todo.state == "pending" for todo in todos_on(call.store, target)):
        return None
    return call.store.insert(
        Todo(
            user_id=user_id,
            author_id=me(call).id,
            action_name=action,
            target_type=target_type_of(target),
            target_id=target.id,
            note_id=note_id,
            body=body,
            **_container(target),
        )
    )


def _container(target: Any) -> dict[str, int]:
    if isinstance(target, (Group, Project)):
        return {"group_id" if isinstance(target, Group) else "project_id": target.id}
    name = "group_id" if hasattr(target, "group_id") else "project_id"
    return {name: getattr(target, name)}


def resolve_todos(call: dsl.Call, user_id: int, target: Any) -> None:
    """Mark as done what a record asked of a user."""
    for todo in todos_on(call.store, target):
        if todo.user_id == user_id and todo.state == "pending":
            call.store.update(todo, state="done")
