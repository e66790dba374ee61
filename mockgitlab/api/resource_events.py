"""The pages of resource events: the same two operations for each kind of event, below each kind of record.

Source: GitLab's lib/api/resource_label_events.rb, resource_milestone_events.rb and resource_state_events.rb, and
ee/lib/api/resource_weight_events.rb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.epic import Epic
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.resource_event import ResourceEvent, events_on
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound, RecordNotFound

Readable = Callable[[dsl.Call, ResourceEvent], bool]


@dataclass(frozen=True)
class Parent:
    """A kind of record with resource events, found at ``path``; ``names`` are those that it has, where not all are."""

    path: str
    entity: type[dsl.Entity]
    names: tuple[str, ...] = ()


PARENTS = (
    Parent("projects/:id/issues/:issue_iid", Issue),
    Parent("projects/:id/merge_requests/:merge_request_iid", MergeRequest),
    Parent("groups/:id/epics/:epic_id", Epic, ("resource_label_events",)),
)


def everybody(call: dsl.Call, event: ResourceEvent) -> bool:
    """Let whoever reads the record read its events."""
    return True


def register(
    name: str,
    kind: type[ResourceEvent],
    shape: dsl.Shape,
    readable: Readable = everybody,
    *,
    of: type[dsl.Entity] | None = None,
    edition: str = "",
) -> None:
    """Declare the list of a kind of events and the single event, ``resource_label_events``, below every parent.

    ``of`` is the one kind of record that has such events, ``edition`` the one of GitLab.
    """
    for parent in PARENTS:
        if of in (None, parent.entity) and (not parent.names or name in parent.names):
            _register(parent, name, kind, shape, readable, edition)


def _paths(parent: Parent, name: str) -> tuple[str, str]:
    """Return the paths of the list and of the single event, their parameters called as GitLab calls them."""
    if name == "resource_milestone_events":
        listed = f"{parent.path.rpartition('/')[0]}/:eventable_id/{name}"
        return listed, f"{listed}/:event_id"
    return f"{parent.path}/{name}", f"{parent.path}/{name}/:{name[:-1]}_id"


def _register(
    parent: Parent, name: str, kind: type[ResourceEvent], shape: dsl.Shape, readable: Readable, edition: str
) -> None:
    listed, single = _paths(parent, name)
    word = name.split("_")[1]

    def find(call: dsl.Call, value: str) -> ResourceEvent:
        target = call.at(parent.entity)
        found = next((one for one in events_on(call.store, kind, target) if one.id == int(value)), None)
        if found is None:
            raise RecordNotFound(reason=f"the {word} event {value} is none of this {parent.entity.called().lower()}")
        if not readable(call, found):
            raise NotFound(kind.__name__, reason=f"the {word} of the event is hidden from this user")
        return found

    def list_events(call: dsl.Call) -> list[ResourceEvent]:
        return [one for one in events_on(call.store, kind, call.at(parent.entity)) if readable(call, one)]

    def show_event(call: dsl.Call) -> ResourceEvent:
        return call.at(kind)

    v4.locator(single, integer=True)(find)
    described = f"{word} events of {parent.entity.called().lower()}s"
    common: dict[str, Any] = {"rule": access.USER, "shape": shape, "page": name, "edition": edition}
    v4.get(listed, summary=f"List the {described}", **common)(list_events)
    v4.get(single, summary=f"Show one of the {described}", **common)(show_event)
