"""Writing the pages of wikis. Source: GitLab's app/services/wiki_pages/, app/services/wikis/ and app/models/wiki.rb."""

from collections.abc import Iterable, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.wiki import (
    EXTENSIONS,
    Page,
    Wiki,
    WikiPage,
    commit_at,
    find_page,
    find_wiki,
    slug_of,
    split_front_matter,
)
from mockgitlab.api.services.pushes import person_of
from mockgitlab.errors import BadRequest, Unprocessable, ValidationFailed
from mockgitlab.git.actions import Action, ActionError, Index
from mockgitlab.git.names import HEADS, is_ref_name
from mockgitlab.git.objects import Person, bytes_of, write_commit

TITLE_AT_MOST, FOLDER_AT_MOST = 245, 255
CONTENT_AT_MOST = 5 * 1024 * 1024
FILE_NAME_AT_MOST = 255


def create(call: dsl.Call, at: Project | Group, given: Mapping[str, Any]) -> Page:
    """Create a page."""
    title, content = _squished(given["title"]), _with_front_matter(given["content"] or "", given)
    _check(title, content)
    objects = call.store.objects
    if find_page(objects, commit_at(objects, find_wiki(call.store, at)), title) is not None:
        text = "Duplicate page: A page with that title already exists"
        raise ValidationFailed({"base": [text]}, reason=f"there is a page {slug_of(title)}")
    path = f"{slug_of(title)}.{EXTENSIONS[given['format']]}"
    _commit(call, at, [Action("create", path, content=bytes_of(content))], f"created page: {title}")
    page = _written(call, at, path)
    record(call, at, "created", page, note_page(call.store, wiki_of(call.store, at), page.slug, title))
    return page


def update(call: dsl.Call, at: Project | Group, page: Page, given: Mapping[str, Any]) -> Page:
    """Change a page; with another title or format its file moves."""
    content = page.content if given.get("content") is None else given["content"]
    if given.get("front_matter") is not None:
        content = _with_front_matter(given.get("content") or split_front_matter(page.content)[1], given)
    title = _moved_title(page, given.get("title"))
    _check(title, content)
    path = f"{slug_of(title)}.{_ending(page, given['format'])}"
    if slug_of(title).lower() != page.slug.lower() and _is_taken(call, at, title):
        text = "There is already a page with the same title in that path."
        raise Unprocessable(text, reason=f"there is a page {slug_of(title)}")
    action = Action("update", path, content=bytes_of(content))
    if path != page.path:
        action = Action("move", path, page.path, content=bytes_of(content))
    _commit(call, at, [action], f"updated page: {title.rpartition('/')[2]}")
    written = _written(call, at, path)
    kept = rename_page(call.store, wiki_of(call.store, at), page.slug, written)
    record(call, at, "updated", written, kept)
    return written


def delete(call: dsl.Call, at: Project | Group, page: Page) -> None:
    """Delete a page."""
    _commit(call, at, [Action("delete", page.path)], f"deleted page: {page.title}")
    kept = note_page(call.store, wiki_of(call.store, at), page.slug, page.title)
    record(call, at, "destroyed", page, kept)
    call.store.delete(kept)


def attach(call: dsl.Call, at: Project | Group, filename: str, data: bytes, branch: str) -> str:
    """Put a file into the wiki, on a branch, and return its path."""
    if not is_ref_name(branch):
        raise BadRequest("Branch name is invalid", reason=f"git takes no branch of the name {branch!r}"[:200])
    stem, dot, ending = filename.rpartition(".")
    if len(filename) > FILE_NAME_AT_MOST:
        ending = f"{dot}{ending}"
        filename = (stem if dot else ending)[: FILE_NAME_AT_MOST - len(ending)] + ending
    if not filename:
        raise BadRequest("The file name cannot be empty", reason="the part of the form has no filename")
    path = f"uploads/{call.store.mint_hex('wiki attachment', 32)}/{filename}"
    _commit(call, at, [Action("create", path, content=data)], f"Upload attachment {filename}", branch)
    return path


# What a page must be like


def _squished(title: str) -> str:
    return "/".join(" ".join(part.split()) for part in title.split("/"))


def _moved_title(page: Page, title: str | None) -> str:
    """Return where a page goes that gets a title: to the folder that it names, else it stays in its own."""
    squished = _squished(title or "")
    if not squished.strip("/"):
        return page.slug
    if squished.startswith("/") and squished.count("/") == 1:
        return squished[1:]
    return squished if "/" in squished else "/".join(part for part in (page.folder, squished) if part)


