"""Who may do what: roles in projects and groups, what is visible to whom, and the rules that operations name.

A role is the highest of: the user's own membership, a membership in a group above, and what a share with one of the
user's groups allows; when a group is shared with a group, only its direct members count. Administrators count as owners
everywhere. All roles of a user are found together and remembered until memberships, shares or groups change.

Source: https://docs.gitlab.com/user/permissions/ and https://docs.gitlab.com/api/access_requests/#valid-access-levels.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, GroupShare
from mockgitlab.api.models.member import LEVELS, Member
from mockgitlab.api.models.project import Project, ProjectShare
from mockgitlab.api.models.user import User
from mockgitlab.errors import BadRequest, Forbidden, Unauthorized

MINIMAL, GUEST, PLANNER, REPORTER, DEVELOPER, MAINTAINER, OWNER = 5, 10, 15, 20, 30, 40, 50
NAMES = {level: name for name, level in LEVELS.items()}
CREATION = {"developer": DEVELOPER, "maintainer": MAINTAINER, "owner": OWNER, "administrator": 60, "noone": 60}
"""The least level for ``project_creation_level`` and ``subgroup_creation_level``; 60 is administrators alone."""
Lasting = TypeVar("Lasting", Member, GroupShare, ProjectShare)


def me(call: dsl.Call) -> User:
    """Return the current user; raises ``Unauthorized`` for an anonymous request."""
    if call.user is None:
        raise Unauthorized(reason="this needs a user, the request carries no token")
    return call.store[User][call.user.id]


def viewer(call: dsl.Call) -> User | None:
    """Return the current user, or nothing for an anonymous request."""
    return me(call) if call.user else None


def is_admin(call: dsl.Call) -> bool:
    """Tell whether the current user is an administrator."""
    return call.user is not None and me(call).admin


# Roles


def group_level(store: dsl.Store, user: User | None, group: Group) -> int:
    """Return the access level of a user in a group, 0 for none."""
    if user is None or user.blocked:
        return 0
    return OWNER if user.admin else group_levels(store, user.id).get(group.id, 0)


def project_level(store: dsl.Store, user: User | None, project: Project) -> int:
    """Return the access level of a user in a project, 0 for none."""
    if user is None or user.blocked:
        return 0
    if user.admin:
        return OWNER
    inherited = group_levels(store, user.id).get(project.namespace_id, 0)
    return max(project_levels(store, user.id).get(project.id, 0), inherited)


def level(call: dsl.Call, at: Project | Group) -> int:
    """Return the access level of the current user in a project or group."""
    user = me(call) if call.user is not None else None
    return project_level(call.store, user, at) if isinstance(at, Project) else group_level(call.store, user, at)


def group_levels(store: dsl.Store, user_id: int) -> Mapping[int, int]:
    """Return a user's level by the id of every namespace where there is one; being an administrator does not count."""
    return store.remember(("group levels", user_id), lambda: _group_levels(store, user_id))


def _group_levels(store: dsl.Store, user_id: int) -> dict[int, int]:
    direct = _direct(store, user_id, "Namespace")
    granted = [(group.id, OWNER) for group in store.steady(Group).where(owner_id=user_id)]
    granted += direct.items()
    for share in _valid(store, store[GroupShare].all().among("group_id", direct)):
        granted.append((share.shared_group_id, min(share.group_access, direct[share.group_id])))
    return _inherited(store, granted)


def project_levels(store: dsl.Store, user_id: int) -> Mapping[int, int]:
    """Return a user's level by the id of every project of which he or an invited group of his is a member.

    What the user has through the project's own group is not in it: that is in ``group_levels``.
    """
    return store.remember(("project levels", user_id), lambda: _project_levels(store, user_id))


def _project_levels(store: dsl.Store, user_id: int) -> dict[int, int]:
    levels = _direct(store, user_id, "Project")
    groups = _inherited(store, _direct(store, user_id, "Namespace").items())
    for share in _valid(store, store[ProjectShare].all().among("group_id", groups)):
        through = min(share.group_access, groups[share.group_id])
        levels[share.project_id] = max(levels.get(share.project_id, 0), through)
    return levels


def _direct(store: dsl.Store, user_id: int, source_type: str) -> dict[int, int]:
    mine = store[Member].where(user_id=user_id, source_type=source_type, membership_state="active")
    members = _valid(store, mine)
    return {member.source_id: member.access_level for member in members if member.access_level > MINIMAL}


def _valid(store: dsl.Store, rows: Iterable[Lasting]) -> list[Lasting]:
    return [row for row in rows if row.expires_at is None or row.expires_at[:10] > store.today]


def _inherited(store: dsl.Store, granted: Iterable[tuple[int, int]]) -> dict[int, int]:
    levels: dict[int, int] = {}
    left = list(granted)
    while left:
        group_id, level = left.pop()
        if level > levels.get(group_id, 0):
            levels[group_id] = level
            left += [(child.id, level) for child in store.steady(Group).where(parent_id=group_id)]
    return levels


# Visibility


def can_read(store: dsl.Store, user: User | None, at: Project | Group) -> bool:
    """Tell whether a user, or anybody when there is none, may know of a project or group."""
    if at.visibility in open_to(user):
        return True
    if isinstance(at, Project):
        return project_level(store, user, at) > 0
    return user is not None and not user.blocked and at.id in own_group_ids(store, user.id)


def open_to(user: User | None) -> tuple[str, ...]:
    """Return the visibilities of what a user, or anybody when there is none, sees without a role in it."""
    if user is not None and user.admin:
        return ("public", "internal", "private")
    return ("public",) if user is None or user.external or user.blocked else ("public", "internal")


