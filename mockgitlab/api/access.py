"""Who may do what: roles in projects and groups, what is visible to whom, and the rules that operations name.

A role is the highest of: the user's own membership, a membership in a group above, and what a share with one of the
user's groups allows. Administrators count as owners everywhere.

Source: https://docs.gitlab.com/user/permissions/ and https://docs.gitlab.com/api/access_requests/#valid-access-levels.
"""

from collections.abc import Iterable

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, GroupShare, ancestors
from mockgitlab.api.models.member import LEVELS, Member
from mockgitlab.api.models.project import Project, ProjectShare
from mockgitlab.api.models.user import User
from mockgitlab.errors import Forbidden, Unauthorized

GUEST, PLANNER, REPORTER, DEVELOPER, MAINTAINER, OWNER = 10, 15, 20, 30, 40, 50
NAMES = {level: name for name, level in LEVELS.items()}


def me(call: dsl.Call) -> User:
    """Return the current user; raises ``Unauthorized`` for an anonymous request."""
    if call.user is None:
        raise Unauthorized(reason="this needs a user, the request carries no token")
    return call.store[User][call.user.id]


def is_admin(call: dsl.Call) -> bool:
    """Tell whether the current user is an administrator."""
    return call.user is not None and me(call).admin


# Roles


def group_level(store: dsl.Store, user: User | None, group: Group) -> int:
    """Return the access level of a user in a group, 0 for none."""
    if user is None or user.blocked:
        return 0
    if user.admin:
        return OWNER
    return store.remember(("group level", user.id, group.id), lambda: _group_level(store, user.id, group))


def _group_level(store: dsl.Store, user_id: int, group: Group) -> int:
    chain = ancestors(store, store[Group][group.id])
    owned = OWNER if any(one.owner_id == user_id for one in chain) else 0
    direct = max((_direct(store, user_id, "Namespace", one.id) for one in chain), default=0)
    shares = [share for one in chain for share in store[GroupShare].where(shared_group_id=one.id)]
    return max(owned, direct, _through(store, user_id, shares))


def _direct(store: dsl.Store, user_id: int, source_type: str, source_id: int) -> int:
    members = store[Member].where(user_id=user_id, source_type=source_type, source_id=source_id)
    return max((member.access_level for member in members if not member.expired(store.today)), default=0)


def _through(store: dsl.Store, user_id: int, shares: Iterable[GroupShare | ProjectShare]) -> int:
    valid = [share for share in shares if share.expires_at is None or share.expires_at > store.today]
    return max(
        (min(share.group_access, _direct(store, user_id, "Namespace", share.group_id)) for share in valid), default=0
    )


def project_level(store: dsl.Store, user: User | None, project: Project) -> int:
    """Return the access level of a user in a project, 0 for none."""
    if user is None or user.blocked:
        return 0
    if user.admin:
        return OWNER
    return store.remember(("project level", user.id, project.id), lambda: _project_level(store, user.id, project.id))


def _project_level(store: dsl.Store, user_id: int, project_id: int) -> int:
    project = store[Project][project_id]
    direct = _direct(store, user_id, "Project", project_id)
    shared = _through(store, user_id, store[ProjectShare].where(project_id=project_id))
    return max(direct, shared, _group_level(store, user_id, store[Group][project.namespace_id]))


def level(call: dsl.Call, at: Project | Group) -> int:
    """Return the access level of the current user in a project or group."""
    user = me(call) if call.user is not None else None
    return project_level(call.store, user, at) if isinstance(at, Project) else group_level(call.store, user, at)


# Visibility


def can_read(store: dsl.Store, user: User | None, at: Project | Group) -> bool:
    """Tell whether a user, or anybody when there is none, may know of a project or group."""
    if at.visibility == "public" or (at.visibility == "internal" and user is not None and not user.external):
        return True
    if isinstance(at, Project):
        return project_level(store, user, at) > 0
    return group_level(store, user, at) > 0 or (user is not None and _is_in_any_project(store, user, at))


def _is_in_any_project(store: dsl.Store, user: User, group: Group) -> bool:
    return any(project_level(store, user, project) > 0 for project in store[Project].where(namespace_id=group.id))


def visible_project_ids(store: dsl.Store, user: User | None) -> frozenset[int]:
    """Return the ids of all projects that a user may know of."""

    def compute() -> frozenset[int]:
        fresh = store[User].get(user.id) if user else None
        return frozenset(project.id for project in store[Project].all() if can_read(store, fresh, project))

    return store.remember(("visible projects", user.id if user else None), compute)


def visible_group_ids(store: dsl.Store, user: User | None) -> frozenset[int]:
    """Return the ids of all groups that a user may know of."""

    def compute() -> frozenset[int]:
        fresh = store[User].get(user.id) if user else None
        return frozenset(group.id for group in store[Group].where(kind="group") if can_read(store, fresh, group))

    return store.remember(("visible groups", user.id if user else None), compute)


def feature_open(call: dsl.Call, project: Project, feature: str) -> bool:
    """Tell whether the current user may use a feature of a project, such as ``issues``."""
    setting = getattr(project, f"{feature}_access_level")
    return setting == "enabled" or (setting == "private" and level(call, project) > 0) or is_admin(call)


# Rules


def _anyone(call: dsl.Call) -> None:
    """Let everybody through; what is hidden is hidden by the locators."""


ANYONE = dsl.Rule("anyone", _anyone, login=False)
USER = dsl.Rule("user", _anyone)


def _check_admin(call: dsl.Call) -> None:
    if not is_admin(call):
        raise Forbidden(reason=f"{me(call).username} is no administrator")


ADMIN = dsl.Rule("admin", _check_admin, early=True)


def at_least(least: int) -> dsl.Rule:
    """Return the rule that the current user has at least this level in the project, or group, of the path."""
    name = NAMES[least]

    def check(call: dsl.Call) -> None:
        at: Project | Group = call.maybe_at(Project) or call.at(Group)
        have = level(call, at)
        if have < least:
            raise Forbidden(
                reason=f"{me(call).username} is {NAMES.get(have, have)} of {at.full_path}, {name} is needed"
            )

    return dsl.Rule(name, check)


AS_GUEST, AS_PLANNER, AS_REPORTER = at_least(GUEST), at_least(PLANNER), at_least(REPORTER)
AS_DEVELOPER, AS_MAINTAINER, AS_OWNER = at_least(DEVELOPER), at_least(MAINTAINER), at_least(OWNER)
