"""Milestones. Source: GitLab 8's doc/api/milestones.md and lib/api/milestones.rb."""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.issue_access import readable_issues
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import owner_of
from mockgitlab.api.models.milestone import MILESTONE, Milestone
from mockgitlab.api.models.project import Project
from mockgitlab.api.v3 import issues
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import milestones as page
from mockgitlab.api.v4.base import v4
from mockgitlab.store import Query

ALL = "projects/:id/milestones"
AT = f"{ALL}/:milestone_id"
STATE = page.FILTERS[0]

v3.locator(AT, integer=True)(page.find_milestone_in_path)
v3.adopt(v4, "GET", AT)
v3.adopt(v4, "POST", ALL)


@v3.get(ALL, rule=page.READS, shape=MILESTONE, filters=[STATE, dsl.ids("iid", "iid")])
def list_milestones(call: dsl.Call, project: Project) -> Query[Milestone]:
    """List the milestones of a project, the newest first."""
    return call.store[Milestone].where(owner=owner_of(project)).order_by("id", descending=True)


@v3.put(AT, rule=access.AS_PLANNER_UNLESS_ARCHIVED, shape=MILESTONE, params=page.UPDATE)
def update_milestone(call: dsl.Call, project: Project, milestone: Milestone, given: dsl.Given) -> Milestone:
    """Change, close or reopen a milestone; nothing is changed where nothing is given."""
    return page.update_milestone(call, project, milestone, given)


@v3.get(f"{AT}/issues", rule=page.READS, shape=issues.SHOWN)
def list_milestone_issues(call: dsl.Call, project: Project, milestone: Milestone) -> Query[Issue]:
    """List the issues of a milestone, the newest first."""
    found = readable_issues(call, project).where(milestone_id=milestone.id)
    return found.order_by("id", descending=True)
