"""What a moved branch means to the merge requests from it and into it: new versions, remarks, merges done by hand.

Source: GitLab's app/services/merge_requests/refresh_service.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.merge_request_access import may_update
from mockgitlab.api.mergeability import check_again, commits_between, commits_of
from mockgitlab.api.models.merge_request import MergeRequest, is_draft, latest_version
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import approvals, merge_request_notes, merge_request_states
from mockgitlab.api.services.diff_threads import renew_version
from mockgitlab.api.services.merge_request_closings import remember_closed
from mockgitlab.git.history import leads_to


def refresh(call: dsl.Call, project: Project, branch: str, old: str | None, new: str | None) -> None:
    """Bring the open merge requests of a branch up to date after it moved, was created (no ``old``) or deleted."""
    found = call.store[MergeRequest].where(state="opened")
    for one in list(found.where(project_id=project.id, target_branch=branch)):
        check_again(call.store, one)
        _target_moved(call, one, old, new)
    for one in list(found.where(source_project_id=project.id, source_branch=branch)):
        check_again(call.store, one)
        _source_moved(call, one, old, new)


def _target_moved(call: dsl.Call, merge_request: MergeRequest, old: str | None, new: str | None) -> None:
    version, store = latest_version(call.store, merge_request), call.store
    if old is None or new is None or version.head_commit_sha is None:
        return
    pushed = commits_between(store, old, new)
    if version.state != "empty" and any(one.sha == version.head_commit_sha for one in pushed):
        merging = next((one.sha for one in pushed if version.head_commit_sha in one.parents[1:]), None)
        merge_request_states.mark_merged(call, merge_request, merge_commit_sha=merging or version.head_commit_sha)
        return
    own = {one.sha for one in commits_of(store, merge_request)}
    forced = not leads_to(store.objects, old, new)
    if forced or any(one.sha in own for one in pushed):
        renew_version(call, merge_request)
    if forced:
        merge_request = store.update(merge_request, merge_error=None)
    merge_request_states.abort_what_needs_rebase(call, merge_request)


def _source_moved(call: dsl.Call, merge_request: MergeRequest, old: str | None, new: str | None) -> None:
    if new is None:
        _source_deleted(call, merge_request)
        return
    if old is None:
        effects.system_note(call, merge_request, f"restored source branch `{merge_request.source_branch}`", "branch")
    renew_version(call, merge_request)
    changed = call.store.update(merge_request, updated_at=call.now, merge_error=None)
    effects.resolve_todos(call, access.me(call).id, changed)
    approvals.reset_on_push(call.store, changed, new)
    if old is not None:
        _tell_commits(call, changed, old, new)
    merge_request_states.abort_auto_merge(call, call.store.fresh(changed), "source branch was updated")
    remember_closed(call.store, changed)


def _source_deleted(call: dsl.Call, merge_request: MergeRequest) -> None:
    """Close a merge request without a source branch, or only remark on it where the current user may not close it."""
    if may_update(call, merge_request):
        merge_request_states.close(call, merge_request)
        return
    effects.system_note(call, merge_request, f"deleted source branch `{merge_request.source_branch}`", "branch")
    merge_request_states.abort_auto_merge(call, merge_request, "source branch was updated")


def _tell_commits(call: dsl.Call, merge_request: MergeRequest, old: str, new: str) -> None:
    own = {one.sha for one in commits_of(call.store, merge_request)}
    pushed = commits_between(call.store, old, new)
    if not pushed:
        return
    mine, known = [one for one in pushed if one.sha in own], [one for one in pushed if one.sha not in own]
    merge_request_notes.note_commits(call, merge_request, mine, known, old)
    draft = next((one for one in mine if is_draft(one.title)), None)
    if draft is not None and not merge_request.draft:
        call.store.update(merge_request, title=f"Draft: {merge_request.title}")
        text = f"marked this merge request as **draft** from {draft.sha}"
        effects.system_note(call, merge_request, text, "title")
