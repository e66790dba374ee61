"""Members of groups and projects in scenarios, and the groups that are invited there.

``members: {ada: owner}``, or with more to say ``members: [{user: ada, access: owner, expires_at: 2025-01-01}]``, where
``state: awaiting`` is who waits for approval, and ``ldap: true`` whom an LDAP group made a member;
``shared_with: [{group: acme/labs, access: developer}]``.
"""

from difflib import get_close_matches
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, GroupShare
from mockgitlab.api.models.member import LEVELS, Member
from mockgitlab.api.models.project import Project, ProjectShare
from mockgitlab.api.models.user import User
from mockgitlab.store import parse_instant

ACCESS = {"anyOf": [{"enum": list(LEVELS)}, {"type": "integer"}]}
_MORE = {"access": ACCESS, "expires_at": {"type": "string", "format": "date"}}
_CHOICES: dict[str, dict[str, tuple[Any, ...]]] = {
    "user": {"state": ("active", "awaiting"), "ldap": (False, True)},
    "group": {},
}
"""What else an item may say, and its values, the usual one first."""


def _items(key: str) -> dict[str, Any]:
    choices = {name: {"enum": list(values)} for name, values in _CHOICES[key].items()}
    properties = {key: {"type": "string"}, **_MORE, **choices}
    item = {"type": "object", "properties": properties, "required": [key, "access"], "additionalProperties": False}
    return {"type": "array", "items": item}


MEMBERS: dict[str, Any] = {"anyOf": [{"type": "object", "additionalProperties": ACCESS}, _items("user")]}
SHARED_WITH = _items("group")


Place = tuple[str | int, ...]
"""Where something stands in an item of a scenario."""


def seed_members(seeding: dsl.Seeding, members: Any, source_type: str, source_id: int) -> None:
    """Make the members of a mapping ``{ada: maintainer}`` or a list ``[{user: ada, access: maintainer}]``."""
    told = "map usernames to roles, {ada: maintainer}"
    for at, item in _read(seeding, "members", "user", members, told):
        user = seeding.resolve("User", item["user"], (), at)
        if isinstance(user, User):
            role = {"access_level": item["access"], "expires_at": item["expires_at"], "ldap": item["ldap"]}
            role["membership_state"] = item["state"]
            seeding.store.insert(Member(source_type=source_type, source_id=source_id, user_id=user.id, **role))


def seed_shares(seeding: dsl.Seeding, shares: Any, source: Project | Group) -> None:
    """Invite the groups of a list ``[{group: acme/labs, access: developer}]`` to a group or project."""
    listed = shares if isinstance(shares, list) else None
    for at, item in _read(seeding, "shared_with", "group", listed, "list groups, [{group: acme, access: developer}]"):
        group = seeding.resolve("Group", item["group"], (), at)
        if not isinstance(group, Group):
            continue
        share = {"group_id": group.id, "group_access": item["access"], "expires_at": item["expires_at"]}
        if isinstance(source, Project):
            seeding.store.insert(ProjectShare(project_id=source.id, **share))
        else:
            seeding.store.insert(GroupShare(shared_group_id=source.id, **share))


def _read(seeding: dsl.Seeding, key: str, kind: str, given: Any, wanted: str) -> list[tuple[Place, dict[str, Any]]]:
    items = _placed(key, kind, given)
    if items is None:
        seeding.problem(key, f"must {wanted}")
        return []
    return [(at, _item(seeding, at, kind, item)) for at, item in items if _is_known(seeding, at, kind, item)]


def _item(seeding: dsl.Seeding, at: Place, kind: str, item: dict[str, Any]) -> dict[str, Any]:
    chosen = {name: item.get(name, values[0]) for name, values in _CHOICES[kind].items()}
    return {kind: item[kind], "access": _level(seeding, at, item), "expires_at": _day(seeding, at, item), **chosen}


def _placed(key: str, kind: str, given: Any) -> list[tuple[Place, dict[str, Any]]] | None:
    """Return what is given with its place, each as an item of a list; nothing when it is neither list nor mapping."""
    if isinstance(given, dict):
        return [((key, str(name)), {kind: name, "access": role}) for name, role in given.items()]
    if isinstance(given, list) and all(isinstance(item, dict) and kind in item for item in given):
        return [((key, index), item) for index, item in enumerate(given)]
    return None


def _is_known(seeding: dsl.Seeding, at: Place, kind: str, item: dict[str, Any]) -> bool:
    unknown = sorted(map(str, item.keys() - {kind, "access", "expires_at", *_CHOICES[kind]}))
    if unknown:
        seeding.problem(at, f"has {', '.join(unknown)}; an item has {kind}, access and expires_at")
    wrong = [name for name, values in _CHOICES[kind].items() if item.get(name, values[0]) not in values]
    for name in wrong:
        seeding.problem(at, f"has {name} {item[name]!r}; it is one of {', '.join(map(str, _CHOICES[kind][name]))}")
    return not unknown and not wrong


def _level(seeding: dsl.Seeding, at: Place, item: dict[str, Any]) -> Any:
    role = item.get("access")
    level = LEVELS.get(str(role).lower(), role)
    if level not in LEVELS.values():
        whose, near = next(iter(item.values())), get_close_matches(str(role).lower(), LEVELS, 1)
        told = f"has the role {role!r} for {whose}, no role of GitLab: {', '.join(LEVELS)}"
        seeding.problem(at, told, suggestion=near[0] if near else None)
    return level


def _day(seeding: dsl.Seeding, at: Place, item: dict[str, Any]) -> str | None:
    if item.get("expires_at") is None:
        return None
    try:
        return parse_instant(str(item["expires_at"])).date().isoformat()
    except ValueError:
        seeding.problem(at, f"has expires_at {item['expires_at']!r}, no date; write 2025-01-31")
        return None
