"""Merging merge requests, at once or as soon as their checks pass, and what follows in the repository.

Source: GitLab's app/services/merge_requests/{merge,retarget_chain}_service.rb and app/services/auto_merge.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects, mergeability, protected_refs
from mockgitlab.api.merge_request_access import may_merge, may_update
from mockgitlab.api.models.merge_request import MergeRequest, latest_version
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services import (
    approvals,
    merge_request_git,
    merge_request_messages,
    merge_request_states,
    status_checks,  # noqa: F401 - it declares that external status checks keep from merging
)
from mockgitlab.api.services.diff_threads import renew_version
from mockgitlab.api.services.merge_request_checks import is_free
from mockgitlab.api.services.merge_request_git import Plan
from mockgitlab.api.services.push_checks import Change, refusal
from mockgitlab.api.services.pushes import carry_out, person_of
from mockgitlab.api.services.repositories import HEADS, find_ref
from mockgitlab.errors import Conflict, MethodNotAllowed, Unprocessable

NOT_ALLOWED = "405 Method Not Allowed"
UNMERGEABLE = "Branch cannot be merged"
MUST_SQUASH = "This project requires squashing commits when merge requests are accepted."
RETARGETED_AT_MOST = 4


class Unmergeable(Unprocessable):
    """The branches cannot be merged."""


def merge(call: dsl.Call, merge_request: MergeRequest, given: Mapping[str, Any]) -> MergeRequest:
    """Merge a merge request, or have it merged as soon as it can be; raises as GitLab refuses it."""
    waits = bool(given.get("auto_merge") or given.get("merge_when_pipeline_succeeds"))
    if mergeability.is_being_checked(call.store, merge_request):
        raise MethodNotAllowed(message=NOT_ALLOWED, reason="whether it can be merged is still being checked; ask again")
    failing = mergeability.failures(call.store, merge_request)
    at_once = _pipeline_is_fine(call.store, merge_request) if waits else not [one for one in failing if not one.of_git]
    if not at_once and not (waits and _may_wait(call.store, merge_request, failing)):
        told = ", ".join(one.status for one in failing) or "no pipeline runs for which to wait"
        raise MethodNotAllowed(message=NOT_ALLOWED, reason=f"it cannot be merged: {told}")
    if failing and at_once:
        raise Unmergeable(UNMERGEABLE, reason=", ".join(one.status for one in failing))
    _check_sha(call.store, merge_request, given.get("sha"))
    if given.get("squash"):
        merge_request = call.store.update(merge_request, squash=True)
    return merge_now(call, merge_request, given) if at_once else merge_later(call, merge_request, given)


def _pipeline_is_fine(store: dsl.Store, merge_request: MergeRequest) -> bool:
    pipeline = mergeability.head_pipeline(store, merge_request)
    return pipeline is not None and pipeline.status == "success"


def _may_wait(store: dsl.Store, merge_request: MergeRequest, failing: list[mergeability.Check]) -> bool:
    if not all(one.awaitable for one in failing):
        return False
    return bool(failing) or mergeability.runs_pipeline(store, merge_request)


def _check_sha(store: dsl.Store, merge_request: MergeRequest, sha: str | None) -> None:
    head = latest_version(store, merge_request).head_commit_sha
    if sha and sha != head:
        raise Conflict(f"SHA does not match HEAD of source branch: {head}", reason=f"sha was {sha}")


# At once


def merge_now(call: dsl.Call, merge_request: MergeRequest, given: Mapping[str, Any]) -> MergeRequest:
    """Merge a merge request that can be merged; where that fails after all it keeps the error."""
    store, project = call.store, call.store[Project][merge_request.project_id]
    if project.squash_option == "always" and not merge_request.squash:
        return store.update(merge_request, merge_error=MUST_SQUASH)
    merged = merge_request_git.merge(store, merge_request, _plan(call, merge_request, given))
    if merged is None:
        raise Unmergeable(UNMERGEABLE, reason="the branches conflict")
    target = HEADS + merge_request.target_branch
    old = mergeability.target_head(store, merge_request)
    if refused := refusal(call, project, Change(target, old, merged.head, merge=True)):
        return store.update(merge_request, merge_error=refused)
    shas = {"merge_commit_sha": merged.merge_commit_sha, "squash_commit_sha": merged.squash_commit_sha}
    locked = store.update(
        merge_request, state="locked", should_remove_source_branch=_removal(merge_request, given), **shas
    )
    carry_out(call, project, target, merged.head)
    done = merge_request_states.mark_merged(call, locked)
    _remove_source_branch(call, done)
    return store.fresh(done)


def _removal(merge_request: MergeRequest, given: Mapping[str, Any]) -> bool | None:
    wanted: bool | None = given.get("should_remove_source_branch")
    return merge_request.should_remove_source_branch if wanted is None else wanted


def _plan(call: dsl.Call, merge_request: MergeRequest, given: Mapping[str, Any]) -> Plan:
    view, merger = call.view(), access.me(call)
    author = call.store[User].get(merge_request.author_id) or merger
    source = merge_request_messages.Source(view, merge_request, merger)
    message = given.get("merge_commit_message") or merge_request_messages.merge_commit_message(source)
    squash = None
    if squashes(call.store, merge_request):
        own = replace(source, squash=True)
        squash = given.get("squash_commit_message") or merge_request_messages.squash_commit_message(own)
    return Plan(person_of(merger, view), person_of(author, view), message, squash)


def squashes(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether the commits become one when a merge request is merged."""
    option = store[Project][merge_request.project_id].squash_option
    return {"always": True, "never": False}.get(option, merge_request.squash)


