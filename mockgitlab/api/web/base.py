"""The addresses themselves, and how they name projects and groups."""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.v4.base import hidden
from mockgitlab.errors import RouteNotFound


def scopes(method: str, path: str) -> tuple[str, ...]:
    """Return the token scopes with which an address may be read."""
    return ("api", "read_api", "read_repository")


web = dsl.Api("web", "", scopes=scopes, anyone=access.ANYONE, user=access.USER)


@web.locator("*full_path")
def find_project_by_path(call: dsl.Call, value: str) -> Project:
    """Return the project with a full path that the caller may know of; without one there is no such address."""
    project = None if value.isdigit() else find_project(call.store, value)
    if project is None:
        raise RouteNotFound(reason=f"there is no project {value}")
    if not access.can_read(call.store, call.user, project):
        raise RouteNotFound(reason=hidden(call, project))
    return project
