"""How high a user stands, and standing lower: for trying out which role a client needs.

Source: https://docs.gitlab.com/user/permissions/.
"""

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import LEVELS, Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User

_LEVELS = {
    "without a role": 0,
    **{name: LEVELS[name] for name in ("guest", "planner", "reporter", "developer", "maintainer", "owner")},
    "administrator": 60,
}
_NAMES = {level: name for name, level in _LEVELS.items()}


def standing_of(store: dsl.Store, user_id: int) -> str:
    """Return the highest role that a user has in any group or project of others, empty when there is no such user."""
    user = store[User].get(user_id)
    if user is None:
        return ""
    levels = [member.access_level for member in store[Member].where(user_id=user_id)]
    highest = _LEVELS["administrator"] if user.admin else max(levels, default=0)
    return _NAMES[max(level for level in _NAMES if level <= highest)]


def limit(store: dsl.Store, user_id: int, role: str) -> None:
    """Take from a user every role above one; an administrator becomes a member with that role of all there is."""
    level, user = _LEVELS[role], store[User][user_id]
    if user.admin:
        store.update(user, admin=False)
        _enroll(store, user, level)
    for member in list(store[Member].where(user_id=user_id)):
        if member.access_level > level:
            store.update(member, access_level=level)
        if level == 0:
            store.delete(member)


def _enroll(store: dsl.Store, user: User, level: int) -> None:
    groups = [one for one in store[Group].all() if one.parent_id is None and one.kind == "group"]
    homes = {one.id for one in store[Group].all() if one.kind == "user" and one.owner_id != user.id}
    projects = [one for one in store[Project].all() if one.namespace_id in homes]
    places = [("Namespace", one.id) for one in groups] + [("Project", one.id) for one in projects]
    held = {(member.source_type, member.source_id) for member in store[Member].where(user_id=user.id)}
    for kind, place in places if level else ():
        if (kind, place) not in held:
            store.insert(Member(source_type=kind, source_id=place, user_id=user.id, access_level=level))


STANDING = dsl.Standing(tuple(_LEVELS), standing_of, limit)
