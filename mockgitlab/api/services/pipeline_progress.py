"""How pipelines go on until they end, and what follows from that: automatic merges, and to-do items of failures.

How long they take is said by the settings, under ``transitions: {pipelines: …}``.

Source: GitLab's app/services/ci/pipeline_creation/cancel_redundant_pipelines_service.rb and
app/services/merge_requests/add_todo_when_build_fails_service.rb.
"""

from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import effects
from mockgitlab.api.models.merge_request import MergeRequest, latest_version
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, latest_statuses
from mockgitlab.api.models.pipeline_shapes import PIPELINE
from mockgitlab.api.models.progress import Progress
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import pipeline_jobs, progress
from mockgitlab.api.services.merge_request_merges import as_user, merge_if_ready
from mockgitlab.api.services.pipeline_jobs import DELAYED
from mockgitlab.api.services.removal import remove

PIPELINES = "pipelines"
"""The kind of GitLab's background work that runs the jobs of a pipeline."""


def begin(call: dsl.Call, pipeline: Pipeline) -> None:
    """Let the jobs of a new pipeline wait for a runner, and go on."""
    go_on(call, start(call, pipeline))


def start(call: dsl.Call, pipeline: Pipeline) -> Pipeline:
    """Let the jobs of a new pipeline wait for a runner, in place of those of older ones."""
    if pipeline.status != "created":
        return pipeline
    cancel_redundant(call.store, pipeline)
    return pipeline_jobs.process(call.store, pipeline, call.base)


def go_on(call: dsl.Call, pipeline: Pipeline) -> None:
    """Let the jobs of a pipeline end, at once unless the settings let them wait."""
    if not pipeline_jobs.is_active(pipeline) or not _is_to_wait(call, pipeline):
        _run_to_the_end(call, pipeline)
    hand_over(call, pipeline)


def _is_to_wait(call: dsl.Call, pipeline: Pipeline) -> bool:
    return _waits(call.store, pipeline) or progress.begin(call.store, PIPELINES, pipeline, call.base)


def _run_to_the_end(call: dsl.Call, pipeline: Pipeline) -> None:
    done = pipeline_jobs.run(call.store, pipeline, call.base)
    react(call, done)
    rise(call, done)


def hand_over(call: dsl.Call, pipeline: Pipeline) -> None:
    """Let the jobs of other pipelines go on that waited for the resources which those of this one had."""
    jobs = call.store[CommitStatus].having("pipeline_id", pipeline.id)
    if all(one.resource_group_id is None for one in jobs):
        return
    from mockgitlab.api.services.resource_waits import assign, groups_of, holder_of

    for group_id in groups_of(call.store, pipeline):
        while (job := holder_of(call.store, group_id) or assign(call.store, group_id)) is not None:
            other = pipeline_jobs.process(call.store, call.store[Pipeline][job.pipeline_id], call.base)
            if call.store.fresh(job) not in pipeline_jobs.waiting(call.store, other) or _is_to_wait(call, other):
                break
            _run_to_the_end(call, other)


def rise(call: dsl.Call, pipeline: Pipeline) -> None:
    """Let the pipeline go on whose trigger job waited for this one."""
    if pipeline.source_job_id is not None:
        from mockgitlab.api.services.downstream_pipelines import let_go_on_above

        let_go_on_above(call, pipeline)


def after_runner(call: dsl.Call, job: CommitStatus) -> None:
    """Let follow what follows where a runner ended a job: the jobs after it begin, or the pipeline has ended."""
    nobody = progress.background_call(call.store, call.base)
    pipeline = pipeline_jobs.process(call.store, call.store[Pipeline][job.pipeline_id], call.base)
    react(nobody, pipeline)
    if pipeline_jobs.is_active(pipeline):
        go_on(nobody, pipeline)
    else:
        progress.forget(call.store, PIPELINES, pipeline.id)
        rise(nobody, pipeline)
        hand_over(nobody, pipeline)


def _waits(store: dsl.Store, pipeline: Pipeline) -> bool:
    return store[Progress].find(kind=PIPELINES, subject_id=pipeline.id) is not None


def begin_shown(call: dsl.Call, pipeline: Pipeline) -> Any:
    """Let a new pipeline go on, and return it as JSON as it was before its jobs ended, or before it had any."""
    waiting = start(call, pipeline)
    shown = call.view().one(PIPELINE, pipeline if call.settings.errors == "observed" else waiting)
    go_on(call, waiting)
    return shown