def own_group_ids(store: dsl.Store, user_id: int) -> frozenset[int]:
    """Return the ids of the groups that a user has to do with.

    Those with a role, those of the projects with one, and the groups above all of these.
    """
    return store.remember(("own groups", user_id), lambda: _own_group_ids(store, user_id))


def _own_group_ids(store: dsl.Store, user_id: int) -> frozenset[int]:
    groups, projects = store.steady(Group), store.steady(Project)
    homes = [project.namespace_id for one in project_levels(store, user_id) if (project := projects.get(one))]
    found: set[int] = set()
    left: list[int | None] = [*group_levels(store, user_id), *homes]
    while left:
        group = groups.get(left.pop())
        if group is not None and group.kind == "group" and group.id not in found:
            found.add(group.id)
            left.append(group.parent_id)
    return frozenset(found)


def visible_project_ids(store: dsl.Store, user: User | None) -> frozenset[int]:
    """Return the ids of all projects that a user may know of."""

    def compute() -> frozenset[int]:
        levels, groups = _levels_of(store, user)
        return frozenset(
            project.id
            for project in store.steady(Project).all()
            if (project.visibility in levels_open or project.id in levels or project.namespace_id in groups)
            and not project.pending_delete
        )

    levels_open = open_to(user)
    return store.remember(("visible projects", _who(user), levels_open), compute)


def _who(user: User | None) -> tuple[int, bool] | None:
    return (user.id, user.blocked) if user else None


def _levels_of(store: dsl.Store, user: User | None) -> tuple[Mapping[int, int], Mapping[int, int]]:
    if user is None or user.blocked:
        return {}, {}
    return project_levels(store, user.id), group_levels(store, user.id)


def visible_group_ids(store: dsl.Store, user: User | None) -> frozenset[int]:
    """Return the ids of all groups that a user may know of."""

    def compute() -> frozenset[int]:
        own = own_group_ids(store, user.id) if user and not user.blocked else frozenset()
        groups = store.steady(Group).where(kind="group")
        return frozenset(group.id for group in groups if group.visibility in levels_open or group.id in own)

    levels_open = open_to(user)
    return store.remember(("visible groups", _who(user), levels_open), compute)


def feature_open(call: dsl.Call, project: Project, feature: str) -> bool:
    """Tell whether the current user may use a feature of a project, such as ``issues``."""
    setting = getattr(project, f"{feature}_access_level")
    return setting == "enabled" or (setting == "private" and level(call, project) > 0) or is_admin(call)


# What may be created where


def may_create_projects(store: dsl.Store, user: User, namespace: Group) -> bool:
    """Tell whether a user may put projects in a group or personal namespace."""
    if namespace.kind == "user":
        return user.admin or namespace.owner_id == user.id
    least = CREATION[namespace.project_creation_level]
    return user.admin or group_level(store, user, namespace) >= least


def may_create_subgroups(store: dsl.Store, user: User, group: Group) -> bool:
    """Tell whether a user may put groups in a group."""
    return group_level(store, user, group) >= CREATION[group.subgroup_creation_level]


# Rules


def _anyone(call: dsl.Call) -> None:
    """Let everybody through; what is hidden is hidden by the locators."""


ANYONE = dsl.Rule("anyone", _anyone, login=False)
USER = dsl.Rule("user", _anyone)


def _check_admin(call: dsl.Call) -> None:
    if not is_admin(call):
        raise Forbidden(reason=f"{me(call).username} is no administrator")


ADMIN = dsl.Rule("admin", _check_admin, early=True)
ADMIN_AFTER_PARAMETERS = dsl.Rule("admin", _check_admin, before_records=True)
"""As ``ADMIN``, for operations that tell wrong parameters to everybody, as those on users do."""


def at_least(least: int, *, live: bool = False) -> dsl.Rule:
    """Return the rule that the current user has at least this level in the project, or group, of the path.

    With ``live`` it keeps everybody from what is archived.
    """
    name = NAMES[least]

    def check(call: dsl.Call) -> None:
        at: Project | Group = call.maybe_at(Project) or call.at(Group)
        have = level(call, at)
        if have < least:
            raise Forbidden(
                reason=f"{me(call).username} is {NAMES.get(have, have)} of {at.full_path}, {name} is needed"
            )
        if live and at.archived:
            raise Forbidden(reason=f"{at.full_path} is archived")

    return dsl.Rule(name, check)


AS_GUEST, AS_PLANNER, AS_REPORTER = at_least(GUEST), at_least(PLANNER), at_least(REPORTER)
AS_PLANNER_UNLESS_ARCHIVED = at_least(PLANNER, live=True)
AS_DEVELOPER, AS_MAINTAINER, AS_OWNER = at_least(DEVELOPER), at_least(MAINTAINER), at_least(OWNER)


def _check_owns_root(call: dsl.Call) -> None:
    group = call.at(Group)
    if group.parent_id is not None:
        raise BadRequest("400 Bad request - Must be a top-level group", reason=f"{group.full_path} is a subgroup")
    AS_OWNER.check(call)


AS_OWNER_OF_ROOT = dsl.Rule("owner of the top-level group", _check_owns_root)


def refuse(call: dsl.Call, project: Project, needed: str) -> None:
    """Raise ``Forbidden`` and say who the caller is in a project, and what is needed."""
    known = level(call, project)
    archived = ", which is archived" if project.archived else ""
    raise Forbidden(
        reason=f"{me(call).username} is {NAMES.get(known, known)} of {project.full_path}{archived}; {needed}"
    )
