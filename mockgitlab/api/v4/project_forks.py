"""Forks of projects. Source: https://docs.gitlab.com/api/project_forks/ and GitLab's lib/api/projects.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import PERSONAL_ID_ABOVE, Group, Visibility
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.project_shapes import PROJECT
from mockgitlab.api.project_filters import PROJECT_FILTERS
from mockgitlab.api.services import project_forks
from mockgitlab.api.services.merge_request_states import close_between_forks
from mockgitlab.api.v4.base import find_project, v4
from mockgitlab.api.v4.project_changes import one
from mockgitlab.api.v4.project_transfer import find_namespace
from mockgitlab.api.v4.projects import LIST, present_projects, visible
from mockgitlab.errors import BadRequest, Conflict, Forbidden, NotFound, Unauthorized
from mockgitlab.store import Query

FORK = [
    dsl.param("namespace_id", int, "The ID of the target namespace"),
    dsl.param("namespace_path", str, "The path of the target namespace"),
    dsl.param("namespace", str, "The ID or path of the target namespace", deprecated="Use namespace_id"),
    dsl.param("path", str, "The path of the fork"),
    dsl.param("name", str, "The name of the fork"),
    dsl.param("description", str, "The description of the fork"),
    dsl.param("visibility", Visibility, "The visibility of the fork"),
    dsl.param("mr_default_target_self", bool, "Whether merge requests target the fork itself"),
    dsl.param("branches", str, "The branch to fork, all unless given"),
]


@v4.get("projects/:id/forks", params=LIST, filters=PROJECT_FILTERS, keyset=("id",))
def list_forks(call: dsl.Call, project: Project) -> Query[Project]:
    """List the forks of a project."""
    return present_projects(call, visible(call).where(forked_from_project_id=project.id))  # type: ignore[no-any-return]


@v4.post("projects/:id/fork", params=FORK)
def fork_project(call: dsl.Call, project: Project, given: dsl.Given) -> Any:
    """Fork a project; the answer tells that the copying is scheduled, which is done when it is asked for next."""
    if not project_forks.may_fork(call, project):
        raise NotFound(reason=f"{access.me(call).username} may not fork {project.full_path}")
    fork = project_forks.fork(call, project, _target(call, given), given)
    return dsl.present(fork.replaced({"import_status": "scheduled"}), PROJECT, options=["one"])


def _target(call: dsl.Call, given: dsl.Given) -> Group:
    wanted = given.get("namespace_id") or given.get("namespace_path") or given.get("namespace")
    if wanted is None:
        return call.store[Group][PERSONAL_ID_ABOVE + access.me(call).id]
    return find_namespace(call, str(wanted))


@v4.post("projects/:id/fork/:forked_from_id", rule=access.AS_OWNER)
def create_fork_relation(call: dsl.Call, project: Project, forked_from_id: str) -> Any:
    """Declare a project to be a fork of another."""
    source = find_project(call, forked_from_id)
    if not project_forks.may_fork(call, source):
        raise Forbidden(reason=f"{access.me(call).username} may not fork {source.full_path}")
    if not access.may_create_projects(call.store, access.me(call), namespace_of(call.store, project)):
        raise Unauthorized("401 Unauthorized - Target Namespace", reason="no projects may be created there")
    if source.id == project.id:
        raise BadRequest("Target project cannot be equal to source project", reason="both are the same project")
    if project.forked_from_project_id is not None:
        raise Conflict("Project already forked", reason=f"it is a fork of project {project.forked_from_project_id}")
    return one(call.store.update(project, forked_from_project_id=source.id))


@v4.delete("projects/:id/fork", rule=access.AS_OWNER)
def delete_fork_relation(call: dsl.Call, project: Project) -> Any:
    """Make a fork a project of its own, and close what was to be merged between both; answers 304 when it is none."""
    if project.forked_from_project_id is None:
        return dsl.present(None, status=304)
    close_between_forks(call, project)
    call.store.update(call.store.fresh(project), forked_from_project_id=None)
    return None
