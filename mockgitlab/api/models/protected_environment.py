"""Protected environments: who may deploy to them, and who must approve that.

A project protects its environments by their names, a group those of its projects by their tiers.

Source: https://docs.gitlab.com/api/protected_environments/, https://docs.gitlab.com/api/group_protected_environments/,
GitLab's ee/app/models/protected_environment.rb, ee/app/models/protected_environments/*.rb and
ee/lib/api/entities/protected_environments/*.rb.
"""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.environment import Environment
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import USER_BASIC, User

HUMAN = {30: "Developers + Maintainers", 40: "Maintainers"}
"""How GitLab calls the roles for which environments are opened, as far as it does."""
ADMIN = 60
ALL_MEMBERS = 1
"""The ``group_inheritance_type`` by which the members of the groups above count, too."""


class ProtectedEnvironment(dsl.Entity):
    """An environment, or those of a tier, to which not everybody may deploy."""

    natural = "name"

    id: int = dsl.serial()
    project_id: int | None = dsl.parent("Project")
    group_id: int | None = dsl.parent("Group")
    name: str = dsl.required("The name of the environment; of a group the tier of its environments")


class EnvironmentAuthorization(dsl.Entity):
    """Somebody who may do something with a protected environment: a role, a user or the members of a group."""

    id: int = dsl.serial()
    access_level: int | None = dsl.optional("The role from which on one may")
    user_id: int | None = dsl.reference("User", "The user who may")
    group_id: int | None = dsl.reference("Group", "The group whose members may")
    group_inheritance_type: int = dsl.optional("Whether members of the groups above count", default=0)
    protected_environment_id: int = dsl.parent("ProtectedEnvironment")

    @dsl.computed
    def access_level_description(self, view: dsl.View) -> str | None:
        """Who may, as GitLab says it."""
        return described(view.store, self)


class DeployAccessLevel(EnvironmentAuthorization):
    """Somebody who may deploy to a protected environment."""


class EnvironmentApprovalRule(EnvironmentAuthorization):
    """Somebody by whom deployments to a protected environment must be approved."""

    required_approvals: int = dsl.optional("How many of them must approve", default=1)


class DeploymentApproval(dsl.Entity):
    """What somebody decided on a deployment."""

    id: int = dsl.serial()
    deployment_id: int = dsl.parent("Deployment")
    user_id: int = dsl.reference("User")
    approval_rule_id: int | None = dsl.reference("EnvironmentApprovalRule")
    status: Literal["approved", "rejected"] = dsl.readonly()
    comment: str | None = dsl.readonly()
    created_at: str = dsl.now()
    updated_at: str = dsl.now()

    @dsl.computed
    def user(self, view: dsl.View) -> Any:
        """Who decided."""
        return view.one(USER_BASIC, view.store[User].get(self.user_id))


def described(store: dsl.Store, one: EnvironmentAuthorization) -> str | None:
    """Return whom an authorization names."""
    if one.user_id is not None:
        return store[User][one.user_id].name
    return store[Group][one.group_id].name if one.group_id is not None else HUMAN.get(one.access_level or 0)


def deployers(store: dsl.Store, at: ProtectedEnvironment) -> list[DeployAccessLevel]:
    """Return who may deploy to a protected environment."""
    return store[DeployAccessLevel].having("protected_environment_id", at.id)


def approval_rules(store: dsl.Store, at: ProtectedEnvironment) -> list[EnvironmentApprovalRule]:
    """Return by whom deployments to a protected environment must be approved."""
    return store[EnvironmentApprovalRule].having("protected_environment_id", at.id)


DEPLOY_ACCESS_LEVEL = DeployAccessLevel.shape(
    *("id", "access_level", "access_level_description", "user_id", "group_id", "group_inheritance_type")
)
APPROVAL_RULE = EnvironmentApprovalRule.shape(
    *("id", "user_id", "group_id", "access_level", "access_level_description", "required_approvals"),
    "group_inheritance_type",
)
PROTECTED_ENVIRONMENT = (
    ProtectedEnvironment.shape("name")
    .plus(deploy_access_levels=lambda at, view: view.many(DEPLOY_ACCESS_LEVEL, deployers(view.store, at)))
    .plus(required_approval_count=lambda at, view: 0)
    .plus(approval_rules=lambda at, view: view.many(APPROVAL_RULE, approval_rules(view.store, at)))
)
DEPLOYMENT_APPROVAL = DeploymentApproval.shape("user", "status", "created_at", "comment")


def protections_of(store: dsl.Store, environment: Environment) -> list[ProtectedEnvironment]:
    """Return what protects an environment: its project by its name, the groups above by its tier."""
    if store.settings.edition != "ee":
        return []
    project = store[Project][environment.project_id]
    above = {group.id for group in ancestors(store, store[Group][project.namespace_id])}
    named = store[ProtectedEnvironment].having("name", environment.name)
    tiers = store[ProtectedEnvironment].having("name", environment.tier)
    return [
        *(one for one in named if one.project_id == project.id),
        *(one for one in tiers if one.group_id in above),
    ]


def rules_for(store: dsl.Store, environment: Environment) -> list[EnvironmentApprovalRule]:
    """Return by whom deployments to an environment must be approved."""
    return [rule for at in protections_of(store, environment) for rule in approval_rules(store, at)]
