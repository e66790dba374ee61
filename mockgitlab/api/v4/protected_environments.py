"""Protected environments of projects, and of groups by the tiers of environments.

Source: https://docs.gitlab.com/api/protected_environments/, https://docs.gitlab.com/api/group_protected_environments/
and GitLab's ee/lib/api/protected_environments.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_environment import PROTECTED_ENVIRONMENT, ProtectedEnvironment
from mockgitlab.api.services.protected_environments import Changes, entry_params
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, RecordNotFound, Unprocessable
from mockgitlab.store import Query

IN_PROJECT, IN_GROUP = "projects/:id/protected_environments", "groups/:id/protected_environments"
OF_PROJECTS: dict[str, Any] = {"edition": "ee", "rule": access.AS_MAINTAINER}
OF_GROUPS: dict[str, Any] = {"edition": "ee", "rule": access.AS_OWNER}
LEVELS = (access.MAINTAINER, access.DEVELOPER, access.REPORTER, 60)
DEPRECATED = (
    "Parameter 'required_approval_count' is deprecated and shouldn't be used. "
    "See https://gitlab.com/groups/gitlab-org/-/epics/9662"
)
CHANGES = [dsl.param("id", int, "What to change"), dsl.param("_destroy", bool, "Whether to delete it")]
RULES = dsl.param(
    "approval_rules",
    list[dict[str, Any]],
    "By whom deployments must be approved",
    nested=entry_params(LEVELS, *CHANGES, dsl.param("required_approvals", int, "How many must approve", default=1)),
)
COUNT = dsl.param("required_approval_count", int, "How many must approve", deprecated="Use approval_rules instead")
CREATE = [
    dsl.param("name", str, "The name of the environment, or the tier", required=True),
    dsl.param(
        "deploy_access_levels",
        list[dict[str, Any]],
        "Who may deploy",
        required=True,
        nested=entry_params(LEVELS),
    ),
    RULES,
    COUNT,
]
UPDATE = [
    dsl.param("deploy_access_levels", list[dict[str, Any]], "Who may deploy", nested=entry_params(LEVELS, *CHANGES)),
    RULES,
    COUNT,
]


# Finding


def _find(call: dsl.Call, within: Project | Group, name: str) -> ProtectedEnvironment:
    found = call.store[ProtectedEnvironment].find(**_tie(within), name=name)
    if found is None:
        raise RecordNotFound(reason=f"{within.full_path} protects no environment {name!r}")
    return found


def _tie(within: Project | Group) -> dict[str, int]:
    return {"project_id" if isinstance(within, Project) else "group_id": within.id}


@v4.locator(f"{IN_PROJECT}/:name")
def find_protected_environment(call: dsl.Call, value: str) -> ProtectedEnvironment:
    """Return what a project protects by a name."""
    access.AS_MAINTAINER.check(call)
    return _find(call, call.at(Project), value)


@v4.locator(f"{IN_GROUP}/:name")
def find_protected_tier(call: dsl.Call, value: str) -> ProtectedEnvironment:
    """Return what a group protects by a tier."""
    access.AS_OWNER.check(call)
    return _find(call, call.at(Group), value)


# Reading


@v4.get(IN_PROJECT, shape=PROTECTED_ENVIRONMENT, **OF_PROJECTS)
def list_protected_environments(call: dsl.Call, project: Project) -> Query[ProtectedEnvironment]:
    """List the protected environments of a project."""
    return call.store[ProtectedEnvironment].where(project_id=project.id).order_by("name")


@v4.get(IN_GROUP, shape=PROTECTED_ENVIRONMENT, **OF_GROUPS)
def list_group_protected_environments(call: dsl.Call, group: Group) -> Query[ProtectedEnvironment]:
    """List the tiers of environments that a group protects."""
    return call.store[ProtectedEnvironment].where(group_id=group.id).order_by("name")


@v4.get(f"{IN_PROJECT}/:name", shape=PROTECTED_ENVIRONMENT, **OF_PROJECTS)
def show_protected_environment(found: ProtectedEnvironment) -> ProtectedEnvironment:
    """Show a protected environment."""
    return found


@v4.get(f"{IN_GROUP}/:name", shape=PROTECTED_ENVIRONMENT, **OF_GROUPS)
def show_group_protected_environment(found: ProtectedEnvironment) -> ProtectedEnvironment:
    """Show a tier of environments that a group protects."""
    return found


# Writing


def _check_count(given: dsl.Given) -> None:
    if (given.get("required_approval_count") or 0) > 0:
        raise Unprocessable(DEPRECATED, reason="say it in approval_rules: required_approvals")


def _protect(call: dsl.Call, within: Project | Group, given: dsl.Given, taken: str) -> ProtectedEnvironment:
    _check_count(given)
    if call.store[ProtectedEnvironment].find(**_tie(within), name=given["name"]) is not None:
        raise Conflict(taken.format(given["name"]), reason=f"{within.full_path} protects it already; PUT changes that")
    made = call.store.insert(ProtectedEnvironment(**_tie(within), name=given["name"]))
    return Changes(call, made, within).make(given)


@v4.post(IN_PROJECT, shape=PROTECTED_ENVIRONMENT, params=CREATE, **OF_PROJECTS)
def protect_environment(call: dsl.Call, project: Project, given: dsl.Given) -> ProtectedEnvironment:
    """Protect an environment of a project."""
    return _protect(call, project, given, "Environment '{}' is already protected")


@v4.post(IN_GROUP, shape=PROTECTED_ENVIRONMENT, params=CREATE, **OF_GROUPS)
def protect_environments_of_group(call: dsl.Call, group: Group, given: dsl.Given) -> ProtectedEnvironment:
    """Protect the environments of a tier in all projects of a group."""
    return _protect(call, group, given, "Protected environment '{}' already exists")


@v4.put(f"{IN_PROJECT}/:name", shape=PROTECTED_ENVIRONMENT, params=UPDATE, since="15.4", **OF_PROJECTS)
def update_protected_environment(
    call: dsl.Call, project: Project, found: ProtectedEnvironment, given: dsl.Given
) -> ProtectedEnvironment:
    """Change what protects an environment."""
    _check_count(given)
    return Changes(call, found, project).make(given)


@v4.put(f"{IN_GROUP}/:name", shape=PROTECTED_ENVIRONMENT, params=UPDATE, since="15.4", **OF_GROUPS)
def update_group_protected_environment(
    call: dsl.Call, group: Group, found: ProtectedEnvironment, given: dsl.Given
) -> ProtectedEnvironment:
    """Change what protects the environments of a tier."""
    _check_count(given)
    return Changes(call, found, group).make(given)


@v4.delete(f"{IN_PROJECT}/:name", conditional=False, **OF_PROJECTS)
def unprotect_environment(call: dsl.Call, found: ProtectedEnvironment) -> None:
    """Take the protection of an environment away."""
    remove(call.store, found)


@v4.delete(f"{IN_GROUP}/:name", conditional=False, **OF_GROUPS)
def unprotect_environments_of_group(call: dsl.Call, found: ProtectedEnvironment) -> Any:
    """Take the protection of the environments of a tier away; the documents answer 200 to it, the source 204."""
    remove(call.store, found)
    return 200 if call.settings.errors == "documented" else None
