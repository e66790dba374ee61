"""Deployments by jobs: a job with an ``environment`` makes it, deploys to it, or stops it.

Source: https://docs.gitlab.com/ci/environments/, GitLab's
app/services/environments/create_for_job_service.rb,
app/services/deployments/{create_for_job,update_environment}_service.rb,
app/models/deployment.rb (``sync_status_with``) and ee/app/services/ee/ci/process_build_service.rb.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.environment_access import is_protected_from
from mockgitlab.api.models.deployment import FINISHED, Deployment, Status, pending_approvals
from mockgitlab.api.models.environment import Environment, find_environment
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, latest_statuses
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_environment import rules_for
from mockgitlab.api.models.user import User
from mockgitlab.api.services import deployments, environments
from mockgitlab.errors import ValidationFailed
from mockgitlab.store import timestamp

TIMES: dict[str, Status] = {
    "created": "created",
    "manual": "blocked",
    "running": "running",
    **{one: one for one in FINISHED},
}
"""How a deployment stands while its job has a status; what is not here changes nothing."""


def options_of(job: CommitStatus) -> Mapping[str, Any]:
    """Return what a job says of its environment, nothing where it has none."""
    return (job.config or {}).get("deployment") or {}


def _action(job: CommitStatus) -> str:
    return str(options_of(job).get("action") or "start")


def prepare(store: dsl.Store, job: CommitStatus) -> CommitStatus:
    """Make the environment of a new job, and the deployment that it is to be; without a good name, the job fails."""
    if job.status != "created" or deployment_of(store, job) is not None:
        return job
    project = store[Project][job.project_id]
    try:
        environment = environment_of(store, job) or environments.create(store, project, _columns(store, job))
    except ValidationFailed:
        reason = "environment_creation_failure"
        return store.update(job, status="failed", finished_at=store.now, failure_reason=reason)
    if _action(job) == "start":
        tie = {"project_id": project.id, "environment_id": environment.id, "deployable_id": job.id}
        made = {"ref": job.ref, "sha": job.sha, "tag": store[Pipeline][job.pipeline_id].tag, "user_id": job.user_id}
        store.insert(Deployment(**tie, **made))
    return job


def _columns(store: dsl.Store, job: CommitStatus) -> dict[str, Any]:
    """Return what a job sets of its environment, where it deploys and has ended well or makes it."""
    from mockgitlab.ci_config.durations import seconds
    from mockgitlab.ci_config.variables import expanded

    options = options_of(job)
    name = options["name"]
    named = {"CI_ENVIRONMENT_NAME": name, "CI_ENVIRONMENT_SLUG": environments.slug_of(name)}
    stops_in = seconds(options.get("auto_stop_in"))
    due = timestamp(store.clock.instant + timedelta(seconds=stops_in)) if stops_in else None
    found = {
        "external_url": expanded(str(options.get("url") or ""), named) or None,
        "tier": options.get("deployment_tier"),
        "auto_stop_at": due,
    }
    return {"name": name, **{key: value for key, value in found.items() if value is not None}}


def environment_of(store: dsl.Store, job: CommitStatus) -> Environment | None:
    """Return the environment of a job."""
    return find_environment(store, store[Project][job.project_id], str(options_of(job).get("name") or ""))


def deployment_of(store: dsl.Store, job: CommitStatus) -> Deployment | None:
    """Return what a job deploys."""
    return store[Deployment].find(deployable_id=job.id)


# Following jobs


def follow(store: dsl.Store, pipeline: Pipeline) -> None:
    """Let deployments and environments follow the jobs of a pipeline."""
    for job in latest_statuses(store, pipeline):
        if options_of(job):
            _follow(store, job)


def _follow(store: dsl.Store, job: CommitStatus) -> None:
    deployment, environment = deployment_of(store, job), environment_of(store, job)
    if environment is None:
        return
    if deployment is not None:
        _bring_up_to_date(store, deployment, environment, job)
    elif _action(job) == "stop" and job.status == "success":
        environments.stop(store, environment, force=True)


def _bring_up_to_date(store: dsl.Store, deployment: Deployment, environment: Environment, job: CommitStatus) -> None:
    """Give a deployment the status of its job; one that was blocked is not any more once the job waits for a runner."""
    status = TIMES.get(job.status, "created" if deployment.status == "blocked" else deployment.status)
    if status != deployment.status:
        if status == "success":
            environments.renew(store, environment, _columns(store, job))
        deployments.change_status(store, deployment, status)


def is_kept_from(store: dsl.Store, job: CommitStatus) -> bool:
    """Tell whether a protected environment is not open to the user of a job that deploys there."""
    environment = environment_of(store, job)
    user = store[User].get(job.user_id)
    return environment is not None and _action(job) == "start" and is_protected_from(store, environment, user)


def needs_approval(store: dsl.Store, job: CommitStatus) -> bool:
    """Tell whether what a job deploys must be approved; then the job waits to be started by hand."""
    environment = environment_of(store, job)
    return environment is not None and _action(job) == "start" and bool(rules_for(store, environment))


def waits_for_approval(store: dsl.Store, job: CommitStatus) -> bool:
    """Tell whether approvals are missing of what a job deploys."""
    deployment = deployment_of(store, job)
    return deployment is not None and pending_approvals(store, deployment) > 0
