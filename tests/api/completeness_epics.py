"""One call of every operation on epics that answers with a record."""

from typing import Any

ONE, BY_ID = "groups/:id/epics/:epic_iid", "groups/:id/epics/:epic_id"
PATH, ID_PATH = "groups/1/epics/1", "groups/1/epics/10001"
THREAD, NOTE = f"{BY_ID}/discussions/:discussion_id", f"{BY_ID}/notes/:note_id"
NOTED = {
    f"POST /{BY_ID}/notes": "epic_note",
    f"POST /{BY_ID}/discussions": "epic_discussion",
    f"POST /{THREAD}/notes": "epic_thread_note",
    f"POST /{ONE}/award_emoji": "epic_award",
    f"POST /{ONE}/notes/:note_id/award_emoji": "epic_note_award",
    f"POST /{ONE}/issues/:epic_issue_id": "epic_issue",
    f"POST /{ONE}/epics": "child_epic",
}
"""What the id of an answer is called in the paths of later calls."""
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("POST /groups/:id/epics", "groups/1/epics", "root", {"title": "New", "labels": "bug"}),
    (f"PUT /{ONE}", PATH, "root", {"labels": "bug"}),
    (f"POST /{ONE}/todo", f"{PATH}/todo", "root", {}),
    (f"POST /{ONE}/epics", f"{PATH}/epics", "root", {"title": "Child"}),
    (f"POST /{ONE}/epics/:child_epic_id", f"{PATH}/epics/10003", "root", {}),
    (f"PUT /{ONE}/epics/:child_epic_id", f"{PATH}/epics/10003", "root", {"move_before_id": 10004}),
    (f"DELETE /{ONE}/epics/:child_epic_id", f"{PATH}/epics/{{child_epic}}", "root", {}),
    (f"POST /{ONE}/issues/:epic_issue_id", f"{PATH}/issues/10003", "root", {}),
    (f"PUT /{ONE}/issues/:epic_issue_id", f"{PATH}/issues/1", "root", {"move_before_id": 2}),
    (f"DELETE /{ONE}/issues/:epic_issue_id", f"{PATH}/issues/{{epic_issue}}", "root", {}),
    (f"POST /{ONE}/related_epics", f"{PATH}/related_epics", "root", {"target_group_id": 1, "target_epic_iid": 3}),
    (f"DELETE /{ONE}/related_epics/:related_epic_link_id", f"{PATH}/related_epics/1", "root", {}),
    (f"POST /{ONE}/related_epics", f"{PATH}/related_epics", "root", {"target_group_id": 1, "target_epic_iid": 3}),
    (f"POST /{BY_ID}/notes", f"{ID_PATH}/notes", "root", {"body": "d"}),
    (f"PUT /{NOTE}", f"{ID_PATH}/notes/{{epic_note}}", "root", {"body": "e"}),
    (f"POST /{BY_ID}/discussions", f"{ID_PATH}/discussions", "root", {"body": "d"}),
    (f"POST /{THREAD}/notes", f"{ID_PATH}/discussions/{{epic_discussion}}/notes", "root", {"body": "d"}),
    (
        f"PUT /{THREAD}/notes/:note_id",
        f"{ID_PATH}/discussions/{{epic_discussion}}/notes/{{epic_thread_note}}",
        "root",
        {"body": "e"},
    ),
    (f"POST /{ONE}/award_emoji", f"{PATH}/award_emoji", "root", {"name": "tada"}),
    (f"POST /{ONE}/notes/:note_id/award_emoji", f"{PATH}/notes/{{epic_note}}/award_emoji", "root", {"name": "tada"}),
]
"""The key of an operation, a path of it, who calls it, and what is given."""
READS = {
    ONE: PATH,
    BY_ID: ID_PATH,
    THREAD: f"{ID_PATH}/discussions/{{epic_discussion}}",
    f"{THREAD}/notes/:note_id": f"{ID_PATH}/discussions/{{epic_discussion}}/notes/{{epic_thread_note}}",
    NOTE: f"{ID_PATH}/notes/{{epic_note}}",
    f"{ONE}/award_emoji/:award_id": f"{PATH}/award_emoji/{{epic_award}}",
    f"{ONE}/notes/:note_id": f"{PATH}/notes/{{epic_note}}",
    f"{ONE}/notes/:note_id/award_emoji/:award_id": f"{PATH}/notes/{{epic_note}}/award_emoji/{{epic_note_award}}",
    f"{BY_ID}/resource_label_events/:resource_label_event_id": f"{ID_PATH}/resource_label_events/{{epic_label_event}}",
}


def noted(key: str, body: Any) -> dict[str, Any]:
    """Return the ids in an answer that later calls name."""
    return {NOTED[key]: body["id"]} if key in NOTED and isinstance(body, dict) and "id" in body else {}
