"""Groups in scenarios, their subgroups and their members."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, find_group
from mockgitlab.api.models.member import LEVELS, Member
from mockgitlab.api.models.user import User

MEMBERS = {"type": "object", "additionalProperties": {"anyOf": [{"enum": list(LEVELS)}, {"type": "integer"}]}}


def seed_group(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Group:
    """Make a group; its ``path`` may be a full path whose parent groups exist."""
    store = seeding.store
    above, _, path = str(columns.get("path") or columns.get("full_path") or "").rpartition("/")
    parent = parents[-1] if parents else find_group(store, above) if above else None
    if not path or (above and parent is None):
        seeding.problem(
            "path", f"needs a parent group {above}, declared before" if above else "is missing: a group needs one"
        )
    full_path = f"{parent.full_path}/{path}" if parent else path
    given = {"name": path, "visibility": parent.visibility if parent else "private", **columns}
    group = store.insert(
        Group(**{**given, "path": path, "full_path": full_path, "parent_id": parent.id if parent else None})
    )
    seed_members(seeding, extras.get("members") or {}, "Namespace", group.id)
    return group


def seed_members(seeding: dsl.Seeding, members: Any, source_type: str, source_id: int) -> None:
    """Make the members of a mapping ``{ada: maintainer}``."""
    if not isinstance(members, dict):
        seeding.problem("members", "must map usernames to roles, {ada: maintainer}")
        return
    for username, role in members.items():
        user = seeding.resolve("User", username, (), "members")
        level = LEVELS.get(str(role).lower(), role)
        if level not in LEVELS.values():
            seeding.problem("members", f"has the role {role!r} for {username}, no role of GitLab: {', '.join(LEVELS)}")
        elif isinstance(user, User):
            seeding.store.insert(
                Member(source_type=source_type, source_id=source_id, user_id=user.id, access_level=level)
            )


GROUPS = dsl.Collection(
    "groups",
    Group,
    {None: lambda _: {}, Group: lambda parent: {}},
    seed_group,
    lambda store, name, _: find_group(store, str(name)),
    {"members": MEMBERS},
)
