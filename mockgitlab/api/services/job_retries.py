"""Running jobs again, and manual ones at last.

Source: GitLab's app/services/ci/{retry_job,retry_pipeline,play_build,reset_skipped_jobs,clone_job}_service.rb.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, latest_statuses
from mockgitlab.api.pipeline_access import changes
from mockgitlab.api.services import pipeline_jobs, pipeline_progress

COPIED = (
    *("project_id", "pipeline_id", "sha", "ref", "name", "stage", "stage_idx", "kind", "when", "needs", "config"),
    "resource_group_id",
)
RETRYABLE = ("success", "failed", "canceled", "canceling")
ACTIONS = ("manual", "delayed")
FOR_GOOD = ("pipeline_loop_detected", "reached_max_descendant_pipelines_depth")
"""Why trigger jobs fail that would again."""


def is_retryable(job: CommitStatus) -> bool:
    """Tell whether a job can run again: one that ended, and that nothing followed."""
    return not job.retried and job.status in RETRYABLE and job.failure_reason not in FOR_GOOD


def is_playable(job: CommitStatus) -> bool:
    """Tell whether a job waits for somebody to start it, or could be started again."""
    return job.status in ("manual", "scheduled") or (job.when in ACTIONS and is_retryable(job))


def retry_job(call: dsl.Call, job: CommitStatus, variables: Mapping[str, str] | None = None) -> CommitStatus:
    """Let a job run again, as a new one that waits for a runner, and what was skipped after it."""
    new = _clone(call, job, variables or {})
    pipeline = call.store[Pipeline][job.pipeline_id]
    pipeline_progress.forget_failures(call, pipeline)
    if new.when in ACTIONS:
        pipeline_jobs.enqueue(call.store, new)
    _start_again(call, pipeline, job)
    return call.store.fresh(new)


def play(call: dsl.Call, job: CommitStatus, variables: Mapping[str, str]) -> CommitStatus:
    """Let a manual or delayed job wait for a runner; one that has run runs again."""
    if job.status not in ("manual", "scheduled"):
        return retry_job(call, job, variables)
    changed = {"user_id": access.me(call).id, "config": _with_variables(job, variables)}
    pipeline_jobs.enqueue(call.store, call.store.update(job, **changed))
    _start_again(call, call.store[Pipeline][job.pipeline_id], job)
    return call.store.fresh(job)


def retry_pipeline(call: dsl.Call, pipeline: Pipeline) -> Pipeline:
    """Let the failed and canceled jobs of a pipeline run again, and what was skipped."""
    for job in latest_statuses(call.store, pipeline):
        if job.is_job and job.status in ("failed", "canceled") and changes(call, job):
            _clone(call, job, {})
    for job in latest_statuses(call.store, pipeline):
        if job.is_job and job.status == "skipped":
            call.store.update(job, status="created")
    pipeline_progress.forget_failures(call, pipeline)
    return pipeline_jobs.process(call.store, pipeline, call.base)


def _clone(call: dsl.Call, job: CommitStatus, variables: Mapping[str, str]) -> CommitStatus:
    """Make the job that follows another of its name."""
    config = _with_variables(job, variables)
    may_fail = job.allow_failure and not (config or {}).get("exit_codes")
    call.store.update(job, retried=True)
    own = {"user_id": access.me(call).id, "allow_failure": may_fail, "config": config}
    return call.store.insert(CommitStatus(**{**{name: getattr(job, name) for name in COPIED}, **own}))


def _with_variables(job: CommitStatus, variables: Mapping[str, str]) -> dict[str, Any] | None:
    if not variables:
        return job.config
    config = job.config or {}
    return {**config, "variables": {**(config.get("variables") or {}), **variables}}


def _start_again(call: dsl.Call, pipeline: Pipeline, job: CommitStatus) -> None:
    """Let what was skipped after a job wait for it again."""
    names = {job.name}
    for one in latest_statuses(call.store, pipeline):
        after = one.stage_idx > job.stage_idx if one.needs is None else bool(names & set(one.needs))
        if one.is_job and after:
            names.add(one.name)
            if one.status == "skipped":
                call.store.update(one, status="created")
    pipeline_jobs.process(call.store, pipeline, call.base)
