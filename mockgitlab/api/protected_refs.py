"""Who may push to and merge into which branches of a project, and create which tags.

Source: GitLab's lib/gitlab/user_access.rb, app/models/concerns/protected_ref_access.rb, app/models/protected_branch.rb,
ee/app/models/concerns/ee/protected_ref_access.rb.
"""

from collections.abc import Sequence

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.deploy_key import DeployKeysProject
from mockgitlab.api.models.group import Group, branch_protection
from mockgitlab.api.models.key import Key
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project, ProjectShare
from mockgitlab.api.models.protected_ref import (
    ADMIN,
    NO_ACCESS,
    Action,
    Protected,
    ProtectedRefAccess,
    levels,
    protections,
    tag_protections,
)
from mockgitlab.api.models.user import User


def may_push(store: dsl.Store, user: User | None, project: Project) -> bool:
    """Tell whether a user may push anything to a project."""
    return not project.archived and access.project_level(store, user, project) >= access.DEVELOPER


def may_push_to(store: dsl.Store, user: User | None, project: Project, branch: str) -> bool:
    """Tell whether a user may push to a branch, protected or not."""
    if not may_push(store, user, project):
        return collaborates(store, user, project, branch)
    return not is_protected(store, project, branch) or _branch_open(store, user, project, branch, "push")


def collaborates(store: dsl.Store, user: User | None, project: Project, branch: str | None = None) -> bool:
    """Tell whether an open merge request lets a user push to its branch, or to some branch: who could merge it."""
    if project.archived or (branch is not None and is_protected(store, project, branch)):
        return False
    found = store[MergeRequest].where(source_project_id=project.id, allow_collaboration=True, state="opened")
    return any(_merges(store, user, one) for one in found if branch in (None, one.source_branch))


def _merges(store: dsl.Store, user: User | None, merge_request: MergeRequest) -> bool:
    """Tell whether a user may merge a merge request by a role in its project."""
    project, branch = store[Project][merge_request.project_id], merge_request.target_branch
    if not merge_request.from_fork or not may_push(store, user, project):
        return False
    actions: tuple[Action, ...] = ("push", "merge")
    return not is_protected(store, project, branch) or any(
        _branch_open(store, user, project, branch, one) for one in actions
    )


def may_merge_into(store: dsl.Store, user: User | None, project: Project, branch: str) -> bool:
    """Tell whether a user may merge a merge request into a branch: who may push there, and who may merge there."""
    if may_push_to(store, user, project, branch):
        return True
    return may_push(store, user, project) and _branch_open(store, user, project, branch, "merge")


def may_create_tag(store: dsl.Store, user: User | None, project: Project, tag: str) -> bool:
    """Tell whether a user may create a tag, protected or not."""
    kept = tag_protections(store, project, tag)
    return may_push(store, user, project) and (not kept or _is_open(store, user, project, kept, "create"))


def is_protected(store: dsl.Store, project: Project, branch: str) -> bool:
    """Tell whether a branch is protected; in an empty repository that its first branch will be is enough."""
    return bool(protections(store, project, branch)) or (project.empty_repo and protects_default(store, project))


def developers_can(store: dsl.Store, project: Project, branch: str, action: Action) -> bool:
    """Tell whether a protected branch is open to developers."""
    kept = protections(store, project, branch)
    return any(one.is_role and one.access_level == access.DEVELOPER for at in kept for one in levels(store, at, action))


def _branch_open(store: dsl.Store, user: User | None, project: Project, branch: str, action: Action) -> bool:
    if project.empty_repo and _may_begin(store, user, project):
        return True
    return _is_open(store, user, project, protections(store, project, branch), action)


def _may_begin(store: dsl.Store, user: User | None, project: Project) -> bool:
    """Tell whether a user may push the first branch of a project."""
    if access.project_level(store, user, project) >= access.MAINTAINER:
        return True
    protection = default_protection(store, project)
    initial = protection.get("developer_can_initial_push") or access.DEVELOPER in _roles(protection, "push")
    return bool(initial or not protects_default(store, project))


def _is_open(store: dsl.Store, user: User | None, project: Project, kept: Sequence[Protected], action: Action) -> bool:
    return any(allows(store, user, project, one) for at in kept for one in levels(store, at, action))


def allows(store: dsl.Store, user: User | None, project: Project, one: ProtectedRefAccess) -> bool:
    """Tell whether an access level of a protected branch or tag is met by a user."""
    if user is None:
        return False
    if one.deploy_key_id is not None:
        key = store[Key][one.deploy_key_id]
        return key.creator_id == user.id and not key_problems(store, project, key.id)
    if one.user_id is not None:
        return one.user_id == user.id and is_member(store, user, project)
    if one.group_id is not None:
        return _in_group(store, user, project, one.group_id)
    if one.access_level in (None, NO_ACCESS):
        return False
    return user.admin if one.access_level == ADMIN else _has_role(store, user, project, one.access_level or 0)


def _has_role(store: dsl.Store, user: User, project: Project, least: int) -> bool:
    return may_push(store, user, project) and access.project_level(store, user, project) >= least


def is_member(store: dsl.Store, user: User, project: Project) -> bool:
    """Tell whether a user has a role in a project that is not merely an administrator's."""
    direct, inherited = access.project_levels(store, user.id), access.group_levels(store, user.id)
    return project.id in direct or project.namespace_id in inherited


def key_problems(store: dsl.Store, project: Project, key_id: int) -> list[str]:
    """Return why a deploy key opens nothing in a project."""
    key = store[Key].get(key_id)
    if key is None or not key.deploys:
        return ["can't be blank"]
    owner = store[User].get(key.creator_id)
    enabled = store[DeployKeysProject].find(deploy_key_id=key_id, project_id=project.id, can_push=True)
    outside = [] if owner and is_member(store, owner, project) else ["owner is not a project member"]
    return outside if enabled else [*outside, "is not enabled for this project"]


def is_invited(store: dsl.Store, project: Project, group_id: int) -> bool:
    """Tell whether a group is invited to a project as Developer or more."""
    shares = store[ProjectShare].having("project_id", project.id)
    return any(one.group_id == group_id and one.group_access >= access.DEVELOPER for one in shares)


def _in_group(store: dsl.Store, user: User, project: Project, group_id: int) -> bool:
    if not is_invited(store, project, group_id):
        return False
    own = store[Member].where(user_id=user.id, source_type="Namespace", source_id=group_id)
    return any(one.access_level >= access.DEVELOPER and not one.expired(store.today) for one in own)


# The protection of default branches

DEFAULT: tuple[Action, ...] = ("push", "merge")
"""What default branches are opened for."""


def default_protection(store: dsl.Store, project: Project) -> dict[str, object]:
    """Return how the default branch of a new project is protected by its namespace."""
    return branch_protection(store[Group][project.namespace_id])


def protects_default(store: dsl.Store, project: Project) -> bool:
    """Tell whether the default branch of a new project gets protected at all."""
    protection = default_protection(store, project)
    roles = {*_roles(protection, "push"), *_roles(protection, "merge")}
    return not protection.get("allow_force_push") or roles != {access.DEVELOPER}


def default_role(store: dsl.Store, project: Project, action: Action) -> int:
    """Return the role for which the default branch of a new project is open to ``push`` or ``merge``."""
    roles = _roles(default_protection(store, project), action)
    return next((role for role in (NO_ACCESS, access.DEVELOPER) if role in roles), access.MAINTAINER)


def _roles(protection: dict[str, object], action: Action) -> list[int]:
    given = protection.get(f"allowed_to_{action}")
    entries = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return [one["access_level"] for one in entries if "access_level" in one]
