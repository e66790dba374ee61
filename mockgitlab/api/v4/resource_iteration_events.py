"""Iterations that issues got and lost. Source: https://docs.gitlab.com/api/resource_iteration_events/."""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.iteration import Iteration
from mockgitlab.api.models.resource_event import RESOURCE_ITERATION_EVENT, ResourceEvent, ResourceIterationEvent
from mockgitlab.api.resource_events import register


def _sees_iteration(call: dsl.Call, event: ResourceEvent) -> bool:
    """Tell whether the caller may know of the iteration's group; an iteration that is gone hides nothing."""
    iteration = call.store[Iteration].get(getattr(event, "iteration_id", None))
    return iteration is None or access.can_read(call.store, call.user, call.store[Group][iteration.group_id])


register(
    "resource_iteration_events",
    ResourceIterationEvent,
    RESOURCE_ITERATION_EVENT,
    _sees_iteration,
    of=Issue,
    edition="ee",
)
