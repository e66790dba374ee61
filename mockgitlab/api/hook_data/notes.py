"""Comments on issues, merge requests, commits and snippets.

Source: https://docs.gitlab.com/user/project/integrations/webhook_events/#comment-events and GitLab's
lib/gitlab/data_builder/note.rb, lib/gitlab/hook_data/note_builder.rb.
"""

from collections.abc import Iterator
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.hook_data.common import (
    VISIBILITY_LEVELS,
    Occasion,
    Seen,
    absolute_images,
    commit_attrs,
    project_attrs,
    repository_attrs,
    time,
    user_attrs,
)
from mockgitlab.api.hook_data.issues import issue_attrs
from mockgitlab.api.hook_data.merge_requests import merge_request_attrs
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.snippet import Snippet
from mockgitlab.git.objects import read_commit

NOTEABLES: dict[str, type[dsl.Entity]] = {"Issue": Issue, "MergeRequest": MergeRequest, "Snippet": Snippet}


def of_note(seen: Seen, before: Note | None, after: Note | None) -> Iterator[Occasion]:
    """Yield what is told of a comment that was made or edited."""
    edited = before is not None and after is not None and before.body != after.body
    if after is None or after.system or after.project_id is None or not (before is None or edited):
        return
    project = seen.store[Project].get(after.project_id)
    data = note_data(seen, after, "update" if before else "create") if project else None
    if data is not None:
        yield Occasion(trigger_of(seen.store, after), data, project)


def is_confidential(store: dsl.Store, note: Note) -> bool:
    """Tell whether a comment, or what it is on, is not for everybody."""
    return note.internal or bool(getattr(_noteable(store, note), "confidential", False))


def trigger_of(store: dsl.Store, note: Note) -> str:
    """Return what a comment sets off."""
    return "confidential_note_hooks" if is_confidential(store, note) else "note_hooks"


def _noteable(store: dsl.Store, note: Note) -> Any:
    kind = NOTEABLES.get(note.noteable_type)
    return store[kind].get(note.noteable_id) if kind else None


def note_data(seen: Seen, note: Note, action: str) -> dict[str, Any] | None:
    """Return the payload of a comment; nothing where GitLab tells nothing of what it is on."""
    view, project = seen.view, seen.store[Project][note.project_id or 0]
    target = _target(seen, note, project)
    if target is None:
        return None
    key, shown, url = target
    return {
        "object_kind": "note",
        "event_type": "confidential_note" if is_confidential(seen.store, note) else "note",
        "user": user_attrs(seen.user(note.author_id), view),
        "project_id": project.id,
        "project": project_attrs(project, view),
        "object_attributes": {**_attrs(note, view), "action": action, "url": f"{url}#note_{note.id}"},
        "repository": repository_attrs(project, view),
        key: shown,
    }


def _attrs(note: Note, view: dsl.View) -> dict[str, Any]:
    return {
        "attachment": None,
        "author_id": note.author_id,
        "change_position": None,
        "commit_id": note.commit_id,
        "created_at": time(note.created_at),
        "discussion_id": note.discussion_id,
        "id": note.id,
        "internal": note.internal,
        "line_code": (note.position or {}).get("line_code"),
        "note": note.body,
        "noteable_id": None if note.noteable_type == "Commit" else note.noteable_id,
        "noteable_type": note.noteable_type,
        "original_position": note.position,
        "position": note.position,
        "project_id": note.project_id,
        "resolved_at": time(note.resolved_at),
        "resolved_by_id": note.resolved_by_id,
        "resolved_by_push": None,
        "st_diff": None,
        "system": note.system,
        "type": note.type,
        "updated_at": time(note.updated_at),
        "updated_by_id": None,
        "description": absolute_images(note.body, view),
    }


def _target(seen: Seen, note: Note, project: Project) -> tuple[str, dict[str, Any], str] | None:
    """Return how the payload names what a comment is on, what it shows of it, and the address of its page."""
    view, on = seen.view, _noteable(seen.store, note)
    if isinstance(on, Issue):
        return "issue", issue_attrs(on, view), on.web_url(view)
    if isinstance(on, MergeRequest):
        return "merge_request", merge_request_attrs(on, view), on.web_url(view)
    if isinstance(on, Snippet):
        return "snippet", _snippet(on, view), on.web_url(view)
    if note.noteable_type == "Commit" and note.commit_id:
        shown = commit_attrs(read_commit(seen.store.objects, note.commit_id), project, view)
        return "commit", shown, shown["url"]
    return None


def on_note(seen: Seen, note: Note) -> tuple[Project, str, dict[str, Any]] | None:
    """Return the project of a comment, its address, and what payloads show of it and of what it is on."""
    project = seen.store[Project].get(note.project_id)
    target = _target(seen, note, project) if project else None
    if project is None or target is None:
        return None
    key, shown, url = target
    address = f"{url}#note_{note.id}"
    return project, address, {"note": {**_attrs(note, seen.view), "url": address}, key: shown}


def on_target(seen: Seen, kind: str, id: int) -> tuple[Project, str, dict[str, Any]] | None:
    """Return the same of what comments may be on."""
    on: Any = seen.store[NOTEABLES[kind]].get(id) if kind in NOTEABLES else None
    project = seen.store[Project].get(on.project_id) if on is not None else None
    if on is None or project is None:
        return None
    found = _target(seen, Note(noteable_type=kind, noteable_id=id, project_id=project.id), project)
    return (project, found[2], {found[0]: found[1]}) if found else None


def _snippet(snippet: Snippet, view: dsl.View) -> dict[str, Any]:
    return {
        "id": snippet.id,
        "title": snippet.title,
        "description": snippet.description,
        "author_id": snippet.author_id,
        "project_id": snippet.project_id,
        "created_at": time(snippet.created_at),
        "updated_at": time(snippet.updated_at),
        "file_name": snippet.file_name(view),
        "type": "ProjectSnippet",
        "visibility_level": VISIBILITY_LEVELS[snippet.visibility],
        "url": snippet.web_url(view),
    }