def _ending(page: Page, form: str) -> str:
    return page.path.rpartition(".")[2].lower() if page.format == form else EXTENSIONS[form]


def _check(title: str, content: str) -> None:
    """Refuse a title that is blank or too long, and a content that is too long."""
    *folders, name = slug_of(title).split("/")
    errors: dict[str, list[str]] = {}
    if not name.strip("-"):
        errors["title"] = ["can't be blank"]
    if len(name.encode()) > TITLE_AT_MOST:
        errors["title"] = [f"exceeds the limit of {TITLE_AT_MOST} bytes"]
    for folder in folders:
        if len(folder.encode()) > FOLDER_AT_MOST:
            told = f'exceeds the limit of {FOLDER_AT_MOST} bytes for directory name "{folder}"'
            errors.setdefault("title", []).append(told)
    size = len(bytes_of(content))
    if size > CONTENT_AT_MOST:
        errors["content"] = [f"is too long ({size / 1024 / 1024:.3g} MiB). The maximum size is 5 MiB."]
    if errors:
        raise ValidationFailed(errors, reason=f"the page {title[:100]!r} is refused")


def _with_front_matter(content: str, given: Mapping[str, Any]) -> str:
    if not given.get("front_matter"):
        return content
    import yaml  # few pages have any

    return f"---\n{yaml.safe_dump(given['front_matter'], allow_unicode=True)}---\n{content}"


def _is_taken(call: dsl.Call, at: Project | Group, title: str) -> bool:
    objects = call.store.objects
    return find_page(objects, commit_at(objects, find_wiki(call.store, at)), title) is not None


# Commits


def wiki_of(store: dsl.Store, at: Project | Group) -> Wiki:
    """Return the wiki of a project or group, made if there is none."""
    return find_wiki(store, at) or store.insert(Wiki(**tied_to(at), refs={}))


def _commit(call: dsl.Call, at: Project | Group, actions: Iterable[Action], message: str, branch: str = "") -> None:
    user = access.me(call)
    said = message if message.startswith("Upload") else f"{user.username} {message}"
    try:
        commit_files(call.store, wiki_of(call.store, at), actions, person_of(user, call.view()), said, branch)
    except ActionError as error:
        raise ValidationFailed({"base": [str(error)]}, reason="git refuses the path of the page") from None


def commit_files(
    store: dsl.Store, wiki: Wiki, actions: Iterable[Action], who: Person, message: str, branch: str = ""
) -> Wiki:
    """Carry out actions on the files of a wiki, on its default branch unless told; raises ``ActionError``."""
    objects, name = store.objects, HEADS + (branch or wiki.branch)
    head = commit_at(objects, wiki, name if name in wiki.refs else "")
    tree = Index(objects, head.tree if head else "").perform(actions)
    made = write_commit(objects, tree, [head.sha] if head else [], who, who, message)
    return store.update(wiki, refs={**wiki.refs, name: made.sha})


def _written(call: dsl.Call, at: Project | Group, path: str) -> Page:
    objects = call.store.objects
    page = find_page(objects, commit_at(objects, find_wiki(call.store, at)), path.rpartition(".")[0])
    if page is None:
        raise KeyError(f"the page {path} is not there though it was written")
    return page


# What pages leave behind


def note_page(store: dsl.Store, wiki: Wiki, slug: str, title: str) -> WikiPage:
    """Return the record of a page, made if there is none."""
    known = store[WikiPage].find(wiki_id=wiki.id, slug=slug)
    return known or store.insert(WikiPage(wiki_id=wiki.id, slug=slug, title=title.rpartition("/")[2]))


def rename_page(store: dsl.Store, wiki: Wiki, last_slug: str, page: Page) -> WikiPage:
    """Return the record of a page that had perhaps another path before, with the path that it has now."""
    kept = note_page(store, wiki, last_slug, page.title)
    return store.update(kept, slug=page.slug, title=page.title) if kept.slug != page.slug else kept


def record(call: dsl.Call, at: Project | Group, action: str, page: Page, kept: WikiPage) -> None:
    """Record an event of a project's wiki."""
    if isinstance(at, Project):
        event = effects.record_event(call, at.id, action, title=page.title)
        target = {"target_id": kept.id, "target_iid": kept.id, "target_type": "WikiPage::Meta"}
        call.store.update(event, **target)
