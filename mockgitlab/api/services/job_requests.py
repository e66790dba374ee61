"""What a runner is told of the job that it is given.

Source: GitLab's lib/api/entities/ci/job_request/*.rb, app/presenters/ci/build_runner_presenter.rb,
lib/gitlab/ci/build/{step,image,releaser}.rb and lib/gitlab/ci/pipeline/seed/build/cache.rb.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.job_artifact import JOB_ARTIFACT_FILE, archive_of
from mockgitlab.api.models.job_report import reports
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.runner import Runner
from mockgitlab.api.services.ci_variables import runs_protected
from mockgitlab.api.services.job_dependencies import dependencies_of
from mockgitlab.api.services.job_variables import CI_USER, registry, repository_url, runner_variables
from mockgitlab.api.services.pipeline_variables import source_ref
from mockgitlab.git.history import last_touching
from mockgitlab.store import parse_instant

FAILURE_REASONS = (
    *("unknown_failure", "script_failure", "api_failure", "stuck_or_timeout_failure", "runner_system_failure"),
    *("missing_dependency_failure", "runner_unsupported", "stale_schedule", "job_execution_timeout"),
    *("archived_failure", "unmet_prerequisites", "scheduler_failure", "data_integrity_failure"),
    *("forward_deployment_failure", "user_blocked", "project_deleted", "ci_quota_exceeded"),
    *("pipeline_loop_detected", "no_matching_runner", "trace_size_exceeded", "builds_disabled"),
    *("environment_creation_failure", "deployment_rejected", "failed_outdated_deployment_job"),
    *("protected_environment_failure", "insufficient_bridge_permissions"),
    *("downstream_bridge_project_not_found", "invalid_bridge_trigger", "upstream_bridge_project_not_found"),
    *("insufficient_upstream_permissions", "bridge_pipeline_is_child_pipeline"),
    *("downstream_pipeline_creation_failed", "secrets_provider_not_found"),
    *("reached_max_descendant_pipelines_depth", "ip_restriction_failure", "reached_max_pipeline_hierarchy_size"),
)
HOOKS_SINCE = (15, 8)
OPTIONS_SINCE = (16, 9)
SINGLE_FLAGS = ("name", "description", "tag_name", "tag_message", "ref", "released_at")


def job_request(view: dsl.View, job: CommitStatus, token: str) -> dict[str, Any]:
    """Return a job as a runner is given it."""
    store, config = view.store, job.config or {}
    project, release = store[Project][job.project_id], store.settings.release
    return {
        "id": job.id,
        "token": token,
        "allow_git_fetch": project.build_git_strategy == "fetch",
        "job_info": _job_info(view, job, project),
        "git_info": _git_info(view, job, token),
        "runner_info": {"timeout": timeout_of(store, job), "runner_session_url": None},
        "variables": runner_variables(view, job, token),
        "steps": list(_steps(store, job)),
        **({"hooks": list(_hooks(config))} if release >= HOOKS_SINCE else {}),
        "image": _image(config.get("image"), release),
        "services": [one for given in config.get("services") or () if (one := _service(given, release))],
        "artifacts": artifacts_of(config.get("artifacts")),
        "cache": [_cache(store, job, one) for one in caches_of(job)],
        "credentials": credentials_of(view, project, token),
        "features": {"trace_sections": True, "failure_reasons": list(FAILURE_REASONS)},
        "dependencies": [_dependency(view, one, token) for one in dependencies_of(store, job)],
    }


def timeout_of(store: dsl.Store, job: CommitStatus) -> int:
    """Return after how many seconds a job ends: its own time, else its project's, bounded by its runner's."""
    from mockgitlab.ci_config.durations import seconds  # loaded when the first job is given out

    own = seconds((job.config or {}).get("timeout")) or store[Project][job.project_id].build_timeout
    runner = store[Runner].get(job.runner_id)
    return min(own, runner.maximum_timeout) if runner and runner.maximum_timeout else own


def _job_info(view: dsl.View, job: CommitStatus, project: Project) -> dict[str, Any]:
    waited = parse_instant(job.started_at or view.store.now) - parse_instant(job.queued_at or job.created_at)
    return {
        "id": job.id,
        "name": job.name,
        "stage": job.stage,
        "project_id": project.id,
        "project_name": project.name,
        "time_in_queue_seconds": int(waited.total_seconds()),
        "project_jobs_running_on_instance_runners_count": _running_beside(view.store, job),
    }


def _running_beside(store: dsl.Store, job: CommitStatus) -> str:
    runner = store[Runner].get(job.runner_id)
    if runner is None or runner.runner_type != "instance_type":
        return "+Inf"
    running = store[CommitStatus].where(project_id=job.project_id, status="running")
    kinds = [store[Runner].get(one.runner_id) for one in running]
    count = sum(one is not None and one.runner_type == "instance_type" for one in kinds)
    return str(count) if count < 5 else "5+"


def _git_info(view: dsl.View, job: CommitStatus, token: str) -> dict[str, Any]:
    pipeline, project = view.store[Pipeline][job.pipeline_id], view.store[Project][job.project_id]
    depth = _depth(job, pipeline, project)
    own = f"+{persistent_ref(pipeline)}:{persistent_ref(pipeline)}"
    named = source_ref(view.store, pipeline)
    branch, tag = "+refs/heads/{0}:refs/remotes/origin/{0}", "+refs/tags/{0}:refs/tags/{0}"
    wanted = [branch.format("*"), tag.format("*")] if depth <= 0 else []
    if depth > 0 and pipeline.merge_request_id is None:
        wanted = [(tag if pipeline.tag else branch).format(named)]
    return {
        "repo_url": repository_url(view, project, token),
        "ref": job.ref,
        "sha": job.sha,
        "before_sha": pipeline.before_sha,
        "ref_type": "tag" if pipeline.tag else "branch",
        "refspecs": [own, *wanted],
        "depth": depth,
        "repo_object_format": "sha1",
    }


def persistent_ref(pipeline: Pipeline) -> str:
    """Return the ref that keeps the commit of a pipeline while it runs."""
    return f"refs/pipelines/{pipeline.id}"


def _depth(job: CommitStatus, pipeline: Pipeline, project: Project) -> int:
    variables = {**((job.config or {}).get("variables") or {}), **(pipeline.variables or {})}
    given = str(variables.get("GIT_DEPTH", project.ci_default_git_depth or 0))
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


# What it runs


def _steps(store: dsl.Store, job: CommitStatus) -> Iterator[dict[str, Any]]:
    config, most = job.config or {}, timeout_of(store, job)
    usual = {"timeout": most, "when": "on_success", "allow_failure": False}
    yield {"name": "script", "script": [*config.get("before_script", ()), *config.get("script", ())], **usual}
    if config.get("release"):
        yield {"name": "release", "script": [_release(config["release"])], **usual}
    if config.get("after_script"):
        after = {"timeout": most, "when": "always", "allow_failure": True}
        yield {"name": "after_script", "script": list(config["after_script"]), **after}


def _release(given: Mapping[str, Any]) -> str:
    """Return the command that makes a release."""
    flags = [f'--{name.replace("_", "-")} "{given[name]}"' for name in SINGLE_FLAGS if given.get(name)]
    flags += [f'--milestone "{one}"' for one in _list(given.get("milestones"))]
    assets = given["assets"] if isinstance(given.get("assets"), dict) else {}
    links = [json.dumps(one, separators=(",", ":"), default=str) for one in _list(assets.get("links"))]
    flags += [f"--assets-link {json.dumps(one)}" for one in links]
    return " ".join(["release-cli create", *flags])


def _hooks(config: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, script in (config.get("hooks") or {}).items():
        yield {"name": name, "script": _list(script)}


def _image(given: Any, release: tuple[int, ...]) -> dict[str, Any] | None:
    said = {"name": given} if isinstance(given, str) else given if isinstance(given, dict) else {}
    if not said.get("name"):
        return None
    options = {name: said[name] for name in ("docker", "kubernetes") if said.get(name)}
    return {
        "name": said["name"],
        "entrypoint": said.get("entrypoint"),
        "ports": [],
        **({"executor_opts": options} if release >= OPTIONS_SINCE else {}),
        "pull_policy": _list(said["pull_policy"]) if said.get("pull_policy") else None,
    }


def _service(given: Any, release: tuple[int, ...]) -> dict[str, Any] | None:
    image, said = _image(given, release), given if isinstance(given, dict) else {}
    given_variables = said["variables"] if isinstance(said.get("variables"), dict) else {}
    variables = [{"key": str(key), "value": str(value)} for key, value in given_variables.items()]
    more = {"alias": said.get("alias"), "command": said.get("command"), "variables": variables}
    return image and {**image, **more}


# What it leaves behind, and finds


def artifacts_of(given: Any) -> list[dict[str, Any]] | None:
    """Return what a job is to leave behind, as its runner is told it; nothing where it says nothing of it."""
    if not given:
        return None
    found: list[dict[str, Any]] = []
    if given.get("untracked") or given.get("paths"):
        told = {name: given.get(name) for name in ("name", "untracked", "paths", "when", "expire_in")}
        exclude = {"exclude": given["exclude"]} if given.get("exclude") else {}
        found.append({**told, **exclude, "artifact_type": "archive", "artifact_format": "zip"})
    said = given["reports"] if isinstance(given.get("reports"), dict) else {}
    return found + [one for kind, paths in said.items() if (one := _report(kind, paths, given.get("expire_in")))]


def _report(kind: str, paths: Any, expire_in: Any) -> dict[str, Any] | None:
    if kind == "coverage_report" and isinstance(paths, dict):
        kind, paths = str(paths.get("coverage_format")), paths.get("path")
    known = reports().get(kind)
    if known is None or not known.filename:
        return None
    told = {"name": known.filename, "paths": _list(paths), "when": "always"}
    expiry = {"expire_in": expire_in} if expire_in is not None else {}
    return {**told, **expiry, "artifact_type": kind, "artifact_format": known.format}


def caches_of(job: CommitStatus) -> list[dict[str, Any]]:
    """Return what a job says of its caches."""
    return [one for one in _list((job.config or {}).get("cache")) if isinstance(one, dict)]


def _cache(store: dsl.Store, job: CommitStatus, given: Mapping[str, Any]) -> dict[str, Any]:
    project, pipeline = store[Project][job.project_id], store[Pipeline][job.pipeline_id]
    kind = "protected" if runs_protected(store, project, pipeline) else "non_protected"
    suffix = f"-{kind}" if project.ci_separated_caches and not given.get("unprotect") else ""
    return {
        "key": _cache_key(store, job, given.get("key")) + suffix,
        "untracked": given.get("untracked"),
        "paths": given.get("paths"),
        "policy": given.get("policy") or "pull-push",
        "when": given.get("when") or "on_success",
        "fallback_keys": [f"{key}{suffix}" for key in _list(given.get("fallback_keys"))],
    }


def _cache_key(store: dsl.Store, job: CommitStatus, given: Any) -> str:
    """Return the key of a cache; one by files is that of the commits that changed them last."""
    if not isinstance(given, dict):
        return str(given or "default")
    found = [last_touching(store.objects, job.sha, str(path)) for path in _list(given.get("files"))]
    ids = sorted({one.sha for one in found if one is not None})
    digest = hashlib.sha1("-".join(ids).encode(), usedforsecurity=False).hexdigest() if ids else "default"
    return "-".join([*([str(given["prefix"])] if given.get("prefix") else []), digest])


def credentials_of(view: dsl.View, project: Project, token: str) -> list[dict[str, str]]:
    """Return with what a job reaches the registry of containers."""
    if project.container_registry_access_level == "disabled":
        return []
    return [{"type": "registry", "url": registry(view), "username": CI_USER, "password": token}]


def _dependency(view: dsl.View, job: CommitStatus, token: str) -> dict[str, Any]:
    archive = archive_of(view.store, job)
    file = {"artifacts_file": view.one(JOB_ARTIFACT_FILE, archive)} if archive else {}
    return {"id": job.id, "name": job.name, "token": token, **file}


def _list(given: Any) -> list[Any]:
    return list(given) if isinstance(given, (list, tuple)) else [] if given is None else [given]
