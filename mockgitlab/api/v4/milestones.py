"""Milestones of projects. Source: https://docs.gitlab.com/api/milestones/, GitLab's lib/api/project_milestones.rb."""

from typing import Any, TypeVar

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.issue_access import readable_issues
from mockgitlab.api.issue_orders import ORDER
from mockgitlab.api.merge_request_access import readable_merge_requests
from mockgitlab.api.models.issue import ISSUE_BASIC, Issue
from mockgitlab.api.models.label import owner_of
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST_BASIC
from mockgitlab.api.models.milestone import MILESTONE, Milestone, milestones_of
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.services import burndown, milestones
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden
from mockgitlab.store import Query

Work = TypeVar("Work", Issue, MergeRequest)
Milestones = Query[Milestone]
FIELDS = [
    dsl.param("description", str, "The description of the milestone"),
    dsl.param("due_date", str, "The due date of the milestone, YYYY-MM-DD"),
    dsl.param("start_date", str, "The start date of the milestone, YYYY-MM-DD"),
]
CREATE = [dsl.param("title", str, "The title of the milestone", required=True), *FIELDS]
UPDATE = [
    dsl.param("title", str, "The title of the milestone"),
    dsl.param("state_event", str, "Close or activate the milestone", enum=("close", "activate")),
    *FIELDS,
]
AT_LEAST_ONE = dsl.at_least_one_of("title", "description", "start_date", "due_date", "state_event")


# Lists


def with_ancestors(call: dsl.Call) -> bool:
    """Tell whether the milestones of the groups above are asked for as well."""
    return call.option("include_ancestors") or call.option("include_parent_milestones")


def _by_iids(query: Milestones, values: list[int], call: dsl.Call) -> Milestones:
    return query if with_ancestors(call) else query.among("iid", values)


ANCESTORS = [
    dsl.param("include_ancestors", bool, "Include milestones of the groups above", default=False, since="16.7"),
    dsl.param(
        "include_parent_milestones",
        bool,
        "Include milestones of the groups above",
        default=False,
        deprecated="Use include_ancestors instead",
    ),
]
ONE_OF_ANCESTORS = dsl.mutually_exclusive("include_ancestors", "include_parent_milestones")
FILTERS = [
    dsl.eq(
        "state",
        str,
        "Active or closed milestones, or all",
        default="all",
        ignore=("all",),
        enum=("active", "closed", "all"),
    ),
    dsl.by("iids", dsl.IdList, "Milestones with these internal IDs", _by_iids),
    dsl.eq("title", str, "Milestones with exactly this title"),
    dsl.search("title", "description", description="Milestones whose title or description contains this"),
    dsl.search("title", name="search_title", description="Milestones whose title contains this"),
    *dsl.dates("updated"),
]


def in_order(found: Milestones) -> Milestones:
    """Return milestones by due date, those without one last, the newest first where equal."""
    return found.order_by("due_date_asc", value=lambda milestone: (milestone.due_date or "~", -milestone.id))


def by_label_priority(found: Query[Work], call: dsl.Call) -> Query[Work]:
    """Return issues or merge requests by the smallest priority of their labels, those without one last."""
    ordered: Query[Work] = ORDER.narrow(found, "label_priority", call)
    return ordered


# Projects


def _check_reads(call: dsl.Call) -> None:
    project = call.at(Project)
    if not any(access.feature_open(call, project, feature) for feature in ("issues", "merge_requests")):
        raise Forbidden(reason=f"issues and merge requests of {project.full_path} are not open to this user")


READS = dsl.Rule("reader of issues or merge requests", _check_reads)


def _check_promotes(call: dsl.Call) -> None:
    access.AS_PLANNER_UNLESS_ARCHIVED.check(call)
    group = namespace_of(call.store, call.at(Project))
    if group.kind == "user":
        raise Forbidden(reason=f"{call.at(Project).full_path} is in no group")
    if access.level(call, group) < access.PLANNER:
        raise Forbidden(reason=f"{access.me(call).username} is no planner of the group {group.full_path}")


PROMOTES = dsl.Rule("planner of the project and its group", _check_promotes)


@v4.locator("projects/:id/milestones/:milestone_id", integer=True)
def find_milestone_in_path(call: dsl.Call, value: str) -> Milestone:
    """Return the project's own milestone with this id."""
    return milestones.locate(call, call.at(Project), value)


@v4.get(
    "projects/:id/milestones",
    rule=READS,
    shape=MILESTONE,
    params=ANCESTORS,
    filters=FILTERS,
    constraints=[ONE_OF_ANCESTORS],
)
def list_milestones(call: dsl.Call, project: Project) -> Milestones:
    """List the milestones of a project."""
    found = milestones_of(call.store, project)
    return in_order(found if with_ancestors(call) else found.where(owner=owner_of(project)))


@v4.get("projects/:id/milestones/:milestone_id", rule=READS, shape=MILESTONE)
def show_milestone(milestone: Milestone) -> Milestone:
    """Show a milestone of a project."""
    return milestone


@v4.post("projects/:id/milestones", rule=access.AS_PLANNER_UNLESS_ARCHIVED, shape=MILESTONE, params=CREATE)
def create_milestone(call: dsl.Call, project: Project, given: dsl.Given) -> Milestone:
    """Create a milestone in a project."""
    return milestones.create(call, project, given)


@v4.put(
    "projects/:id/milestones/:milestone_id",
    rule=access.AS_PLANNER_UNLESS_ARCHIVED,
    shape=MILESTONE,
    params=UPDATE,
    constraints=[AT_LEAST_ONE],
)
def update_milestone(call: dsl.Call, project: Project, milestone: Milestone, given: dsl.Given) -> Milestone:
    """Change, close or reopen a milestone of a project."""
    return milestones.change(call, project, milestone, given)


@v4.delete("projects/:id/milestones/:milestone_id", rule=access.AS_PLANNER_UNLESS_ARCHIVED, conditional=False)
def delete_milestone(call: dsl.Call, milestone: Milestone) -> None:
    """Delete a milestone of a project, and take it off its issues."""
    milestones.delete(call, milestone)


@v4.get("projects/:id/milestones/:milestone_id/issues", rule=READS, shape=ISSUE_BASIC)
def list_milestone_issues(call: dsl.Call, project: Project, milestone: Milestone) -> Query[Issue]:
    """List the issues of a milestone."""
    found = readable_issues(call, project).where(milestone_id=milestone.id)
    return by_label_priority(found, call)


@v4.get("projects/:id/milestones/:milestone_id/merge_requests", rule=READS, shape=MERGE_REQUEST_BASIC)
def list_milestone_merge_requests(call: dsl.Call, project: Project, milestone: Milestone) -> Query[MergeRequest]:
    """List the merge requests of a milestone."""
    found = readable_merge_requests(call, project).where(milestone_id=milestone.id)
    return by_label_priority(found, call)


@v4.post("projects/:id/milestones/:milestone_id/promote", rule=PROMOTES, success=200)
def promote_milestone(call: dsl.Call, project: Project, milestone: Milestone) -> int:
    """Make a milestone of the group in place of those with its title in the group's projects; answers 200 alone."""
    milestones.promote(call, milestone, namespace_of(call.store, project))
    return 200


@v4.get("projects/:id/milestones/:milestone_id/burndown_events", rule=READS, edition="ee", paginated=False)
def list_burndown_events(call: dsl.Call, project: Project, milestone: Milestone) -> list[dict[str, Any]]:
    """List when the issues of a milestone were created, closed and reopened."""
    return burndown.events(call.store, milestone, readable_issues(call, project).where(milestone_id=milestone.id))
