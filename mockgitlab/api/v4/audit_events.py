"""Audit events of the instance, of groups and of projects.

Source: https://docs.gitlab.com/api/audit_events/ and GitLab's ee/lib/api/audit_events.rb, ee/lib/ee/api/groups.rb,
ee/lib/ee/api/projects.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.audit_event import AUDIT_EVENT, EVENT_TYPES, AuditEvent
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import RecordNotFound
from mockgitlab.store import Query

ALL = {Group: access.OWNER, Project: access.MAINTAINER}
"""The role from which on one sees what others did as well."""
LIST: dict[str, Any] = {"shape": AUDIT_EVENT, "edition": "ee", "keyset": ("id",)}
WHEN = dsl.dates("created")


def _of(call: dsl.Call, at: Project | Group) -> Query[AuditEvent]:
    found = call.store[AuditEvent].where(about=f"{type(at).__name__} {at.id}")
    if access.level(call, at) < ALL[type(at)]:
        found = found.where(by_id=access.me(call).id)
    return found.order_by("id", descending=True)


def _about(query: Query[AuditEvent], kind: str, call: dsl.Call) -> Query[AuditEvent]:
    id = call.given.get("entity_id")
    if id is not None:
        return query.where(about=f"{kind} {id}")
    return query.filter(lambda event: event.about.startswith(f"{kind} "), ("about", kind))


def _same(query: Query[AuditEvent], id: int, call: dsl.Call) -> Query[AuditEvent]:
    """Narrow nothing: the id counts with the type alone."""
    return query


@v4.get(
    "audit_events",
    rule=access.ADMIN,
    filters=[
        *WHEN,
        dsl.by("entity_type", str, "To what kind of thing it was done", _about, enum=EVENT_TYPES),
        dsl.by("entity_id", int, "To which one, with entity_type", _same),
    ],
    **LIST,
)
def list_audit_events(call: dsl.Call) -> Query[AuditEvent]:
    """List what was done on the whole instance."""
    return call.store[AuditEvent].all().order_by("id", descending=True)


@v4.get("groups/:id/audit_events", rule=access.AS_DEVELOPER, filters=[*WHEN], **LIST)
def list_group_audit_events(call: dsl.Call, group: Group) -> Query[AuditEvent]:
    """List what was done to a group; who does not own it sees what he did himself."""
    return _of(call, group)


@v4.get("projects/:id/audit_events", rule=access.AS_DEVELOPER, filters=[*WHEN], **LIST)
def list_project_audit_events(call: dsl.Call, project: Project) -> Query[AuditEvent]:
    """List what was done to a project; developers see what they did themselves."""
    return _of(call, project)


@v4.locator("audit_events/:id", integer=True)
@v4.locator("groups/:id/audit_events/:audit_event_id", integer=True)
@v4.locator("projects/:id/audit_events/:audit_event_id", integer=True)
def find_audit_event(call: dsl.Call, value: str) -> AuditEvent:
    """Return the audit event with this id, of the group or project where the path names one."""
    call.operation.rule.check(call)
    at = call.maybe_at(Project) or call.maybe_at(Group)
    events = call.store[AuditEvent].all() if at is None else _of(call, at)
    found = events.where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"there is no audit event {value} here")
    return found


ONE: dict[str, Any] = {"shape": AUDIT_EVENT, "edition": "ee"}


@v4.get("audit_events/:id", rule=access.ADMIN, **ONE)
def show_audit_event(event: AuditEvent) -> AuditEvent:
    """Show something that was done on the instance."""
    return event


@v4.get("groups/:id/audit_events/:audit_event_id", rule=access.AS_OWNER, **ONE)
def show_group_audit_event(event: AuditEvent) -> AuditEvent:
    """Show something that was done to a group."""
    return event


@v4.get("projects/:id/audit_events/:audit_event_id", rule=access.AS_MAINTAINER, **ONE)
def show_project_audit_event(event: AuditEvent) -> AuditEvent:
    """Show something that was done to a project."""
    return event
