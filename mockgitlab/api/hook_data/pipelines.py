"""Pipelines and jobs, whenever their status changes.

Source: https://docs.gitlab.com/user/project/integrations/webhook_events/#pipeline-events, #job-events and GitLab's
lib/gitlab/data_builder/pipeline.rb, build.rb.
"""

from collections.abc import Iterator
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import mergeability as checks
from mockgitlab.api.hook_data.common import (
    Occasion,
    Seen,
    commit_attrs,
    project_attrs,
    repository_attrs,
    time,
    user_attrs,
)
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline, latest_statuses
from mockgitlab.api.models.pipeline_shapes import PIPELINE
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import protections
from mockgitlab.api.models.user import User
from mockgitlab.git.objects import Commit, read_commit
from mockgitlab.store import parse_instant


def of_pipeline(seen: Seen, before: Pipeline | None, after: Pipeline | None) -> Iterator[Occasion]:
    """Yield what is told of a pipeline that was made or has another status."""
    if after is not None and (before is None or before.status != after.status):
        yield Occasion("pipeline_hooks", pipeline_data(seen, after), seen.store[Project].get(after.project_id))


def of_job(seen: Seen, before: CommitStatus | None, after: CommitStatus | None) -> Iterator[Occasion]:
    """Yield what is told of a job that was made or has another status."""
    new = after is not None and (before is None or before.status != after.status)
    if after is not None and new and after.kind == "Ci::Build":
        yield Occasion("job_hooks", job_data(seen, after), seen.store[Project].get(after.project_id))


def _commit(store: dsl.Store, sha: str) -> Commit | None:
    found = store.objects.get(sha)
    return read_commit(store.objects, sha) if found is not None and found[0] == "commit" else None


def _seconds(start: str | None, end: str | None) -> float | None:
    return (parse_instant(end) - parse_instant(start)).total_seconds() if start and end else None


def pipeline_data(seen: Seen, pipeline: Pipeline) -> dict[str, Any]:
    """Return the payload of a pipeline."""
    view, store = seen.view, seen.store
    project, commit = store[Project][pipeline.project_id], _commit(store, pipeline.sha)
    return {
        "object_kind": "pipeline",
        "object_attributes": _attrs(pipeline, project, view),
        "merge_request": _merge_request(store[MergeRequest].get(pipeline.merge_request_id), view),
        "user": user_attrs(store[User].get(pipeline.user_id), view),
        "project": project_attrs(project, view, backward=False),
        "commit": commit_attrs(commit, project, view) if commit else None,
        "builds": [_build(job, view) for job in latest_statuses(store, pipeline) if job.is_job],
        **_source(store[CommitStatus].get(pipeline.source_job_id), view),
    }


def _source(bridge: CommitStatus | None, view: dsl.View) -> dict[str, Any]:
    """Return the trigger job that started a pipeline, if one did."""
    if bridge is None:
        return {}
    project = view.store[Project][bridge.project_id]
    place = {"id": project.id, "web_url": project.web_url(view), "path_with_namespace": project.full_path}
    return {"source_pipeline": {"project": place, "job_id": bridge.id, "pipeline_id": bridge.pipeline_id}}


def _attrs(pipeline: Pipeline, project: Project, view: dsl.View) -> dict[str, Any]:
    shown = PIPELINE.render(pipeline, view)
    stages = [job.stage for job in latest_statuses(view.store, pipeline)]
    return {
        "id": pipeline.id,
        "iid": pipeline.iid,
        "name": pipeline.name,
        "ref": pipeline.ref,
        "tag": pipeline.tag,
        "sha": pipeline.sha,
        "before_sha": pipeline.before_sha,
        "source": pipeline.source,
        "status": pipeline.status,
        "detailed_status": shown["detailed_status"]["label"],
        "stages": list(dict.fromkeys(stages)),
        "created_at": time(pipeline.created_at),
        "finished_at": time(shown["finished_at"]),
        "duration": shown["duration"],
        "queued_duration": shown["queued_duration"],
        "protected_ref": bool(protections(view.store, project, pipeline.ref)),
        "variables": [{"key": key, "value": value} for key, value in (pipeline.variables or {}).items()],
        "url": pipeline.web_url(view),
    }


def _merge_request(one: MergeRequest | None, view: dsl.View) -> dict[str, Any] | None:
    if one is None:
        return None
    state = checks.mergeability(view.store, one)
    names = ("id", "iid", "title", "source_branch", "source_project_id", "target_branch")
    return {
        **{name: getattr(one, name) for name in names},
        "target_project_id": one.project_id,
        "state": one.state,
        "merge_status": state.merge_status,
        "detailed_merge_status": state.detailed,
        "url": one.web_url(view),
    }


def _build(job: CommitStatus, view: dsl.View) -> dict[str, Any]:
    return {
        "id": job.id,
        "stage": job.stage,
        "name": job.name,
        "status": job.status,
        "created_at": time(job.created_at),
        "started_at": time(job.started_at),
        "finished_at": time(job.finished_at),
        "duration": _seconds(job.started_at, job.finished_at),
        "queued_duration": _seconds(job.queued_at, job.started_at),
        "failure_reason": job.failure_reason if job.status == "failed" else None,
        "when": job.when,
        "manual": job.when == "manual",
        "allow_failure": job.allow_failure,
        "user": user_attrs(view.store[User].get(job.user_id), view),
        "runner": None,
        "artifacts_file": {"filename": None, "size": None},
        "environment": None,
    }


def job_data(seen: Seen, job: CommitStatus) -> dict[str, Any]:
    """Return the payload of a job."""
    view, store = seen.view, seen.store
    project, pipeline = store[Project][job.project_id], store[Pipeline][job.pipeline_id]
    return {
        "object_kind": "build",
        "ref": job.ref,
        "tag": pipeline.tag,
        "before_sha": pipeline.before_sha,
        "sha": job.sha,
        "build_id": job.id,
        "build_name": job.name,
        "build_stage": job.stage,
        "build_status": job.status,
        "build_created_at": time(job.created_at),
        "build_started_at": time(job.started_at),
        "build_finished_at": time(job.finished_at),
        "build_duration": _seconds(job.started_at, job.finished_at),
        "build_queued_duration": _seconds(job.queued_at, job.started_at),
        "build_allow_failure": job.allow_failure,
        "build_failure_reason": job.failure_reason or "unknown_failure",
        "pipeline_id": pipeline.id,
        "runner": None,
        "project_id": project.id,
        "project_name": project.name_with_namespace(view),
        "user": user_attrs(store[User].get(job.user_id), view),
        "commit": _commit_of(pipeline, view),
        "repository": repository_attrs(project, view, "git_http_url", "git_ssh_url", "visibility_level"),
        "environment": None,
    }


def _commit_of(pipeline: Pipeline, view: dsl.View) -> dict[str, Any]:
    """Return what a job's payload calls its commit, which is half the pipeline."""
    shown, commit = PIPELINE.render(pipeline, view), _commit(view.store, pipeline.sha)
    author = commit.author if commit else None
    user = view.store[User].find(folded_email=author.email.lower()) if author else None
    mail = f"mailto:{author.email}" if author else None
    return {
        "id": pipeline.id,
        "name": pipeline.name,
        "sha": pipeline.sha,
        "message": commit.message if commit else None,
        "author_name": author.name if author else None,
        "author_email": author.email if author else None,
        "author_url": user.web_url(view) if user else mail,
        "status": pipeline.status,
        "duration": shown["duration"],
        "started_at": time(shown["started_at"]),
        "finished_at": time(shown["finished_at"]),
    }
