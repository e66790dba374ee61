"""Comments on commits. Source: https://docs.gitlab.com/api/commits/#post-comment-to-commit and lib/api/commits.rb."""

import re
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import commit_changes, shown
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.commits import find_commit
from mockgitlab.errors import MissingParameters
from mockgitlab.git.changes import patch
from mockgitlab.git.objects import Commit, text_of
from mockgitlab.store import Objects, Query

AT = "projects/:id/repository/commits/:sha/comments"
_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)")


def _place(name: str) -> Any:
    return lambda note, view: (note.position or {}).get(name)


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
    return call.store[Note].where(commit_id=commit.sha, project_id=project.id).order_by("created_at")


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
    found = given.get("path") and has_line(call.store.objects, commit, given["path"], given["line"], given["line_type"])
    note = call.store.insert(
        Note(
            body=given["note"],
            author_id=access.me(call).id,
            noteable_type="Commit",
            project_id=project.id,
            commit_id=commit.sha,
            discussion_id=call.store.mint_hex("discussion"),
            type="LegacyDiffNote" if found else None,
            position=given.only("path", "line", "line_type") if found else None,
        )
    )
    effects.record_event(call, project.id, "commented", note, title=shown(commit.title))
    return note


def has_line(objects: Objects, commit: Commit, path: str, line: int, line_type: str) -> bool:
    """Tell whether a commit added, or deleted, a line of a file, counted in the new or the old file."""
    texts = [text_of(patch(objects, one)) for one in commit_changes(objects, commit) if one.new_path == path]
    return any((line, line_type) in _changed_lines(text) for text in texts)


def _changed_lines(text: str) -> set[tuple[int, str]]:
    found, old, new = set(), 0, 0
    for row in text.split("\n"):
        start = _HUNK.match(row)
        if start:
            old, new = int(start[1]), int(start[2])
        elif row.startswith("-"):
            found.add((old, "old"))
            old += 1
        elif row.startswith("+"):
            found.add((new, "new"))
            new += 1
        elif row.startswith(" "):
            old, new = old + 1, new + 1
    return found
