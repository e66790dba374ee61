"""Who may read and write the environments and deployments of a project, and who may deploy to protected ones.

Source: GitLab's app/policies/project_policy.rb, environment_policy.rb, ee/app/policies/ee/environment_policy.rb and
ee/app/models/concerns/protected_environments/authorizable.rb.
"""

from typing import TypeVar

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.deployment import Deployment
from mockgitlab.api.models.environment import Environment
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import is_available
from mockgitlab.api.models.protected_environment import (
    ALL_MEMBERS,
    EnvironmentAuthorization,
    ProtectedEnvironment,
    deployers,
    protections_of,
)
from mockgitlab.api.models.user import User
from mockgitlab.errors import Forbidden, RecordNotFound

R = TypeVar("R", Environment, Deployment)

FEATURES = ("environments", "builds", "repository")
"""The features of a project without which it has no environments."""


def _is_open(call: dsl.Call, project: Project) -> bool:
    return all(is_available(project, feature, call.view()) for feature in FEATURES)


def check_reads(call: dsl.Call) -> None:
    """Raise ``Forbidden`` for who may not see the environments and deployments of the path's project."""
    project, user = call.at(Project), access.me(call)
    public = project.visibility != "private" and project.visibility in access.open_to(user)
    if not _is_open(call, project) or not (public or access.level(call, project) >= access.REPORTER):
        access.refuse(call, project, "the environments of a private project are for Reporter and more")


def _writer(least: int) -> dsl.Rule:
    needed = f"{access.NAMES[least]} is needed, in a project that is not archived and has environments"

    def check(call: dsl.Call) -> None:
        project = call.at(Project)
        if not _is_open(call, project) or project.archived or access.level(call, project) < least:
            access.refuse(call, project, needed)

    return dsl.Rule(access.NAMES[least], check)


READ = dsl.Rule("reader of environments", check_reads)
WRITE, ADMINISTER = _writer(access.DEVELOPER), _writer(access.MAINTAINER)


# Protected environments


def meets(store: dsl.Store, user: User, at: ProtectedEnvironment, one: EnvironmentAuthorization) -> bool:
    """Tell whether a user is among those whom a protected environment names; administrators always are."""
    if user.admin or one.user_id is not None:
        return user.admin or one.user_id == user.id
    if one.group_id is not None:
        return _in_group(store, user, one)
    return _level(store, user, at) >= (one.access_level or 0)


def _level(store: dsl.Store, user: User, at: ProtectedEnvironment) -> int:
    if at.project_id is not None:
        return access.project_level(store, user, store[Project][at.project_id])
    return access.group_level(store, user, store[Group][at.group_id or 0])


def _in_group(store: dsl.Store, user: User, one: EnvironmentAuthorization) -> bool:
    group = store[Group][one.group_id or 0]
    if one.group_inheritance_type == ALL_MEMBERS:
        return access.group_level(store, user, group) > 0
    members = store[Member].where(user_id=user.id, source_type="Namespace", source_id=group.id)
    return any(not member.expired(store.today) for member in members)


def is_protected_from(store: dsl.Store, environment: Environment, user: User | None) -> bool:
    """Tell whether a user may not deploy to an environment because it is protected."""
    kept = protections_of(store, environment)
    if user is None:
        return bool(kept)
    return any(not any(meets(store, user, at, one) for one in deployers(store, at)) for at in kept)


def check_unprotected(call: dsl.Call, environment: Environment) -> None:
    """Raise ``Forbidden`` for who is not among those to whom a protected environment is open."""
    user = access.me(call)
    if is_protected_from(call.store, environment, user):
        raise Forbidden(reason=f"the environment {environment.name} is protected, and not open to {user.username}")


# Finding


def record_in(call: dsl.Call, kind: type[R], value: str) -> R:
    """Return the environment or deployment of the path's project with an id; raises ``RecordNotFound``."""
    found = call.store[kind].get(int(value))
    if found is None or found.project_id != call.at(Project).id:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no {kind.__name__.lower()} with the ID {value}")
    return found
