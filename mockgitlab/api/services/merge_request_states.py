"""Closing, reopening and marking merge requests as merged, with all that they cause.

Source: GitLab's app/services/merge_requests/{close,reopen,post_merge}_service.rb.
"""

from dataclasses import replace
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects, issue_access
from mockgitlab.api.merge_request_access import may_update
from mockgitlab.api.mergeability import check_again, conflicts, is_being_checked, needs_rebase
from mockgitlab.api.models.merge_request import MergeRequest, versions_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services import issues, merge_request_checks
from mockgitlab.api.services.diff_threads import renew_version
from mockgitlab.api.services.merge_request_closings import closed_issues, remember_closed
from mockgitlab.api.services.repositories import Repository

NO_AUTO_MERGE: dict[str, Any] = {
    "merge_when_pipeline_succeeds": False,
    "merge_params": None,
    "merge_user_id": None,
    "should_remove_source_branch": None,
}


def close(call: dsl.Call, merge_request: MergeRequest) -> MergeRequest:
    """Close an open merge request."""
    user_id = access.me(call).id
    columns = {"state": "closed", "closed_at": call.now, "closed_by_id": user_id, "merge_error": None}
    closed = call.store.update(merge_request, **columns)
    effects.record_state_event(call, closed, "closed")
    effects.record_event(call, closed.project_id, "closed", closed)
    effects.resolve_todos(call, user_id, closed)
    return abort_auto_merge(call, closed, "merge request was closed")


def close_between_forks(call: dsl.Call, project: Project) -> None:
    """Close the open merge requests from or into other projects once one has no fork or source any more.

    Those that the current user may not change are left. Source: GitLab's app/services/projects/unlink_fork_service.rb.
    """
    opened = call.store[MergeRequest].where(state="opened")
    tied = [*opened.where(source_project_id=project.id), *opened.where(project_id=project.id)]
    for one in tied:
        if one.from_fork and may_update(call, one):
            close(call, one)


def reopen(call: dsl.Call, merge_request: MergeRequest) -> MergeRequest:
    """Open a closed merge request again; raises ``Conflict`` where another one is open for its branches."""
    opened = call.store.update(merge_request, state="opened", closed_at=None, closed_by_id=None)
    merge_request_checks.check_branches(call.store, opened)
    renew_version(call, opened)
    check_again(call.store, opened)
    effects.record_state_event(call, opened, "reopened")
    effects.record_event(call, opened.project_id, "reopened", opened)
    remember_closed(call.store, opened)
    return opened


def mark_merged(call: dsl.Call, merge_request: MergeRequest, **columns: Any) -> MergeRequest:
    """Mark a merge request as merged by the current user, and close those of its issues that the user may close.

    That it was merged automatically, it goes on telling. Of its older versions GitLab forgets the files.
    """
    user = access.me(call)
    done = {"state": "merged", "merged_at": call.now, "merge_user_id": user.id, "merge_error": None}
    forgotten = {"merge_params": None, "closed_at": None, "closed_by_id": None}
    merged = call.store.update(merge_request, **done, **forgotten, **columns)
    for version in versions_of(call.store, merged)[:-1]:
        call.store.update(version, state="without_files")
    effects.record_event(call, merged.project_id, "merged", merged)
    effects.resolve_todos(call, user.id, merged)
    effects.record_state_event(call, merged, "merged")
    _close_issues(call, merged)
    return merged


def _close_issues(call: dsl.Call, merge_request: MergeRequest) -> None:
    project = call.store[Project][merge_request.project_id]
    if merge_request.target_branch != Repository(call.store, project).default_branch:
        return
    for issue in closed_issues(call.store, merge_request, access.me(call)):
        if issue.state == "opened" and issue_access.may_update(call, issue):
            issues.close(call, issue)


# Merging automatically


def abort_auto_merge(call: dsl.Call, merge_request: MergeRequest, reason: str) -> MergeRequest:
    """Take back that a merge request is merged once its checks pass, because of what happened."""
    if not merge_request.merge_when_pipeline_succeeds:
        return merge_request
    effects.system_note(call, merge_request, f"aborted the automatic merge because {reason}", "merge")
    return call.store.update(merge_request, **NO_AUTO_MERGE)


def abort_what_needs_rebase(call: dsl.Call, merge_request: MergeRequest) -> None:
    """Take back that a merge request is merged automatically where it must be rebased first, and tell its author so."""
    if not merge_request.merge_when_pipeline_succeeds or not needs_rebase(call.store, merge_request):
        return
    aborted = abort_auto_merge(call, merge_request, "target branch was updated")
    tell_unmergeable(call, aborted)


def tell_conflict(call: dsl.Call, merge_request: MergeRequest) -> MergeRequest:
    """Tell those who want an open merge request merged, once, that its branches conflict, as a check finds it out."""
    if merge_request.state != "opened" or is_being_checked(call.store, merge_request):
        return merge_request
    found = conflicts(call.store, merge_request)
    if found == merge_request.known_to_conflict:
        return merge_request
    if found:
        tell_unmergeable(call, merge_request)
    return call.store.update(merge_request, known_to_conflict=found, updated_at=merge_request.updated_at)


def tell_unmergeable(call: dsl.Call, merge_request: MergeRequest) -> None:
    """Ask the author of a merge request, and whoever has it merged automatically, to look at it, each in their name."""
    for user_id in dict.fromkeys((merge_request.author_id, merge_request.merge_user_id)):
        user = call.store[User].get(user_id)
        if user is not None:
            effects.add_todo(replace(call, user=user), user.id, "unmergeable", merge_request)
