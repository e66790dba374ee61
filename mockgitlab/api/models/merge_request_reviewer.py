"""The reviewers of merge requests and how far they are.

Source: https://docs.gitlab.com/api/merge_requests/#list-merge-request-reviewers.
"""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.approval import Approval
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.user import USER_BASIC, User

ReviewState = Literal["unreviewed", "reviewed", "requested_changes", "approved", "unapproved", "review_started"]


class MergeRequestReviewer(dsl.Entity):
    """A user who is asked to review a merge request; ``reviewer_ids`` there says who is."""

    id: int = dsl.serial()
    merge_request_id: int = dsl.parent("MergeRequest")
    user_id: int = dsl.parent("User")
    state: ReviewState = dsl.readonly(default="unreviewed")
    created_at: str = dsl.now()

    @dsl.computed
    def user(self, view: dsl.View) -> dict[str, Any] | None:
        """Who is asked."""
        return view.one(USER_BASIC, view.store[User].get(self.user_id))


MERGE_REQUEST_REVIEWER = MergeRequestReviewer.shape("user", "state", "created_at")


def find_reviewer(store: dsl.Store, merge_request_id: int, user_id: int) -> MergeRequestReviewer | None:
    """Return how far a user is with reviewing a merge request; nothing where he is not asked to."""
    return store[MergeRequestReviewer].find(merge_request_id=merge_request_id, user_id=user_id)


def remember_reviewers(store: dsl.Store, merge_request: MergeRequest, *, at: str | None = None) -> None:
    """Keep a record of each reviewer of a merge request, asked now or ``at`` another time, and of nobody else."""
    for one in store[MergeRequestReviewer].having("merge_request_id", merge_request.id):
        if one.user_id not in merge_request.reviewer_ids:
            store.delete(one)
    for user_id in merge_request.reviewer_ids:
        ends = {"merge_request_id": merge_request.id, "user_id": user_id}
        if find_reviewer(store, **ends) is None:
            state = "approved" if store[Approval].find(**ends) else "unreviewed"
            store.insert(MergeRequestReviewer(**ends, created_at=at, state=state))


def mark_review(store: dsl.Store, merge_request_id: int, user_id: int, state: ReviewState) -> bool:
    """Note how far a reviewer is, if the user is one; who approved stays so until changes are requested or it ends."""
    reviewer = find_reviewer(store, merge_request_id, user_id)
    if reviewer is None or (reviewer.state == "approved" and state not in ("requested_changes", "unapproved")):
        return False
    store.update(reviewer, state=state)
    return True


def reviewers_of(store: dsl.Store, merge_request: MergeRequest) -> list[MergeRequestReviewer]:
    """Return the reviewers of a merge request in their order."""
    found = (find_reviewer(store, merge_request.id, user_id) for user_id in merge_request.reviewer_ids)
    return [one for one in found if one is not None]
