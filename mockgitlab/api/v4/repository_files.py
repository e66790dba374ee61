"""Files of a repository: read, raw, blamed, created, updated, deleted.

Source: https://docs.gitlab.com/api/repository_files/ and GitLab's lib/api/files.rb, app/services/files/*.rb.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import repository_access as code
from mockgitlab.api.file_answers import file_answer
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import date_of, shown
from mockgitlab.api.services import commits
from mockgitlab.api.services.contents import content_of
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.commits import find_commit
from mockgitlab.errors import BadRequest, InvalidParameters, NotFound
from mockgitlab.git.actions import Action
from mockgitlab.git.blame import blame
from mockgitlab.git.history import last_touching
from mockgitlab.git.lines import split_lines
from mockgitlab.git.objects import EXECUTABLE, Commit, Entry, text_of
from mockgitlab.git.trees import at_path

AT = "projects/:id/repository/files/:file_path"
NO_CACHE = {
    "Cache-Control": "max-age=0, private, must-revalidate, no-store, no-cache",
    "Pragma": "no-cache",
    "Expires": "Fri, 01 Jan 1990 00:00:00 GMT",
}
REF = dsl.param("ref", str, "The branch, tag or commit", required=True, present=True)
SIMPLE = [
    dsl.param("file_path", str, "The path of the file", required=True),
    dsl.param("branch", str, "The branch to commit to", required=True, present=True),
    dsl.param("commit_message", str, "The message", required=True, present=True),
    dsl.param("start_branch", str, "The branch at which a new branch begins"),
    dsl.param("author_email", str, "The author's email"),
    dsl.param("author_name", str, "The author's name"),
]
KNOWN = dsl.param("last_commit_id", str, "The commit that changed the file last, as far as the client knows")
EXTENDED = [
    *SIMPLE,
    dsl.param("content", str, "What is to be in the file", required=True),
    dsl.param("encoding", str, "How the content is written", enum=("base64", "text"), default="text"),
    KNOWN,
    dsl.param("execute_filemode", bool, "Whether the file is executable"),
]


_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/(?=(?s:.)*^oid sha256:[0-9a-f]{64}$)(?=(?s:.)*^size \d+$)(?s:.){,150}",
    re.MULTILINE,
)


@dataclass(frozen=True)
class File:
    """A file in a commit."""

    repository: Repository
    commit: Commit
    path: str
    entry: Entry
    ref: str

    @property
    def data(self) -> bytes:
        """What is in it; nothing in a submodule."""
        return b"" if self.entry.kind == "commit" else self.repository.objects.data(self.entry.sha, "blob")

    def metadata(self) -> dict[str, Any]:
        """Return what is told of it besides its content."""
        last = last_touching(self.repository.objects, self.commit.sha, self.path)
        return {
            "file_name": self.path.rpartition("/")[2],
            "file_path": self.path,
            "size": len(self.data),
            "encoding": "base64",
            "content_sha256": hashlib.sha256(self.data).hexdigest(),
            "ref": self.ref,
            "blob_id": self.entry.sha,
            "commit_id": self.commit.sha,
            "last_commit_id": last.sha if last else None,
            "execute_filemode": self.entry.mode == EXECUTABLE,
        }


def check_path(path: str) -> None:
    """Raise ``InvalidParameters`` for an absolute path, or one that leads upwards."""
    if path.startswith("/") or ".." in path.replace("\\", "/").split("/"):
        raise InvalidParameters(["file_path should be a valid file path"], reason=f"file_path was {path!r}")


def find_file(call: dsl.Call, project: Project, path: str, ref: str | None) -> File:
    """Return the file at a path in a revision; raises ``NotFound`` for the commit or the file."""
    commit = find_commit(call, project, ref or "HEAD")
    repository = Repository(call.store, project)
    entry = at_path(repository.objects, commit.tree, path)
    if entry is None or entry.kind == "tree":
        raise NotFound("File", reason=f"{commit.sha} of {project.full_path} has no file {path!r}")
    return File(repository, commit, path, entry, ref or "")


def headers_of(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Return what is told of a file as headers: ``X-Gitlab-File-Name`` and so on."""
    found = {}
    for name, value in metadata.items():
        text = str(value).lower() if isinstance(value, bool) else shown(str(value if value is not None else ""))
        found[f"X-Gitlab-{name.replace('_', '-').title()}"] = "".join(filter(str.isprintable, text))
    return found


@v4.get(AT, rule=code.READ, params=[REF], json_suffix=False)
def show_file(call: dsl.Call, project: Project, file_path: str, ref: str) -> Any:
    """Show a file, its content in base64."""
    check_path(file_path)
    file = find_file(call, project, file_path, ref)
    metadata = file.metadata()
    content = base64.b64encode(file.data).decode()
    return dsl.present({**metadata, "content": content}, headers=headers_of(metadata))


@v4.operation("HEAD", AT, rule=code.READ, params=[REF], json_suffix=False)
def show_file_metadata(call: dsl.Call, project: Project, file_path: str, ref: str) -> Any:
    """Tell of a file in headers alone."""
    check_path(file_path)
    return dsl.Raw(b"", "application/json", headers=headers_of(find_file(call, project, file_path, ref).metadata()))


