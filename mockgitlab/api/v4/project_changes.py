"""Creating and changing projects.

Source: https://docs.gitlab.com/api/projects/#create-a-project and GitLab's lib/api/projects.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_shapes import PROJECT
from mockgitlab.api.models.user import User
from mockgitlab.api.project_params import CREATE_PARAMS, ENOUGH, UPDATE_PARAMS
from mockgitlab.api.services import projects
from mockgitlab.api.v4.base import find_user, v4
from mockgitlab.errors import ValidationFailed

ONE_SOURCE = dsl.mutually_exclusive("import_url", "template_name", "template_project_id")
NAME = dsl.param("name", str, "The name of the project", required=True)


def one(project: Project) -> Any:
    """Return a project with what is shown of a single one."""
    return dsl.present(project, PROJECT, options=["one"])


@v4.post("projects", params=CREATE_PARAMS, constraints=[dsl.at_least_one_of("name", "path"), ONE_SOURCE])
def create_project(call: dsl.Call, given: dsl.Given) -> Any:
    """Create a project in the user's own or another namespace."""
    return _made(projects.create(call, access.me(call), given))


def _made(project: Project) -> Any:
    """Show a new project; of an import it is told that it will be done, as it is when the project is shown next."""
    return one(project.replaced({"import_status": "scheduled"}) if project.import_type == "git" else project)


@v4.post(
    "projects/user/:user_id",
    rule=access.ADMIN,
    params=[*CREATE_PARAMS, NAME],
    constraints=[ONE_SOURCE],
    locators=(("user_id", dsl.Locator(find_user)),),
)
def create_project_for_user(call: dsl.Call, given: dsl.Given, user: User) -> Any:
    """Create a project that belongs to another user."""
    try:
        return _made(projects.create(call, user, given))
    except projects.LimitReached as error:
        raise ValidationFailed({"limit_reached": error.message}, reason=error.reason) from None


@v4.put(
    "projects/:id",
    rule=access.AS_MAINTAINER,
    params=UPDATE_PARAMS,
    constraints=[dsl.at_least_one_of(*ENOUGH)],
)
def update_project(call: dsl.Call, project: Project, given: dsl.Given) -> Any:
    """Change a project."""
    return one(projects.update(call, project, given))
