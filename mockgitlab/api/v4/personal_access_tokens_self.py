"""The personal access token that the request itself carries: part of the page of personal access tokens.

Source: https://docs.gitlab.com/api/personal_access_tokens/ and GitLab's lib/api/personal_access_tokens/.
"""

from typing import Annotated, Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import NAMESPACE_BASIC, Group, ancestors, full_name, web_url
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.token import ACCESS_TOKENS, TOKEN, TOKEN_WITH_SECRET, Token
from mockgitlab.api.models.user import User
from mockgitlab.api.services.access_tokens import rotate
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.personal_access_tokens import ExpiresAt, revoke
from mockgitlab.errors import BadRequest, MethodNotAllowed

PAGE = "personal_access_tokens"
Level = Annotated[Literal[10, 15, 20, 30, 40, 50], "Only where the user has at least this role"]


def _is_access_token(call: dsl.Call) -> bool:
    return call.token is not None and call.token.kind in ACCESS_TOKENS


def _check_access_token(call: dsl.Call) -> None:
    if not _is_access_token(call):
        text = "This endpoint requires token type to be a personal access token"
        raise BadRequest(f"400 Bad request - {text}", reason="the request carries another kind of token")


def _check_rotatable(call: dsl.Call) -> None:
    if not _is_access_token(call):
        raise MethodNotAllowed(
            message="405 Method Not Allowed", reason="the request carries another kind of token than an access token"
        )


BY_ACCESS_TOKEN = dsl.Rule("an access token", _check_access_token, early=True)
BY_ROTATABLE = dsl.Rule("an access token to rotate", _check_rotatable, early=True)


@v4.get("personal_access_tokens/self", rule=BY_ACCESS_TOKEN, shape=TOKEN, page=PAGE, since="15.5")
def show_self(call: dsl.Call) -> Token:
    """Show the access token that the request carries."""
    return call.store.fresh(call.token)  # type: ignore[no-any-return]


@v4.delete("personal_access_tokens/self", rule=BY_ACCESS_TOKEN, page=PAGE, since="15.0")
def revoke_self(call: dsl.Call) -> None:
    """Revoke the access token that the request carries."""
    revoke(call, call.store.fresh(call.token))


@v4.post(
    "personal_access_tokens/self/rotate",
    rule=BY_ROTATABLE,
    shape=TOKEN_WITH_SECRET,
    success=200,
    page=PAGE,
    since="16.10",
)
def rotate_self(call: dsl.Call, expires_at: ExpiresAt = None) -> Any:
    """Replace the access token that the request carries, by default for a week."""
    return rotate(call, call.store.fresh(call.token), TOKEN_WITH_SECRET)


# Associations


@v4.get("personal_access_tokens/self/associations", rule=BY_ACCESS_TOKEN, page=PAGE, since="17.4")
def list_associations(
    call: dsl.Call, min_access_level: Level | None = None, page: int = 1, per_page: int = 20
) -> dict[str, Any]:
    """List the groups and projects that the token can reach, newest first; the page applies to each list."""
    least, user = min_access_level or 0, access.me(call)
    size = min(max(per_page or 20, 1), 100)
    start = (max(page or 1, 1) - 1) * size
    groups = call.store[Group].all().among("id", access.visible_group_ids(call.store, user))
    projects = call.store[Project].all().among("id", access.visible_project_ids(call.store, user))
    chosen_groups = [one for one in groups.order_by("id", descending=True) if _level(call, user, one) >= least]
    chosen_projects = [one for one in projects.order_by("id", descending=True) if _level(call, user, one) >= least]
    return {
        "groups": [_show_group(call, user, one) for one in chosen_groups[start : start + size]],
        "projects": [_show_project(call, user, one) for one in chosen_projects[start : start + size]],
    }


def _level(call: dsl.Call, user: User, at: Project | Group) -> int:
    if isinstance(at, Project):
        return access.project_level(call.store, user, at)
    return access.group_level(call.store, user, at)


def _membership(store: dsl.Store, user: User, source_type: str, ids: list[int]) -> int | None:
    """Return the highest role of the user's own memberships in some groups, or in a project."""
    members = store[Member].where(user_id=user.id, source_type=source_type).among("source_id", ids)
    return max((member.access_level for member in members if not member.expired(store.today)), default=None)


def _group_membership(store: dsl.Store, user: User, group: Group) -> int | None:
    return _membership(store, user, "Namespace", [one.id for one in ancestors(store, group)])


def _show_group(call: dsl.Call, user: User, group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "web_url": web_url(group, call.view()),
        "name": group.name,
        "parent_id": group.parent_id,
        "organization_id": 1,
        "access_levels": _group_membership(call.store, user, group),
        "visibility": group.visibility,
    }


def _show_project(call: dsl.Call, user: User, project: Project) -> dict[str, Any]:
    view, namespace = call.view(), namespace_of(call.store, project)
    in_group = _group_membership(call.store, user, namespace) if namespace.kind == "group" else None
    levels = {
        "project_access_level": _membership(call.store, user, "Project", [project.id]),
        "group_access_level": in_group,
    }
    return {
        "id": project.id,
        "description": project.description,
        "name": project.name,
        "name_with_namespace": f"{full_name(call.store, namespace)} / {project.name}",
        "path": project.path,
        "path_with_namespace": project.full_path,
        "created_at": project.created_at,
        "access_levels": levels,
        "visibility": project.visibility,
        "web_url": f"{call.base}/{project.full_path}",
        "namespace": view.one(NAMESPACE_BASIC, namespace),
    }
