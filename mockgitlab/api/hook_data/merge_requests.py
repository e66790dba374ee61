"""Merge requests: made, changed, pushed to, approved, closed, merged.

Source: https://docs.gitlab.com/user/project/integrations/webhook_events/#merge-request-events and GitLab's
lib/gitlab/hook_data/merge_request_builder.rb, app/services/merge_requests/base_service.rb.
"""

from collections.abc import Callable, Iterator
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import mergeability as checks
from mockgitlab.api.hook_data.common import (
    Occasion,
    Seen,
    absolute_images,
    commit_attrs,
    differences,
    labels,
    project_attrs,
    time,
    users,
)
from mockgitlab.api.hook_data.issues import STATES, action_of, issuable_data, reads, spent_change, times
from mockgitlab.api.models.approval import Approval
from mockgitlab.api.models.merge_request import MergeRequest, MergeRequestDiff, latest_version, versions_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.approvals import is_approved, rule_states
from mockgitlab.git.objects import read_commit

PLAIN = (
    *("author_id", "id", "iid", "merge_commit_sha", "merge_error", "merge_params", "merge_user_id"),
    *("merge_when_pipeline_succeeds", "milestone_id", "source_branch", "source_project_id", "target_branch"),
    *("time_estimate", "title"),
)
TIMES = ("created_at", "updated_at", "prepared_at")
TRIGGER = "merge_request_hooks"


def of_merge_request(seen: Seen, before: MergeRequest | None, after: MergeRequest | None) -> Iterator[Occasion]:
    """Yield what is told of a merge request that was made or changed; that it was deleted is not told."""
    if after is None:
        return
    changes = differences(before, after, _reads(after, seen.view))
    old = _pushed_over(seen, after) if before is not None else None
    spent = spent_change(seen, after)
    if before is None or changes.keys() - {"updated_at", "merge_error", "prepared_at"} or old or spent:
        data = merge_request_data(seen, after, action_of(before, after), changes, spent)
        data["object_attributes"] |= {"oldrev": old} if old else {}
        yield _occasion(seen, after, data)


def of_approval(seen: Seen, before: Approval | None, after: Approval | None) -> Iterator[Occasion]:
    """Yield that somebody approved a merge request, or does not any more."""
    row = after or before
    merge_request = seen.store[MergeRequest].get(row.merge_request_id) if row else None
    if merge_request is None or (before is not None and after is not None):
        return
    if after is None:
        missed = [state for state in rule_states(seen.store, merge_request) if not state.approved]
        action = "unapproved" if all(state.left == 1 for state in missed) else "unapproval"
    else:
        action = "approved" if is_approved(seen.store, merge_request) else "approval"
    yield _occasion(seen, merge_request, merge_request_data(seen, merge_request, action))


def _occasion(seen: Seen, merge_request: MergeRequest, data: dict[str, Any]) -> Occasion:
    return Occasion(TRIGGER, data, seen.store[Project][merge_request.project_id])


def _pushed_over(seen: Seen, merge_request: MergeRequest) -> str | None:
    """Return the head before a push that this call made."""
    made = [row.id for row in seen.inserted(MergeRequestDiff) if row.merge_request_id == merge_request.id]
    older = [one for one in versions_of(seen.store, merge_request) if one.id not in made]
    return older[-1].head_commit_sha if made and older else None


def _reads(record: MergeRequest, view: dsl.View) -> dict[str, Callable[[Any], Any]]:
    shared = reads(record, view)
    dropped = ("closed_at", "discussion_locked", "project_id")
    return {
        **{name: read for name, read in shared.items() if name not in dropped},
        **{name: _reader(name) for name in PLAIN},
        "prepared_at": lambda row: time(row.prepared_at),
        "draft": lambda row: row.draft,
        "target_project_id": lambda row: row.project_id,
        "reviewers": lambda row: users(row.reviewer_ids, view),
    }


def _reader(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def merge_request_attrs(one: MergeRequest, view: dsl.View, spent: int = 0) -> dict[str, Any]:
    """Return a merge request as payloads show one."""
    store = view.store
    source, target = store[Project].get(one.source_project_id), store[Project][one.project_id]
    state, pipeline = checks.mergeability(store, one), checks.head_pipeline(store, one)
    head = latest_version(store, one).head_commit_sha
    return {
        **{name: getattr(one, name) for name in PLAIN},
        **{name: time(getattr(one, name)) for name in TIMES},
        "assignee_id": next(iter(one.assignee_ids), None),
        "assignee_ids": list(one.assignee_ids),
        "blocking_discussions_resolved": not checks.has_open_discussions(store, one),
        "description": absolute_images(one.description, view),
        "detailed_merge_status": state.detailed,
        "draft": one.draft,
        "first_contribution": _first_contribution(one, store),
        "head_pipeline_id": pipeline.id if pipeline else None,
        **times(one, view, spent),
        "labels": labels(one.label_ids, view),
        "last_commit": commit_attrs(read_commit(store.objects, head), source or target, view) if head else None,
        "last_edited_at": None,
        "last_edited_by_id": None,
        "merge_status": state.merge_status,
        "reviewer_ids": list(one.reviewer_ids),
        "source": project_attrs(source, view) if source else None,
        "state": one.state,
        "state_id": STATES[one.state],
        "target": project_attrs(target, view),
        "target_project_id": one.project_id,
        "updated_by_id": None,
        "url": one.web_url(view),
        "work_in_progress": one.draft,
    }


def _first_contribution(one: MergeRequest, store: dsl.Store) -> bool:
    merged = store[MergeRequest].where(project_id=one.project_id, author_id=one.author_id, state="merged")
    return not any(other.id != one.id for other in merged)


def merge_request_data(
    seen: Seen, one: MergeRequest, action: str | None, changes: dict[str, Any] | None = None, spent: int = 0
) -> dict[str, Any]:
    """Return the payload of a merge request."""
    attrs = merge_request_attrs(one, seen.view, spent)
    data = issuable_data(seen, one, "merge_request", {**attrs, **({"action": action} if action else {})}, changes or {})
    reviewers = users(one.reviewer_ids, seen.view)
    return {**data, **({"reviewers": reviewers} if reviewers else {})}
