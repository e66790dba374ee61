"""Creating and changing snippets, and the commits that they consist of.

Source: GitLab's app/services/snippets/, app/models/snippet_input_action.rb and snippet_repository.rb.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.snippet import BRANCH, FILES_AT_MOST, Snippet, files_of, head_of
from mockgitlab.api.services.pushes import person_of
from mockgitlab.errors import ApiError
from mockgitlab.git.actions import Action, ActionError, Index
from mockgitlab.git.history import walk
from mockgitlab.git.objects import Commit, Person, bytes_of, write_commit
from mockgitlab.git.trees import files
from mockgitlab.store import Objects

UNNAMED = re.compile(r"snippetfile(\d)\.txt")
"""How files without a name are called."""


class SnippetRefused(ApiError):
    """What is given for a snippet is no good; the sentence lies one level deeper than in other errors."""

    def __init__(self, text: str, status: int = 400, *, reason: str) -> None:
        super().__init__({"error": text}, reason=reason)
        self.status = status


def create(call: dsl.Call, project: Project | None, given: Mapping[str, Any]) -> Snippet:
    """Create a snippet of a project, or of the current user."""
    client = {"user_agent": call.headers.get("User-Agent") or None, "ip_address": call.address}
    own = {"author_id": access.me(call).id, "project_id": project.id if project else None}
    columns = {key: given[key] for key in ("title", "description", "visibility") if given.get(key) is not None}
    snippet = call.store.insert(Snippet(**columns, **own, **client))
    if not given.get("files") and given.get("content") is None:
        raise SnippetRefused("Content can't be blank", reason="files was empty; a snippet begins with a file")
    wanted = [{**one, "action": "create"} for one in given.get("files") or [_only_file(given)]]
    return _commit(call, snippet, wanted, "Initial commit")


def _only_file(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"file_path": given.get("file_name"), "content": given.get("content")}


def update(call: dsl.Call, snippet: Snippet, given: Mapping[str, Any]) -> Snippet:
    """Change a snippet and its files."""
    known = files_of(call.store.objects, snippet)
    single = given.get("content") is not None or given.get("file_name") is not None
    if single and len(known) > 1:
        text = "To update Snippets with multiple files, you must use the `files` parameter"
        raise SnippetRefused(text, reason=f"the snippet has the files {', '.join(known)}")
    wanted = [dict(one) for one in given.get("files") or []]
    for one in wanted:
        _check_action(one)
    columns = {key: given[key] for key in ("title", "description", "visibility") if key in given}
    snippet = call.store.update(snippet, **columns, updated_at=call.now)
    if single:
        action = _single_action(call.store.objects, snippet, given)
        wanted = [action] if action else []
    return _commit(call, snippet, wanted, "Update snippet") if wanted else snippet


def _check_action(one: Mapping[str, Any]) -> None:
    """Refuse an action that lacks what it needs."""
    kind, path, previous = one["action"], one.get("file_path") or "", one.get("previous_path") or ""
    fine = {
        "create": bool(one.get("content")),
        "update": bool(one.get("content") and path) and previous in ("", path),
        "delete": bool(path),
        "move": bool(previous) and previous != path,
    }
    if not fine[kind]:
        reason = f"a file to {kind} was given as {dict(one)!r}"[:300]
        raise SnippetRefused("Snippet actions have invalid data", 422, reason=reason)


def _single_action(objects: Objects, snippet: Snippet, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what ``content`` and ``file_name`` mean for the one file that there is."""
    known = files_of(objects, snippet)
    old = next(iter(known), "")
    path, content = given.get("file_name") or old, given.get("content")
    if not old:
        return {"action": "create", "file_path": path, "content": content or ""}
    if path == old:
        return {"action": "update", "file_path": path, "content": content} if content is not None else None
    return {"action": "move", "file_path": path, "previous_path": old, "content": content}


def _commit(call: dsl.Call, snippet: Snippet, wanted: Iterable[dict[str, Any]], message: str) -> Snippet:
    doing = "creating" if not snippet.head_sha else "updating"
    try:
        commit = commit_files(call.store.objects, snippet, wanted, person_of(access.me(call), call.view()), message)
    except ActionError as error:
        text = f"Repository Error {doing} the snippet"
        raise SnippetRefused(text, reason=f"cannot {error.wanted}: {error}") from None
    if problem := count_problem(call.store.objects, commit.tree):
        raise SnippetRefused(f"Repository Error {doing} the snippet", reason=problem)
    return call.store.update(snippet, head_sha=commit.sha)


def count_problem(objects: Objects, tree: str) -> str:
    """Return what GitLab says of a snippet with too many files, or with none; nothing where it is fine.

    Source: GitLab's lib/gitlab/checks/push_file_count_check.rb.
    """
    count = sum(1 for one in files(objects, tree).values() if one.kind == "blob")
    if count > FILES_AT_MOST:
        return f"The repository can contain at most {FILES_AT_MOST} file(s)."
    return "" if count else "The repository must contain at least 1 file."


def commit_files(
    objects: Objects, snippet: Snippet, wanted: Iterable[Mapping[str, Any]], who: Person, message: str
) -> Commit:
    """Carry out actions on the files of a snippet and return the commit; raises ``ActionError``."""
    head = head_of(objects, snippet)
    unnamed = [int(found[1]) for path in files_of(objects, snippet) if (found := UNNAMED.fullmatch(path))]
    number, actions = max(unnamed, default=0), []
    for one in wanted:
        path = one.get("file_path") or ""
        if not path:
            number += 1
            path = f"snippetfile{number}.txt"
        content = bytes_of(one["content"]) if one.get("content") is not None else None
        actions.append(Action(one["action"], path, one.get("previous_path") or "", content))
    tree = Index(objects, head.tree if head else "").perform(actions)
    return write_commit(objects, tree, [head.sha] if head else [], who, who, message)


# Reading


def commit_of(objects: Objects, snippet: Snippet, ref: str) -> Commit | None:
    """Return the commit that a ref names in a snippet's repository: its branch, ``HEAD``, a hash or its beginning."""
    head = head_of(objects, snippet)
    if head is None or ref in (BRANCH, "HEAD", f"refs/heads/{BRANCH}"):
        return head
    if not re.fullmatch(r"[0-9a-f]{4,40}", ref):
        return None
    return next((one for one in walk(objects, [head.sha]) if one.sha.startswith(ref)), None)
