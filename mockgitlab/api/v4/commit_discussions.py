"""Discussions on commits.

Source: https://docs.gitlab.com/api/discussions/#commits and GitLab's lib/api/discussions.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import repository_access as code
from mockgitlab.api.diff_positions import position_param
from mockgitlab.api.models.note import DISCUSSION, NOTE, Note, delete_note
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import commit_notes
from mockgitlab.api.services.notes import check_text
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.commits import find_commit
from mockgitlab.errors import BadRequest, Forbidden, NotFound, RecordNotFound

AT = "projects/:id/repository/commits/:sha/discussions"
ONE, NOTES = f"{AT}/:discussion_id", f"{AT}/:discussion_id/notes"
POSITION = position_param("text", "image", ranges=False)
BODY = dsl.param("body", str, "The content of the note", required=True)
CREATED_AT = dsl.param("created_at", str, "When it was written; only administrators and owners may tell")


def _check_comment(call: dsl.Call) -> None:
    code.check_enabled(call)
    project = call.at(Project)
    if project.archived:
        raise Forbidden(reason=f"project {project.full_path} is archived")


def _check_change(call: dsl.Call) -> None:
    _check_comment(call)
    if call.at(Note).author_id != access.me(call).id and access.level(call, call.at(Project)) < access.MAINTAINER:
        raise Forbidden(reason=f"{access.me(call).username} neither wrote the note nor is a maintainer")


COMMENT = dsl.Rule("whoever may comment", _check_comment)
CHANGE = dsl.Rule("author of the note, or maintainer", _check_change)


@v4.locator(f"{NOTES}/:note_id", integer=True)
def find_commit_note(call: dsl.Call, value: str) -> Note:
    """Return the note with an id on the commit of the path."""
    project = call.at(Project)
    commit = find_commit(call, project, call.path["sha"])
    found = commit_notes.notes_on(call.store, project, commit).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"no note {value} is on the commit {commit.sha}")
    return found


def _thread(call: dsl.Call, project: Project, sha: str, discussion_id: str) -> list[Note]:
    commit = find_commit(call, project, sha)
    found = list(commit_notes.notes_on(call.store, project, commit).where(discussion_id=discussion_id))
    if not found:
        raise NotFound("Discussion", reason=f"there is no discussion {discussion_id} on the commit {commit.sha}")
    return found


@v4.get(AT, rule=code.WRITE_ENABLED, shape=DISCUSSION)
def list_commit_discussions(call: dsl.Call, project: Project, sha: str) -> list[Note]:
    """List the discussions on a commit, the oldest first."""
    firsts: dict[str, Note] = {}
    for note in commit_notes.notes_on(call.store, project, find_commit(call, project, sha)):
        firsts.setdefault(note.discussion_id, note)
    return list(firsts.values())


@v4.get(ONE, rule=code.WRITE_ENABLED, shape=DISCUSSION)
def show_commit_discussion(call: dsl.Call, project: Project, sha: str, discussion_id: str) -> Note:
    """Show a discussion on a commit."""
    return _thread(call, project, sha, discussion_id)[0]


@v4.post(AT, rule=COMMENT, shape=DISCUSSION, params=[BODY, CREATED_AT, POSITION])
def create_commit_discussion(call: dsl.Call, project: Project, sha: str, given: dsl.Given) -> Note:
    """Begin a discussion on a commit, or on a line that it changed."""
    commit = find_commit(call, project, sha)
    place: dict[str, Any] = {"type": "DiscussionNote"}
    if given.get("position"):
        position = commit_notes.position_of(call.store.objects, commit, given["position"])
        place = {"type": "DiffNote", "position": position}
    return commit_notes.write(call, project, commit, given["body"], created_at=given.get("created_at"), **place)


@v4.post(NOTES, rule=COMMENT, shape=NOTE, params=[BODY, CREATED_AT])
def reply_to_commit_discussion(
    call: dsl.Call, project: Project, sha: str, discussion_id: str, given: dsl.Given
) -> Note:
    """Add a note to a discussion on a commit."""
    first = _thread(call, project, sha, discussion_id)[0]
    if first.type is None:
        raise BadRequest("400 Bad request - Discussion can not be replied to.", reason="it is a comment of its own")
    thread = {"discussion_id": first.discussion_id, "type": first.type, "position": first.position}
    commit = find_commit(call, project, sha)
    return commit_notes.write(call, project, commit, given["body"], created_at=given.get("created_at"), **thread)


@v4.get(f"{NOTES}/:note_id", rule=code.WRITE_ENABLED, shape=NOTE)
def show_note_of_commit_discussion(note: Note) -> Note:
    """Show a note of a discussion on a commit."""
    return note


@v4.put(f"{NOTES}/:note_id", rule=CHANGE, shape=NOTE, constraints=[dsl.exactly_one_of("body", "resolved")])
def update_note_of_commit_discussion(
    call: dsl.Call,
    note: Note,
    body: Annotated[str | None, "The content of the note"] = None,
    resolved: Annotated[bool | None, "Whether to resolve it, which notes on commits cannot be"] = None,
) -> Note:
    """Change the body of a note of a discussion on a commit."""
    if resolved is not None:
        raise BadRequest("400 Bad request - Note is not resolvable", reason="notes on commits are not resolved")
    check_text(body or "")
    return call.store.update(note, body=body, last_edited_at=call.now)


@v4.delete(f"{NOTES}/:note_id", rule=CHANGE)
def delete_note_of_commit_discussion(call: dsl.Call, note: Note) -> None:
    """Delete a note of a discussion on a commit."""
    delete_note(call.store, note)
