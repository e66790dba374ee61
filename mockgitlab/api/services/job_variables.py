"""The variables that a runner gets with a job.

Source: GitLab's lib/gitlab/ci/variables/builder.rb, app/models/ci/build.rb, lib/gitlab/ci/variables/collection/*.rb and
https://docs.gitlab.com/ci/variables/predefined_variables/.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api.models.environment import Environment
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.pipeline_schedule import PipelineScheduleVariable
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import host
from mockgitlab.api.models.runner import Runner
from mockgitlab.api.services.ci_variables import secrets_of
from mockgitlab.api.services.job_dependencies import dependencies_of, variables_from
from mockgitlab.api.services.job_deployments import environment_of
from mockgitlab.api.services.pipeline_jobs import deploys
from mockgitlab.api.services.pipeline_variables import slug, variables_of

CI_USER = "gitlab-ci-token"
Values = Iterator[tuple[str, Any]]


def runner_variables(view: dsl.View, job: CommitStatus, token: str) -> list[dict[str, Any]]:
    """Return the variables of a job in GitLab's order, of each name the one that wins, written out."""
    from mockgitlab.ci_config import ConfigError  # loaded when the first job is given out
    from mockgitlab.ci_config.variables import all_expanded

    found: dict[str, dict[str, Any]] = {}
    for one in _all(view, job, token):
        found.pop(one["key"], None)
        found[one["key"]] = one
    plain = {key: one["value"] for key, one in found.items() if not one.get("raw") and not one.get("file")}
    with contextlib.suppress(ConfigError):  # variables that use one another stay as they are
        plain = all_expanded(plain)
    return [{**one, "value": plain.get(key, one["value"])} for key, one in found.items()]


def _variable(key: str, value: Any, *, public: bool = True, masked: bool = False, **more: bool) -> dict[str, Any]:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    shown = {name: on for name, on in more.items() if on}
    return {"key": key, "value": text, "public": public, "masked": masked, **shown}


def _all(view: dsl.View, job: CommitStatus, token: str) -> Iterator[dict[str, Any]]:
    store, pipeline = view.store, view.store[Pipeline][job.pipeline_id]
    environment = environment_of(store, job) if deploys(job) else None
    for values in (_persisted(view, job, pipeline), _of_job(job), variables_of(view, pipeline).items()):
        yield from (_variable(key, value) for key, value in values if value is not None)
    yield from _secret(view, job, token)
    yield from (_variable(key, value) for key, value in _of_runner(store, job))
    yield from (_variable(key, value) for key, value in ((job.config or {}).get("variables") or {}).items())
    told = variables_from(store, dependencies_of(store, job))
    yield from (_variable(key, value, public=False) for key, value in told.items())
    for one in secrets_of(store, pipeline, environment.name if environment else None).values():
        kind = {"file": one.variable_type == "file", "raw": bool(one.raw)}
        yield _variable(one.key, one.value or "", public=False, masked=bool(one.masked), **kind)
    yield from _given(store, pipeline)
    yield from (_variable(key, value) for key, value in _of_environment(store, job, environment) if value)


def _given(store: dsl.Store, pipeline: Pipeline) -> Iterator[dict[str, Any]]:
    """Yield what the pipeline was started with, and what its schedule gives it."""
    for key, value in (pipeline.variables or {}).items():
        yield _variable(key, value, public=False, file=key in pipeline.file_variables)
    for one in store[PipelineScheduleVariable].where(pipeline_schedule_id=pipeline.pipeline_schedule_id or 0):
        yield _variable(one.key, one.value or "", public=False, file=one.variable_type == "file")


def _persisted(view: dsl.View, job: CommitStatus, pipeline: Pipeline) -> Values:
    yield "CI_PIPELINE_ID", pipeline.id
    yield "CI_PIPELINE_IID", pipeline.iid
    yield "CI_PIPELINE_URL", pipeline.web_url(view)
    yield "CI_JOB_ID", job.id
    yield "CI_JOB_URL", f"{view.store[Project][job.project_id].web_url(view)}/-/jobs/{job.id}"
    yield "CI_JOB_STARTED_AT", job.started_at


def _secret(view: dsl.View, job: CommitStatus, token: str) -> Iterator[dict[str, Any]]:
    """Yield what has the token of the job in it, and where its images are."""
    project = view.store[Project][job.project_id]
    yield _variable("CI_PIPELINE_CREATED_AT", view.store[Pipeline][job.pipeline_id].created_at)
    yield _variable("CI_JOB_TOKEN", token, public=False, masked=True)
    yield _variable("CI_REPOSITORY_URL", repository_url(view, project, token), public=False)
    if project.container_registry_access_level != "disabled":
        yield _variable("CI_REGISTRY", registry(view))
        yield _variable("CI_REGISTRY_IMAGE", f"{registry(view)}/{project.full_path.lower()}")
        yield _variable("CI_REGISTRY_USER", CI_USER)
        yield _variable("CI_REGISTRY_PASSWORD", token, public=False, masked=True)


def registry(view: dsl.View) -> str:
    """Return where the images of containers are."""
    return f"registry.{host(view)}"


def repository_url(view: dsl.View, project: Project, token: str) -> str:
    """Return where a job clones its project, with its token as the password."""
    url = urlsplit(f"{project.web_url(view)}.git")
    return url._replace(netloc=f"{CI_USER}:{token}@{url.netloc}").geturl()


def _of_job(job: CommitStatus) -> Values:
    yield "CI_JOB_NAME", job.name
    yield "CI_JOB_NAME_SLUG", slug(job.name)
    yield "CI_JOB_STAGE", job.stage
    yield "CI_JOB_MANUAL", True if job.when == "manual" else None
    yield "CI_NODE_TOTAL", 1


def _of_runner(store: dsl.Store, job: CommitStatus) -> Values:
    runner = store[Runner].get(job.runner_id)
    if runner is not None:
        yield "CI_RUNNER_ID", runner.id
        yield "CI_RUNNER_DESCRIPTION", runner.description or ""
        yield "CI_RUNNER_TAGS", json.dumps(list(runner.tag_list))


def _of_environment(store: dsl.Store, job: CommitStatus, environment: Environment | None) -> Values:
    said: Mapping[str, Any] = (job.config or {}).get("deployment") or {}
    if environment is not None:
        yield "CI_ENVIRONMENT_NAME", environment.name
        yield "CI_ENVIRONMENT_SLUG", environment.slug
        yield "CI_ENVIRONMENT_ACTION", said.get("action") or "start"
        yield "CI_ENVIRONMENT_TIER", environment.tier
        yield "CI_ENVIRONMENT_URL", said.get("url") or environment.external_url
