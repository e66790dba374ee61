"""Milestones of groups. Source: https://docs.gitlab.com/api/group_milestones/, GitLab's lib/api/group_milestones.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.issue_access import readable_issues
from mockgitlab.api.merge_request_access import readable_merge_requests
from mockgitlab.api.models.group import Group, ancestors, descendants
from mockgitlab.api.models.issue import ISSUE_BASIC, Issue
from mockgitlab.api.models.label import owner_of
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST_BASIC
from mockgitlab.api.models.milestone import MILESTONE, Milestone
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import burndown, milestones
from mockgitlab.api.v4 import milestones as of_projects
from mockgitlab.api.v4.base import v4
from mockgitlab.store import Query

Milestones = Query[Milestone]


def _within(query: Milestones, start: str, end: str) -> Milestones:
    """Keep milestones that have a date and touch the days from ``start`` to ``end``."""

    def touches(milestone: Milestone) -> bool:
        begins, ends = milestone.start_date, milestone.due_date
        return bool(begins or ends) and (begins is None or begins <= end) and (ends is None or ends >= start)

    return query.filter(touches, ("within", start, end))


def _in_time_frame(query: Milestones, start: str, call: dsl.Call) -> Milestones:
    end = call.given.get("end_date")
    return query if end is None else _within(query, start, end)


FILTERS = [
    *of_projects.FILTERS,
    dsl.by(
        "containing_date",
        dsl.Date,
        "Milestones that last on this day",
        lambda query, day, call: _within(query, day, day),
    ),
    dsl.Filter(
        (
            dsl.param("start_date", dsl.Date, "Milestones that last on or after this day; needs end_date"),
            dsl.param("end_date", dsl.Date, "Milestones that last on or before this day; needs start_date"),
        ),
        _in_time_frame,
    ),
]
DESCENDANTS = dsl.param(
    "include_descendants", bool, "Include milestones of the groups below", default=False, since="16.7"
)


@v4.locator("groups/:id/milestones/:milestone_id", integer=True)
def find_group_milestone_in_path(call: dsl.Call, value: str) -> Milestone:
    """Return the group's own milestone with this id."""
    return milestones.locate(call, call.at(Group), value)


@v4.get(
    "groups/:id/milestones",
    rule=access.USER,
    shape=MILESTONE,
    params=[*of_projects.ANCESTORS, DESCENDANTS],
    filters=FILTERS,
    constraints=[of_projects.ONE_OF_ANCESTORS],
)
def list_group_milestones(call: dsl.Call, group: Group) -> Milestones:
    """List the milestones of a group."""
    above = ancestors(call.store, group) if of_projects.with_ancestors(call) else []
    below = descendants(call.store, group) if call.option("include_descendants") else []
    visible = access.visible_group_ids(call.store, call.user)
    owners = [owner_of(one) for one in (group, *above, *below) if one.id in visible]
    return of_projects.in_order(call.store[Milestone].all().among("owner", owners))


@v4.get("groups/:id/milestones/:milestone_id", rule=access.USER, shape=MILESTONE)
def show_group_milestone(milestone: Milestone) -> Milestone:
    """Show a milestone of a group."""
    return milestone


@v4.post("groups/:id/milestones", rule=access.AS_PLANNER, shape=MILESTONE, params=of_projects.CREATE)
def create_group_milestone(call: dsl.Call, group: Group, given: dsl.Given) -> Milestone:
    """Create a milestone in a group."""
    return milestones.create(call, group, given)


@v4.put(
    "groups/:id/milestones/:milestone_id",
    rule=access.AS_PLANNER,
    shape=MILESTONE,
    params=of_projects.UPDATE,
    constraints=[of_projects.AT_LEAST_ONE],
)
def update_group_milestone(call: dsl.Call, group: Group, milestone: Milestone, given: dsl.Given) -> Milestone:
    """Change, close or reopen a milestone of a group."""
    return milestones.change(call, group, milestone, given)


@v4.delete("groups/:id/milestones/:milestone_id", rule=access.AS_PLANNER, conditional=False)
def delete_group_milestone(call: dsl.Call, milestone: Milestone) -> None:
    """Delete a milestone of a group, and take it off its issues."""
    milestones.delete(call, milestone)


def _issues(call: dsl.Call, group: Group, milestone: Milestone) -> Query[Issue]:
    """Return the issues of a milestone in the group's own projects; those of the groups below do not count."""
    projects = [project.id for project in call.store[Project].having("namespace_id", group.id)]
    return readable_issues(call, group).where(milestone_id=milestone.id).among("project_id", projects)


@v4.get("groups/:id/milestones/:milestone_id/issues", rule=access.USER, shape=ISSUE_BASIC)
def list_group_milestone_issues(call: dsl.Call, group: Group, milestone: Milestone) -> Query[Issue]:
    """List the issues of a milestone in the group's own projects."""
    return of_projects.by_label_priority(_issues(call, group, milestone), call)


@v4.get("groups/:id/milestones/:milestone_id/merge_requests", rule=access.USER, shape=MERGE_REQUEST_BASIC)
def list_group_milestone_merge_requests(call: dsl.Call, group: Group, milestone: Milestone) -> Query[MergeRequest]:
    """List the merge requests of a milestone in the group's own projects."""
    projects = [project.id for project in call.store[Project].having("namespace_id", group.id)]
    found = readable_merge_requests(call, group).where(milestone_id=milestone.id).among("project_id", projects)
    return of_projects.by_label_priority(found, call)


@v4.get("groups/:id/milestones/:milestone_id/burndown_events", rule=access.USER, edition="ee", paginated=False)
def list_group_burndown_events(call: dsl.Call, group: Group, milestone: Milestone) -> list[dict[str, Any]]:
    """List when the issues of a milestone in the group's own projects were created, closed and reopened."""
    return burndown.events(call.store, milestone, _issues(call, group, milestone))