def react(call: dsl.Call, pipeline: Pipeline) -> None:
    """Let follow what follows where a pipeline went on: to-do items of failures, and automatic merges."""
    statuses = latest_statuses(call.store, pipeline)
    failed = any(one.status == "failed" and not one.allow_failure and one.finished_at == call.now for one in statuses)
    for one in _merge_requests_of(call.store, pipeline):
        if failed:
            _ask_for_repair(call, one)
        if latest_version(call.store, one).head_commit_sha in (pipeline.sha, pipeline.source_sha):
            merge_if_ready(call, one)


def _merge_requests_of(store: dsl.Store, pipeline: Pipeline) -> list[MergeRequest]:
    """Return the open merge requests that a pipeline is about: the one that it was made for, or those of its branch."""
    made_for = store[MergeRequest].get(pipeline.merge_request_id)
    if made_for is not None:
        return [made_for] if made_for.state == "opened" else []
    own = store[MergeRequest].where(source_project_id=pipeline.project_id, source_branch=pipeline.ref, state="opened")
    return list(own)


def _ask_for_repair(call: dsl.Call, merge_request: MergeRequest) -> None:
    waits = merge_request.merge_when_pipeline_succeeds
    for user_id in dict.fromkeys((merge_request.author_id, merge_request.merge_user_id if waits else None)):
        if user_id is not None:
            effects.add_todo(as_user(call, user_id), user_id, "build_failed", merge_request)


def forget_failures(call: dsl.Call, pipeline: Pipeline) -> None:
    """Mark as done the to-do items about the failure of a pipeline whose jobs run again."""
    for one in _merge_requests_of(call.store, pipeline):
        for user_id in {one.author_id, one.merge_user_id}:
            if user_id is not None:
                effects.resolve_todos(call, user_id, one)


def cancel(store: dsl.Store, pipeline: Pipeline) -> Pipeline:
    """Stop the jobs of a pipeline and of its children that have not ended, which go on no more."""
    for child in _children(store, pipeline):
        cancel(store, child)
    progress.forget(store, PIPELINES, pipeline.id)
    return pipeline_jobs.cancel(store, store.fresh(pipeline))


def delete(store: dsl.Store, pipeline: Pipeline) -> None:
    """Delete a pipeline with its children, which go on no more."""
    for child in _children(store, pipeline):
        delete(store, child)
    cancel(store, pipeline)
    remove(store, pipeline)


def _children(store: dsl.Store, pipeline: Pipeline) -> "list[Pipeline]":
    if not any(one.kind == pipeline_jobs.BRIDGE for one in store[CommitStatus].having("pipeline_id", pipeline.id)):
        return []
    from mockgitlab.api.services.downstream_pipelines import children_of

    return children_of(store, pipeline)


def cancel_redundant(store: dsl.Store, pipeline: Pipeline) -> None:
    """Cancel the older pipelines of a ref that have not ended, where the project does so."""
    project = store[Project][pipeline.project_id]
    if project.auto_cancel_pending_pipelines != "enabled":
        return
    for one in list(store[Pipeline].where(project_id=project.id, ref=pipeline.ref)):
        older = one.id < pipeline.id and one.sha != pipeline.sha and one.tag == pipeline.tag
        if older and one.status in pipeline_jobs.CANCELABLE:
            cancel(store, one)


def read(store: dsl.Store, pipelines: Iterable[Pipeline]) -> None:
    """Note that a client asks for pipelines, which go on when that was often enough."""
    for one in pipelines:
        progress.read(store, PIPELINES, one.id)


def read_all(store: dsl.Store, project_id: int) -> None:
    """Note that a client asks for what runs in a project."""
    waiting = [store[Pipeline].get(one.subject_id) for one in store[Progress].where(kind=PIPELINES)]
    read(store, [one for one in waiting if one is not None and one.project_id == project_id])


# In the background


@progress.finishes(PIPELINES)
def _run(store: dsl.Store, waiting: Progress) -> None:
    pipeline = store[Pipeline].get(waiting.subject_id)
    if pipeline is not None:
        nobody = progress.background_call(store, waiting.detail)
        _run_to_the_end(nobody, pipeline)
        hand_over(nobody, pipeline)


@progress.finishes(DELAYED)
def _start(store: dsl.Store, waiting: Progress) -> None:
    """Let a delayed job begin, and end unless its pipeline waits by itself."""
    job = store[CommitStatus].get(waiting.subject_id)
    if job is None or job.status != "scheduled":
        return
    pipeline_jobs.enqueue(store, job)
    pipeline = pipeline_jobs.process(store, store[Pipeline][job.pipeline_id], waiting.detail)
    if not _waits(store, pipeline):
        _run_to_the_end(progress.background_call(store, waiting.detail), pipeline)
