"""Publishing draft notes, which a quick action does, too.

Source: GitLab's app/services/draft_notes/publish_service.rb and lib/gitlab/quick_actions/merge_request_actions.rb.
"""

from typing import get_args

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.commands import Work, command
from mockgitlab.api.merge_request_actions import exists
from mockgitlab.api.models import note as models
from mockgitlab.api.models.draft_note import DraftNote
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_reviewer import ReviewState
from mockgitlab.api.models.note import Note
from mockgitlab.api.services import approvals, merge_request_reviews, notes
from mockgitlab.store import Query


def drafts_of(call: dsl.Call, merge_request: MergeRequest) -> Query[DraftNote]:
    """Return the current user's drafts on a merge request."""
    return call.store[DraftNote].where(merge_request_id=merge_request.id, author_id=access.me(call).id)


def thread_of(store: dsl.Store, merge_request: MergeRequest, discussion_id: str) -> list[Note]:
    """Return the notes of a thread of a merge request, the oldest first."""
    return list(models.notes_of(store, merge_request).where(discussion_id=discussion_id).order_by("created_at"))


def publish_all(call: dsl.Call, merge_request: MergeRequest) -> None:
    """Let all drafts of the current user on a merge request become notes."""
    for draft in list(drafts_of(call, merge_request)):
        publish(call, merge_request, draft)


def publish(call: dsl.Call, merge_request: MergeRequest, draft: DraftNote) -> None:
    """Let a draft become a note."""
    thread = thread_of(call.store, merge_request, draft.discussion_id) if draft.discussion_id else []
    kind = "DiffNote" if draft.place else "DiscussionNote"
    more = {"position": draft.place, "commit_id": draft.commit_id} if draft.place else {}
    reply = {"reply_to": thread[0]} if thread else more
    call.store.delete(draft)
    written = notes.create(call, merge_request, notes.Draft(draft.note, type=kind, **reply))
    if written.note is not None and thread:
        notes.resolve(call, models.discussion_of(call.store, written.note), draft.resolve_discussion)


@command("submit_review", when=exists, bare=True)
def submit_review(work: Work, text: str) -> str:
    """Publish the drafts of a review, and say how it ended: ``reviewed`` unless told otherwise."""
    publish_all(work.call, work.target)
    state = text or "reviewed"
    told = "Submitted the current review."
    if state == "approve":
        done = "Approved" if approvals.approve(work.call, work.target) else "Failed to approve"
        return f"{told} {done} the current merge request."
    if state in get_args(ReviewState):
        merge_request_reviews.review(work.call, work.target, state)  # type: ignore[arg-type]
    return told
