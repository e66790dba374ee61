"""Snippets in scenarios, at the top and below projects: ``{title: Hello, author: ada, files: {hello.rb: puts 1}}``.

One with a single file may say ``file_name`` and ``content`` in place of ``files``.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.snippet import Snippet
from mockgitlab.api.models.user import User
from mockgitlab.api.services.pushes import person_of
from mockgitlab.api.services.snippets import commit_files
from mockgitlab.git.actions import ActionError

EXTRAS: dict[str, dict[str, Any]] = {
    "files": {
        "type": "object",
        "description": "What is in the files, by path",
        "additionalProperties": {"type": "string"},
    },
    "file_name": {"type": "string", "description": "The name of the only file"},
    "content": {"type": "string", "description": "What is in the only file"},
}


def seed_snippet(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Snippet:
    """Make a snippet; its author is the project's creator, or root, unless another is named."""
    store, project = seeding.store, parents[-1] if parents else None
    if not str(columns.get("title") or "").strip():
        seeding.problem("title", "is missing: a snippet needs one")
    usual = {"author_id": (project.creator_id if project else None) or 1, "updated_at": columns.get("created_at")}
    snippet = store.insert(Snippet(**{**usual, **columns}))
    view = dsl.View(store, store.settings.url or "http://localhost")
    who = person_of(store[User][snippet.author_id], view, snippet.created_at)
    wanted = [
        {"action": "create", "file_path": path, "content": text} for path, text in _files(seeding, extras).items()
    ]
    try:
        commit = commit_files(store.objects, snippet, wanted, who, "Initial commit")
    except ActionError as error:
        seeding.problem("files", f"cannot be: {error}")
        return snippet
    return store.update(snippet, head_sha=commit.sha, updated_at=snippet.updated_at)


def _files(seeding: dsl.Seeding, extras: dict[str, Any]) -> dict[str, str]:
    given = extras.get("files")
    if given is None:
        given = {extras.get("file_name") or "snippetfile1.txt": extras.get("content") or ""}
    if isinstance(given, dict) and given and all(isinstance(text, str) for text in given.values()):
        return {str(path): text for path, text in given.items()}
    seeding.problem("files", f"must map paths to texts, {{hello.rb: puts 1}}, not {given!r}")
    return {}


SNIPPETS = dsl.Collection(
    "snippets",
    Snippet,
    {None: lambda _: {}, Project: tied_to},
    seed_snippet,
    None,
    EXTRAS,
)
