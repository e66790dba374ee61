"""Stars of projects. Source: https://docs.gitlab.com/api/project_starring/ and GitLab's lib/api/projects.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project, Star
from mockgitlab.api.models.project_shapes import PROJECT
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.v4.base import v4
from mockgitlab.store import Query

STARRER = dsl.Shape("ProjectStarrer", ()).plus(
    starred_since=lambda star, view: star.created_at,
    user=lambda star, view: view.one(USER_BASIC, view.store[User].get(star.user_id)),
)


def _stars(call: dsl.Call, project: Project) -> Query[Star]:
    return call.store[Star].where(project_id=project.id, user_id=access.me(call).id)


def _count(call: dsl.Call, project: Project, by: int) -> Project:
    return call.store.update(project, star_count=project.star_count + by, updated_at=project.updated_at)


@v4.post("projects/:id/star", shape=PROJECT)
def star_project(call: dsl.Call, project: Project) -> Any:
    """Star a project; answers 304 when the user did so before."""
    if _stars(call, project).exists():
        return dsl.present(None, status=304)
    call.store.insert(Star(project_id=project.id, user_id=access.me(call).id))
    return _count(call, project, 1)


@v4.post("projects/:id/unstar", shape=PROJECT)
def unstar_project(call: dsl.Call, project: Project) -> Any:
    """Take back the star of a project; answers 304 when there is none."""
    star = _stars(call, project).first()
    if star is None:
        return dsl.present(None, status=304)
    call.store.delete(star)
    return _count(call, project, -1)


def _search(stars: Query[Star], text: str, call: dsl.Call) -> Query[Star]:
    words = text.lower().split()
    users = call.store[User].all().filter(lambda user: dsl.contains(user, ("name", "username", "email"), words))
    return stars.among("user_id", [user.id for user in users])


@v4.get(
    "projects/:id/starrers",
    shape=STARRER,
    filters=[dsl.by("search", str, "Only users whose name, username or e-mail holds this", _search)],
)
def list_starrers(call: dsl.Call, project: Project) -> Query[Star]:
    """List the users who starred a project, without those whose profile is private to the caller."""
    stars = call.store[Star].where(project_id=project.id)
    if access.is_admin(call):
        return stars
    me = call.user.id if call.user else None
    shown = [user.id for user in call.store[User].where(state="active") if not user.private_profile or user.id == me]
    return stars.among("user_id", shown)
