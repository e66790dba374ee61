"""One call of every operation on drafts of reviews and context commits that answers with a record."""

from typing import Any

MR, MR_PATH = "projects/:id/merge_requests/:merge_request_iid", "projects/1/merge_requests/1"
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    (f"POST /{MR}/context_commits", f"{MR_PATH}/context_commits", "root", {"commits": ["main"]}),
    (f"POST /{MR}/draft_notes", f"{MR_PATH}/draft_notes", "root", {"note": "x", "commit_id": "main"}),
    (f"PUT /{MR}/draft_notes/:draft_note_id", f"{MR_PATH}/draft_notes/1", "root", {"note": "y"}),
]
"""The key of an operation, a path of it, who calls it, and what is given."""
