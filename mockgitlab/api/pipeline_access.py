"""Who may read, change and delete pipelines, jobs and artifacts, and the rules of the pages that do.

Source: GitLab's app/policies/ci/{pipeline,build}_policy.rb, app/policies/project_policy.rb and
https://docs.gitlab.com/ci/pipelines/settings/#change-which-users-can-view-your-pipelines.
"""

from collections.abc import Callable

from mockgitlab import dsl
from mockgitlab.api import access, protected_refs
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import tag_protections
from mockgitlab.errors import Forbidden

DEBUG = ("true", "1")
"""What ``CI_DEBUG_TRACE`` says where a log may hold secrets."""
OVERRIDING = {"developer": access.DEVELOPER, "maintainer": access.MAINTAINER, "owner": access.OWNER}
CANCELING = {"developer": access.DEVELOPER, "maintainer": access.MAINTAINER}
NOBODY = access.OWNER + 1


def reads_jobs(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller may read the jobs of a project: Reporters may, and others where it shows them."""
    if not _is_open(call, project):
        return False
    known = access.level(call, project)
    seen = known >= access.GUEST or project.visibility in access.open_to(access.viewer(call))
    return known >= access.REPORTER or (project.public_jobs and seen)


def _is_open(call: dsl.Call, project: Project) -> bool:
    if "disabled" in (project.builds_access_level, project.repository_access_level):
        return False
    return all(access.feature_open(call, project, one) for one in ("builds", "repository"))


def reads_pipeline(call: dsl.Call, project: Project, pipeline: Pipeline) -> bool:
    """Tell whether the caller may read a pipeline: one that a system outside tells of, whoever sees the project."""
    external = pipeline.source == "external"
    open_to_all = project.visibility in access.open_to(access.viewer(call)) and project.public_jobs
    return reads_jobs(call, project) or (external and (open_to_all or access.level(call, project) >= access.REPORTER))


def _rule(name: str, may: Callable[[dsl.Call, Project], bool], needed: str, *, login: bool = True) -> dsl.Rule:
    def check(call: dsl.Call) -> None:
        project = call.at(Project)
        if not may(call, project):
            who = access.viewer(call)
            known = access.NAMES.get(access.level(call, project), "no member")
            told = f"{who.username} is {known}" if who else "the request is anonymous"
            raise Forbidden(reason=f"{needed}; {told} of {project.full_path}{_closed(project)}")

    return dsl.Rule(name, check, login=login)


def _closed(project: Project) -> str:
    closed = "disabled" in (project.builds_access_level, project.repository_access_level)
    return ", which is archived" if project.archived else ", whose CI/CD is disabled" if closed else ""


def _least(level: int) -> Callable[[dsl.Call, Project], bool]:
    def may(call: dsl.Call, project: Project) -> bool:
        return _is_open(call, project) and not project.archived and access.level(call, project) >= level

    return may


def may_cancel(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller has the role that canceling takes in a project."""
    least = access.DEVELOPER
    if call.settings.edition == "ee":
        least = CANCELING.get(project.ci_restrict_pipeline_cancellation_role, NOBODY)
    return _least(least)(call, project)


_SEEN = "jobs are for Reporters, and for all who see the project where public_jobs is on"
READ = _rule("read jobs", reads_jobs, _SEEN, login=False)
READ_AS_USER = _rule("read jobs", reads_jobs, _SEEN)
may_update = _least(access.DEVELOPER)
"""Tells whether the caller may change pipelines and jobs of a project at all."""
UPDATE = _rule("developer", may_update, "developer is needed")
CANCEL = _rule("developer", may_cancel, "the role that ci_restrict_pipeline_cancellation_role names is needed")
DESTROY_ARTIFACTS = _rule("maintainer", _least(access.MAINTAINER), "maintainer is needed")
DESTROY = _rule("owner", _least(access.OWNER), "owner is needed")


# One pipeline or job


def changes(call: dsl.Call, record: Pipeline | CommitStatus) -> bool:
    """Tell whether the caller may retry, cancel or play what runs on the ref of a pipeline, or of a job's."""
    store, user = call.store, access.viewer(call)
    pipeline = record if isinstance(record, Pipeline) else store[Pipeline][record.pipeline_id]
    project = store[Project][pipeline.project_id]
    if project.archived or not _is_open(call, project):
        return False
    if pipeline.tag:
        return protected_refs.may_create_tag(store, user, project, pipeline.ref)
    merge_request = store[MergeRequest].get(pipeline.merge_request_id)
    branch = merge_request.source_branch if merge_request else pipeline.ref
    return protected_refs.may_merge_into(store, user, project, branch)


def check_changes(call: dsl.Call, record: Pipeline | CommitStatus) -> None:
    """Raise ``Forbidden`` for who may not retry, cancel or play what runs on the ref of a pipeline or job."""
    if not changes(call, record):
        raise Forbidden(reason=f"{access.me(call).username} may neither push to {record.ref} nor merge into it")


def check_cancels(call: dsl.Call, record: Pipeline | CommitStatus) -> None:
    """Raise ``Forbidden`` for who may not cancel a pipeline or job."""
    CANCEL.check(call)
    check_changes(call, record)


def check_variables(call: dsl.Call, pipeline: Pipeline) -> None:
    """Raise ``Forbidden`` for who may not read the variables of a pipeline: who started it may, and Maintainers."""
    user, project = access.viewer(call), call.store[Project][pipeline.project_id]
    own = user is not None and pipeline.user_id == user.id and changes(call, pipeline)
    if not own and not _least(access.MAINTAINER)(call, project):
        raise Forbidden(reason="the variables of a pipeline are for who started it, and for Maintainers")


def check_trace(call: dsl.Call, job: CommitStatus) -> None:
    """Raise ``Forbidden`` for who may not read the log of a job that writes everything into it."""
    config = job.config or {}
    variables = config.get("variables") or {}
    debugs = any(str(variables.get(name)).lower() in DEBUG for name in ("CI_DEBUG_TRACE", "CI_DEBUG_SERVICES"))
    if (debugs or config.get("debug_trace")) and not _least(access.DEVELOPER)(
        call, call.store[Project][job.project_id]
    ):
        raise Forbidden(reason=f"{job.name} runs with CI_DEBUG_TRACE, its log is for Developers")


def check_erases(call: dsl.Call, job: CommitStatus) -> None:
    """Raise ``Forbidden`` for who may not erase a job: Maintainers may, and who started it on an unprotected ref."""
    project, user = call.store[Project][job.project_id], access.me(call)
    if changes(call, job) and access.level(call, project) >= access.MAINTAINER:
        return
    if job.user_id != user.id or _is_protected(call.store, project, job) or not changes(call, job):
        raise Forbidden(reason="Maintainers erase jobs, and Developers their own on unprotected branches and tags")


def _is_protected(store: dsl.Store, project: Project, job: CommitStatus) -> bool:
    if store[Pipeline][job.pipeline_id].tag:
        return bool(tag_protections(store, project, job.ref or ""))
    return protected_refs.is_protected(store, project, job.ref or "")


def may_set_variables(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller may start pipelines and jobs with variables of his own."""
    role = project.ci_pipeline_variables_minimum_override_role
    if role == "developer" and project.restrict_user_defined_variables:
        role = "maintainer"
    return access.level(call, project) >= OVERRIDING.get(role, NOBODY)
