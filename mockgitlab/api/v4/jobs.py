"""Jobs. Source: https://docs.gitlab.com/api/jobs/ and GitLab's lib/api/ci/{jobs,pipelines}.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import pipeline_access as may
from mockgitlab.api.models.group import ancestors
from mockgitlab.api.models.job_artifact import JobArtifact
from mockgitlab.api.models.job_shapes import BRIDGE, JOB
from mockgitlab.api.models.job_trace import trace_of
from mockgitlab.api.models.pipeline import COMPLETED, CommitStatus, Pipeline, update_status
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.pipeline_filters import JOB_SCOPE
from mockgitlab.api.services import job_retries, pipeline_progress
from mockgitlab.api.services.job_artifacts import delete_artifacts
from mockgitlab.api.services.job_deployments import waits_for_approval
from mockgitlab.api.services.pipeline_jobs import cancel_job, deploys, process
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Forbidden, NotFound, RecordNotFound
from mockgitlab.store import Query

ALL = "projects/:id/jobs"
EACH = f"{ALL}/:job_id"
OF_PIPELINE = "projects/:id/pipelines/:pipeline_id"
ROLES = {level: name for level, name in access.NAMES.items() if level >= access.GUEST}
KINDS = ("Ci::Build", "Ci::Bridge")
BUILD, BRIDGE_KIND = KINDS
JOB_VARIABLES = dsl.param(
    "job_variables_attributes",
    list[dict[str, Any]],
    "The variables that the job runs with",
    nested=[
        dsl.param("key", str, "The name of the variable", required=True),
        dsl.param("value", str, "What it holds", required=True),
    ],
)


@v4.locator(EACH, integer=True)
def find_job(call: dsl.Call, value: str) -> CommitStatus:
    """Return the job with an id; who may do nothing of the kind in the project is told so before."""
    call.operation.rule.check(call)
    job = call.store[CommitStatus].get(int(value))
    if job is None or job.kind not in KINDS or job.project_id != call.at(Project).id:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no job with the id {value}")
    if call.method in ("GET", "HEAD"):
        pipeline_progress.read(call.store, [call.store[Pipeline][job.pipeline_id]])
    return call.store.fresh(job)


class NotRetryable(Forbidden):
    """A job that is not one to run again."""


class NotErasable(Forbidden):
    """A job of which there is nothing to erase, or that has not ended."""


class Unplayable(BadRequest):
    """A job that waits for nobody to start it."""

    def __init__(self, *, reason: str) -> None:
        super().__init__("400 Bad request - Unplayable Job", reason=reason)


def check_build(job: CommitStatus) -> None:
    """Raise ``RecordNotFound`` for a trigger job, where only those count that run."""
    if job.kind != BUILD:
        raise RecordNotFound(reason=f"{job.name} is a trigger job, which runs nothing")


# Lists


@v4.get(
    ALL,
    rule=may.READ_AS_USER,
    shape=JOB,
    filters=[JOB_SCOPE, dsl.order("id")],
    job_token=True,
    counted=False,
    keyset=("id",),
    keyset_since="15.9",
)
def list_jobs(call: dsl.Call, project: Project) -> Query[CommitStatus]:
    """List the jobs of a project, retried ones as well."""
    pipeline_progress.read_all(call.store, project.id)
    return call.store[CommitStatus].where(project_id=project.id, kind=BUILD)


def _of_pipeline(call: dsl.Call, pipeline: Pipeline, kind: str) -> Query[CommitStatus]:
    found = call.store[CommitStatus].where(pipeline_id=pipeline.id, kind=kind)
    return (found if call.option("include_retried") else found.where(retried=False)).order_by("id", descending=True)


@v4.get(f"{OF_PIPELINE}/jobs", rule=may.READ, shape=JOB, filters=[JOB_SCOPE])
def list_pipeline_jobs(
    call: dsl.Call, pipeline: Pipeline, include_retried: Annotated[bool, "Those that others followed as well"] = False
) -> Query[CommitStatus]:
    """List the jobs of a pipeline, the newest first."""
    return _of_pipeline(call, pipeline, BUILD)


@v4.get(f"{OF_PIPELINE}/bridges", rule=may.READ, shape=BRIDGE, filters=[JOB_SCOPE], job_token=True)
def list_bridges(call: dsl.Call, pipeline: Pipeline) -> Query[CommitStatus]:
    """List the trigger jobs of a pipeline, the newest first."""
    return _of_pipeline(call, pipeline, BRIDGE_KIND)


# One job


@v4.get(EACH, rule=may.READ_AS_USER, shape=JOB)
def show_job(job: CommitStatus) -> CommitStatus:
    """Show a job."""
    check_build(job)
    return job


@v4.get(f"{EACH}/trace", rule=may.READ_AS_USER)
def show_trace(call: dsl.Call, job: CommitStatus) -> dsl.Raw:
    """Show the log of a job."""
    check_build(job)
    may.check_trace(call, job)
    headers = {"Content-Disposition": f'infile; filename="{job.id}.log"'}
    return dsl.Raw(trace_of(job).encode(errors="replace"), "text/plain", headers=headers)


@v4.post(f"{EACH}/cancel", rule=may.CANCEL, shape=JOB)
def cancel(
    call: dsl.Call,
    job: CommitStatus,
    force: Annotated[bool | None, "Whether to end a job that does not come to its end"] = None,
) -> CommitStatus:
    """Cancel a job; one that has ended stays as it is."""
    check_build(job)
    may.check_cancels(call, job)
    if force and access.level(call, call.at(Project)) < access.MAINTAINER:
        raise Forbidden(reason="Maintainers force jobs to end")
    cancel_job(call.store, job, force=bool(force))
    _go_on(call, process(call.store, call.store[Pipeline][job.pipeline_id], call.base))
    return call.store.fresh(job)


def _go_on(call: dsl.Call, pipeline: Pipeline) -> None:
    pipeline_progress.go_on(call, update_status(call.store, pipeline))


@v4.post(f"{EACH}/retry", rule=may.UPDATE, shape=JOB)
def retry(call: dsl.Call, job: CommitStatus) -> Any:
    """Run a job again, as a new one."""
    may.check_changes(call, job)
    if not job_retries.is_retryable(job):
        why = "was retried already" if job.retried else f"is {job.status}"
        raise NotRetryable("Job is not retryable", reason=f"{job.name} {why}")
    return _shown(call, job_retries.retry_job(call, job))


def _shown(call: dsl.Call, job: CommitStatus) -> dict[str, Any]:
    """Return a job as it waits, and let its pipeline go on."""
    shown = (JOB if job.kind == BUILD else BRIDGE).render(job, call.view())
    _go_on(call, call.store[Pipeline][job.pipeline_id])
    return shown


@v4.post(f"{EACH}/play", rule=may.READ_AS_USER, shape=JOB, params=[JOB_VARIABLES], success=200)
def play(call: dsl.Call, job: CommitStatus, given: dsl.Given) -> Any:
    """Start a job that waits for somebody to do so."""
    may.check_changes(call, job)
    if not job_retries.is_playable(job):
        raise Unplayable(reason=f"{job.name} runs {job.when} and is {job.status}")
    if deploys(job) and waits_for_approval(call.store, job):
        raise Unplayable(reason=f"the deployment of {job.name} is not approved")
    variables = {one["key"]: one["value"] for one in given.get("job_variables_attributes") or ()}
    if variables and not may.may_set_variables(call, call.at(Project)):
        raise Forbidden(reason="ci_pipeline_variables_minimum_override_role keeps the caller from setting variables")
    return _shown(call, job_retries.play(call, job, variables))


@v4.post(f"{EACH}/erase", rule=may.UPDATE, shape=JOB)
def erase(call: dsl.Call, job: CommitStatus) -> CommitStatus:
    """Delete the log and the artifacts of a job."""
    check_build(job)
    may.check_erases(call, job)
    if job.status not in COMPLETED or not _leaves_something(call, job):
        raise NotErasable(
            "Job is not erasable!", reason=f"{job.name} is {job.status}, or has neither log nor artifacts"
        )
    delete_artifacts(call.store, job)
    return call.store.update(job, erased_at=call.now, artifacts_expire_at=None)


def _leaves_something(call: dsl.Call, job: CommitStatus) -> bool:
    return bool(trace_of(job)) or call.store[JobArtifact].find(job_id=job.id) is not None


# The job of a token


def _own(call: dsl.Call) -> CommitStatus:
    token = call.token
    job = call.store[CommitStatus].get(token.job_id) if token is not None and token.kind == "job" else None
    if job is None:
        raise NotFound("Job", reason="the token is none of a job; in scenarios jobs may have a token")
    return job


@v4.get("job", rule=access.USER, shape=JOB, job_token=True)
def show_own_job(call: dsl.Call) -> CommitStatus:
    """Show the job to which the token belongs."""
    return _own(call)


@v4.get("job/allowed_agents", rule=access.USER, job_token=True)
def list_allowed_agents(call: dsl.Call) -> dict[str, Any]:
    """Tell which agents for Kubernetes a job may use, of which there are none, and who runs it where."""
    job, user = _own(call), access.me(call)
    project = call.store[Project][job.project_id]
    namespace = namespace_of(call.store, project)
    groups = ancestors(call.store, namespace) if namespace.kind == "group" else []
    have = access.project_level(call.store, user, project)
    roles = [name for level, name in ROLES.items() if level <= have]
    return {
        "allowed_agents": [],
        "job": {"id": job.id},
        "pipeline": {"id": job.pipeline_id},
        "project": {"id": project.id, "groups": [{"id": one.id} for one in groups]},
        "user": {"id": user.id, "username": user.username, "roles_in_project": roles},
    }