def as_user(call: dsl.Call, user_id: int) -> dsl.Call:
    """Return the call as if another user made it: GitLab does some things later, for who asked for them."""
    return replace(call, user=call.store[User][user_id])


def _remove_source_branch(call: dsl.Call, merge_request: MergeRequest) -> None:
    wanted = merge_request.should_remove_source_branch
    forced = bool(merge_request.force_remove_source_branch) and wanted is None
    if wanted or forced:
        who = as_user(call, merge_request.author_id) if forced else call
        if _may_remove(who, merge_request):
            project = who.store[Project][merge_request.source_project_id or 0]
            carry_out(who, project, HEADS + merge_request.source_branch, None)
            _retarget(call, merge_request)


def _may_remove(call: dsl.Call, merge_request: MergeRequest) -> bool:
    store, project = call.store, call.store[Project].get(merge_request.source_project_id)
    ref = find_ref(store, project, HEADS + merge_request.source_branch) if project else None
    if project is None or ref is None or merge_request.source_branch == project.default_branch:
        return False
    unchanged = ref.sha == latest_version(store, merge_request).head_commit_sha
    kept = protected_refs.is_protected(store, project, merge_request.source_branch)
    return unchanged and not kept and protected_refs.may_push(store, access.me(call), project)


def _retarget(call: dsl.Call, merged: MergeRequest) -> None:
    """Let what was to be merged into the deleted branch be merged where that one went."""
    into = call.store[MergeRequest].where(project_id=merged.source_project_id, target_branch=merged.source_branch)
    if merged.from_fork:
        return
    mine = [one for one in into.where(state="opened") if may_update(call, one)]
    for one in mine[:RETARGETED_AT_MOST]:
        if not is_free(call.store, one.replaced({"target_branch": merged.target_branch})):
            continue
        moved = call.store.update(one, target_branch=merged.target_branch)
        renew_version(call, moved)
        gone, now = merged.source_branch, merged.target_branch
        text = f"deleted the `{gone}` branch. This merge request now targets the `{now}` branch"
        effects.system_note(call, moved, text, "branch")
        approvals.reset_on_retarget(call.store, moved)
        merge_request_states.abort_auto_merge(call, call.store.fresh(moved), "target branch was changed")


# Later


def merge_later(call: dsl.Call, merge_request: MergeRequest, given: Mapping[str, Any]) -> MergeRequest:
    """Have a merge request merged by the current user as soon as its checks pass."""
    names = ("merge_commit_message", "squash_commit_message", "should_remove_source_branch")
    params = {name: given[name] for name in names if given.get(name) is not None}
    sha = latest_version(call.store, merge_request).head_commit_sha
    everything = call.settings.edition == "ee" and call.settings.release >= (17, 4)
    what = f"all merge checks for {sha} pass" if everything else f"the pipeline for {sha} succeeds"
    effects.system_note(call, merge_request, f"enabled an automatic merge when {what}", "merge")
    columns = {"merge_when_pipeline_succeeds": True, "merge_user_id": access.me(call).id, "merge_params": params}
    return call.store.update(merge_request, **columns, should_remove_source_branch=_removal(merge_request, given))


def merge_as_far_as_possible(call: dsl.Call, merge_request: MergeRequest) -> MergeRequest:
    """Merge a merge request at once if it can be, as soon as its checks pass otherwise."""
    waits = mergeability.runs_pipeline(call.store, merge_request)
    if waits or mergeability.failures(call.store, merge_request):
        return merge_later(call, merge_request, {})
    return merge_now(call, merge_request, {})


def merge_if_ready(call: dsl.Call, merge_request: MergeRequest) -> MergeRequest:
    """Merge what is to be merged automatically if its checks pass by now; whatever changes one of them calls this.

    A pipeline must have succeeded, even where the project does not ask for it.
    """
    if not merge_request.merge_when_pipeline_succeeds or merge_request.merge_user_id is None:
        return merge_request
    merger = as_user(call, merge_request.merge_user_id)
    pipeline = mergeability.head_pipeline(call.store, merge_request)
    target = call.store[Project][merge_request.project_id]
    waits = pipeline is not None and not mergeability.passes(target, pipeline)
    failing = mergeability.failures(call.store, merge_request)
    if waits or failing or not may_merge(call.store, merger.user, merge_request):
        return merge_request
    return merge_now(merger, merge_request, merge_request.merge_params or {})


def cancel(call: dsl.Call, merge_request: MergeRequest) -> bool:
    """Take back that a merge request is merged automatically; ``False`` where it is not to be."""
    if not merge_request.merge_when_pipeline_succeeds:
        return False
    effects.system_note(call, merge_request, "canceled the automatic merge", "merge")
    call.store.update(merge_request, **merge_request_states.NO_AUTO_MERGE)
    return True
