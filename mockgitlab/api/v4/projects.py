"""Projects: lists, and single ones. Source: https://docs.gitlab.com/api/projects/ and GitLab's lib/api/projects.rb."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.event import Event
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, Star
from mockgitlab.api.models.project_shapes import BASIC_PROJECT, PROJECT_DETAILS, PROJECT_WITH_ACCESS
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.project_filters import ORDER, PROJECT_FILTERS, authorized_ids
from mockgitlab.api.services.avatars import avatar_answer
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v4.base import BY_NAME, v4
from mockgitlab.errors import BadRequest
from mockgitlab.git.detect import languages
from mockgitlab.store import Query, parse_instant, timestamp

CONTRIBUTIONS = ("Issue", "MergeRequest", "WorkItem", "Milestone", "DesignManagement::Design")
"""The kinds of records whose creation, closing and so on is a contribution; pushes and comments always are."""
SIMPLE = dsl.param("simple", bool, "Show less of each project", default=False)
STATISTICS = dsl.param("statistics", bool, "Include sizes, for members from Reporter on", default=False)
ATTRIBUTES = dsl.param("with_custom_attributes", bool, "Include custom attributes, for administrators", default=False)
LICENSE = dsl.param("license", bool, "Include the license", default=False)
LIST = [
    SIMPLE,
    STATISTICS,
    ATTRIBUTES,
    dsl.param("include_pending_delete", bool, "Include projects being deleted, of which there are none"),
    dsl.param("include_hidden", bool, "Include hidden projects, of which there are none", default=False),
]


def visible(call: dsl.Call) -> Query[Project]:
    """Return the projects that the caller may know of."""
    user = access.me(call) if call.user is not None else None
    return call.store[Project].all().among("id", access.visible_project_ids(call.store, user))


def present_projects(call: dsl.Call, projects: Query[Project]) -> Any:
    """Return a list of projects in the shape for its reader: less for anonymous ones and with ``simple``."""
    options = [name for name in ("statistics", "with_custom_attributes") if call.option(name)]
    basic = call.user is None or call.option("simple")
    return dsl.present(projects, BASIC_PROJECT if basic else PROJECT_WITH_ACCESS, options=options)


@v4.get("projects", params=LIST, filters=PROJECT_FILTERS, keyset=("id",))
def list_projects(call: dsl.Call) -> Query[Project]:
    """List projects."""
    by_update = call.given.get("updated_after") or call.given.get("updated_before")
    if by_update and call.given.get("order_by") != "updated_at":
        text = "400 Bad request - `updated_at` filter and `updated_at` sorting must be paired"
        raise BadRequest(text, reason="send order_by=updated_at as well")
    return present_projects(call, visible(call))  # type: ignore[no-any-return]


@v4.get("users/:user_id/projects", params=LIST, filters=PROJECT_FILTERS, keyset=("id",), locators=BY_NAME)
def list_user_projects(call: dsl.Call, user: User) -> Query[Project]:
    """List the projects in a user's personal namespace."""
    namespaces = [group.id for group in call.store.steady(Group).where(owner_id=user.id)]
    return present_projects(call, visible(call).among("namespace_id", namespaces))  # type: ignore[no-any-return]


@v4.get("users/:user_id/starred_projects", params=LIST, filters=PROJECT_FILTERS, keyset=("id",), locators=BY_NAME)
def list_starred_projects(call: dsl.Call, user: User) -> Query[Project]:
    """List the projects that a user starred."""
    starred = [star.project_id for star in call.store[Star].where(user_id=user.id)]
    if user.private_profile and not (access.is_admin(call) or (call.user and call.user.id == user.id)):
        starred = []
    return present_projects(call, visible(call).among("id", starred))  # type: ignore[no-any-return]


@v4.get("users/:user_id/contributed_projects", params=[SIMPLE], filters=[ORDER], keyset=("id",), locators=BY_NAME)
def list_contributed_projects(call: dsl.Call, user: User) -> Query[Project]:
    """List the projects to which a user contributed in the last year, without those of the user's own namespace."""
    since = timestamp(parse_instant(call.now) - timedelta(days=365))
    events = call.store[Event].where(author_id=user.id)
    own = {group.id for group in call.store.steady(Group).where(owner_id=user.id)}
    ids = {event.project_id for event in events if event.created_at > since and _is_contribution(event)}
    outside = [id for id in ids if id and call.store.steady(Project)[id].namespace_id not in own]
    return present_projects(call, visible(call).among("id", outside))  # type: ignore[no-any-return]


def _is_contribution(event: Event) -> bool:
    return event.action in ("pushed", "commented") or event.target_type in CONTRIBUTIONS


@v4.get("projects/:id", params=[STATISTICS, LICENSE, ATTRIBUTES])
def show_project(call: dsl.Call, project: Project) -> Any:
    """Show a project."""
    options = [name for name in ("statistics", "license", "with_custom_attributes") if call.option(name)]
    return dsl.present(project, PROJECT_WITH_ACCESS if call.user else PROJECT_DETAILS, options=[*options, "one"])


@v4.get("projects/:id/storage", rule=access.ADMIN)
def show_storage(project: Project) -> dict[str, Any]:
    """Show where the repository of a project is stored: below the hash of the project's ID."""
    digest = sha256(str(project.id).encode()).hexdigest()
    return {
        "project_id": project.id,
        "disk_path": f"@hashed/{digest[:2]}/{digest[2:4]}/{digest}",
        "created_at": project.created_at,
        "repository_storage": project.repository_storage,
    }


@v4.get("projects/:id/languages", rule=code.READ)
def list_languages(call: dsl.Call, project: Project) -> dict[str, float]:
    """Tell the share of each programming language in percent."""
    head = Repository(call.store, project).head
    if project.languages is not None or head is None:
        return project.languages or {}
    return call.store.remember(("languages", head.sha), lambda: languages(call.store.objects, head.sha))


@v4.get("projects/:id/avatar")
def show_avatar(project: Project) -> dsl.Raw:
    """Download the picture of a project."""
    return avatar_answer(project)


SEARCH_USERS = dsl.search("name", "username", description="Only users whose name or username holds this")


def _skip_users(users: Query[User], ids: list[int], call: dsl.Call) -> Query[User]:
    skipped = frozenset(ids)
    return users.filter(lambda user: user.id not in skipped, ("skip", skipped))


@v4.get(
    "projects/:id/users",
    shape=USER_BASIC,
    filters=[
        SEARCH_USERS,
        dsl.by("skip_users", dsl.IdList, "Leave out the users with these IDs", _skip_users),
    ],
)
def list_project_users(call: dsl.Call, project: Project) -> Query[User]:
    """List everybody who has a role in a project."""
    store = call.store
    users = [user.id for user in store[User].all() if project.id in authorized_ids(store, user.id)]
    return store[User].all().among("id", users)
