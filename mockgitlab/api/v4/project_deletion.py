"""Deleting, restoring, archiving and cleaning projects.

Source: https://docs.gitlab.com/api/projects/#delete-a-project and GitLab's lib/api/projects.rb.
"""

from typing import Annotated, Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.services import project_moves
from mockgitlab.api.services.group_deletion import check_offered
from mockgitlab.api.services.project_removal import erase
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.project_changes import one
from mockgitlab.errors import BadRequest, Conflict

BUSY = "Somebody already triggered housekeeping for this resource in the past 1440 minutes"
ACCEPTED = {"message": "202 Accepted"}


@v4.delete("projects/:id", rule=access.AS_OWNER, success=202)
def delete_project(
    call: dsl.Call,
    project: Project,
    permanently_remove: Annotated[bool, "Delete at once what is marked for deletion"] = False,
    full_path: Annotated[str | None, "The full path, to be sure"] = None,
) -> Any:
    """Delete a project: at once, or where deletion is delayed by marking it first."""
    if not project_moves.is_delayed(call.settings, project, namespace_of(call.store, project)):
        erase(call, project)
    elif permanently_remove:
        _check_removal(project, full_path)
        erase(call, project)
    else:
        project_moves.mark(call.store, project)
    return ACCEPTED


def _check_removal(project: Project, full_path: str | None) -> None:
    if not project.marked_for_deletion_on:
        raise BadRequest("Project must be marked for deletion first.", reason=f"{project.full_path} is not marked")
    if full_path != project.full_path:
        text = "`full_path` is incorrect. You must enter the complete path for the project."
        raise BadRequest(text, reason=f"it was {full_path!r}, the project is {project.full_path!r}")


@v4.post("projects/:id/restore", rule=access.AS_OWNER)
def restore_project(call: dsl.Call, project: Project) -> Any:
    """Restore a project that is marked for deletion."""
    check_offered(call.settings)
    return one(project_moves.restore(call.store, project))


@v4.post("projects/:id/archive", rule=access.AS_OWNER)
def archive_project(call: dsl.Call, project: Project) -> Any:
    """Archive a project."""
    return one(call.store.update(project, archived=True))


@v4.post("projects/:id/unarchive", rule=access.AS_OWNER)
def unarchive_project(call: dsl.Call, project: Project) -> Any:
    """Take a project out of the archive."""
    return one(call.store.update(project, archived=False))


@v4.post("projects/:id/housekeeping", rule=access.AS_MAINTAINER)
def start_housekeeping(
    call: dsl.Call, project: Project, task: Annotated[Literal["eager", "prune"], "What to do"] = "eager"
) -> Any:
    """Start the housekeeping of the repository, which is done when the clock moves on."""
    if project.housekeeping_at == call.now:
        raise Conflict(BUSY, reason=f"it began at {call.now} and the clock stands still")
    call.store.update(project, housekeeping_at=call.now, updated_at=project.updated_at)
    return None
