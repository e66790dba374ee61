"""Who may see, publish and delete packages: users by their role, deploy tokens by their scopes.

Source: https://docs.gitlab.com/user/permissions/ and GitLab's app/policies/project_policy.rb,
lib/api/helpers/packages_helpers.rb.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.feature import is_on
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.group import find_group as known_group
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.project import find_project as known_project
from mockgitlab.api.models.token import Token
from mockgitlab.api.reach import below
from mockgitlab.api.v4.base import find_group, find_project
from mockgitlab.errors import Forbidden, NotFound, Unauthorized

T = TypeVar("T")
CHALLENGE = {"WWW-Authenticate": 'Basic realm="GitLab Packages Registry"'}


class Need(NamedTuple):
    """What something takes: a role, or in a deploy token one of some scopes."""

    level: int
    scopes: tuple[str, ...]


READ = Need(access.REPORTER, ("read_package_registry", "write_package_registry"))
WRITE = Need(access.DEVELOPER, ("write_package_registry",))
DELETE = Need(access.MAINTAINER, ())


def may(call: dsl.Call, project: Project, need: Need) -> bool:
    """Tell whether the caller may do something with the packages of a project."""
    if not project.packages_enabled or project.package_registry_access_level == "disabled":
        return False
    if call.token is not None and call.token.kind == "deploy":
        return reaches(call.store, call.token, project) and not set(need.scopes).isdisjoint(call.token.scopes)
    setting = project.package_registry_access_level
    return access.level(call, project) >= need.level or (need is READ and is_open(call, project, setting))


def is_open(call: dsl.Call, project: Project, setting: str) -> bool:
    """Tell whether a registry with a setting is open to a caller whatever the role."""
    if setting == "public":
        return True
    seen = project.visibility in access.open_to(access.viewer(call))
    return seen and (setting == "enabled" or access.level(call, project) > 0)


def reaches(store: dsl.Store, token: Token, project: Project) -> bool:
    """Tell whether a deploy token is of a project, or of a group above it."""
    above = [one.id for one in ancestors(store, namespace_of(store, project))]
    return token.project_id == project.id or (token.group_id is not None and token.group_id in above)


def _rule(name: str, need: Need) -> dsl.Rule:
    def check(call: dsl.Call) -> None:
        project = call.at(Project)
        if call.token is None and need is not READ:
            raise Unauthorized(reason="publishing and deleting packages needs a token")
        if not may(call, project, need):
            raise Forbidden(reason=f"the packages of {project.full_path} are not open to this caller")

    return dsl.Rule(name, check, login=False)


READS, WRITES, DELETES = _rule("reporter", READ), _rule("developer", WRITE), _rule("maintainer", DELETE)


def _check_somebody(call: dsl.Call) -> None:
    if call.token is None:
        raise Unauthorized(reason="this needs a token")


SOMEBODY = dsl.Rule("user", _check_somebody, login=False)
"""For every caller with a token, one that is no user's too."""


def find_registry(call: dsl.Call, value: str) -> Project:
    """Return the project that a path names, to deploy tokens too where they may reach it."""
    if call.token is None or call.token.kind != "deploy":
        return find_project(call, value)
    project = known_project(call.store, value)
    if project is None or not (reaches(call.store, call.token, project) or project.visibility == "public"):
        raise NotFound("Project", reason=f"the deploy token reaches no project {value}")
    return project


def find_group_registry(call: dsl.Call, value: str) -> Group:
    """Return the group that a path names, to deploy tokens too where they are of it or of one above."""
    if call.token is None or call.token.kind != "deploy":
        return find_group(call, value)
    group = known_group(call.store, value)
    if group is None or call.token.group_id not in [one.id for one in ancestors(call.store, group)]:
        raise NotFound("Group", reason=f"the deploy token reaches no group {value}")
    return group


def check_group(call: dsl.Call) -> None:
    """Raise ``Forbidden`` for who may not see the packages of a group."""
    group = call.at(Group)
    if call.token is not None and call.token.kind == "deploy":
        allowed = not set(READ.scopes).isdisjoint(call.token.scopes)
    else:
        open_to = access.open_to(access.viewer(call))
        allowed = access.level(call, group) >= access.REPORTER or group.visibility in open_to
    if not allowed:
        raise Forbidden(reason=f"the packages of {group.full_path} are for its reporters and above")


def projects_in(call: dsl.Call, group: Group) -> list[Project]:
    """Return the projects of a group and below it whose packages the caller may see."""
    found = (call.store[Project][id] for id in sorted(below(call.store, group)))
    return [one for one in found if may(call, one, READ)]


def behind_flag(rule: dsl.Rule, flag: str) -> dsl.Rule:
    """Return a rule for what GitLab hides behind a feature flag that is off unless set."""

    def check(call: dsl.Call) -> None:
        if not is_on(call.store, flag, call.at(Project)):
            raise NotFound(reason=f"the feature flag {flag} is off, as in GitLab unless set by POST /features/{flag}")
        rule.check(call)

    return dsl.Rule(rule.name, check, login=False)


READS_GROUP = dsl.Rule("reporter", check_group, login=False)
OF_REGISTRY = (("id", dsl.Locator(find_registry)),)
OF_GROUP_REGISTRY = (("id", dsl.Locator(find_group_registry)),)
"""The ``locators`` of what deploy tokens may call."""
TAKEN_BY_TOKENS: dict[str, Any] = {"json_suffix": False, "job_token": True, "deploy_token": True, "basic_auth": True}
OF_PROJECT = {**TAKEN_BY_TOKENS, "locators": OF_REGISTRY}
"""The options of what clients of packages call, in which tokens of every kind may be the password."""


# Clients that say who they are once they are asked


def _challenged(check: Callable[..., T]) -> Callable[..., T]:
    """Return a check that asks nobody in particular for a name and password, in place of a refusal."""

    @wraps(check)
    def checked(call: dsl.Call, *value: str) -> T:
        try:
            return check(call, *value)
        except (NotFound, Forbidden, Unauthorized) as error:
            if call.token is None:
                raise Unauthorized(reason=error.reason, headers=CHALLENGE) from None
            raise NotFound(reason=error.reason) if isinstance(error, NotFound) else error from None

    return checked


def _asking(rule: dsl.Rule) -> dsl.Rule:
    return dsl.Rule(rule.name, _challenged(rule.check), login=False)


ASKED_READS, ASKED_WRITES, ASKED_DELETES = _asking(READS), _asking(WRITES), _asking(DELETES)
ASKED_READS_GROUP = _asking(READS_GROUP)
OF_ASKED = {**TAKEN_BY_TOKENS, "locators": (("id", dsl.Locator(_challenged(find_registry))),)}
OF_ASKED_GROUP = {**TAKEN_BY_TOKENS, "locators": (("id", dsl.Locator(_challenged(find_group_registry))),)}
"""Rules and options of what clients call that send a name and a password when asked for them."""
