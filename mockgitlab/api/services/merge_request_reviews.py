"""How reviews go on: reviewers who begin, who ask for changes, who are asked again, and what that is to merging.

Source: GitLab's app/services/merge_requests/{update_reviewer_state,request_review}_service.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.merge_request_access import may_update
from mockgitlab.api.mergeability import Check, register
from mockgitlab.api.models.approval import Approval
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_reviewer import ReviewState, find_reviewer, mark_review, reviewers_of
from mockgitlab.api.models.user import User

REMARKS = {"requested_changes": "requested changes", "reviewed": "left review comments"}


def review(call: dsl.Call, merge_request: MergeRequest, state: ReviewState) -> str:
    """Note how far the current user is with a review; returns what is wrong in GitLab's words, nothing once done."""
    user = access.me(call)
    if not may_update(call, merge_request):
        return "Invalid permissions"
    if state in REMARKS:
        effects.system_note(call, merge_request, REMARKS[state], state)
    if find_reviewer(call.store, merge_request.id, user.id) is None:
        return "Reviewer not found"
    if not mark_review(call.store, merge_request.id, user.id, state):
        return "Reviewer has approved"
    if state == "requested_changes":
        _forget_approval(call.store, merge_request, user.id)
    return ""


def request_again(call: dsl.Call, merge_request: MergeRequest, user: User) -> None:
    """Ask a reviewer for another review: an approval is void."""
    _forget_approval(call.store, merge_request, user.id)
    reviewer = find_reviewer(call.store, merge_request.id, user.id)
    if reviewer is not None:
        call.store.update(reviewer, state="unreviewed")
    effects.system_note(call, merge_request, f"requested review from @{user.username}", "reviewer")
    effects.add_todo(call, user.id, "review_requested", merge_request)


def _forget_approval(store: dsl.Store, merge_request: MergeRequest, user_id: int) -> None:
    approval = store[Approval].find(merge_request_id=merge_request.id, user_id=user_id)
    if approval is not None:
        store.delete(approval)


def _wants_changes(store: dsl.Store, merge_request: MergeRequest) -> bool:
    wanted = any(one.state == "requested_changes" for one in reviewers_of(store, merge_request))
    return wanted and store.settings.edition == "ee"


register(Check("requested_changes", _wants_changes, early=1, since="17.2"))
