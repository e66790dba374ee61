"""How jobs are shown. Source: GitLab's lib/api/entities/ci/{job_basic,job,bridge}.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.job_artifact import JOB_ARTIFACT, JOB_ARTIFACT_FILE, archive_of, artifacts_of, is_past
from mockgitlab.api.models.job_trace import trace_of
from mockgitlab.api.models.pipeline import COMPLETED, PIPELINE_BASIC, CommitStatus, Pipeline, downstream_of, target_url
from mockgitlab.api.models.project import PROJECT_IDENTITY, Project
from mockgitlab.api.models.repository import commit_json
from mockgitlab.api.models.runner import RUNNER, RUNNER_MANAGER, Runner, RunnerManager
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_profile import USER
from mockgitlab.git.objects import read_commit
from mockgitlab.store import parse_instant


def _seconds(start: str | None, end: str | None) -> float | None:
    return (parse_instant(end) - parse_instant(start)).total_seconds() if start and end else None


def _duration(job: CommitStatus, view: dsl.View) -> float | None:
    return _seconds(job.started_at, job.finished_at or view.store.now)


def _queued_duration(job: CommitStatus, view: dsl.View) -> float | None:
    waits = view.store.now if job.status == "pending" else None
    return _seconds(job.queued_at, job.started_at or waits)


def _pipeline(job: CommitStatus, view: dsl.View) -> Pipeline:
    return view.store[Pipeline][job.pipeline_id]


def _user(job: CommitStatus, view: dsl.View) -> Any:
    return view.one(USER, view.store[User].get(job.user_id))


def _commit(job: CommitStatus, view: dsl.View) -> Any:
    found = view.store.objects.get(job.sha)
    url = view.store[Project][job.project_id].web_url(view)
    return commit_json(read_commit(view.store.objects, job.sha), url) if found and found[0] == "commit" else None


def _failure_reason(job: CommitStatus, view: dsl.View) -> Any:
    return (job.failure_reason or "unknown_failure") if job.status == "failed" else dsl.OMIT


def _project(job: CommitStatus, view: dsl.View) -> dict[str, bool]:
    return {"ci_job_token_scope_enabled": view.store[Project][job.project_id].ci_job_token_scope_enabled}


def _artifacts_file(job: CommitStatus, view: dsl.View) -> Any:
    archive = archive_of(view.store, job)
    if archive is None or is_past(view.store, job.artifacts_expire_at):
        return dsl.OMIT
    return view.one(JOB_ARTIFACT_FILE, archive)


def _artifacts(job: CommitStatus, view: dsl.View) -> list[Any]:
    kept = view.many(JOB_ARTIFACT, artifacts_of(view.store, job))
    size = len(trace_of(job).encode(errors="replace")) if job.status in COMPLETED else 0
    log = {"file_type": "trace", "size": size, "filename": "job.log", "file_format": None}
    return [*kept, log] if size else kept


def _runner_manager(job: CommitStatus, view: dsl.View) -> Any:
    return view.one(RUNNER_MANAGER, view.store[RunnerManager].get(job.runner_manager_id))


def _tags(job: CommitStatus, view: dsl.View) -> list[str]:
    return sorted((job.config or {}).get("tags") or ())


JOB_BASIC = (
    CommitStatus.shape("id", "status", name="JobBasic")
    .plus(stage=lambda job, view: job.stage)
    .plus("name", "ref", entity=CommitStatus)
    .plus(tag=lambda job, view: _pipeline(job, view).tag)
    .plus("coverage", "allow_failure", "created_at", "started_at", "finished_at", "erased_at", entity=CommitStatus)
    .plus(duration=_duration, queued_duration=_queued_duration, user=_user, commit=_commit)
    .plus(pipeline=lambda job, view: view.one(PIPELINE_BASIC, _pipeline(job, view)))
    .plus(failure_reason=_failure_reason, web_url=target_url, project=_project)
)
JOB = (
    JOB_BASIC.plus(artifacts_file=_artifacts_file, artifacts=_artifacts)
    .plus(runner=lambda job, view: view.one(RUNNER, view.store[Runner].get(job.runner_id)))
    .plus(runner_manager=dsl.computed_in(since="17.0")(_runner_manager))
    .plus("artifacts_expire_at", entity=CommitStatus)
    .plus(archived=dsl.computed_in(since="16.4")(lambda job, view: False))
    .plus(tag_list=_tags)
    .called("Job")
)
JOB_WITH_PROJECT = JOB_BASIC.plus(
    project=lambda job, view: view.one(PROJECT_IDENTITY, view.store[Project][job.project_id])
).called("JobBasicWithProject")
BRIDGE = JOB_BASIC.plus(
    downstream_pipeline=lambda job, view: view.one(PIPELINE_BASIC, downstream_of(view.store, job))
).called("Bridge")
