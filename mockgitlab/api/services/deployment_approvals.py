"""Deciding on deployments to protected environments.

Source: https://docs.gitlab.com/ci/environments/deployment_approvals/, GitLab's
ee/app/services/deployments/approval_service.rb, ee/app/models/ee/environment.rb.
"""

from typing import Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.environment_access import meets
from mockgitlab.api.models.deployment import Deployment, approvals_of, pending_approvals
from mockgitlab.api.models.environment import Environment
from mockgitlab.api.models.pipeline import COMPLETED, CommitStatus, Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_environment import (
    DeploymentApproval,
    EnvironmentApprovalRule,
    ProtectedEnvironment,
    described,
    protections_of,
    rules_for,
)
from mockgitlab.api.services import pipeline_jobs
from mockgitlab.errors import BadRequest

OWN = (
    "You cannot approve your own deployment. This configuration can be adjusted in the protected environment settings."
)
NO_RIGHT = "You don't have permission to approve this deployment. Contact the project or group owner for help."
NO_RULE = (
    "There are no approval rules for the given `represent_as` parameter. Use a valid User/Group/Role name instead."
)


def decide(
    call: dsl.Call,
    deployment: Deployment,
    status: Literal["approved", "rejected"],
    comment: str | None,
    represented_as: str | None,
) -> DeploymentApproval:
    """Approve or reject a deployment as one of those who must; who decided before decides anew."""
    rule = _rule_for(call, deployment, represented_as or None)
    user, problem = access.me(call), _problem(call, deployment, status, rule)
    if problem:
        raise BadRequest(problem, reason=f"{user.username} cannot have deployment {deployment.iid} {status}")
    rule_id = rule.id if rule else None
    own = (one for one in approvals_of(call.store, deployment) if one.user_id == user.id)
    known = next((one for one in own if one.approval_rule_id == rule_id), None)
    if known is not None and known.status == status:
        return known
    if status == "rejected":
        _reject(call, deployment)
    tie = {"deployment_id": deployment.id, "user_id": user.id, "approval_rule_id": rule_id}
    if known is not None:
        return call.store.update(known, status=status, comment=comment)
    return call.store.insert(DeploymentApproval(**tie, status=status, comment=comment))


def _reject(call: dsl.Call, deployment: Deployment) -> None:
    """Let the job that deploys fail."""
    job = call.store[CommitStatus].get(deployment.deployable_id)
    if job is not None and job.status not in COMPLETED:
        call.store.update(job, status="failed", finished_at=call.now, failure_reason="deployment_rejected")
        pipeline_jobs.process(call.store, call.store[Pipeline][job.pipeline_id], call.base)


def _rule_for(call: dsl.Call, deployment: Deployment, represented_as: str | None) -> EnvironmentApprovalRule | None:
    """Return the first rule among whose approvers the current user is, and that is called as told."""
    store, user = call.store, access.me(call)
    for rule in rules_for(store, store[Environment][deployment.environment_id]):
        fits = represented_as is None or represented_as in (described(store, rule) or "")
        if fits and meets(store, user, store[ProtectedEnvironment][rule.protected_environment_id], rule):
            return rule
    return None


def _problem(call: dsl.Call, deployment: Deployment, status: str, rule: EnvironmentApprovalRule | None) -> str:
    store, user = call.store, access.me(call)
    environment, project = store[Environment][deployment.environment_id], store[Project][deployment.project_id]
    if not protections_of(store, environment):
        return "This environment is not protected."
    own = deployment.user_id == user.id and status == "approved"
    if own and not project.allow_pipeline_trigger_approve_deployment:
        return OWN
    if not rules_for(store, environment):
        return "Deployment approvals is not configured for this environment."
    if not pending_approvals(store, deployment):
        return "This deployment is not waiting for approvals."
    if _rule_for(call, deployment, None) is None:
        return NO_RIGHT
    return NO_RULE if rule is None else ""
