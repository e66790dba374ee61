"""Writing notes on commits: comments, and the notes of discussions. Source: GitLab's app/services/notes."""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.diff_positions import LINES, NO_LINE, PATHS, POINT, SHAS, places
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import commit_changes, shown
from mockgitlab.api.services.commit_references import remark_mentions
from mockgitlab.api.services.notes import NoteRefused, check_text
from mockgitlab.git.objects import Commit
from mockgitlab.store import Objects, Query, parse_instant, timestamp


def notes_on(store: dsl.Store, project: Project, commit: Commit) -> Query[Note]:
    """Return the notes on a commit, oldest first."""
    return store[Note].where(commit_id=commit.sha, project_id=project.id, noteable_type="Commit").order_by("created_at")


def write(
    call: dsl.Call, project: Project, commit: Commit, body: str, *, created_at: str | None = None, **columns: Any
) -> Note:
    """Write a note on a commit; raises ``NoteRefused`` for one without text."""
    check_text(body)
    written = _date(call, project, created_at)
    tied = {"noteable_type": "Commit", "project_id": project.id, "commit_id": commit.sha}
    thread = columns.pop("discussion_id", None) or call.store.mint_hex("discussion")
    note = call.store.insert(
        Note(
            body=body,
            author_id=access.me(call).id,
            created_at=written,
            updated_at=written,
            discussion_id=thread,
            **tied,
            **columns,
        )
    )
    effects.record_event(call, project.id, "commented", note, title=shown(commit.title))
    remark_mentions(call, project, commit, body)
    return note


def _date(call: dsl.Call, project: Project, created_at: str | None) -> str | None:
    if not created_at or access.level(call, project) < access.OWNER:
        return None
    try:
        return timestamp(parse_instant(created_at))
    except ValueError:
        return None


# Places in differences


def position_of(objects: Objects, commit: Commit, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a position in what a commit changed, as it is kept; raises ``NoteRefused`` where there is none."""
    of_text = given.get("position_type") == "text"
    names = (*SHAS, *PATHS, "position_type", *(LINES if of_text else POINT))
    position = {name: given.get(name) for name in names}
    if of_text and not _is_there(objects, commit, position):
        raise NoteRefused(NO_LINE)
    return {**position, **({"line_range": None} if "new_line" in position else {})}


def _is_there(objects: Objects, commit: Commit, position: Mapping[str, Any]) -> bool:
    path, old, new = position["new_path"] or position["old_path"], position["old_line"], position["new_line"]
    if path is None or (old is None and new is None):
        return False
    if old is not None and new is not None:
        return any(one.new_path == path for one in commit_changes(objects, commit))
    return has_line(objects, commit, path, old if new is None else new, "old" if new is None else "new")


def place_of(note: Note) -> dict[str, Any]:
    """Return the ``path``, ``line`` and ``line_type`` of a note in what a commit changed; empty where it has none."""
    position = note.position or {}
    if "position_type" not in position:
        return position
    old, new = position.get("old_line"), position.get("new_line")
    kind = "old" if new is None else "new" if old is None else None
    path = position["new_path"] or position["old_path"]
    return {"path": path, "line": old if new is None else new, "line_type": kind}


def has_line(objects: Objects, commit: Commit, path: str, line: int, line_type: str) -> bool:
    """Tell whether a commit added, or deleted, a line of a file, counted in the new or the old file."""
    place = (line, None) if line_type == "old" else (None, line)
    return any(place in places(objects, one) for one in commit_changes(objects, commit) if one.new_path == path)
