"""How many issues there are. Source: https://docs.gitlab.com/api/issues_statistics/ and GitLab's lib/api/issues.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.issuable_filters import check_scope
from mockgitlab.api.issue_access import readable_issues
from mockgitlab.api.issue_filters import COUNTED, EXCLUSIVE, IN, MINE, SCOPE
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.project import Project
from mockgitlab.api.v4.base import v4
from mockgitlab.store import Query


def _counts(call: dsl.Call, issues: Query[Issue]) -> dict[str, Any]:
    found = call.operation.narrow(issues, call)
    closed, opened = (found.where(state=state).count() for state in ("closed", "opened"))
    return {"statistics": {"counts": {"all": closed + opened, "closed": closed, "opened": opened}}}


@v4.get("issues_statistics", params=[IN], filters=(MINE, *COUNTED), constraints=EXCLUSIVE)
def count_issues(call: dsl.Call) -> dict[str, Any]:
    """Count issues of the instance, by default those that the user wrote."""
    check_scope(call)
    return _counts(call, readable_issues(call, None, archived=False))


@v4.get("groups/:id/issues_statistics", params=[IN], filters=(SCOPE, *COUNTED), constraints=EXCLUSIVE)
def count_group_issues(call: dsl.Call, group: Group) -> dict[str, Any]:
    """Count issues of a group and the groups below it."""
    return _counts(call, readable_issues(call, group, archived=False))


@v4.get("projects/:id/issues_statistics", params=[IN], filters=(SCOPE, *COUNTED), constraints=EXCLUSIVE)
def count_project_issues(call: dsl.Call, project: Project) -> dict[str, Any]:
    """Count issues of a project."""
    return _counts(call, readable_issues(call, project))
