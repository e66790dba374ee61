"""Moving and cloning issues. Source: https://docs.gitlab.com/api/issues/#move-an-issue."""

from typing import Annotated

from mockgitlab import dsl
from mockgitlab.api.models.issue import ISSUE, Issue
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import issue_moves
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.issues import NAMED_ISSUE
from mockgitlab.errors import NotFound


def _target(call: dsl.Call, project_id: int) -> Project:
    project = call.store[Project].get(project_id)
    if project is None:
        raise NotFound("Project", reason=f"there is no project {project_id} to go to")
    return project


@v4.post("projects/:id/issues/:issue_iid/move", shape=ISSUE, page="issues", locators=NAMED_ISSUE)
def move_issue(call: dsl.Call, issue: Issue, to_project_id: Annotated[int, "The ID of the new project"]) -> Issue:
    """Move an issue to another project."""
    return issue_moves.move(call, issue, _target(call, to_project_id))


@v4.post("projects/:id/issues/:issue_iid/clone", shape=ISSUE, page="issues", locators=NAMED_ISSUE)
def clone_issue(
    call: dsl.Call,
    issue: Issue,
    to_project_id: Annotated[int, "The ID of the new project"],
    with_notes: Annotated[bool, "Whether the notes are copied too"] = False,
) -> Issue:
    """Clone an issue into a project."""
    return issue_moves.clone(call, issue, _target(call, to_project_id), with_notes=with_notes)
