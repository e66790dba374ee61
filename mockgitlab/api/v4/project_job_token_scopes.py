"""Which jobs reach a project with their tokens.

Source: https://docs.gitlab.com/api/project_job_token_scopes/, GitLab's lib/api/project_job_token_scope.rb and
app/services/ci/job_token_scope/*.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import BASIC_GROUP, Group
from mockgitlab.api.models.job_token_scope import (
    GROUP_LINK,
    PROJECT_LINK,
    SCOPE,
    JobTokenScopeLink,
    allowed_groups,
    allowed_projects,
    links_of,
)
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_shapes import BASIC_PROJECT
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Forbidden, NotFound

AT = "projects/:id/job_token_scope"
PROJECTS, GROUPS = f"{AT}/allowlist", f"{AT}/groups_allowlist"
LINKS_AT_MOST = 200
UNAUTHORIZED = (
    "The target_{} that you are attempting to access does not exist or you don't have permission to perform this action"
)
FULL = "Validation failed: Source project exceeds the allowable number of {} links in this direction"
ITSELF = "Validation failed: Target project can't be the same as the source project"
KEPT = "Source project cannot be removed from the job token scope"
INSUFFICIENT = "Insufficient permissions to modify the job token scope"
PAGE: dict[str, Any] = {"rule": access.AS_MAINTAINER, "since": "16.0"}
GROUPS_PAGE = {**PAGE, "since": "16.10"}
ProjectId = Annotated[int, "The ID of the project whose jobs reach this one"]
GroupId = Annotated[int, "The ID of the group whose jobs reach this project"]


def _refuse(told: str, reason: str) -> BadRequest:
    return BadRequest(f"400 Bad request - {told}", reason=reason)


@v4.get(AT, shape=SCOPE, **PAGE)
def show_job_token_scope(project: Project) -> Project:
    """Show which jobs a project's allowlist is asked about."""
    return project


@v4.operation(
    "PATCH",
    AT,
    params=[dsl.param("enabled", bool, "Whether the allowlist counts", required=True)],
    constraints=[dsl.not_empty("enabled")],
    success=204,
    **PAGE,
)
def update_job_token_scope(call: dsl.Call, project: Project, given: dsl.Given) -> None:
    """Say whether only the jobs on its allowlist reach a project."""
    call.store.update(project, ci_inbound_job_token_scope_enabled=given["enabled"])


# Projects


@v4.get(PROJECTS, shape=BASIC_PROJECT, **PAGE)
def list_allowed_projects(call: dsl.Call, project: Project) -> list[Project]:
    """List the projects whose jobs reach a project, which is on its own list."""
    return allowed_projects(call.store, project)


@v4.post(PROJECTS, shape=PROJECT_LINK, **PAGE)
def add_allowed_project(call: dsl.Call, project: Project, target_project_id: ProjectId) -> JobTokenScopeLink:
    """Let the jobs of another project reach this one."""
    target = call.store[Project].get(target_project_id)
    if target is None:
        raise NotFound("target_project_id not found", reason=f"there is no project {target_project_id}")
    if not access.can_read(call.store, access.me(call), target):
        raise _refuse(UNAUTHORIZED.format("project"), f"{access.me(call).username} does not see {target.full_path}")
    if target.id == project.id:
        raise _refuse(ITSELF, "a project is on its own allowlist already")
    return _add(call, project, "project", target.id)


def _add(call: dsl.Call, project: Project, kind: str, target_id: int) -> JobTokenScopeLink:
    column = f"target_{kind}_id"
    ids = [getattr(one, column) for one in links_of(call.store, project) if getattr(one, column) is not None]
    if target_id in ids:
        raise _refuse(f"This {kind} is already in the job token allowlist.", f"{kind} {target_id} is on it")
    if len(ids) >= LINKS_AT_MOST:
        raise _refuse(FULL.format(kind), f"{LINKS_AT_MOST} are on it, which is as many as may be")
    made = {"source_project_id": project.id, column: target_id, "added_by_id": access.me(call).id}
    return call.store.insert(JobTokenScopeLink(**made))


@v4.delete(f"{PROJECTS}/:target_project_id", rule=access.USER, since="16.0", conditional=False)
def remove_allowed_project(call: dsl.Call, project: Project, target_project_id: int) -> None:
    """Keep the jobs of another project from this one again."""
    target = call.store[Project].get(target_project_id)
    if target is None:
        raise NotFound("Project", reason=f"there is no project {target_project_id}")
    _check_maintainer(call, project)
    if not access.can_read(call.store, access.me(call), target):
        raise Forbidden(UNAUTHORIZED.format("project"), reason=f"the caller does not see {target.full_path}")
    if target.id == project.id:
        raise _refuse(KEPT, "a project is always on its own allowlist")
    _remove(call, project, "project", target.id)


def _check_maintainer(call: dsl.Call, project: Project) -> None:
    if access.level(call, project) < access.MAINTAINER:
        raise Forbidden(INSUFFICIENT, reason=f"{access.me(call).username} is no maintainer of {project.full_path}")


def _remove(call: dsl.Call, project: Project, kind: str, target_id: int) -> None:
    column = f"target_{kind}_id"
    link = next((one for one in links_of(call.store, project) if getattr(one, column) == target_id), None)
    if link is None:
        raise _refuse(f"Target {kind} is not in the job token scope", f"{kind} {target_id} is not on the allowlist")
    call.store.delete(link)


# Groups


@v4.get(GROUPS, shape=BASIC_GROUP, **GROUPS_PAGE)
def list_allowed_groups(call: dsl.Call, project: Project) -> list[Group]:
    """List the groups whose projects' jobs reach a project."""
    return allowed_groups(call.store, project)


@v4.post(GROUPS, shape=GROUP_LINK, **GROUPS_PAGE)
def add_allowed_group(call: dsl.Call, project: Project, target_group_id: GroupId) -> JobTokenScopeLink:
    """Let the jobs of all projects below a group reach a project."""
    target = _group(call, target_group_id)
    if not access.can_read(call.store, access.me(call), target):
        raise _refuse(UNAUTHORIZED.format("group"), f"{access.me(call).username} does not see {target.full_path}")
    return _add(call, project, "group", target.id)


def _group(call: dsl.Call, id: int) -> Group:
    found = call.store[Group].get(id)
    if found is None or found.kind != "group":
        raise NotFound("target_group_id not found", reason=f"there is no group {id}")
    return found


@v4.delete(f"{GROUPS}/:target_group_id", rule=access.USER, since="16.10", conditional=False)
def remove_allowed_group(call: dsl.Call, project: Project, target_group_id: int) -> None:
    """Keep the jobs below a group from a project again."""
    target = _group(call, target_group_id)
    _check_maintainer(call, project)
    _remove(call, project, "group", target.id)
