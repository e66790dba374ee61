"""Comments on commits. Source: https://docs.gitlab.com/api/commits/#post-comment-to-commit and lib/api/commits.rb."""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.services import commit_notes
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.commits import find_commit
from mockgitlab.errors import MissingParameters
from mockgitlab.store import Query

AT = "projects/:id/repository/commits/:sha/comments"


def _place(name: str) -> Any:
    return lambda note, view: commit_notes.place_of(note).get(name)


COMMIT_NOTE = dsl.Shape("CommitNote", ()).plus(
    note=lambda note, view: note.body,
    path=_place("path"),
    line=_place("line"),
    line_type=_place("line_type"),
    author=lambda note, view: view.one(USER_BASIC, view.store[User].get(note.author_id)),
    created_at=lambda note, view: note.created_at,
)


@v4.get(AT, rule=code.READ_ENABLED, shape=COMMIT_NOTE)
def list_commit_comments(call: dsl.Call, project: Project, sha: str) -> Query[Note]:
    """List the comments on a commit."""
    commit = find_commit(call, project, sha)
    return commit_notes.notes_on(call.store, project, commit)


@v4.post(
    AT,
    rule=code.WRITE_ENABLED,
    shape=COMMIT_NOTE,
    params=[
        dsl.param("note", str, "The comment", required=True, present=True),
        dsl.param("path", str, "The file that it is on"),
        dsl.param("line", int, "The line that it is on"),
        dsl.param("line_type", Literal["new", "old"], "Whether an added or a deleted line is meant", default="new"),
    ],
)
def create_commit_comment(call: dsl.Call, project: Project, sha: str, given: dsl.Given) -> Note:
    """Comment on a commit, or on one of the lines that it changed."""
    commit = find_commit(call, project, sha)
    if given.get("path") and given.get("line") is None:
        raise MissingParameters(["line"], reason="a comment on a file needs the line")
    found = given.get("path") and commit_notes.has_line(
        call.store.objects, commit, given["path"], given["line"], given["line_type"]
    )
    place: dict[str, Any] = (
        {"type": "LegacyDiffNote", "position": given.only("path", "line", "line_type")} if found else {}
    )
    return commit_notes.write(call, project, commit, given["note"], **place)
