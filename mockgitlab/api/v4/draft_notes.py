"""Draft notes on merge requests.

Source: https://docs.gitlab.com/api/draft_notes/ and GitLab's lib/api/draft_notes.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access, noteables
from mockgitlab.api.diff_positions import explained, kept, position_param, problems
from mockgitlab.api.models.draft_note import DRAFT_NOTE, DraftNote
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.services import draft_notes as drafts
from mockgitlab.api.services.merge_request_reviews import review
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, RecordNotFound, ValidationFailed
from mockgitlab.store import Query

AT = "projects/:id/merge_requests/:merge_request_iid/draft_notes"
POSITION = position_param("text", "image", "file")


@v4.locator(f"{AT}/:draft_note_id", integer=True)
def find_draft_note(call: dsl.Call, value: str) -> DraftNote:
    """Return the caller's own draft with an id."""
    found = _own(call).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"{access.me(call).username} has no draft {value} on this merge request")
    return found


def _own(call: dsl.Call) -> Query[DraftNote]:
    return drafts.drafts_of(call, call.at(MergeRequest))


@v4.get(AT, rule=access.USER, since="15.9", shape=DRAFT_NOTE, paginated=False)
def list_draft_notes(call: dsl.Call) -> Query[DraftNote]:
    """List one's own drafts on a merge request."""
    return _own(call)


@v4.get(f"{AT}/:draft_note_id", rule=access.USER, since="15.9", shape=DRAFT_NOTE)
def show_draft_note(draft: DraftNote) -> DraftNote:
    """Show a draft of one's own."""
    return draft


@v4.post(
    AT,
    rule=noteables.COMMENT,
    since="15.10",
    shape=DRAFT_NOTE,
    params=[
        dsl.param("note", str, "The content of the note", required=True),
        dsl.param("in_reply_to_discussion_id", str, "The discussion that it replies to"),
        dsl.param("commit_id", str, "The commit whose lines are discussed"),
        dsl.param("resolve_discussion", bool, "Whether publishing it resolves the discussion"),
        POSITION,
    ],
)
def create_draft_note(call: dsl.Call, merge_request: MergeRequest, given: dsl.Given) -> DraftNote:
    """Write a draft that its author alone sees until it is published."""
    thread, resolves = given.get("in_reply_to_discussion_id"), bool(given.get("resolve_discussion"))
    if thread and not drafts.thread_of(call.store, merge_request, thread):
        raise ValidationFailed({"base": ["Thread to reply to cannot be found"]}, reason=f"no discussion is {thread}")
    if not (given["note"] or "").strip():
        raise ValidationFailed({"note": ["can't be blank"]}, reason="note was given without any text")
    commit_id = given.get("commit_id")
    draft = call.store.insert(
        DraftNote(
            author_id=access.me(call).id,
            merge_request_id=merge_request.id,
            note=given["note"],
            discussion_id=thread or None,
            resolve_discussion=resolves,
            commit_id=None if commit_id == "undefined" else commit_id,
            place=_place(call, merge_request, given),
        )
    )
    if _own(call).count() == 1:
        review(call, merge_request, "review_started")
    return draft


def _place(call: dsl.Call, merge_request: MergeRequest, given: dsl.Given) -> dict[str, object] | None:
    if not given.get("position"):
        return None
    place = kept(given["position"])
    if wrong := problems(call.store, merge_request, place):
        raise ValidationFailed(wrong, reason=explained(call.store, merge_request, place))
    return place


@v4.put(
    f"{AT}/:draft_note_id",
    rule=noteables.COMMENT,
    since="15.10",
    shape=DRAFT_NOTE,
    params=[dsl.param("note", str, "The content of the note"), POSITION],
)
def update_draft_note(call: dsl.Call, draft: DraftNote, given: dsl.Given) -> DraftNote:
    """Change a draft."""
    if not (given.get("note") or "").strip():
        raise BadRequest("400 Bad request - Missing params to modify", reason="note is needed to change a draft")
    place = _place(call, call.at(MergeRequest), given) or draft.place
    return call.store.update(draft, note=given["note"], place=place)


@v4.delete(f"{AT}/:draft_note_id", since="15.9")
def delete_draft_note(call: dsl.Call, draft: DraftNote) -> None:
    """Delete a draft; without any left, the review is as if it had never begun."""
    call.store.delete(draft)
    if not _own(call).count():
        review(call, call.at(MergeRequest), "unreviewed")


@v4.put(f"{AT}/:draft_note_id/publish", rule=noteables.COMMENT, since="15.9", success=204)
def publish_draft_note(call: dsl.Call, draft: DraftNote) -> None:
    """Publish a draft: it becomes a note."""
    drafts.publish(call, call.at(MergeRequest), draft)


@v4.post(f"{AT}/bulk_publish", rule=noteables.COMMENT, since="15.11", success=204)
def publish_draft_notes(call: dsl.Call) -> None:
    """Publish all of one's own drafts on a merge request."""
    drafts.publish_all(call, call.at(MergeRequest))
