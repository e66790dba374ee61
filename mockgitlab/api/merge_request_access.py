"""Who may do what with merge requests.

Source: https://docs.gitlab.com/user/permissions/#merge-requests and GitLab's app/policies/merge_request_policy.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access, protected_refs, reach
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.errors import Forbidden, Unauthorized
from mockgitlab.store import Query


def project_of(store: dsl.Store, merge_request: MergeRequest) -> Project:
    """Return the project into which a merge request is to be merged."""
    return store[Project][merge_request.project_id]


# Reading


def merge_requests_open(store: dsl.Store, user: User | None, project: Project) -> bool:
    """Tell whether a user who may know of a project may see its merge requests: who sees the code, as they show it."""
    settings = (project.merge_requests_access_level, project.repository_access_level)
    if "disabled" in settings:
        return False
    open_to_all = project.visibility != "private" and settings == ("enabled", "enabled")
    return open_to_all or access.project_level(store, user, project) >= access.REPORTER


def builds_open(store: dsl.Store, user: User | None, project: Project) -> bool:
    """Tell whether a user may see the pipelines of a project, where its merge requests are visible to the user."""
    level = access.project_level(store, user, project)
    if project.builds_access_level == "disabled" or (project.builds_access_level == "private" and not level):
        return False
    return project.public_jobs or level >= access.REPORTER


def may_read(store: dsl.Store, user: User | None, merge_request: MergeRequest) -> bool:
    """Tell whether a user, or anybody when there is none, may see a merge request."""
    project = project_of(store, merge_request)
    return access.can_read(store, user, project) and merge_requests_open(store, user, project)


def readable_merge_requests(
    call: dsl.Call, at: Project | Group | None, *, archived: bool = True
) -> Query[MergeRequest]:
    """Return the merge requests of a project, a group and all below it, or the instance, that the caller may see."""
    return readable_by(call.store, access.viewer(call), at, archived=archived)


def readable_by(
    store: dsl.Store, user: User | None, at: Project | Group | None = None, *, archived: bool = True
) -> Query[MergeRequest]:
    """Return the merge requests of a project, a group and all below it, or the instance, that a user may see."""
    projects = reach.visible_where(store, user, "projects with merge requests", merge_requests_open)
    return store[MergeRequest].all().among("project_id", reach.within(store, projects, at, archived=archived))


# Writing


def develops(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller sets labels, assignees, milestones and whatever else plans the work of a project."""
    return access.level(call, project) >= access.DEVELOPER


def may_update(call: dsl.Call, merge_request: MergeRequest) -> bool:
    """Tell whether the caller may change a merge request: developers, and whose merge request it is."""
    user, project = access.me(call), project_of(call.store, merge_request)
    if project.archived or not may_read(call.store, user, merge_request):
        return False
    return user.id in (merge_request.author_id, *merge_request.assignee_ids) or develops(call, project)


def may_merge(store: dsl.Store, user: User | None, merge_request: MergeRequest) -> bool:
    """Tell whether a user may merge into the target branch."""
    return protected_refs.may_merge_into(store, user, project_of(store, merge_request), merge_request.target_branch)


def may_collaborate(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether the source branch of a merge request can be open to who may merge it: of a fork, and seen by all."""
    source, target = store[Project].get(merge_request.source_project_id), project_of(store, merge_request)
    if source is None or source.id == target.id or "private" in (source.visibility, target.visibility):
        return False
    return not protected_refs.is_protected(store, source, merge_request.source_branch)


def may_propose_from(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller may open merge requests from the branches of a project."""
    return code.may_push(call, project) and merge_requests_open(call.store, access.me(call), project)


def may_propose_to(call: dsl.Call, project: Project) -> bool:
    """Tell whether the caller may open merge requests into the branches of a project: whoever sees those there."""
    user = access.me(call)
    return (
        not project.archived
        and access.can_read(call.store, user, project)
        and merge_requests_open(call.store, user, project)
    )


# Rules


def _check_proposes(call: dsl.Call) -> None:
    project = call.at(Project)
    if not may_propose_from(call, project):
        setting = f"merge requests there are {project.merge_requests_access_level}"
        access.refuse(call, project, f"{setting}, developer is needed to open one from its branches")


def _check_reads(call: dsl.Call) -> None:
    if not merge_requests_open(call.store, access.viewer(call), call.at(Project)):
        project = call.at(Project)
        who = call.user.username if call.user else "an anonymous request"
        setting = f"merge requests there are {project.merge_requests_access_level}, and the code {project.visibility}"
        raise Forbidden(reason=f"{who} may not see the merge requests of {project.full_path}: {setting}")


def _check_updates(call: dsl.Call) -> None:
    if not may_update(call, call.at(MergeRequest)):
        access.refuse(call, call.at(Project), "its developers, author and assignees may change a merge request")


def _check_develops(call: dsl.Call) -> None:
    if call.at(Project).archived or not develops(call, call.at(Project)):
        access.refuse(call, call.at(Project), "developer is needed")


def _check_deletes(call: dsl.Call) -> None:
    if access.level(call, call.at(Project)) < access.OWNER:
        access.refuse(call, call.at(Project), "owner is needed to delete merge requests")


def _check_merges(call: dsl.Call) -> None:
    merge_request = call.at(MergeRequest)
    if not may_merge(call.store, access.me(call), merge_request):
        project, branch = call.at(Project), merge_request.target_branch
        raise Unauthorized(reason=f"{access.me(call).username} may not merge into {branch} of {project.full_path}")


PROPOSES = dsl.Rule("opens merge requests", _check_proposes)
READS = dsl.Rule("reads merge requests", _check_reads, login=False)
UPDATES = dsl.Rule("updates the merge request", _check_updates)
DEVELOPS = dsl.Rule("develops", _check_develops)
DELETES = dsl.Rule("deletes merge requests", _check_deletes)
MERGES = dsl.Rule("merges into the target branch", _check_merges)
