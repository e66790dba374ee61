"""Milestones set on records and removed. Source: https://docs.gitlab.com/api/resource_milestone_events/."""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.resource_event import RESOURCE_MILESTONE_EVENT, ResourceEvent, ResourceMilestoneEvent
from mockgitlab.api.resource_events import register


def _sees_milestone(call: dsl.Call, event: ResourceEvent) -> bool:
    """Tell whether the caller may know of the milestone's project or group; a milestone that is gone hides nothing."""
    milestone = call.store[Milestone].get(getattr(event, "milestone_id", None))
    if milestone is None:
        return True
    projects, groups = call.store[Project], call.store[Group]
    at: Project | Group | None = projects.get(milestone.project_id) or groups.get(milestone.group_id)
    return at is not None and access.can_read(call.store, call.user, at)


register("resource_milestone_events", ResourceMilestoneEvent, RESOURCE_MILESTONE_EVENT, _sees_milestone)
