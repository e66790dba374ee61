"""The CI configuration of a project: where it is, and which jobs it gives a pipeline.

It is imported when the first configuration is read. Source: GitLab's lib/gitlab/ci/project_config/*.rb,
app/models/ci/pipeline.rb (``modified_paths``).
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.file_templates import content_of
from mockgitlab.api.models.job_artifact import archive_of
from mockgitlab.api.models.merge_request import MergeRequest, latest_version
from mockgitlab.api.models.pipeline import NOTHING, CommitStatus, Pipeline, latest_statuses
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.models.project_view import by_admin, reads_code
from mockgitlab.api.models.repository import shown
from mockgitlab.api.services.ci_variables import of_schedule, secret_variables
from mockgitlab.api.services.job_artifacts import entry
from mockgitlab.api.services.merge_request_versions import changed_files
from mockgitlab.api.services.pipeline_variables import source_ref, variables_of
from mockgitlab.api.services.repositories import Repository, text_at
from mockgitlab.ci_config import ConfigError, Context, Files, Job, Plan, load, plan
from mockgitlab.ci_config.durations import seconds
from mockgitlab.git.changes import changes
from mockgitlab.git.history import merge_base
from mockgitlab.git.objects import read_commit
from mockgitlab.git.trees import files

ABSENT = "not found or access denied! Make sure any includes in the pipeline configuration are correctly defined."


def planned(view: dsl.View, pipeline: Pipeline, text: str, inputs: Mapping[str, Any] | None = None) -> Plan:
    """Return the jobs that a configuration gives a pipeline; raises ``ConfigError`` or ``Filtered``."""
    source = _Source(view, pipeline, inputs)
    return plan(load(text, source.context), source.context)


def context_of(view: dsl.View, pipeline: Pipeline) -> Context:
    """Return a pipeline, made or to be made, as a configuration sees it."""
    return _Source(view, pipeline).context


def nowhere(project_path: str = "", *, ref: str = "") -> Context:
    """Return the context of a configuration that is of no commit."""

    def refuse(path: str) -> str | None:
        raise ConfigError(f"Local file `{path}` does not have project!")

    files = Files(template=_template) if project_path else Files(own=refuse, template=_template)
    return Context(ref=ref, project_path=project_path, files=files)


def kept(job: Job) -> dict[str, Any]:
    """Return what is kept of a job's configuration beside what its record has columns for."""
    found = {
        "script": list(job.script),
        "exit_codes": list(job.exit_codes),
        "variables": dict(job.variables),
        "tags": list(job.tags),
        "without_artifacts": [need.name for need in job.needs or () if not need.artifacts],
        "before_script": list(job.before_script),
        "after_script": list(job.after_script),
        "environment": job.environment,
        "deployment": dict(job.deployment),
        "start_in": seconds(job.start_in),
        "artifacts": dict(job.artifacts),
        "trigger": dict(job.trigger),
    }
    none = {} if job.dependencies is None else {"dependencies": list(job.dependencies)}
    return {**{name: value for name, value in found.items() if value}, **job.execution, **none}


def _template(name: str) -> str | None:
    return content_of("gitlab_ci_ymls", name.removesuffix(".gitlab-ci.yml"))


class _Source:
    """What a configuration asks of the pipeline that is to be made."""

    def __init__(self, view: dsl.View, pipeline: Pipeline, inputs: Mapping[str, Any] | None = None) -> None:
        self.view, self.pipeline, self.inputs = view, pipeline, inputs
        self.store, self.objects = view.store, view.store.objects
        self.project = view.store[Project][pipeline.project_id]
        self.merge_request = view.store[MergeRequest].get(pipeline.merge_request_id)

    @cached_property
    def context(self) -> Context:
        """The pipeline as a configuration sees it."""
        return Context(
            ref=source_ref(self.store, self.pipeline),
            kind="merge_request" if self.merge_request else "tag" if self.pipeline.tag else "branch",
            source=self.pipeline.source,
            project_path=self.project.full_path,
            variables={**variables_of(self.view, self.pipeline), **self._given()},
            given=self._given(),
            scoped=self._given,
            inputs=self.inputs,
            files=Files(
                *(self._own, self._other, lambda: self._paths, _template),
                artifact=self._artifact if self.pipeline.is_child else None,
            ),
            changed=self._changed,
        )

    def _given(self, environment: str | None = None) -> dict[str, str]:
        secrets = secret_variables(self.store, self.pipeline, environment)
        return {**secrets, **(self.pipeline.variables or {}), **of_schedule(self.store, self.pipeline)}

    def _own(self, path: str) -> str | None:
        return text_at(self.store, self.pipeline.sha, path)

    @cached_property
    def _paths(self) -> Sequence[str]:
        tree = read_commit(self.objects, self.pipeline.sha).tree
        return tuple(shown(path) for path in files(self.objects, tree))

    def _other(self, path: str, ref: str | None, file: str) -> str | None:
        project = find_project(self.store, path) if "/" in path else None
        if project is None or not (reads_code(project, self.view) or by_admin(project, self.view)):
            raise ConfigError(f"Project `{path}` {ABSENT}")
        commit = Repository(self.store, project).commit(ref)
        if commit is None:
            raise ConfigError(f"Project `{path}` reference `{ref or 'HEAD'}` does not exist!")
        return text_at(self.store, commit.sha, file)

    def _artifact(self, name: str, path: str) -> str:
        bridge = self.store[CommitStatus][self.pipeline.source_job_id or 0]
        parent = self.store[Pipeline][bridge.pipeline_id]
        jobs = [one for one in latest_statuses(self.store, parent) if one.name == name]
        archive = next((found for job in jobs if (found := archive_of(self.store, job)) is not None), None)
        if archive is None:
            raise ConfigError(f"Job `{name}` not found in parent pipeline or does not have artifacts!")
        data = entry(archive, path)
        if data is None:
            raise ConfigError(f"Path `{path}` does not exist inside the `{name}` archive!")
        return data.decode(errors="replace")

    # What changed

    def _changed(self, since: str | None) -> Sequence[str] | None:
        if since is not None:
            return self._changed_since(since)
        if self.merge_request is not None:
            found = changed_files(self.store, latest_version(self.store, self.merge_request))
            return tuple(shown(path) for one in found for path in dict.fromkeys((one.old_path, one.new_path)))
        before = self.pipeline.before_sha
        return None if self.pipeline.tag or before == NOTHING else self._between(before)

    def _changed_since(self, ref: str) -> Sequence[str]:
        commit = Repository(self.store, self.project).commit(ref)
        if commit is None:
            raise LookupError(ref)
        return self._between(merge_base(self.objects, [commit.sha, self.pipeline.sha]))

    def _between(self, before: str | None) -> Sequence[str]:
        old = read_commit(self.objects, before).tree if before else ""
        new = read_commit(self.objects, self.pipeline.sha).tree
        found = changes(self.objects, old, new, alike=None)
        return tuple(shown(one.path) for one in found)
