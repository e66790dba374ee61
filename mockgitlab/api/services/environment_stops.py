"""Stopping environments: by hand, by themselves, and with the branch that was deployed there; by jobs that are for it.

Source: GitLab's app/services/environments/stop_service.rb, app/models/environment.rb (``stop_with_actions!``) and
app/finders/environments/environments_by_deployments_finder.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access, environment_access
from mockgitlab.api.models.deployment import FINISHED, deployments_to, last_deployment
from mockgitlab.api.models.environment import Environment
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, latest_statuses, update_status
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import environments, job_retries, pipeline_jobs, pipeline_progress, progress
from mockgitlab.api.services.job_deployments import options_of


def stop(call: dsl.Call, environment: Environment, *, force: bool = False) -> Environment:
    """Stop an environment; it is stopping until the jobs that are for it have done so, except with ``force``."""
    jobs = [] if force or environment.state != "available" else _jobs_for(call.store, environment)
    if not jobs:
        return environments.stop(call.store, environment, force=force)
    call.store.update(environment, state="stopping")
    for job in jobs:
        played = job_retries.play(call, job, {})
        pipeline_progress.go_on(call, call.store[Pipeline][played.pipeline_id])
    return call.store.fresh(environment)


def _jobs_for(store: dsl.Store, environment: Environment) -> list[CommitStatus]:
    """Return the jobs that stop an environment: the manual one that the job of the last ended deployment names."""
    last = next(iter(deployments_to(store, environment, *FINISHED)), None)
    job = store[CommitStatus].get(last.deployable_id) if last is not None else None
    name = options_of(job).get("on_stop") if job is not None else None
    if job is None or not name:
        return []
    found = latest_statuses(store, store[Pipeline][job.pipeline_id])
    return [one for one in found if one.name == name and one.when == "manual"]


def stop_with_branch(call: dsl.Call, project: Project, branch: str) -> None:
    """Stop the environments to which a branch that is gone was deployed last, as far as the current user may."""
    store, user = call.store, access.viewer(call)
    if user is None or access.level(call, project) < access.DEVELOPER:
        return
    for one in list(store[Environment].where(project_id=project.id, state="available")):
        last = last_deployment(store, one)
        if last is not None and last.ref == branch and not environment_access.is_protected_from(store, one, user):
            stop(call, one)


def stop_by_itself(store: dsl.Store, environment: Environment) -> None:
    """Stop an environment whose time has come."""
    jobs = [one for one in _jobs_for(store, environment) if one.status == "manual"]
    if environment.state != "available" or not jobs:
        environments.stop(store, environment)
        return
    store.update(environment, state="stopping")
    call = progress.background_call(store, store.settings.url or "http://localhost")
    for job in jobs:
        pipeline_jobs.enqueue(store, job)
        pipeline_progress.go_on(call, update_status(store, store[Pipeline][job.pipeline_id]))
