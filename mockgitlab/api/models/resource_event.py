"""Resource events: changes of a record's labels, milestone, iteration, state, weight, each kind with ids of its own.

Source: https://docs.gitlab.com/api/resource_label_events/, https://docs.gitlab.com/api/resource_milestone_events/,
https://docs.gitlab.com/api/resource_state_events/, https://docs.gitlab.com/api/resource_iteration_events/ and
https://docs.gitlab.com/api/resource_weight_events/.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.iteration import ITERATION, Iteration
from mockgitlab.api.models.label import LABEL_BASIC, Label
from mockgitlab.api.models.milestone import MILESTONE, Milestone
from mockgitlab.api.models.user import USER_BASIC, User


class ResourceEvent(dsl.Entity):
    """What the kinds of resource events have in common: who changed which record, and when."""

    id: int = dsl.serial()
    user_id: int = dsl.reference("User")
    created_at: str = dsl.now()
    resource_type: str = dsl.readonly()
    resource_id: int = dsl.readonly()

    @dsl.computed
    def user(self, view: dsl.View) -> dict[str, Any] | None:
        """Who did it."""
        return view.one(USER_BASIC, view.store[User].get(self.user_id))


class ResourceLabelEvent(ResourceEvent):
    """A label put on a record or taken off; ``None`` when the label is gone."""

    label_id: int | None = dsl.hidden()
    action: str = dsl.readonly()

    @dsl.computed
    def label(self, view: dsl.View) -> dict[str, Any] | None:
        """The label."""
        return view.one(LABEL_BASIC, view.store[Label].get(self.label_id))


class ResourceMilestoneEvent(ResourceEvent):
    """A milestone set or removed, and the state in which the record then was."""

    milestone_id: int | None = dsl.hidden()
    action: str = dsl.readonly()
    state: str = dsl.readonly()

    @dsl.computed
    def milestone(self, view: dsl.View) -> dict[str, Any] | None:
        """The milestone."""
        return view.one(MILESTONE, view.store[Milestone].get(self.milestone_id))


class ResourceStateEvent(ResourceEvent):
    """A record closed, reopened or merged."""

    state: str = dsl.readonly()


class ResourceWeightEvent(ResourceEvent):
    """A weight that an issue got, ``None`` when it lost the one it had."""

    weight: int | None = dsl.readonly()

    @dsl.computed
    def issue_id(self, view: dsl.View) -> int:
        """The ID of the issue."""
        return self.resource_id


class ResourceIterationEvent(ResourceEvent):
    """An iteration that an issue became part of, or that it left."""

    iteration_id: int | None = dsl.hidden()
    action: str = dsl.readonly()

    @dsl.computed
    def iteration(self, view: dsl.View) -> dict[str, Any] | None:
        """The iteration."""
        return view.one(ITERATION, view.store[Iteration].get(self.iteration_id))


_BASE = ("id", "user", "created_at", "resource_type", "resource_id")
RESOURCE_LABEL_EVENT = ResourceLabelEvent.shape(*_BASE, "label", "action")
RESOURCE_MILESTONE_EVENT = ResourceMilestoneEvent.shape(*_BASE, "milestone", "action", "state")
RESOURCE_STATE_EVENT = ResourceStateEvent.shape(*_BASE, "state")
RESOURCE_ITERATION_EVENT = ResourceIterationEvent.shape(*_BASE, "iteration", "action")
RESOURCE_WEIGHT_EVENT = ResourceWeightEvent.shape("id", "user", "created_at", "issue_id", "weight")
KINDS: tuple[type[ResourceEvent], ...] = (
    ResourceLabelEvent,
    ResourceMilestoneEvent,
    ResourceStateEvent,
    ResourceIterationEvent,
    ResourceWeightEvent,
)


def events_on(store: dsl.Store, kind: type[ResourceEvent], target: dsl.Entity) -> list[ResourceEvent]:
    """Return the events of a kind on a record, oldest first."""
    found = store[kind].having("resource_id", target.id)
    return [event for event in found if event.resource_type == type(target).__name__]


def delete_resource_events(store: dsl.Store, target: dsl.Entity) -> None:
    """Delete the events of a record that goes away itself."""
    for kind in KINDS:
        for event in events_on(store, kind, target):
            store.delete(event)
