"""One call of every operation on merge requests that answers with a record, and where there are some to read."""

from typing import Any

MR, MR_PATH = "projects/:id/merge_requests/:merge_request_iid", "projects/1/merge_requests/1"
THREAD, THREAD_PATH = f"{MR}/discussions/:discussion_id", f"{MR_PATH}/discussions/{{mr_discussion}}"
NOTE, NOTE_PATH = f"{MR}/notes/:note_id", f"{MR_PATH}/notes/{{mr_note}}"
NEW = {"title": "x", "source_branch": "more-thrust", "target_branch": "manual"}
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("POST /projects/:id/merge_requests", "projects/1/merge_requests", "root", NEW),
    (f"PUT /{MR}", MR_PATH, "root", {"labels": "bug", "milestone_id": 10003, "state_event": "close"}),
    (f"PUT /{MR}", MR_PATH, "root", {"state_event": "reopen"}),
    (f"PUT /{MR}", "projects/1/merge_requests/2", "root", {"milestone_id": 10001}),
    (f"POST /{MR}/add_spent_time", f"{MR_PATH}/add_spent_time", "root", {"duration": "1h"}),
    (f"POST /{MR}/time_estimate", f"{MR_PATH}/time_estimate", "root", {"duration": "1h"}),
    (f"POST /{MR}/reset_spent_time", f"{MR_PATH}/reset_spent_time", "root", {}),
    (f"POST /{MR}/reset_time_estimate", f"{MR_PATH}/reset_time_estimate", "root", {}),
    (f"POST /{MR}/award_emoji", f"{MR_PATH}/award_emoji", "root", {"name": "tada"}),
    (f"POST /{MR}/discussions", f"{MR_PATH}/discussions", "root", {"body": "d"}),
    (f"PUT /{THREAD}", THREAD_PATH, "root", {"resolved": True}),
    (f"POST /{THREAD}/notes", f"{THREAD_PATH}/notes", "root", {"body": "d"}),
    (f"PUT /{THREAD}/notes/:note_id", f"{THREAD_PATH}/notes/{{mr_thread_note}}", "root", {"body": "d"}),
    (f"POST /{MR}/notes", f"{MR_PATH}/notes", "root", {"body": "d #1"}),
    (f"PUT /{NOTE}", NOTE_PATH, "root", {"body": "d"}),
    (f"POST /{NOTE}/award_emoji", f"{NOTE_PATH}/award_emoji", "root", {"name": "tada"}),
    (f"POST /{MR}/unsubscribe", f"{MR_PATH}/unsubscribe", "root", {}),
    (f"POST /{MR}/subscribe", f"{MR_PATH}/subscribe", "root", {}),
    (f"POST /{MR}/todo", f"{MR_PATH}/todo", "root", {}),
    (f"PUT /{MR}/rebase", f"{MR_PATH}/rebase", "root", {}),
    ("PUT /projects/:id/issues/:issue_iid", "projects/1/issues/2", "root", {"description": "See !1"}),
    (f"PUT /{MR}", "projects/1/merge_requests/3", "root", {"title": "Draft: x"}),
    (f"PUT /{MR}/merge", "projects/1/merge_requests/3/merge", "root", {"auto_merge": True}),
    (
        f"POST /{MR}/cancel_merge_when_pipeline_succeeds",
        "projects/1/merge_requests/3/cancel_merge_when_pipeline_succeeds",
        "root",
        {},
    ),
    (f"PUT /{MR}", "projects/1/merge_requests/3", "root", {"title": "x"}),
    (f"PUT /{MR}/merge", "projects/1/merge_requests/3/merge", "root", {}),
]
"""The key of an operation, a path of it, who calls it, and what is given."""
READS = {
    THREAD: THREAD_PATH,
    f"{THREAD}/notes/:note_id": f"{THREAD_PATH}/notes/{{mr_thread_note}}",
    NOTE: NOTE_PATH,
    f"{NOTE}/award_emoji/:award_id": f"{NOTE_PATH}/award_emoji/{{mr_note_award}}",
    f"{MR}/award_emoji/:award_id": f"{MR_PATH}/award_emoji/{{mr_award}}",
    f"{MR}/resource_label_events/:resource_label_event_id": f"{MR_PATH}/resource_label_events/{{mr_label_event}}",
    f"{MR}/resource_state_events/:resource_state_event_id": f"{MR_PATH}/resource_state_events/{{mr_state_event}}",
    "projects/:id/merge_requests/:eventable_id/resource_milestone_events/:event_id": (
        f"{MR_PATH}/resource_milestone_events/{{mr_milestone_event}}"
    ),
    "projects/:id/issues/:issue_iid/closed_by": "projects/1/issues/2/closed_by",
    "projects/:id/issues/:issue_iid/related_merge_requests": "projects/1/issues/2/related_merge_requests",
    "groups/:id/milestones/:milestone_id/merge_requests": "groups/1/milestones/10001/merge_requests",
    "projects/:id/milestones/:milestone_id/merge_requests": "projects/1/milestones/10003/merge_requests",
    "projects/:id/repository/commits/:sha/merge_requests": "projects/1/repository/commits/main/merge_requests",
}
"""Where there is something to read; the names in braces stand for what ``found`` returns."""


def found(get: Any) -> dict[str, Any]:
    """Return the ids that paths need, as far as there is something yet: ``get(path)`` returns the JSON of a list."""
    thread = get(f"{MR_PATH}/discussions")[-1]
    note = get(f"{MR_PATH}/notes")[-1]["id"]
    lists = {
        "mr_award": "award_emoji",
        "mr_note_award": f"notes/{note}/award_emoji",
        "mr_label_event": "resource_label_events",
        "mr_state_event": "resource_state_events",
        "mr_milestone_event": "resource_milestone_events",
    }
    ids = {name: get(f"{MR_PATH}/{path}") for name, path in lists.items()}
    ends = {"mr_discussion": thread["id"], "mr_thread_note": thread["notes"][0]["id"], "mr_note": note}
    return {**ends, **{name: rows[0]["id"] if rows else 0 for name, rows in ids.items()}}
