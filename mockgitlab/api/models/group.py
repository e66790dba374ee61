"""Namespaces: groups, subgroups, and the personal namespace of every user.

As in GitLab, all are rows of one table and share one sequence of ids; a personal namespace's id is its user's, far above,
so that groups count from 1 however many users there are.

Source: https://docs.gitlab.com/api/groups/, https://docs.gitlab.com/api/namespaces/.
"""

from typing import Literal

from mockgitlab import dsl
from mockgitlab.api.models.user import User

PERSONAL_ID_ABOVE = 1_000_000
Visibility = Literal["private", "internal", "public"]


class Group(dsl.Entity):
    """A namespace: a group, or with ``kind`` ``user`` a personal namespace."""

    natural = "full_path"

    id: int = dsl.serial()
    name: str = dsl.required("The name of the group", max_length=255)
    path: str = dsl.required("The path of the group", max_length=255)
    full_path: str = dsl.hidden()
    kind: Literal["group", "user"] = dsl.hidden(default="group")
    owner_id: int | None = dsl.hidden()
    parent_id: int | None = dsl.optional("The ID of the parent group")
    description: str = dsl.optional("The description of the group", default="")
    visibility: Visibility = dsl.optional("The visibility of the group", default="private")
    created_at: str = dsl.now()
    updated_at: str = dsl.hidden()


class GroupShare(dsl.Entity):
    """A group invited to another group, with the highest access its members get there."""

    id: int = dsl.serial()
    shared_group_id: int = dsl.parent("Group")
    group_id: int = dsl.parent("Group")
    group_access: int = dsl.required("The access level")
    expires_at: str | None = dsl.optional("The last day of the share")
    created_at: str = dsl.now()


def ancestors(store: dsl.Store, group: Group) -> list[Group]:
    """Return a group and the groups above it, nearest first."""
    chain = [group]
    while chain[-1].parent_id is not None:
        chain.append(store[Group][chain[-1].parent_id])
    return chain


def full_name(store: dsl.Store, group: Group) -> str:
    """Return the names from the top group down: ``Acme / Rockets``."""
    return " / ".join(one.name for one in reversed(ancestors(store, group)))


def descendants(store: dsl.Store, group: Group) -> list[Group]:
    """Return all groups below a group, each before its own."""
    found: list[Group] = []
    for child in store[Group].where(parent_id=group.id):
        found += [child, *descendants(store, child)]
    return found


def find_group(store: dsl.Store, path_or_id: str) -> Group | None:
    """Return the group with an id or a full path, letters' case aside."""
    if path_or_id.isascii() and path_or_id.isdigit() and len(path_or_id) < 19:
        found = store[Group].get(int(path_or_id))
        return found if found and found.kind == "group" else None
    folded = path_or_id.lower()
    groups = store[Group].where(kind="group")
    return groups.filter(lambda group: group.full_path.lower() == folded, ("full_path", folded)).first()


def _personal_avatar(group: Group, view: dsl.View) -> str | None:
    owner = view.store[User].get(group.owner_id) if group.kind == "user" else None
    return owner.avatar_url(view) if owner else None


def web_url(group: Group, view: dsl.View) -> str:
    """Return the address of a group's, or a user's, page."""
    return f"{view.base}/{'groups/' if group.kind == 'group' else ''}{group.full_path}"


NAMESPACE_BASIC = Group.shape("id", "name", "path", name="NamespaceBasic").plus(
    kind=lambda group, view: group.kind,
    full_path=lambda group, view: group.full_path,
    parent_id=lambda group, view: group.parent_id,
    avatar_url=_personal_avatar,
    web_url=web_url,
)
NAMESPACE = NAMESPACE_BASIC.called("Namespace")
