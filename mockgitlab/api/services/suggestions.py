"""What notes on lines propose, read from their texts, and committing it to the source branch.

Source: https://docs.gitlab.com/user/project/merge_requests/reviews/suggestions/ and GitLab's
app/services/suggestions/apply_service.rb.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.mergeability import source_head
from mockgitlab.api.models import note as notes
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.suggestion import (
    Suggestion,
    is_appliable,
    lines_at,
    merge_request_of,
    path_of,
    suggestions_of,
    text_between,
)
from mockgitlab.api.models.user import User
from mockgitlab.api.services.commits import commit_files
from mockgitlab.errors import BadRequest
from mockgitlab.git.actions import Action
from mockgitlab.git.objects import bytes_of

_BLOCK = re.compile(r"^```+suggestion(?::-(\d{1,3})\+(\d{1,3}))?[ \t]*\n(.*?)^```+[ \t]*$", re.MULTILINE | re.DOTALL)
_PLACEHOLDER = re.compile(r"%\{(\w+)\}")
DEFAULT_MESSAGE = "Apply %{suggestions_count} suggestion(s) to %{files_count} file(s)\n\n%{co_authored_by}"


def write_suggestions(store: dsl.Store, note: Note) -> None:
    """Write down what the text of a note on a line proposes, in place of what it proposed before."""
    position = note.position or {}
    line, head = position.get("new_line"), position.get("head_sha")
    if note.type != "DiffNote" or note.noteable_type != "MergeRequest" or line is None or head is None:
        return
    for one in suggestions_of(store, note):
        store.delete(one)
    lines = lines_at(store, head, str(position.get("new_path") or ""))
    for above, below, text in _BLOCK.findall(note.body):
        first, last = max(line - int(above or 0), 1), min(line + int(below or 0), len(lines))
        content = {"from_content": text_between(lines, first, last), "to_content": text}
        store.insert(Suggestion(note_id=note.id, from_line=first, to_line=last, **content))


def apply(call: dsl.Call, suggestions: Sequence[Suggestion], message: str | None) -> None:
    """Commit suggestions to the source branch of their merge request, and resolve their threads."""
    _check(call.store, suggestions)
    merge_request = merge_request_of(call.store, suggestions[0])
    project = call.store[Project][merge_request.source_project_id or 0]
    actions = [_action(call.store, merge_request, path, found) for path, found in _by_path(call.store, suggestions)]
    text = _message(call, merge_request, suggestions, message or project.suggestion_commit_message or DEFAULT_MESSAGE)
    commit = commit_files(call, project, merge_request.source_branch, text, actions)
    for one in suggestions:
        call.store.update(one, applied=True, commit_id=commit.sha)
        _resolve(call, call.store[Note][one.note_id])


def _check(store: dsl.Store, suggestions: Sequence[Suggestion]) -> None:
    if len({merge_request_of(store, one).id for one in suggestions}) > 1:
        raise BadRequest("Suggestions must all be on the same branch.", reason="they are on several merge requests")
    for one in suggestions:
        if not is_appliable(store, one):
            raise BadRequest("A suggestion is not applicable.", reason=_why_not(store, one))
    for _, found in _by_path(store, suggestions):
        if any(second.from_line <= first.to_line for first, second in pairwise(found)):
            text = "Suggestions are not applicable as their lines cannot overlap."
            raise BadRequest(text, reason="two are on the same lines")


def _why_not(store: dsl.Store, one: Suggestion) -> str:
    state = merge_request_of(store, one).state
    if one.applied or state != "opened":
        return f"suggestion {one.id} is applied already" if one.applied else f"its merge request is {state}"
    if one.from_content == one.to_content:
        return f"suggestion {one.id} changes nothing"
    where = f"lines {one.from_line} to {one.to_line} of {path_of(store, one)}"
    return f"suggestion {one.id} is on {where}, which have changed since"


def _by_path(store: dsl.Store, suggestions: Iterable[Suggestion]) -> list[tuple[str, list[Suggestion]]]:
    found: dict[str, list[Suggestion]] = {}
    for one in sorted(suggestions, key=lambda one: one.from_line):
        found.setdefault(path_of(store, one), []).append(one)
    return list(found.items())


def _action(store: dsl.Store, merge_request: MergeRequest, path: str, suggestions: list[Suggestion]) -> Action:
    head = source_head(store, merge_request)
    lines = lines_at(store, head, path) if head else []
    for one in reversed(suggestions):
        lines[one.from_line - 1 : one.to_line] = [bytes_of(one.to_content)]
    return Action("update", path, content=b"".join(lines))


def _message(call: dsl.Call, merge_request: MergeRequest, suggestions: Sequence[Suggestion], template: str) -> str:
    user, project = access.me(call), call.store[Project][merge_request.project_id]
    paths = dict.fromkeys(path_of(call.store, one) for one in suggestions)
    values = {
        "branch_name": merge_request.source_branch,
        "files_count": str(len(paths)),
        "file_path": next(iter(paths)),
        "file_paths": " ".join(paths),
        "project_name": project.name,
        "project_path": project.path,
        "user_full_name": user.name,
        "username": user.username,
        "suggestions_count": str(len(suggestions)),
        "co_authored_by": _co_authors(call, suggestions),
    }
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template).strip()


def _co_authors(call: dsl.Call, suggestions: Sequence[Suggestion]) -> str:
    ids = dict.fromkeys(call.store[Note][one.note_id].author_id for one in suggestions)
    people = [call.store[User][user_id] for user_id in ids if user_id != access.me(call).id]
    return "\n".join(f"Co-authored-by: {one.name} <{one.email}>" for one in people)


def _resolve(call: dsl.Call, note: Note) -> None:
    done = {"resolved": True, "resolved_by_id": access.me(call).id, "resolved_at": call.now}
    for one in notes.discussion_of(call.store, note):
        if one.resolvable and not one.resolved:
            call.store.update(one, **done)
