"""How the jobs of a pipeline move: which may begin, and how those end that run.

Nothing is executed. A job succeeds, unless one of its commands is plainly ``false`` or ``exit 1``: by these a
configuration says how its jobs end. It is said of a runner that it took them, where one is online that would have.
A job that a runner asked for and was given ends when that says so (``runner_queue``, ``runner_jobs``).

Source: GitLab's app/services/ci/process_build_service.rb and
app/services/ci/pipeline_processing/atomic_processing_service.rb.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.job_trace import exit_code
from mockgitlab.api.models.pipeline import COMPLETED, CommitStatus, Pipeline, composite, latest_statuses, update_status
from mockgitlab.api.services import progress
from mockgitlab.api.services.runners import runner_for
from mockgitlab.store import timestamp

DELAYED = "delayed_jobs"
"""The kind of work that a delayed job waits for; the clock alone does it, or a test by hand."""
AFTER = {
    "on_failure": ("failed",),
    "always": ("success", "failed", "skipped"),
}
"""After which ends of what comes before it a job begins."""
ACTIVE = ("pending", "running")
BRIDGE = "Ci::Bridge"
CANCELABLE = ("running", "waiting_for_resource", "preparing", "pending", "created", "scheduled")


def process(store: dsl.Store, pipeline: Pipeline, base: str) -> Pipeline:
    """Let every job begin whose turn it is, and skip those that are not to run any more."""
    jobs = _all_assigned(store, pipeline, base)
    while bridge := next((one for one in jobs if one.kind == BRIDGE and one.status == "pending"), None):
        from mockgitlab.api.services.downstream_pipelines import start

        start(store, bridge, base)
        jobs = _all_assigned(store, pipeline, base)
    return up_to_date(store, pipeline, jobs)


def _all_assigned(store: dsl.Store, pipeline: Pipeline, base: str) -> list[CommitStatus]:
    """Let the jobs begin whose turn it is; of those in resource groups one at a time."""
    jobs = _all_begun(store, latest_statuses(store, pipeline), base)
    groups = {one.resource_group_id for one in jobs if one.resource_group_id is not None}
    if not groups:
        return jobs
    from mockgitlab.api.services.resource_waits import assign

    for group_id in sorted(groups):
        assign(store, group_id)
    return latest_statuses(store, pipeline)


def _all_begun(store: dsl.Store, jobs: list[CommitStatus], base: str) -> list[CommitStatus]:
    jobs = _prepared(store, jobs)
    for job in _in_order(jobs):
        before = _status_before(job, jobs)
        if before in COMPLETED:
            begun = _begun(store, job, before, base)
            jobs = [begun if one.id == job.id else one for one in jobs]
    return jobs


def _prepared(store: dsl.Store, jobs: list[CommitStatus]) -> list[CommitStatus]:
    """Return jobs, those that deploy with their environments and deployments."""
    if not any(map(deploys, jobs)):
        return jobs
    from mockgitlab.api.services.job_deployments import prepare

    return [prepare(store, job) if deploys(job) else job for job in jobs]


def up_to_date(store: dsl.Store, pipeline: Pipeline, jobs: Sequence[CommitStatus]) -> Pipeline:
    """Bring the status of a pipeline up to date with its jobs, and what they deploy."""
    if any(map(deploys, jobs)):
        from mockgitlab.api.services.job_deployments import follow

        follow(store, pipeline)
    updated = update_status(store, pipeline)
    if updated.source_job_id is not None:
        from mockgitlab.api.services.downstream_pipelines import inherit

        inherit(store, updated)
    return updated


def deploys(job: CommitStatus) -> bool:
    """Tell whether a job has an environment."""
    return bool((job.config or {}).get("deployment"))


def _in_order(jobs: Sequence[CommitStatus]) -> list[CommitStatus]:
    """Return the jobs that have not begun, each after those that it needs."""
    left = [one for one in jobs if one.is_job and one.status == "created"]
    found: list[CommitStatus] = []
    while left:
        names = {one.name for one in left}
        ready = [one for one in left if not names & set(one.needs or ())] or left
        found.append(ready[0])
        left.remove(ready[0])
    return found


def _status_before(job: CommitStatus, jobs: Sequence[CommitStatus]) -> str:
    """Return how what a job waits for ended, or stands; without anything, well."""
    if job.needs is None:
        return composite(one for one in jobs if one.stage_idx < job.stage_idx) or "success"
    return composite((one for one in jobs if one.name in job.needs), dag=True) or "success"


def _begun(store: dsl.Store, job: CommitStatus, before: str, base: str) -> CommitStatus:
    usual = ("success",) if job.needs is not None else ("success", "skipped")
    if before not in AFTER.get(job.when or "", usual):
        return store.update(job, status="skipped")
    if job.when == "manual" or _needs_approval(store, job):
        return store.update(job, status="manual")
    if job.when != "delayed":
        return enqueue(store, job)
    due = timestamp(store.clock.instant + timedelta(seconds=(job.config or {}).get("start_in") or 0))
    progress.schedule(store, DELAYED, job, due, base)
    return store.update(job, status="scheduled", scheduled_at=due)


def enqueue(store: dsl.Store, job: CommitStatus) -> CommitStatus:
    """Let a job wait for a runner, one in a resource group for the resource first."""
    progress.forget(store, DELAYED, job.id)
    if _is_kept_away(store, job):
        return store.update(job, status="failed", finished_at=store.now, failure_reason="protected_environment_failure")
    if job.resource_group_id is not None:
        return store.update(job, status="waiting_for_resource", scheduled_at=None)
    return store.update(job, status="pending", scheduled_at=None, queued_at=store.now)


def _needs_approval(store: dsl.Store, job: CommitStatus) -> bool:
    if not deploys(job):
        return False
    from mockgitlab.api.services.job_deployments import needs_approval

    return needs_approval(store, job)


def _is_kept_away(store: dsl.Store, job: CommitStatus) -> bool:
    if not deploys(job):
        return False
    from mockgitlab.api.services.job_deployments import is_kept_from

    return is_kept_from(store, job)


# Running


def run(store: dsl.Store, pipeline: Pipeline, base: str) -> Pipeline:
    """Let the jobs that wait for a runner, and those that follow them, end; manual and delayed ones stay.

    So do those that a scenario says are at work, which never began to wait, and those that a runner has. What
    trigger jobs started ends, too.
    """
    while (ready := waiting(store, pipeline)) or _below(store, pipeline, base):
        for job in ready:
            taken = {"runner_id": job.runner_id or runner_for(store, job)}
            times = {"started_at": job.started_at or store.now, "finished_at": store.now}
            ended = store.update(job, **taken, **times, **_end(job))
            _leave_artifacts(store, ended, base)
        pipeline = process(store, pipeline, base)
    return pipeline


def waiting(store: dsl.Store, pipeline: Pipeline) -> list[CommitStatus]:
    """Return the jobs of a pipeline that wait for a runner; those that start other pipelines need none."""
    return [one for one in latest_statuses(store, pipeline) if _ends_by_itself(one)]


def _ends_by_itself(job: CommitStatus) -> bool:
    mine = job.kind != BRIDGE and job.runner_manager_id is None
    return mine and job.queued_at is not None and job.status in ACTIVE


def _below(store: dsl.Store, pipeline: Pipeline, base: str) -> bool:
    """Let the pipelines end that trigger jobs started; tells whether there were any."""
    if not any(one.kind == BRIDGE for one in latest_statuses(store, pipeline)):
        return False
    from mockgitlab.api.services.downstream_pipelines import go_on

    return go_on(store, pipeline, base)


def _leave_artifacts(store: dsl.Store, job: CommitStatus, base: str) -> None:
    if (job.config or {}).get("artifacts"):
        from mockgitlab.api.services.job_leavings import leave_artifacts

        leave_artifacts(store, job, base)


def _end(job: CommitStatus) -> dict[str, Any]:
    config = job.config or {}
    code = exit_code(config.get("script") or ())
    if not code:
        return {"status": "success"}
    may_fail = {"allow_failure": True} if code in config.get("exit_codes", ()) else {}
    return {"status": "failed", "failure_reason": "script_failure", **may_fail}


def is_active(pipeline: Pipeline) -> bool:
    """Tell whether jobs of a pipeline wait for a runner, or run."""
    return pipeline.status in ACTIVE


def cancel(store: dsl.Store, pipeline: Pipeline) -> Pipeline:
    """Stop the jobs of a pipeline that have not ended."""
    for job in latest_statuses(store, pipeline):
        cancel_job(store, job)
    return up_to_date(store, pipeline, latest_statuses(store, pipeline))


def cancel_job(store: dsl.Store, job: CommitStatus, *, force: bool = False) -> None:
    """Stop a job that has not ended; with ``force``, only one that does not come to its end after it was canceled.

    A runner that can cleans up first, until when the job is ``canceling``.
    """
    if job.status not in (("canceling",) if force else CANCELABLE):
        return
    progress.forget(store, DELAYED, job.id)
    if job.status == "running" and (job.config or {}).get("cancel_gracefully"):
        store.update(job, status="canceling")
    else:
        store.update(job, status="canceled", finished_at=store.now)
