"""Groups invited to groups. Source: https://docs.gitlab.com/api/groups/#invite-groups and lib/api/groups.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.group_filters import ORDER, SEARCH, SKIP, VISIBILITY, Level
from mockgitlab.api.models.group import Group, GroupShare, ancestors, descendants
from mockgitlab.api.models.group_shapes import GROUP_DETAIL, GROUP_LISTED
from mockgitlab.api.v4.base import find_group, v4
from mockgitlab.api.v4.groups import options, with_level
from mockgitlab.errors import Conflict, NotFound
from mockgitlab.store import Query

OPTIONS = (
    dsl.param("min_access_level", Level, "Only those where the user has at least this role"),
    dsl.param("with_custom_attributes", bool, "Include custom attributes, for administrators", default=False),
)


def _present(call: dsl.Call, ids: list[int]) -> Any:
    shown = access.visible_group_ids(call.store, access.viewer(call))
    if call.given.get("min_access_level") is not None:
        shown = shown & with_level(call, call.given["min_access_level"])
    return dsl.present(call.store[Group].all().among("id", shown.intersection(ids)), options=options(call))


@v4.get("groups/:id/groups/shared", shape=GROUP_LISTED, params=OPTIONS, filters=[SKIP, VISIBILITY, SEARCH, ORDER])
def list_shared_groups(call: dsl.Call, group: Group) -> Query[Group]:
    """List the groups to which a group was invited."""
    shares = call.store[GroupShare].where(group_id=group.id)
    return _present(call, [share.shared_group_id for share in shares])  # type: ignore[no-any-return]


@v4.get("groups/:id/invited_groups", shape=GROUP_LISTED, params=OPTIONS, filters=[SEARCH])
def list_invited_groups(
    call: dsl.Call,
    group: Group,
    relation: Annotated[dsl.CommaList | None, "direct, inherited, or both"] = None,
) -> Query[Group]:
    """List the groups that were invited to a group."""
    own, *above = [one.id for one in ancestors(call.store, group)]
    wanted = relation or ["direct", "inherited"]
    at = [*([own] if "direct" in wanted else []), *(above if "inherited" in wanted else [])]
    shares = call.store[GroupShare].all().among("shared_group_id", at)
    return _present(call, [share.group_id for share in shares])  # type: ignore[no-any-return]


@v4.post("groups/:id/share", rule=access.AS_OWNER, shape=GROUP_DETAIL)
def share_group(
    call: dsl.Call,
    group: Group,
    group_id: Annotated[int, "The ID of the group to share with"],
    group_access: Annotated[Level, "The role that its members get"],
    expires_at: Annotated[dsl.Date | None, "The day on which the share ends"] = None,
    member_role_id: Annotated[int | None, "A custom role for its members"] = None,
) -> Group:
    """Share a group with another group."""
    invited = find_group(call, str(group_id))
    if not _may_invite(call.store, group, invited):
        raise _NotAllowed(reason=f"{group.full_path} is not to be shared outside its hierarchy")
    if call.store[GroupShare].where(shared_group_id=group.id, group_id=invited.id).exists():
        raise Conflict("Shared group The group has already been shared with this group")
    share = {"group_access": group_access, "expires_at": expires_at, "member_role_id": member_role_id}
    call.store.insert(GroupShare(shared_group_id=group.id, group_id=invited.id, **share))
    return group


class _NotAllowed(NotFound):
    """The group is not to be shared; GitLab says ``Not Found`` without its number."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.message = "Not Found"


def _may_invite(store: dsl.Store, group: Group, invited: Group) -> bool:
    root = ancestors(store, group)[-1]
    inside = (root.id, *(one.id for one in descendants(store, root)))
    return not root.prevent_sharing_groups_outside_hierarchy or invited.id in inside


@v4.delete("groups/:id/share/:group_id", rule=access.AS_OWNER)
def unshare_group(call: dsl.Call, group: Group, group_id: Annotated[int, "The ID of the invited group"]) -> None:
    """Stop sharing a group with another group."""
    share = call.store[GroupShare].where(shared_group_id=group.id, group_id=group_id).first()
    if share is None:
        raise NotFound("Group Link", reason=f"{group.full_path} is not shared with the group {group_id}")
    call.store.delete(share)
