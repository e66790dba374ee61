"""Draft notes on merge requests.

Source: https://docs.gitlab.com/api/draft_notes/ and GitLab's lib/api/draft_notes.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access, noteables
from mockgitlab.api.diff_positions import explained, kept, position_param, problems
from mockgitlab.api.models import note as models
from mockgitlab.api.models.draft_note import DRAFT_NOTE, DraftNote
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.note import Note
from mockgitlab.api.services import notes
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
    return call.store[DraftNote].where(merge_request_id=call.at(MergeRequest).id, author_id=access.me(call).id)


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
    if thread and not _thread(call, merge_request, thread):
        raise ValidationFailed({"base": ["Thread to reply to cannot be found"]}, reason=f"no discussion is {thread}")
    if not (given["note"] or "").strip():
        raise ValidationFailed({"note": ["can't be blank"]}, reason="note was given without any text")
    commit_id = given.get("commit_id")
    return call.store.insert(
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


def _thread(call: dsl.Call, merge_request: MergeRequest, discussion_id: str) -> list[Note]:
    return list(models.notes_of(call.store, merge_request).where(discussion_id=discussion_id).order_by("created_at"))


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
    """Delete a draft."""
    call.store.delete(draft)


@v4.put(f"{AT}/:draft_note_id/publish", rule=noteables.COMMENT, since="15.9", success=204)
def publish_draft_note(call: dsl.Call, draft: DraftNote) -> None:
    """Publish a draft: it becomes a note."""
    _publish(call, draft)


@v4.post(f"{AT}/bulk_publish", rule=noteables.COMMENT, since="15.11", success=204)
def publish_draft_notes(call: dsl.Call) -> None:
    """Publish all of one's own drafts on a merge request."""
    for draft in list(_own(call)):
        _publish(call, draft)


def _publish(call: dsl.Call, draft: DraftNote) -> None:
    merge_request = call.at(MergeRequest)
    thread = _thread(call, merge_request, draft.discussion_id) if draft.discussion_id else []
    kind = "DiffNote" if draft.place else "DiscussionNote"
    more = {"position": draft.place, "commit_id": draft.commit_id} if draft.place else {}
    reply = {"reply_to": thread[0]} if thread else more
    call.store.delete(draft)
    written = notes.create(call, merge_request, notes.Draft(draft.note, type=kind, **reply))
    if written.note is not None and thread:
        notes.resolve(call, models.discussion_of(call.store, written.note), draft.resolve_discussion)
