"""How GitLab tells what it finds in CI configurations.

Source: https://docs.gitlab.com/api/lint/ and GitLab's lib/api/entities/ci/lint/result.rb, lib/gitlab/ci/lint.rb,
lib/gitlab/ci/config/external/file/*.rb.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.services.repositories import Repository

if TYPE_CHECKING:
    from mockgitlab.ci_config import Context, Findings, Job
    from mockgitlab.ci_config.includes import Included

TEMPLATES = "https://gitlab.com/gitlab-org/gitlab/-/raw/master/lib/gitlab/ci/templates"


class Place:
    """Of which project, and which of its commits, a configuration is."""

    def __init__(self, project: Project, sha: str | None) -> None:
        self.project, self.sha = project, sha


def shown(call: dsl.Call, place: Place | None, found: "Findings") -> dict[str, Any]:
    """Return what is found as GitLab tells it, of a configuration of a project, or of none."""
    from mockgitlab.ci_config import merged_yaml

    files = None if found.included is None else [_include(call, place, one) for one in found.included]
    return {
        "valid": not found.errors,
        "errors": list(found.errors),
        "warnings": list(found.warnings),
        "merged_yaml": None if found.data is None else merged_yaml(found.data),
        "includes": files,
    }


def _include(call: dsl.Call, place: Place | None, file: "Included") -> dict[str, Any]:
    """Return how an included file is shown: where it is, and of what is included."""
    outer, own = _place(call, place, file.outer), _place(call, place, file.context)
    url = f"{own.project.web_url(call.view())}/-/{{}}/{own.sha}/{file.location}" if own else ""
    template = file.kind == "template"
    extra: dict[str, Any] = {} if template else dict(file.more)
    if file.kind == "file" and file.context.files.place:
        extra = dict(zip(("project", "ref"), file.context.files.place, strict=True))
    return {
        "type": file.kind,
        "location": file.location,
        "blob": None if template else url.format("blob"),
        "raw": f"{TEMPLATES}/{file.location}" if template else url.format("raw"),
        "extra": extra,
        "context_project": outer.project.full_path if outer else None,
        "context_sha": outer.sha if outer else None,
    }


def _place(call: dsl.Call, place: Place | None, context: "Context") -> Place | None:
    if context.files.place is None:
        return place
    path, ref = context.files.place
    project = find_project(call.store, path)
    commit = Repository(call.store, project).commit(None if ref == "HEAD" else ref) if project else None
    return Place(project, commit.sha if commit else None) if project else None


def all_jobs(found: "Findings") -> list[dict[str, Any]]:
    """Return all jobs of a configuration, stage by stage."""
    if found.config is None:
        return []
    jobs: Iterable[Job] = found.config.jobs.values()
    by_rules = found.config.workflow_rules is not None
    return [_static(job, by_rules=by_rules) for stage in found.config.stages for job in jobs if job.stage == stage]


def job_shown(job: "Job") -> dict[str, Any]:
    """Return a job as a pipeline would have it."""
    return {
        "name": job.name,
        "stage": job.stage,
        "before_script": list(job.before_script),
        "script": list(job.script),
        "after_script": list(job.after_script),
        "tag_list": list(job.tags),
        "environment": job.environment,
        "when": job.when,
        "allow_failure": bool(job.allow_failure),
    }


def _static(job: "Job", *, by_rules: bool) -> dict[str, Any]:
    from mockgitlab.ci_config.policies import DEFAULT_ONLY

    only = job.only
    if only is None and job.rules is None and not by_rules:
        only = list(DEFAULT_ONLY)
    needs = [{"name": one.name, "artifacts": True, "optional": one.optional} for one in job.needs or ()]
    allowed = job.when == "manual" and job.rules is None if job.allow_failure is None else job.allow_failure
    found = {**job_shown(job), "allow_failure": allowed, "only": _policy(only), "except": _policy(job.excluded)}
    names = ("name", "stage", "before_script", "script", "after_script", "tag_list", "only", "except")
    rest = ("environment", "when", "allow_failure")
    return {**{name: found[name] for name in (*names, *rest)}, "needs": None if job.needs is None else needs}


def _policy(given: Any) -> Any:
    return {"refs": given} if isinstance(given, list) else given