@v4.get(f"{AT}/raw", rule=code.READ, job_token=True)
def show_raw_file(
    call: dsl.Call,
    project: Project,
    file_path: str,
    ref: Annotated[str | None, "The branch, tag or commit, the default branch unless given"] = None,
    lfs: Annotated[bool, "Whether what a Git LFS pointer points to is meant"] = False,
) -> dsl.Raw:
    """Show what is in a file as it is; what Git LFS pointers point to is not there, as nobody can upload it."""
    check_path(file_path.lstrip("/"))
    file = find_file(call, project, file_path.lstrip("/"), ref)
    if lfs and project.lfs_enabled and _POINTER.fullmatch(file.data):
        raise NotFound(reason=f"{file.path} is a pointer of Git LFS, and no object was ever uploaded")
    metadata = file.metadata()
    return file_answer(file.data, metadata["file_name"], {**NO_CACHE, **headers_of(metadata)})


@v4.operation("HEAD", f"{AT}/blame", rule=code.READ, params=[REF])
def show_blame_metadata(call: dsl.Call, project: Project, file_path: str, ref: str) -> Any:
    """Tell of a file in headers alone."""
    return show_file_metadata(call, project, file_path, ref)


RANGE = dsl.param(
    "range",
    dict[str, Any],
    "The lines to look at",
    nested=[
        dsl.param("start", int, "The first line", required=True),
        dsl.param("end", int, "The last line", required=True),
    ],
)


@v4.get(f"{AT}/blame", rule=code.READ, params=[REF, RANGE], paginated=False)
def show_blame(call: dsl.Call, project: Project, file_path: str, given: dsl.Given) -> list[Any]:
    """Tell for the lines of a file which commit each comes from."""
    check_path(file_path)
    file = find_file(call, project, file_path, given["ref"])
    start, end = _range(given.get("range") or {})
    lines = split_lines(file.data)
    authors = blame(file.repository.objects, file.commit.sha, file_path)
    pairs = list(zip(authors, lines, strict=True))[start - 1 : end]
    groups = [(one, [line for _, line in part]) for one, part in groupby(pairs, key=lambda pair: pair[0])]
    found = [
        {"commit": _blamed(one), "lines": [shown(text_of(line.rstrip(b"\n"))) for line in part]} for one, part in groups
    ]
    return dsl.present(found, headers=headers_of(file.metadata()))  # type: ignore[no-any-return]


def _range(limits: Mapping[str, int]) -> tuple[int, int | None]:
    """Return the first and the last line to look at; raises where they are none."""
    wrong = [f"range[{name}] does not have a valid value" for name, line in limits.items() if line < 1]
    if wrong:
        raise InvalidParameters(wrong, reason="lines are counted from 1")
    start, end = limits.get("start", 1), limits.get("end")
    if end is not None and start > end:
        text = "range[start] must be less than or equal to range[end]"
        raise BadRequest(text, reason=f"the range was {start} to {end}")
    return start, end


def _blamed(commit: Commit) -> dict[str, Any]:
    return {
        "id": commit.sha,
        "parent_ids": list(commit.parents),
        "message": shown(commit.message),
        "authored_date": date_of(commit.author),
        "author_name": shown(commit.author.name),
        "author_email": shown(commit.author.email),
        "committed_date": date_of(commit.committer),
        "committer_name": shown(commit.committer.name),
        "committer_email": shown(commit.committer.email),
    }


# Changing


def _commit(call: dsl.Call, project: Project, given: dsl.Given, action: Action, changed: str) -> dict[str, str]:
    check_path(given["file_path"])
    branch = given["branch"]
    if not code.may_push_to(call, project, branch):
        raise BadRequest("You are not allowed to push into this branch", reason=f"{branch} is protected")
    start = commits.start_of(call, project, given)
    if changed:
        known = Repository(call.store, project)
        commits.check_unchanged(known, start, action.path, given.get("last_commit_id"), BadRequest(changed))
    commits.commit_files(call, project, branch, given["commit_message"], [action], start=start, given=given)
    return {"file_path": given["file_path"], "branch": branch}


def _with_content(kind: str, given: dsl.Given) -> Action:
    data = content_of(given["content"] or "", given.get("encoding"))
    return Action(kind, given["file_path"], content=data, executable=given.get("execute_filemode"))


@v4.post(AT, rule=code.PUSH, params=EXTENDED, json_suffix=False)
def create_file(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, str]:
    """Create a file."""
    return _commit(call, project, given, _with_content("create", given), "")


@v4.put(AT, rule=code.PUSH, params=EXTENDED, json_suffix=False)
def update_file(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, str]:
    """Change what is in a file."""
    text = "You are attempting to update a file that has changed since you started editing it."
    return _commit(call, project, given, _with_content("update", given), text)


@v4.delete(AT, rule=code.PUSH, params=[*SIMPLE, KNOWN], json_suffix=False)
def delete_file(call: dsl.Call, project: Project, given: dsl.Given) -> None:
    """Delete a file."""
    text = "You are attempting to delete a file that has been previously updated."
    _commit(call, project, given, Action("delete", given["file_path"]), text)
