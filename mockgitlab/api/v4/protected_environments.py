"""Protected environments of projects, and of groups by the tiers of environments.

Source: https://docs.gitlab.com/api/protected_environments/, https://docs.gitlab.com/api/group_protected_environments/
and GitLab's ee/lib/api/protected_environments.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.protected_environment import PROTECTED_ENVIRONMENT, ProtectedEnvironment
from mockgitlab.api.services.protected_environments import Changes, entry_params
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, InvalidParameters, RecordNotFound, Unprocessable
from mockgitlab.store import Query

PARENTS = {"projects": access.AS_MAINTAINER, "groups": access.AS_OWNER}
"""Where environments are protected, and who may do that there."""
TAKEN = {
    Project: "Environment '{}' is already protected",
    Group: "Protected environment '{}' already exists",
}
LEVELS = (access.MAINTAINER, access.DEVELOPER, access.REPORTER, 60)
DEPRECATED = (
    "Parameter 'required_approval_count' is deprecated and shouldn't be used. "
    "See https://gitlab.com/groups/gitlab-org/-/epics/9662"
)
RULE_WHO = ("access_level", "user_id", "group_id")
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


def find_protected_environment(call: dsl.Call, value: str) -> ProtectedEnvironment:
    """Return what a project protects by a name, or a group by a tier, for those who may protect."""
    PARENTS["projects" if Project in call.located else "groups"].check(call)
    within: Project | Group = call.maybe_at(Project) or call.at(Group)
    found = call.store[ProtectedEnvironment].find(**tied_to(within), name=value)
    if found is None:
        raise RecordNotFound(reason=f"{within.full_path} protects no environment {value!r}")
    return found


# Operations


def list_protected_environments(call: dsl.Call, within: Project | Group) -> Query[ProtectedEnvironment]:
    """List the environments that a project protects, or the tiers of a group."""
    return call.store[ProtectedEnvironment].where(**tied_to(within)).order_by("name")


def show_protected_environment(found: ProtectedEnvironment) -> ProtectedEnvironment:
    """Show a protected environment."""
    return found


def protect_environment(call: dsl.Call, within: Project | Group, given: dsl.Given) -> ProtectedEnvironment:
    """Protect an environment of a project, or those of a tier in all projects of a group."""
    _check(call, given)
    if call.store[ProtectedEnvironment].find(**tied_to(within), name=given["name"]) is not None:
        told = TAKEN[type(within)].format(given["name"])
        raise Conflict(told, reason=f"{within.full_path} protects it already; PUT changes that")
    made = call.store.insert(ProtectedEnvironment(**tied_to(within), name=given["name"]))
    return Changes(call, made, within).make(given)


def update_protected_environment(
    call: dsl.Call, within: Project | Group, found: ProtectedEnvironment, given: dsl.Given
) -> ProtectedEnvironment:
    """Change what protects an environment."""
    _check(call, given)
    return Changes(call, found, within).make(given)


def unprotect_environment(call: dsl.Call, found: ProtectedEnvironment) -> None:
    """Take the protection of an environment away."""
    remove(call.store, found)


def _check(call: dsl.Call, given: dsl.Given) -> None:
    if (given.get("required_approval_count") or 0) > 0:
        raise Unprocessable(DEPRECATED, reason="say it in approval_rules: required_approvals")
    for place, entry in enumerate(given.get("approval_rules") or ()):
        known = call.settings.errors == "documented" and entry.get("id") is not None
        if not known and not any(name in entry for name in RULE_WHO):
            names = ", ".join(f"approval_rules[{place}][{name}]" for name in RULE_WHO)
            told = f"{names} are missing, at least one parameter must be provided"
            raise InvalidParameters([told], reason="a rule says who is to approve")


for parent, rule in PARENTS.items():
    at, options = f"{parent}/:id/protected_environments", {"edition": "ee", "rule": rule}
    shown: dict[str, Any] = {**options, "shape": PROTECTED_ENVIRONMENT}
    v4.locator(f"{at}/:name")(find_protected_environment)
    v4.get(at, **shown)(list_protected_environments)
    v4.get(f"{at}/:name", **shown)(show_protected_environment)
    v4.post(at, **shown, params=CREATE)(protect_environment)
    v4.put(f"{at}/:name", **shown, params=UPDATE, since="15.4")(update_protected_environment)
    v4.delete(f"{at}/:name", **options, conditional=False)(unprotect_environment)
