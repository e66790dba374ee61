"""Groups: what there are. Source: https://docs.gitlab.com/api/groups/ and GitLab's lib/api/groups.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.group_filters import GROUP_FILTERS, SEARCH, Level
from mockgitlab.api.models.group import PUBLIC_GROUP, Group, descendants
from mockgitlab.api.models.group_shapes import GROUP_DETAIL, GROUP_LISTED
from mockgitlab.api.services.avatars import avatar_answer
from mockgitlab.api.v4.base import v4
from mockgitlab.store import Query

FINDER = (
    dsl.param("all_available", bool, "Show all the groups you have access to; default for administrators"),
    dsl.param("owned", bool, "Only those explicitly owned by the current user", default=False),
    dsl.param("min_access_level", Level, "Only those where the user has at least this role"),
    dsl.param("statistics", bool, "Include statistics, for administrators", default=False),
    dsl.param("with_custom_attributes", bool, "Include custom attributes, for administrators", default=False),
)


def options(call: dsl.Call, *more: str) -> list[str]:
    """Return what the answer shows besides the usual, as far as this user may have it asked for."""
    wanted = [name for name in ("statistics", "with_custom_attributes") if call.option(name) and access.is_admin(call)]
    return [*wanted, *more]


def _found(call: dsl.Call) -> Query[Group]:
    """Return the groups that the call's parameters ask for, before the filters."""
    groups, given = call.store[Group].where(kind="group"), call.given
    if call.user is None:
        return groups.where(visibility="public")
    least = access.OWNER if given.get("owned") else given.get("min_access_level")
    if least is not None:
        return groups.among("id", with_level(call, least))
    available = given.get("all_available")
    if available if available is not None else access.is_admin(call):
        return groups.among("id", access.visible_group_ids(call.store, access.me(call)))
    return groups.among("id", access.own_group_ids(call.store, call.user.id))


def with_level(call: dsl.Call, least: int) -> frozenset[int]:
    """Return the ids of the groups where the current user has a level; being an administrator does not count."""
    if call.user is None:
        return frozenset()
    levels = access.group_levels(call.store, call.user.id)
    return frozenset(group_id for group_id, level in levels.items() if level >= least)


def _present(call: dsl.Call, groups: Query[Group]) -> Any:
    narrowed = groups
    if call.user is not None and call.sent.get("pagination") == "keyset":
        narrowed = list(call.operation.narrow(groups, call))  # type: ignore[assignment]  # pages of a list have offsets
    return dsl.present(narrowed, options=options(call))


@v4.get("groups", shape=GROUP_LISTED, params=FINDER, filters=GROUP_FILTERS, keyset=("name",))
def list_groups(call: dsl.Call) -> Query[Group]:
    """List groups."""
    return _present(call, _found(call))  # type: ignore[no-any-return]


@v4.get("groups/:id/subgroups", shape=GROUP_LISTED, params=FINDER, filters=GROUP_FILTERS)
def list_subgroups(call: dsl.Call, group: Group) -> Query[Group]:
    """List the groups directly below a group."""
    return dsl.present(_found(call).where(parent_id=group.id), options=options(call))  # type: ignore[no-any-return]


@v4.get("groups/:id/descendant_groups", shape=GROUP_LISTED, params=FINDER, filters=GROUP_FILTERS)
def list_descendant_groups(call: dsl.Call, group: Group) -> Query[Group]:
    """List all groups below a group."""
    below = [one.id for one in descendants(call.store, group)]
    return dsl.present(_found(call).among("id", below), options=options(call))  # type: ignore[no-any-return]


@v4.get("groups/:id", shape=GROUP_DETAIL)
def show_group(
    call: dsl.Call,
    group: Group,
    with_custom_attributes: Annotated[bool, "Include custom attributes, for administrators"] = False,
    with_projects: Annotated[bool, "Include the projects of the group"] = True,
) -> Any:
    """Show a group."""
    return dsl.present(group, options=options(call, "secrets", *(["with_projects"] if with_projects else [])))


@v4.get("groups/:id/transfer_locations", rule=access.AS_OWNER, shape=PUBLIC_GROUP, filters=[SEARCH])
def list_transfer_locations(call: dsl.Call, group: Group) -> Query[Group]:
    """List the groups below which a group can be put."""
    user = access.me(call)
    own = {group.id, group.parent_id, *(one.id for one in descendants(call.store, group))}
    able = [
        one.id
        for one in call.store[Group].where(kind="group")
        if one.id not in own and access.may_create_subgroups(call.store, user, one)
    ]
    return call.store[Group].all().among("id", able).order_by("name")


@v4.get("groups/:id/avatar")
def show_avatar(group: Group) -> dsl.Raw:
    """Download the picture of a group."""
    return avatar_answer(group)
