"""What is wrong with CI configurations, given or those of projects.

Source: https://docs.gitlab.com/api/lint/ and GitLab's lib/api/lint.rb, lib/gitlab/ci/lint.rb.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.pipeline import Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.lint_results import Place, all_jobs, job_shown, shown
from mockgitlab.api.services.pipelines import INSUFFICIENT, MISSING, NotCreated, check_rights, config_text, sanitized
from mockgitlab.api.services.repositories import TAGS, Repository, find_ref
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from mockgitlab.ci_config import Context, Findings

AT = "projects/:id/ci/lint"
NO_REF = "Reference not found"
DRY_RUN = dsl.param("dry_run", bool, "Whether to simulate making a pipeline", default=False)
INCLUDE_JOBS = dsl.param("include_jobs", bool, "Whether to list the jobs")
CONTENT = dsl.param("content", str, "The CI configuration", required=True)
OF_PROJECT = (
    dsl.param("sha", str, "The commit, branch or tag of the configuration", since="16.5"),
    dsl.param("content_ref", str, "The commit, branch or tag of the configuration", since="16.10"),
    DRY_RUN,
    INCLUDE_JOBS,
    dsl.param("ref", str, "The branch or tag of the simulated pipeline"),
    dsl.param("dry_run_ref", str, "The branch or tag of the simulated pipeline", since="16.10"),
)
EXCLUSIVE = (dsl.mutually_exclusive("sha", "content_ref"), dsl.mutually_exclusive("ref", "dry_run_ref"))


def _check_creates(call: dsl.Call) -> None:
    access.AS_DEVELOPER.check(call)
    project = call.at(Project)
    if project.builds_access_level == "disabled" or project.archived:
        raise Forbidden(reason=f"{project.full_path} makes no pipelines")


CREATE = dsl.Rule("developer", _check_creates)


@v4.post("ci/lint", params=[CONTENT], success=200, until="16.0")
def lint_anything(
    call: dsl.Call,
    content: str,
    include_merged_yaml: Annotated[bool | None, "Whether to show the configuration with what it includes"] = None,
    include_jobs: Annotated[bool | None, "Whether to list the jobs"] = None,
) -> dict[str, Any]:
    """Check a CI configuration that is of no project."""
    from mockgitlab.api.services.pipeline_configs import nowhere
    from mockgitlab.ci_config import examine

    found = examine(content or "", nowhere())
    told = shown(call, None, found)
    wanted = ("errors", "warnings", *(["merged_yaml"] if include_merged_yaml else []))
    result = {"status": "valid" if told["valid"] else "invalid", **{name: told[name] for name in wanted}}
    return {**result, "jobs": all_jobs(found)} if include_jobs else result


@v4.post(AT, rule=CREATE, params=[CONTENT, DRY_RUN, INCLUDE_JOBS, OF_PROJECT[4]], success=200)
def lint_content(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Check a CI configuration as if it were a project's."""
    head = Repository(call.store, project).head
    return _linted(call, project, head.sha if head else None, given["content"] or "", given)


@v4.get(AT, rule=code.READ, params=OF_PROJECT, constraints=EXCLUSIVE)
def lint_project(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Check the CI configuration of a project."""
    if project.empty_repo:
        raise NotFound("Repository", reason=f"the repository of {project.full_path} is empty")
    repository = Repository(call.store, project)
    wanted = given.get("content_ref") or given.get("sha")
    commit = repository.commit(wanted) if wanted else repository.head
    if commit is None:
        raise NotFound("Commit", reason=f"{project.full_path} has no commit {wanted}")
    return _linted(call, project, commit.sha, config_text(call.store, project, commit.sha), given)


def _linted(call: dsl.Call, project: Project, sha: str | None, text: str | None, given: dsl.Given) -> dict[str, Any]:
    from mockgitlab.api.services.pipeline_configs import nowhere
    from mockgitlab.ci_config import examine

    if given.get("dry_run"):
        return _simulated(call, project, text, given)
    branch = project.default_branch or "main"
    context = nowhere(project.full_path, ref=branch) if sha is None else _context(call, project, sha, branch)
    found = examine(text or "", context)
    told = shown(call, Place(project, sha), found)
    return {**told, "jobs": all_jobs(found)} if given.get("include_jobs") else told


def _draft(call: dsl.Call, project: Project, sha: str, ref: str) -> Pipeline:
    tag = find_ref(call.store, project, f"{TAGS}{ref}") is not None
    user_id = access.me(call).id if call.user else None
    return Pipeline(project_id=project.id, sha=sha, ref=ref, tag=tag, user_id=user_id)


def _context(call: dsl.Call, project: Project, sha: str, ref: str) -> "Context":
    from mockgitlab.api.services.pipeline_configs import context_of

    return context_of(call.view(), _draft(call, project, sha, ref))


# Simulating a pipeline


def _simulated(call: dsl.Call, project: Project, text: str | None, given: dsl.Given) -> dict[str, Any]:
    """Return what comes of making a pipeline, which is not kept."""
    from mockgitlab.ci_config import Findings

    ref = given.get("dry_run_ref") or given.get("ref") or project.default_branch or "main"
    commit = Repository(call.store, project).commit(ref)
    sha = commit.sha if commit else None
    problem = _refused(call, project, sha, ref, text)
    found, jobs = (
        (Findings((problem,)), []) if problem else _planned(text or "", _context(call, project, sha or "", ref))
    )
    found = replace(found, errors=tuple(map(sanitized, found.errors[:1])))
    told = shown(call, Place(project, sha), found)
    return {**told, "jobs": jobs} if given.get("include_jobs") else told


def _planned(text: str, context: "Context") -> "tuple[Findings, list[dict[str, Any]]]":
    from mockgitlab.ci_config import ConfigError, Filtered, examine, plan

    found = examine(text, context)
    try:
        stages = plan(found.config, context).stages if found.config else ()
    except (ConfigError, Filtered) as error:
        return replace(found, errors=(str(error),)), []
    return found, [job_shown(job) for _, _, jobs in stages for job in jobs]


def _refused(call: dsl.Call, project: Project, sha: str | None, ref: str, text: str | None) -> str:
    """Return why the caller can have no pipeline there; nothing where that is possible."""
    if call.user is None:
        return INSUFFICIENT
    if sha is None:
        return NO_REF
    try:
        check_rights(call, _draft(call, project, sha, ref))
    except NotCreated as error:
        return str(error)
    return MISSING if text is None else ""
