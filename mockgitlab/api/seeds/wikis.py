"""Pages of wikis in scenarios, below projects and groups: ``{title: home, content: "# Welcome", author: ada}``.

A title may have folders, ``guides/First steps``; ``format`` is markdown unless given.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.user import User
from mockgitlab.api.models.wiki import EXTENSIONS, Wiki, WikiPage, commit_at, find_page, find_wiki, slug_of
from mockgitlab.api.services.pushes import person_of
from mockgitlab.api.services.wikis import commit_files, note_page
from mockgitlab.git.actions import Action, ActionError
from mockgitlab.git.objects import bytes_of

EXTRAS: dict[str, dict[str, Any]] = {
    "content": {"type": "string", "description": "What is in the page"},
    "format": {"enum": list(EXTENSIONS), "description": "The markup of the page"},
    "author": {"type": ["string", "integer"], "description": "Who wrote it, root unless named"},
}


def seed_page(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> WikiPage:
    """Make a page of a wiki, by a commit of its own."""
    store, at = seeding.store, parents[-1]
    title, form = str(columns.get("title") or ""), extras.get("format") or "markdown"
    wiki = find_wiki(store, at) or store.insert(Wiki(**tied_to(at), refs={}))
    if not slug_of(title):
        seeding.problem("title", "is missing: a page needs one")
    elif find_page(store.objects, commit_at(store.objects, wiki), title) is not None:
        seeding.problem("title", f"is taken: {at.full_path} has a page {slug_of(title)}")
    elif form not in EXTENSIONS:
        seeding.problem("format", f"must be one of {', '.join(EXTENSIONS)}, not {form!r}")
    else:
        _commit(seeding, wiki, f"{slug_of(title)}.{EXTENSIONS[form]}", extras, columns)
    page = note_page(store, wiki, slug_of(title), title)
    return store.update(page, created_at=columns["created_at"]) if columns.get("created_at") else page


def _commit(seeding: dsl.Seeding, wiki: Wiki, path: str, extras: dict[str, Any], columns: dict[str, Any]) -> None:
    author = seeding.resolve("User", extras.get("author") or 1, (), "author")
    view = dsl.View(seeding.store, seeding.store.settings.url or "http://localhost")
    user = author if isinstance(author, User) else seeding.store[User][1]
    who = person_of(user, view, columns.get("created_at") or "")
    action = Action("create", path, content=bytes_of(str(extras.get("content") or "")))
    message = f"{user.username} created page: {path.rpartition('.')[0]}"
    try:
        commit_files(seeding.store, wiki, [action], who, message)
    except ActionError as error:
        seeding.problem("title", f"cannot be a file: {error}")


WIKIS = dsl.Collection(
    "wikis", WikiPage, {Project: lambda project: {}, Group: lambda group: {}}, seed_page, None, EXTRAS
)
