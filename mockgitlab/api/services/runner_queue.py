"""Which job a runner gets that asks for one.

Source: GitLab's app/services/ci/register_job_service.rb, app/services/ci/queue/*.rb, app/models/ci/build.rb
(``RUNNER_FEATURES``) and app/models/ci/runner.rb (``ensure_runner_queue_value``).
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, latest_statuses
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.runner import Runner, RunnerManager, available_ids
from mockgitlab.api.models.token import PREFIXES, Token
from mockgitlab.api.models.user import User
from mockgitlab.api.services import pipeline_jobs, runner_jobs, runners
from mockgitlab.api.services.job_dependencies import dependencies_of, is_there
from mockgitlab.api.services.job_requests import caches_of, persistent_ref
from mockgitlab.api.services.repositories import set_ref

GRACE_SINCE = (17, 0)
EVERY_FEATURE = {
    "upload_multiple_artifacts": True,
    "refspecs": True,
    "artifacts_exclude": True,
    "multi_build_steps": True,
    "return_exit_code": True,
    "fallback_cache_keys": True,
}
"""What a runner is taken to do that comes from before they said so."""


def queue_value(store: dsl.Store, runner: Runner) -> str:
    """Return what changes whenever other jobs wait for a runner: it need not ask again until then."""
    waiting = ",".join(str(job.id) for job in candidates(store, runner))
    return hashlib.sha256(f"{runner.id}:{runner.active}:{waiting}".encode()).hexdigest()[:32]


def candidates(store: dsl.Store, runner: Runner) -> list[CommitStatus]:
    """Return the jobs that wait for such a runner, those of projects with fewer running ones first, then older ones."""
    open_to: dict[int, bool] = {}
    found = []
    for job in store[CommitStatus].where(status="pending", kind="Ci::Build"):
        if job.project_id not in open_to:
            open_to[job.project_id] = _serves(store, runner, store[Project][job.project_id])
        if open_to[job.project_id] and runners.takes(store, runner, job):
            found.append(job)
    busy = _running(store) if runner.runner_type == "instance_type" and found else Counter()
    return sorted(found, key=lambda job: (busy[job.project_id], job.id))


def _serves(store: dsl.Store, runner: Runner, project: Project) -> bool:
    closed = project.pending_delete or project.builds_access_level == "disabled"
    return not closed and runner.id in available_ids(store, project)


def _running(store: dsl.Store) -> Counter[int]:
    running = store[CommitStatus].where(status="running", kind="Ci::Build")
    shared = {one.id for one in store[Runner].having("runner_type", "instance_type")}
    return Counter(job.project_id for job in running if job.runner_id in shared)


def hand_out(
    call: dsl.Call, runner: Runner, machine: RunnerManager, features: Mapping[str, Any]
) -> CommitStatus | None:
    """Let a runner begin the first job that it can run, and fail those before it that nobody can run so."""
    for known in candidates(call.store, runner):
        job = call.store.fresh(known)
        if job.status != "pending":
            continue
        reason = next(_refusals(call.store, job, features), None)
        if reason is None:
            return _begin(call, runner, machine, job, features)
        runner_jobs.drop(call, call.store.update(job, runner_id=runner.id), reason)
    return None


def _refusals(store: dsl.Store, job: CommitStatus, features: Mapping[str, Any]) -> Iterator[str]:
    """Yield why a job that a runner would take fails at once."""
    if not all(is_there(store, one) for one in dependencies_of(store, job)):
        yield "missing_dependency_failure"
    if not all(features.get(name) for name in _needed_features(store, job)):
        yield "runner_unsupported"
    user = store[User].get(job.user_id)
    if user is not None and user.blocked:
        yield "user_blocked"


def _needed_features(store: dsl.Store, job: CommitStatus) -> Iterator[str]:
    """Yield what a runner must be able to do for a job."""
    config = job.config or {}
    artifacts = config.get("artifacts") or {}
    needed = {
        "upload_multiple_artifacts": artifacts.get("reports"),
        "refspecs": store[Pipeline][job.pipeline_id].merge_request_id is not None,
        "artifacts_exclude": artifacts.get("exclude"),
        "multi_build_steps": config.get("release"),
        "return_exit_code": config.get("exit_codes"),
        "fallback_cache_keys": any(one.get("fallback_keys") for one in caches_of(job)),
    }
    yield from (name for name, wanted in needed.items() if wanted)


def _begin(
    call: dsl.Call, runner: Runner, machine: RunnerManager, job: CommitStatus, features: Mapping[str, Any]
) -> CommitStatus:
    """Give a job to a runner, with a token and a ref that keeps its commit."""
    store, pipeline = call.store, call.store[Pipeline][job.pipeline_id]
    graceful = bool(features.get("cancel_gracefully")) and call.settings.release >= GRACE_SINCE
    config = {**(job.config or {}), "cancel_gracefully": graceful}
    taken = {"runner_id": runner.id, "runner_manager_id": machine.id, "config": config, "trace": ""}
    job = store.update(job, status="running", started_at=store.now, **taken)
    pipeline_jobs.up_to_date(store, pipeline, latest_statuses(store, pipeline))
    set_ref(store, store[Project][job.project_id], persistent_ref(pipeline), pipeline.sha)
    return job


def token_of(store: dsl.Store, job: CommitStatus) -> str:
    """Return the secret of a job, minted when it has none."""
    known = store[Token].find(job_id=job.id, kind="job")
    if known is None:
        own = {"user_id": job.user_id, "project_id": job.project_id, "job_id": job.id}
        value = store.mint(PREFIXES["job"])
        known = store.insert(Token(name=f"job token of {job.name}", kind="job", value=value, **own))
    return known.value
