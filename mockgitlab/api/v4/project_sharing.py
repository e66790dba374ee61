"""Groups of projects: those above, those invited, and inviting more.

Source: https://docs.gitlab.com/api/projects/#share-a-project-with-a-group, GitLab's lib/api/projects.rb and
app/finders/projects/groups_finder.rb.
"""

from collections.abc import Iterable
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.group_filters import SEARCH, SKIP
from mockgitlab.api.models.group import PUBLIC_GROUP, Group, GroupShare, ancestors
from mockgitlab.api.models.project import Project, ProjectShare, namespace_of
from mockgitlab.api.project_filters import Level
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Conflict, NotFound
from mockgitlab.store import Query

LINK = ProjectShare.shape("id", "project_id", "group_id", "group_access", "expires_at", "member_role_id").called(
    "ProjectGroupLink"
)


class NoSuchGroup(NotFound):
    """There is no such group to share with; GitLab writes no number before it."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.message = "Not Found"


def _above(store: dsl.Store, project: Project) -> list[Group]:
    namespace = namespace_of(store, project)
    return ancestors(store, namespace) if namespace.kind == "group" else []


def _shares(store: dsl.Store, project: Project, least: int | None = None) -> list[ProjectShare]:
    shares = store[ProjectShare].where(project_id=project.id)
    return [share for share in shares if share.group_access >= (least or 0)]


def _visible(call: dsl.Call, ids: Iterable[int]) -> frozenset[int]:
    user = access.me(call) if call.user is not None else None
    return access.visible_group_ids(call.store, user).intersection(ids)


@v4.get("projects/:id/groups", shape=PUBLIC_GROUP, filters=[SEARCH, SKIP])
def list_groups(
    call: dsl.Call,
    project: Project,
    with_shared: Annotated[bool, "Include the groups invited to the project"] = False,
    shared_visible_only: Annotated[bool, "Of these only those that the user may see"] = False,
    shared_min_access_level: Annotated[Level | None, "Of these only those invited with this role"] = None,
) -> Query[Group]:
    """List the groups above a project."""
    shares = _shares(call.store, project, shared_min_access_level) if with_shared else []
    shared = [share.group_id for share in shares]
    invited = _visible(call, shared) if shared_visible_only else shared
    return call.store[Group].all().among("id", (*(group.id for group in _above(call.store, project)), *invited))


def _with_level(groups: Query[Group], least: int, call: dsl.Call) -> Query[Group]:
    if call.user is None:
        return groups.among("id", ())
    levels = access.group_levels(call.store, call.user.id)
    return groups.among("id", [group_id for group_id, level in levels.items() if level >= least])


@v4.get(
    "projects/:id/invited_groups",
    shape=PUBLIC_GROUP,
    filters=[SEARCH, dsl.by("min_access_level", Level, "Only those where the user has this role", _with_level)],
)
def list_invited_groups(
    call: dsl.Call,
    project: Project,
    relation: Annotated[dsl.CommaList | None, "direct, inherited, or both"] = None,
) -> Query[Group]:
    """List the groups invited to a project, or to a group above it."""
    wanted, store = relation or ["direct", "inherited"], call.store
    direct = [share.group_id for share in _shares(store, project)]
    above = [group.id for group in _above(store, project)]
    inherited = [share.group_id for share in store[GroupShare].all().among("shared_group_id", above)]
    ids = [*(direct if "direct" in wanted else []), *(inherited if "inherited" in wanted else [])]
    return store[Group].all().among("id", _visible(call, ids))


@v4.get("projects/:id/share_locations", shape=PUBLIC_GROUP, filters=[SEARCH])
def list_share_locations(call: dsl.Call, project: Project) -> Query[Group]:
    """List the groups that the current user can invite to a project."""
    groups = call.store[Group].where(kind="group").order_by("name")
    if call.user is None or access.level(call, project) < access.MAINTAINER or _locked(call.store, project):
        return groups.among("id", ())
    taken = {
        *(share.group_id for share in _shares(call.store, project)),
        *(one.id for one in _above(call.store, project)),
    }
    own = groups if access.is_admin(call) else groups.among("id", access.group_levels(call.store, call.user.id))
    return groups.among("id", [group.id for group in own if group.id not in taken])


def _locked(store: dsl.Store, project: Project) -> bool:
    return namespace_of(store, project).share_with_group_lock


@v4.post("projects/:id/share", rule=access.AS_MAINTAINER, shape=LINK)
def share_project(
    call: dsl.Call,
    project: Project,
    group_id: Annotated[int, "The ID of the group to share with"],
    group_access: Annotated[Level, "The role that its members get"],
    expires_at: Annotated[dsl.Date | None, "The day on which the share ends"] = None,
    member_role_id: Annotated[int | None, "A custom role for its members"] = None,
) -> Any:
    """Share a project with a group."""
    _check_share(call, project, group_id)
    share = {"group_access": group_access, "expires_at": expires_at, "member_role_id": member_role_id}
    return call.store.insert(ProjectShare(project_id=project.id, group_id=group_id, **share))


def _check_share(call: dsl.Call, project: Project, group_id: int) -> None:
    if _locked(call.store, project):
        raise BadRequest("The project sharing with group is disabled", reason="its group has share_with_group_lock on")
    if not _visible(call, [group_id]):
        raise NoSuchGroup(reason=f"there is no group {group_id} that {access.me(call).username} may see")
    if any(share.group_id == group_id for share in _shares(call.store, project)):
        raise Conflict("Group already shared with this group", reason=f"group {group_id} is invited already")
    if group_id in [group.id for group in _above(call.store, project)]:
        text = "Project cannot be shared with the group it is in or one of its ancestors."
        raise Conflict(text, reason=f"{project.full_path} is in group {group_id}")


@v4.delete("projects/:id/share/:group_id", rule=access.AS_MAINTAINER)
def unshare_project(call: dsl.Call, project: Project, group_id: Annotated[int, "The ID of the invited group"]) -> None:
    """Stop sharing a project with a group."""
    share = next((one for one in _shares(call.store, project) if one.group_id == group_id), None)
    if share is None:
        raise NotFound("Group Link", reason=f"{project.full_path} is not shared with group {group_id}")
    call.store.delete(share)
