"""Opening, changing and deleting merge requests, with all that they cause.

Source: GitLab's app/services/merge_requests and app/services/issuable_base_service.rb.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.merge_request_access import may_propose_to
from mockgitlab.api.mergeability import check_again, source_head, target_head
from mockgitlab.api.models.merge_request import MergeRequest, head_ref, merge_ref
from mockgitlab.api.models.merge_request_reviewer import remember_reviewers
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import (
    approvals,
    merge_request_checks,
    merge_request_notes,
    merge_request_states,
    quick_actions,
    removal,
    texts,
)
from mockgitlab.api.services.diff_threads import renew_version
from mockgitlab.api.services.merge_request_closings import remember_closed
from mockgitlab.api.services.merge_request_columns import columns_of, of_source
from mockgitlab.api.services.merge_request_merges import merge_as_far_as_possible, merge_if_ready
from mockgitlab.api.services.merge_request_pipelines import create_unless_there
from mockgitlab.api.services.merge_request_rebases import rebase
from mockgitlab.api.services.merge_request_versions import add_version
from mockgitlab.api.services.repositories import set_ref
from mockgitlab.errors import Forbidden, RecordNotFound

ATTENDED = ("title", "description", "assignee_ids", "reviewer_ids", "milestone_id", "label_ids")
"""Who changes one of these has dealt with the merge request: the to-do items it made are done."""


def create_merge_request(call: dsl.Call, source: Project, given: Mapping[str, Any]) -> MergeRequest:
    """Open a merge request from a branch of a project; raises as GitLab refuses it."""
    target = _target(call, source, given)
    branches = {"source_branch": given["source_branch"], "target_branch": given["target_branch"]}
    made = MergeRequest(project_id=target.id, author_id=access.me(call).id, source_project_id=source.id, **branches)
    columns = of_source(call, made, columns_of(call, target, None, given))
    made = made.replaced({**columns, **branches, "prepared_at": call.now})
    merge_request_checks.check(call.store, made)
    merge_request = call.store.insert(made)
    add_version(call.store, merge_request)
    check_again(call.store, merge_request)
    merge_request, commanded = quick_actions.of_new(call, merge_request)
    record_new(call, merge_request)
    create_unless_there(call, merge_request)
    return quick_actions.apply(call, call.store.fresh(merge_request), commanded, update_merge_request)


def _target(call: dsl.Call, source: Project, given: Mapping[str, Any]) -> Project:
    wanted = given.get("target_project_id")
    target = source if wanted is None else call.store[Project].get(wanted)
    if target is None:
        raise RecordNotFound(reason=f"there is no project {wanted}")
    if not may_propose_to(call, target):
        raise Forbidden(reason=f"{access.me(call).username} may not open merge requests in {target.full_path}")
    return target


def record_new(call: dsl.Call, merge_request: MergeRequest) -> None:
    """Cause what a new merge request causes: the event, remarks, resource events and to-do items."""
    effects.record_event(call, merge_request.project_id, "opened", merge_request)
    effects.record_milestone_events(call, merge_request, None, merge_request.milestone_id)
    effects.record_label_events(call, merge_request, (), merge_request.label_ids)
    merge_request_notes.note_people(call, merge_request, None)
    remember_closed(call.store, merge_request)
    remember_reviewers(call.store, merge_request)
    _ask_people(call, merge_request, None)
    texts.spread(call, merge_request, None)


def update_merge_request(call: dsl.Call, merge_request: MergeRequest, given: Mapping[str, Any]) -> MergeRequest:
    """Change a merge request as the parameters of a request, or quick actions, say: its state first."""
    project = call.store[Project][merge_request.project_id]
    before = _change_state(call, merge_request, given.get("state_event"))
    given, commanded = quick_actions.of_given(call, before, given)
    after = call.store.update(before, **of_source(call, before, columns_of(call, project, before, given)))
    record_changes(call, before, after)
    if after.target_branch != before.target_branch:
        after = _retarget(call, after)
    return _act(call, quick_actions.apply(call, after, commanded, update_merge_request), given)


def _retarget(call: dsl.Call, merge_request: MergeRequest) -> MergeRequest:
    """Make of a merge request what another target branch makes of it: a new version, and checks to be passed again."""
    merge_request_checks.check(call.store, merge_request)
    both = target_head(call.store, merge_request) and source_head(call.store, merge_request)
    if both and merge_request.state == "opened":
        renew_version(call, merge_request)
    check_again(call.store, merge_request)
    approvals.reset_on_retarget(call.store, merge_request)
    return merge_request_states.abort_auto_merge(call, merge_request, "target branch was changed")


def _act(call: dsl.Call, merge_request: MergeRequest, given: Mapping[str, Any]) -> MergeRequest:
    """Rebase or merge as quick actions ask for, never both, or merge what was waiting for its checks."""
    if given.get("rebase"):
        rebase(call, merge_request)
        return call.store.fresh(merge_request)
    if given.get("merge"):
        return merge_as_far_as_possible(call, merge_request)
    return merge_if_ready(call, merge_request)


def _change_state(call: dsl.Call, merge_request: MergeRequest, event: str | None) -> MergeRequest:
    if event == "close" and merge_request.state == "opened":
        return merge_request_states.close(call, merge_request)
    if event == "reopen" and merge_request.state == "closed" and not merge_request.discussion_locked:
        return merge_request_states.reopen(call, merge_request)
    return merge_request


def record_changes(call: dsl.Call, before: MergeRequest, after: MergeRequest) -> None:
    """Cause what a changed merge request causes: remarks, resource events, to-do items made and done."""
    merge_request_notes.note_changes(call, before, after)
    merge_request_notes.note_people(call, after, before)
    effects.record_milestone_events(call, after, before.milestone_id, after.milestone_id)
    effects.record_label_events(call, after, before.label_ids, after.label_ids)
    if any(getattr(before, name) != getattr(after, name) for name in ATTENDED):
        effects.resolve_todos(call, access.me(call).id, after)
    remember_closed(call.store, after)
    remember_reviewers(call.store, after)
    _ask_people(call, after, before)
    texts.spread(call, after, before)


def _ask_people(call: dsl.Call, merge_request: MergeRequest, before: MergeRequest | None) -> None:
    for action, column in (("assigned", "assignee_ids"), ("review_requested", "reviewer_ids")):
        known = getattr(before, column) if before else ()
        for user_id in getattr(merge_request, column):
            if user_id not in known:
                effects.add_todo(call, user_id, action, merge_request)


def delete_merge_request(call: dsl.Call, merge_request: MergeRequest) -> None:
    """Delete a merge request with its versions, notes, reactions, to-do items and events."""
    project = call.store[Project][merge_request.project_id]
    for name in (head_ref(merge_request), merge_ref(merge_request)):
        set_ref(call.store, project, name, None)
    removal.remove(call.store, merge_request)
