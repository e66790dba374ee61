"""Issues: the lists and the single issue.

Source: https://docs.gitlab.com/api/issues/ and GitLab's lib/api/issues.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.issuable_filters import check_scope
from mockgitlab.api.issue_access import manages, may_read, readable_issues
from mockgitlab.api.issue_filters import EXCLUSIVE, IN, LISTED, MINE, SCOPE
from mockgitlab.api.issue_orders import ORDER
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issuable import GLOBALLY, asked_in
from mockgitlab.api.models.issue import ISSUE, ISSUE_LISTED, Issue
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.participants import participants
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound, RecordNotFound
from mockgitlab.store import Query

PARAMS = (
    IN,
    dsl.param("with_labels_details", bool, "Show the labels, not their names alone", default=False),
)
LIVE = dsl.param("non_archived", bool, "Leave out issues of archived projects", default=True)


# Finding


def issue_in(call: dsl.Call, value: str) -> Issue | None:
    """Return the issue of the path's project with an internal id, whether the caller may see it or not."""
    project = call.at(Project)
    return call.store[Issue].find(project_id=project.id, iid=int(value))


@v4.locator("projects/:id/issues/:issue_iid", integer=True)
def find_issue(call: dsl.Call, value: str) -> Issue:
    """Return the issue with an internal id that the caller may see."""
    issue, project = issue_in(call, value), call.at(Project)
    if issue is None:
        raise RecordNotFound(reason=f"{project.full_path} has no issue {value}")
    if not may_read(call.store, call.user, issue):
        raise RecordNotFound(reason=hidden(call, issue))
    return issue


def find_any_issue(call: dsl.Call, value: str) -> Issue:
    """Return the issue with an internal id; whether the caller may see it is left to the operation's rule."""
    issue = issue_in(call, value)
    if issue is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no issue {value}")
    return issue


def find_named_issue(call: dsl.Call, value: str) -> Issue:
    """Do the same, in the words of those operations that tell what was not found."""
    issue = issue_in(call, value)
    if issue is None:
        raise NotFound("Issue", reason=f"{call.at(Project).full_path} has no issue {value}")
    return issue


ANY_ISSUE = (("issue_iid", dsl.Locator(find_any_issue, integer=True)),)
NAMED_ISSUE = (("issue_iid", dsl.Locator(find_named_issue, integer=True)),)


def hidden(call: dsl.Call, issue: Issue) -> str:
    """Say why an issue is hidden from the caller."""
    project = call.store[Project][issue.project_id]
    who = call.user.username if call.user else "nobody in particular"
    why = "it is confidential" if issue.confidential else f"issues there are {project.issues_access_level}"
    return f"{who} may not see issue {issue.iid} of {project.full_path}: {why}"


# Lists


def _listed(call: dsl.Call, issues: Query[Issue], *where: Any) -> Query[Issue]:
    details = ("with_labels_details",) if call.option("with_labels_details") else ()
    shown: Query[Issue] = dsl.present(issues, options=(*where, *details))
    return shown


@v4.get(
    "issues",
    shape=ISSUE_LISTED,
    params=(*PARAMS, LIVE),
    filters=(MINE, *LISTED, ORDER),
    constraints=EXCLUSIVE,
)
def list_issues(call: dsl.Call) -> Query[Issue]:
    """List issues of the instance, by default those that the user wrote."""
    check_scope(call)
    found = readable_issues(call, None, archived=call.given["non_archived"] is False)
    return _listed(call, found, GLOBALLY)


@v4.get(
    "groups/:id/issues",
    shape=ISSUE_LISTED,
    params=(*PARAMS, LIVE),
    filters=(SCOPE, *LISTED, ORDER),
    constraints=EXCLUSIVE,
)
def list_group_issues(call: dsl.Call, group: Group) -> Query[Issue]:
    """List issues of a group and the groups below it."""
    found = readable_issues(call, group, archived=call.given["non_archived"] is False)
    return _listed(call, found, GLOBALLY, asked_in(group.id))


@v4.get(
    "projects/:id/issues",
    shape=ISSUE_LISTED,
    params=PARAMS,
    filters=(SCOPE, *LISTED, ORDER),
    constraints=EXCLUSIVE,
    keyset=("created_at", "updated_at", "title", "due_date", "weight", "relative_position"),
    keyset_since="18.3",
)
def list_project_issues(call: dsl.Call, project: Project) -> Query[Issue]:
    """List issues of a project."""
    return _listed(call, readable_issues(call, project))


# One issue


@v4.get("issues/:id", rule=access.ADMIN, shape=ISSUE)
def show_any_issue(call: dsl.Call, id: int) -> Issue:
    """Show an issue by its global id; for administrators."""
    issue = call.store[Issue].get(id)
    if issue is None:
        raise RecordNotFound(reason=f"there is no issue with the global id {id}")
    return issue


@v4.get("projects/:id/issues/:issue_iid", shape=ISSUE)
def show_issue(issue: Issue) -> Issue:
    """Show an issue of a project."""
    return issue


@v4.get("projects/:id/issues/:issue_iid/participants", shape=USER_BASIC)
def list_participants(call: dsl.Call, issue: Issue) -> list[User]:
    """List who takes part in an issue: author, assignees, commenters, and who is mentioned."""
    planner = manages(call, call.at(Project))
    return participants(call.store, issue, shown=lambda note: planner or not note.internal, may_read=may_read)


@v4.get("projects/:id/issues/:issue_iid/user_agent_detail", rule=access.ADMIN)
def show_user_agent(issue: Issue) -> dict[str, Any]:
    """Show with which client an issue was created; for administrators."""
    if issue.user_agent is None:
        raise NotFound("UserAgentDetail", reason="the issue was not created through the API")
    return {"user_agent": issue.user_agent, "ip_address": issue.ip_address, "akismet_submitted": False}
