"""Who may do what with issues.

Source: https://docs.gitlab.com/user/permissions/#issues, GitLab's app/policies/issue_policy.rb and project_policy.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access, reach
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.store import Query


def project_of(store: dsl.Store, issue: Issue) -> Project:
    """Return the project that an issue is in."""
    return store[Project][issue.project_id]


# Reading


def issues_open(store: dsl.Store, user: User | None, project: Project) -> bool:
    """Tell whether a user who may know of a project may see its issues."""
    setting = project.issues_access_level
    return setting == "enabled" or (setting == "private" and access.project_level(store, user, project) > 0)


def may_read(store: dsl.Store, user: User | None, issue: Issue) -> bool:
    """Tell whether a user, or anybody when there is none, may see an issue."""
    project = project_of(store, issue)
    if not access.can_read(store, user, project) or not issues_open(store, user, project):
        return False
    return not issue.confidential or _may_know(store, user, issue)


def _may_know(store: dsl.Store, user: User | None, issue: Issue) -> bool:
    if user is None:
        return False
    own = user.id == issue.author_id or user.id in issue.assignee_ids
    return own or _trusts(store, user, project_of(store, issue))


def readable_issues(call: dsl.Call, at: Project | Group | None, *, archived: bool = True) -> Query[Issue]:
    """Return the issues of a project, of a group and all below it, or of the instance, that the caller may see."""
    return readable_by(call.store, access.viewer(call), at, archived=archived)


def readable_by(
    store: dsl.Store, user: User | None, at: Project | Group | None = None, *, archived: bool = True
) -> Query[Issue]:
    """Return the issues of a project, of a group and all below it, or of the instance, that a user may see."""
    if isinstance(at, Project) and archived:
        return _readable_in(store, user, at)
    projects = reach.visible_where(store, user, "projects with issues", issues_open)
    projects = reach.within(store, projects, at, archived=archived)
    trusting = reach.visible_where(store, user, "projects with confidential issues", _trusts)
    found = store[Issue].all().among("project_id", projects)
    return without_hidden(found, user.id if user else None, projects - trusting)


def _trusts(store: dsl.Store, user: User | None, project: Project) -> bool:
    return access.project_level(store, user, project) >= access.PLANNER


def _readable_in(store: dsl.Store, user: User | None, project: Project) -> Query[Issue]:
    if not access.can_read(store, user, project) or not issues_open(store, user, project):
        return store[Issue].all().among("project_id", ())
    found = store[Issue].where(project_id=project.id)
    if _trusts(store, user, project):
        return found
    return without_hidden(found, user.id if user else None, frozenset((project.id,)))


def without_hidden(query: Query[Issue], user_id: int | None, projects: frozenset[int]) -> Query[Issue]:
    """Return a query without the confidential issues of some projects, except those of the user's own."""
    if not projects:
        return query

    def shown(issue: Issue) -> bool:
        hidden = issue.confidential and issue.project_id in projects
        return not hidden or (user_id is not None and (user_id == issue.author_id or user_id in issue.assignee_ids))

    return query.filter(shown, ("not hidden", user_id, projects))


# Writing


def manages(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller plans the work of a project: sets labels, assignees, milestones, moves issues."""
    return access.level(call, project) >= access.PLANNER


def owns(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller may number and date issues."""
    return access.level(call, project) >= access.OWNER


def may_create_incidents(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller may make incidents of issues; planners may not."""
    return access.level(call, project) >= access.REPORTER


def may_create(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller may create issues in a project: members may, on open projects everybody."""
    if project.archived or project.issues_access_level == "disabled":
        return False
    anybody = project.visibility != "private" and project.issues_access_level == "enabled"
    member = access.level(call, project) >= access.GUEST
    return member or (anybody and access.can_read(call.store, access.me(call), project))


def may_update(call: dsl.Call, issue: Issue) -> bool:
    """Tell whether the caller may change an issue: planners, and whose issue it is."""
    user, project = access.me(call), project_of(call.store, issue)
    if project.archived or not access.can_read(call.store, user, project):
        return False
    own = user.id in (issue.author_id, *issue.assignee_ids) and issue.issue_type != "incident"
    return (own or manages(call, project)) and issues_open(call.store, user, project)


def _check_creates(call: dsl.Call) -> None:
    project = call.at(Project)
    if not may_create(call, project):
        access.refuse(call, project, f"issues there are {project.issues_access_level}, guest is needed to create one")


def _check_updates(call: dsl.Call) -> None:
    if not may_update(call, call.at(Issue)):
        access.refuse(call, call.at(Project), "its planners, author and assignees may change an issue")


def _check_plans(call: dsl.Call) -> None:
    if call.at(Project).archived or not manages(call, call.at(Project)):
        access.refuse(call, call.at(Project), "planner is needed")


def _check_deletes(call: dsl.Call) -> None:
    project = call.at(Project)
    if project.archived or access.level(call, project) not in (access.PLANNER, access.OWNER):
        access.refuse(call, project, "planner or owner is needed to delete issues")


CREATES = dsl.Rule("creates issues", _check_creates)
UPDATES = dsl.Rule("updates the issue", _check_updates)
PLANS = dsl.Rule("plans issues", _check_plans)
DELETES = dsl.Rule("deletes issues", _check_deletes)
