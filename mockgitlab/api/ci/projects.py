"""Projects with CI, as their users see them, and their web hooks.

Source: gitlab-ci's doc/api/projects.md and lib/api/projects.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.ci import shapes
from mockgitlab.api.ci.base import ALONE, MANAGE, READ, ci, has_ci
from mockgitlab.api.models.mirror import url_problem
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.web_hook import WebHook
from mockgitlab.api.runner_access import project_ids
from mockgitlab.errors import BadRequest

ALL = f"{ALONE}/projects"
PAGING = [
    dsl.param("page", int, "Which page of GitLab's projects", default=1, minimum=1),
    dsl.param("per_page", int, "How many of these are on one", default=20, minimum=1, maximum=100),
]


def _listed(call: dsl.Call, least: int) -> list[dict[str, Any]]:
    """Return those with CI on a page of the projects in which the caller has a role at least."""
    mine = sorted(project_ids(call.store, access.me(call), least))
    start = (call.given["page"] - 1) * call.given["per_page"]
    found = [call.store[Project][id] for id in mine[start : start + call.given["per_page"]]]
    return [shapes.project(call.view(), one) for one in found if has_ci(one)]


@ci.get(ALL, rule=access.USER, params=PAGING)
def list_projects(call: dsl.Call) -> Any:
    """List the projects that the caller is in."""
    return _listed(call, access.GUEST)


@ci.get(f"{ALL}/owned", rule=access.USER, params=PAGING)
def list_owned_projects(call: dsl.Call) -> Any:
    """List the projects that the caller owns."""
    return _listed(call, access.OWNER)


@ci.get(f"{ALL}/:id", rule=READ)
def show_project(call: dsl.Call, project: Project) -> dict[str, Any]:
    """Show a project."""
    return shapes.project(call.view(), project)


@ci.post(f"{ALL}/:project_id/webhooks", rule=MANAGE)
def add_web_hook(call: dsl.Call, project: Project, web_hook: Annotated[str, "Where builds are told of"]) -> Any:
    """Add a web hook, which is told of each build."""
    if url_problem(web_hook):
        raise BadRequest("Url should be a valid url", reason=f"{web_hook!r} is no URL of http or https")
    made = call.store.insert(WebHook(project_id=project.id, url=web_hook, push_events=False, job_events=True))
    return {"id": made.id, "project_id": project.id, "url": made.url}
