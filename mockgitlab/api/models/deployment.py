"""Deployments of projects to their environments.

Source: https://docs.gitlab.com/api/deployments/ and GitLab's app/models/deployment.rb, lib/api/entities/deployment.rb,
ee/app/models/deployments/approval_summary.rb.
"""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.environment import ENVIRONMENT_BASIC, Environment
from mockgitlab.api.models.job_shapes import JOB
from mockgitlab.api.models.pipeline import CommitStatus
from mockgitlab.api.models.protected_environment import (
    APPROVAL_RULE,
    DEPLOYMENT_APPROVAL,
    DeploymentApproval,
    EnvironmentApprovalRule,
    rules_for,
)
from mockgitlab.api.models.user import USER_BASIC, User

Status = Literal["created", "running", "success", "failed", "canceled", "skipped", "blocked"]
FINISHED: tuple[Status, ...] = ("success", "failed", "canceled", "skipped")


class Deployment(dsl.Entity):
    """That a commit comes to an environment."""

    id: int = dsl.serial()
    iid: int = dsl.serial(within="project_id")
    ref: str = dsl.optional("The branch or tag that is deployed")
    sha: str = dsl.optional("The commit that is deployed")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    user_id: int | None = dsl.reference("User", "Who deploys")
    status: Status = dsl.optional("How it stands", default="created")
    tag: bool = dsl.hidden("Whether the ref is a tag", default=False)
    finished_at: str | None = dsl.hidden("When it ended")
    project_id: int = dsl.hidden()
    environment_id: int = dsl.parent("Environment")
    deployable_id: int | None = dsl.hidden("The job that deploys")
    merge_request_ids: tuple[int, ...] = dsl.hidden("What it brings to the environment", default=())

    @dsl.computed
    def user(self, view: dsl.View) -> Any:
        """Who deploys."""
        return view.one(USER_BASIC, view.store[User].get(self.user_id))

    @dsl.computed
    def environment(self, view: dsl.View) -> Any:
        """Where it goes."""
        return view.one(ENVIRONMENT_BASIC, view.store[Environment][self.environment_id])

    @dsl.computed
    def deployable(self, view: dsl.View) -> Any:
        """The job that deploys; nothing where a system outside does."""
        return view.one(JOB, view.store[CommitStatus].get(self.deployable_id))


def deployments_to(store: dsl.Store, environment: Environment, *statuses: Status) -> list[Deployment]:
    """Return the deployments to an environment, the latest first, of some statuses alone if they are named."""
    found = store[Deployment].having("environment_id", environment.id)
    return sorted((one for one in found if not statuses or one.status in statuses), key=lambda one: -one.id)


def last_deployment(store: dsl.Store, environment: Environment) -> Deployment | None:
    """Return what is deployed to an environment: the latest that went well."""
    return next(iter(deployments_to(store, environment, "success")), None)


def shipped_ids(store: dsl.Store, environment: str | None, before: str | None, after: str | None) -> set[int]:
    """Return the ids of the merge requests that came to an environment of a name, between two times, or any."""
    found = store[Deployment].all()
    if environment is not None:
        found = found.among("environment_id", [one.id for one in store[Environment].having("name", environment)])
    return {id for one in found if _ended_between(one, before, after) for id in one.merge_request_ids}


def _ended_between(deployment: Deployment, before: str | None, after: str | None) -> bool:
    ended = deployment.finished_at or ""
    return (before is None or "" < ended < before) and (after is None or ended > after)


# Approvals


def approvals_of(store: dsl.Store, deployment: Deployment) -> list[DeploymentApproval]:
    """Return what was decided on a deployment."""
    return store[DeploymentApproval].having("deployment_id", deployment.id)


def _decided(store: dsl.Store, deployment: Deployment, rule: EnvironmentApprovalRule) -> list[DeploymentApproval]:
    return [one for one in approvals_of(store, deployment) if one.approval_rule_id == rule.id]


def pending_approvals(store: dsl.Store, deployment: Deployment) -> int:
    """Return how many approvals a deployment waits for."""
    rules = rules_for(store, store[Environment][deployment.environment_id])
    return sum(max(rule.required_approvals - _approved(store, deployment, rule), 0) for rule in rules)


def _approved(store: dsl.Store, deployment: Deployment, rule: EnvironmentApprovalRule) -> int:
    return sum(one.status == "approved" for one in _decided(store, deployment, rule))


def _summary(deployment: Deployment, view: dsl.View) -> dict[str, Any]:
    shape = APPROVAL_RULE.plus(
        deployment_approvals=lambda rule, view: view.many(DEPLOYMENT_APPROVAL, _decided(view.store, deployment, rule))
    )
    rules = rules_for(view.store, view.store[Environment][deployment.environment_id])
    return {"rules": [shape.render(rule, view) for rule in rules]}


DEPLOYMENT = Deployment.shape(
    *("id", "iid", "ref", "sha", "created_at", "updated_at", "user", "environment", "deployable", "status")
)
DEPLOYMENT_EXTENDED = DEPLOYMENT.plus(
    pending_approval_count=dsl.computed_in(edition="ee")(lambda one, view: pending_approvals(view.store, one)),
    approvals=dsl.computed_in(edition="ee")(
        lambda one, view: view.many(DEPLOYMENT_APPROVAL, approvals_of(view.store, one))
    ),
    approval_summary=dsl.computed_in(edition="ee")(_summary),
).called("DeploymentExtended")
LAST_DEPLOYMENT = DEPLOYMENT.without("environment").called("LastDeployment")
