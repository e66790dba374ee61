"""How the GitLab CI API shows builds, commits, projects and runners.

Where the real application has a project's own token in ``repo_url``, here is that of the build, with which git clones.

Source: gitlab-ci's lib/api/entities.rb and db/schema.rb, GitLab 8's lib/ci/api/entities.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.job_artifact import JOB_ARTIFACT_FILE, archive_of
from mockgitlab.api.models.pipeline import COMPLETED, CommitStatus, Pipeline, latest_statuses
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import host
from mockgitlab.api.models.runner import Runner, RunnerProject
from mockgitlab.api.services.ci_variables import secrets_of
from mockgitlab.api.services.job_dependencies import dependencies_of
from mockgitlab.api.services.job_requests import credentials_of, timeout_of
from mockgitlab.api.services.job_variables import repository_url, runner_variables
from mockgitlab.api.services.runner_queue import token_of
from mockgitlab.git.objects import read_commit
from mockgitlab.store import parse_instant

OPTIONS = ("image", "services")
EMBEDDED_OPTIONS = (*OPTIONS, "artifacts", "cache", "dependencies", "after_script")
WAITING = ("created", "waiting_for_resource", "preparing", "waiting_for_callback", "scheduled")
STATUSES = {**dict.fromkeys(WAITING, "pending"), "manual": "skipped", "canceling": "running"}
"""How what came later stands in words of the time."""


def status_of(one: CommitStatus | Pipeline) -> str:
    """Return how a build or a commit stands."""
    return STATUSES.get(one.status, one.status)


def _details(view: dsl.View, job: CommitStatus, options: tuple[str, ...]) -> dict[str, Any]:
    project = view.store[Project][job.project_id]
    return {
        "commands": _commands(job),
        "repo_url": repository_url(view, project, token_of(view.store, job)),
        "before_sha": view.store[Pipeline][job.pipeline_id].before_sha,
        "allow_git_fetch": project.build_git_strategy == "fetch",
        "options": _options(job, options),
        "timeout": timeout_of(view.store, job),
    }


def build(view: dsl.View, job: CommitStatus) -> dict[str, Any]:
    """Return a build as the separate application gives it to a runner."""
    project, details = view.store[Project][job.project_id], _details(view, job, OPTIONS)
    first = {"id": job.id, "commands": details.pop("commands"), "ref": job.ref, "sha": job.sha}
    named = {"project_id": project.id, "project_name": project.name_with_namespace(view)}
    return {**first, **named, **details, "variables": list(_variables(view.store, job))}


def _variables(store: dsl.Store, job: CommitStatus) -> Any:
    """Yield the variables of the configuration, then those of the project and of what triggered the build."""
    pipeline = store[Pipeline][job.pipeline_id]
    secrets = {one.key: one.value or "" for one in secrets_of(store, pipeline).values()}
    for values, public in (((job.config or {}).get("variables") or {}, True), (secrets, False)):
        yield from ({"key": key, "value": value, "public": public} for key, value in values.items())
    yield from ({"key": key, "value": value, "public": False} for key, value in (pipeline.variables or {}).items())


def embedded_build(view: dsl.View, job: CommitStatus) -> dict[str, Any]:
    """Return a build as GitLab itself gave it to a runner."""
    token, details = token_of(view.store, job), _details(view, job, EMBEDDED_OPTIONS)
    expiry = {"artifacts_expire_at": job.artifacts_expire_at} if archive_of(view.store, job) else {}
    known = runner_variables(view, job, token)
    return {
        **_basic(view, job, token),
        **details,
        **expiry,
        "variables": [{name: one[name] for name in ("key", "value", "public")} for one in known],
        "depends_on_builds": [_basic(view, one, token) for one in dependencies_of(view.store, job)],
        "credentials": credentials_of(view, view.store[Project][job.project_id], token),
    }


def _basic(view: dsl.View, job: CommitStatus, token: str) -> dict[str, Any]:
    archive = archive_of(view.store, job)
    return {
        "id": job.id,
        "ref": job.ref,
        "tag": view.store[Pipeline][job.pipeline_id].tag,
        "sha": job.sha,
        "status": status_of(job),
        "name": job.name,
        "token": token,
        "stage": job.stage,
        "project_id": job.project_id,
        "project_name": view.store[Project][job.project_id].name,
        **({"artifacts_file": view.one(JOB_ARTIFACT_FILE, archive)} if archive else {}),
    }


def commit(view: dsl.View, pipeline: Pipeline) -> dict[str, Any]:
    """Return a commit with its builds: those that were made so far."""
    jobs = latest_statuses(view.store, pipeline)
    ends = [one.finished_at for one in jobs if one.finished_at]
    found = read_commit(view.store.objects, pipeline.sha)
    return {
        "id": pipeline.id,
        "ref": pipeline.ref,
        "sha": pipeline.sha,
        "project_id": pipeline.project_id,
        "before_sha": pipeline.before_sha,
        "created_at": pipeline.created_at,
        "status": status_of(pipeline),
        "finished_at": max(ends, default=None) if pipeline.status in COMPLETED else None,
        "duration": sum(map(_seconds, jobs)),
        "git_commit_message": found.message,
        "git_author_name": found.author.name,
        "git_author_email": found.author.email,
        "builds": [_row(one) for one in jobs if one.is_job and one.status not in ("created", "skipped")],
    }


def _seconds(job: CommitStatus) -> int:
    if not job.started_at or not job.finished_at:
        return 0
    return int((parse_instant(job.finished_at) - parse_instant(job.started_at)).total_seconds())


def _row(job: CommitStatus) -> dict[str, Any]:
    return {
        "id": job.id,
        "project_id": job.project_id,
        "status": status_of(job),
        "finished_at": job.finished_at,
        "created_at": job.created_at,
        "updated_at": job.finished_at or job.started_at or job.created_at,
        "started_at": job.started_at,
        "runner_id": job.runner_id,
        "commit_id": job.pipeline_id,
        "coverage": job.coverage,
        "commands": _commands(job),
        "job_id": None,
        "name": job.name,
        "deploy": False,
        "options": _options(job, OPTIONS),
        "allow_failure": job.allow_failure,
        "stage": job.stage,
        "trigger_request_id": None,
    }


def _commands(job: CommitStatus) -> str:
    config = job.config or {}
    return "\n".join([*config.get("before_script", ()), *config.get("script", ())])


def _options(job: CommitStatus, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names if (value := (job.config or {}).get(name))}


def project(view: dsl.View, one: Project) -> dict[str, Any]:
    """Return a project."""
    return {
        "id": one.id,
        "name": one.name_with_namespace(view),
        "timeout": one.build_timeout,
        "token": one.runners_token,
        "default_ref": one.default_branch,
        "gitlab_url": one.web_url(view),
        "path": one.full_path,
        "always_build": False,
        "polling_interval": None,
        "public": one.visibility == "public" and one.public_jobs,
        "ssh_url_to_repo": f"git@{host(view)}:{one.full_path}.git",
        "gitlab_id": one.id,
    }


def runner(one: Runner) -> dict[str, Any]:
    """Return a runner with its secret."""
    return {"id": one.id, "token": one.token}


def runner_row(store: dsl.Store, one: Runner) -> dict[str, Any]:
    """Return all that is kept of a runner."""
    return {
        **runner(one),
        "created_at": one.created_at,
        "updated_at": one.contacted_at or one.created_at,
        "description": one.description,
        "contacted_at": one.contacted_at,
        "active": one.active,
        "is_shared": one.runner_type == "instance_type",
        "name": one.name,
    }


def link(one: RunnerProject) -> dict[str, Any]:
    """Return that a project has a runner."""
    return {"id": one.id, "project_id": one.project_id, "runner_id": one.runner_id}
