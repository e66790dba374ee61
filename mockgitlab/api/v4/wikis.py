"""Wikis of projects and groups.

Source: https://docs.gitlab.com/api/wikis/, https://docs.gitlab.com/api/group_wikis/ and GitLab's lib/api/wikis.rb.
"""

from collections.abc import Callable
from html import escape
from typing import Annotated, Any, TypeVar

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.file_links import markdown_link
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.wiki import (
    BRANCH,
    EXTENSIONS,
    Page,
    WikiPage,
    commit_at,
    find_page,
    find_wiki,
    pages_of,
    split_front_matter,
)
from mockgitlab.api.rendering import html_of
from mockgitlab.api.services import wikis
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden, InvalidParameters, NotFound
from mockgitlab.store import release

H = TypeVar("H", bound=Callable[..., Any])
FRONT_MATTER = dsl.param(
    "front_matter",
    dict[str, Any],
    "What the page says of itself before its text",
    nested=[dsl.param("title", str, "The title to show")],
    since="16.7",
)
FORMAT = dsl.param("format", str, "The format of the page", enum=tuple(EXTENSIONS), default="markdown")


def both(method: str, *suffixes: str, **options: Any) -> Callable[[H], H]:
    """Declare an operation for the wikis of projects, and in the enterprise edition for those of groups."""

    def register(handler: H) -> H:
        v4.operation(method, *[f"projects/:id/wikis{one}" for one in suffixes], **options)(handler)
        v4.operation(method, *[f"groups/:id/wikis{one}" for one in suffixes], edition="ee", **options)(handler)
        return handler

    return register


# Who may do what


def _container(call: dsl.Call) -> Project | Group:
    return call.maybe_at(Project) or call.at(Group)


def _check_reads(call: dsl.Call) -> None:
    at = _container(call)
    setting, level = at.wiki_access_level, access.level(call, at)
    if not (setting == "enabled" or (setting == "private" and level > 0)):
        raise Forbidden(reason=f"the wiki of {at.full_path} is not open to this user")


def _check_writes(call: dsl.Call) -> None:
    _check_reads(call)
    access.AS_DEVELOPER.check(call)
    if getattr(_container(call), "archived", False):
        raise Forbidden(reason=f"{_container(call).full_path} is archived")


def _check_deletes(call: dsl.Call) -> None:
    _check_writes(call)
    access.AS_MAINTAINER.check(call)


READ = dsl.Rule("reader of the wiki", _check_reads, login=False)
WRITE = dsl.Rule("developer", _check_writes)
DELETE = dsl.Rule("maintainer", _check_deletes)


# What is shown


def _basic(call: dsl.Call, page: Page) -> dict[str, Any]:
    shown: dict[str, Any] = {"format": page.format, "slug": page.slug, "title": page.title}
    if call.settings.release >= release("18.0"):
        wiki = find_wiki(call.store, _container(call))
        kept = call.store[WikiPage].find(wiki_id=wiki.id if wiki else 0, slug=page.slug)
        shown["wiki_page_meta_id"] = kept.id if kept else None
    return shown


def _whole(call: dsl.Call, page: Page, content: str | None = None) -> dict[str, Any]:
    shown = {**_basic(call, page), "content": page.text if content is None else content, "encoding": "UTF-8"}
    matter = {"front_matter": page.front_matter} if call.settings.release >= release("16.7") else {}
    return {**shown, **matter}


def _html(call: dsl.Call, page: Page) -> str:
    """Return a page as HTML; of the markups only Markdown is understood here."""
    text = split_front_matter(page.text)[1]
    if page.format == "markdown":
        return html_of(text, call.view(), call.maybe_at(Project))
    return f"<pre>{escape(text, quote=False)}</pre>"


def _find(call: dsl.Call, slug: str, version: str | None = None) -> Page:
    at, objects = _container(call), call.store.objects
    wiki = find_wiki(call.store, at)
    commit = commit_at(objects, wiki, version or "")
    page = find_page(objects, commit, slug)
    if version and commit is None:
        raise NotFound(
            "Wiki Page", reason=f"the wiki of {at.full_path} has no version {version!r}, the hash of a commit"
        )
    if page is None:
        known = ", ".join(one.slug for one in pages_of(objects, commit)) or "none"
        raise NotFound("Wiki Page", reason=f"{at.full_path} has no page {slug!r} there; pages: {known}"[:500])
    return page


# Operations


@both("GET", "", rule=READ, paginated=False)
def list_wiki_pages(
    call: dsl.Call, with_content: Annotated[bool, "Whether to show what is in the pages"] = False
) -> list[dict[str, Any]]:
    """List the pages of a wiki."""
    objects = call.store.objects
    pages = pages_of(objects, commit_at(objects, find_wiki(call.store, _container(call))))
    return [_whole(call, page) if with_content else _basic(call, page) for page in pages]


@both("GET", "/:slug", "/*slug", rule=READ)
def show_wiki_page(
    call: dsl.Call,
    slug: str,
    version: Annotated[str | None, "The commit of the version to show"] = None,
    render_html: Annotated[bool, "Whether to show the content as HTML"] = False,
) -> dict[str, Any]:
    """Show a page of a wiki."""
    page = _find(call, slug, version)
    return _whole(call, page, _html(call, page) if render_html else None)


@both(
    "POST",
    "",
    rule=WRITE,
    params=[
        dsl.param("title", str, "The title of the page, with the folders that it is in", required=True),
        dsl.param("content", str, "What is in the page", required=True),
        FORMAT,
        FRONT_MATTER,
    ],
)
def create_wiki_page(call: dsl.Call, given: dsl.Given) -> dict[str, Any]:
    """Create a page in a wiki."""
    return _whole(call, wikis.create(call, _container(call), given))


@both(
    "PUT",
    "/:slug",
    "/*slug",
    rule=WRITE,
    params=[
        dsl.param("title", str, "The title of the page, with the folders that it is in"),
        dsl.param("content", str, "What is in the page"),
        FORMAT,
        FRONT_MATTER,
    ],
    constraints=[dsl.at_least_one_of("content", "title", "format")],
)
def update_wiki_page(call: dsl.Call, slug: str, given: dsl.Given) -> dict[str, Any]:
    """Change a page of a wiki."""
    return _whole(call, wikis.update(call, _container(call), _find(call, slug), given))


@both("DELETE", "/:slug", "/*slug", rule=DELETE, conditional=False)
def delete_wiki_page(call: dsl.Call, slug: str) -> None:
    """Delete a page of a wiki."""
    wikis.delete(call, _container(call), _find(call, slug))


@both("POST", "/attachments", rule=WRITE)
def upload_wiki_attachment(
    call: dsl.Call,
    file: Annotated[dsl.File, "The file"],
    branch: Annotated[str | None, "The branch to put it on"] = None,
) -> dict[str, Any]:
    """Put a file into the repository of a wiki."""
    upload: Any = file
    if not hasattr(upload, "filename"):
        raise InvalidParameters(["file is invalid"], reason="send the file as a part of a multipart form")
    wiki = find_wiki(call.store, _container(call))
    onto = branch or (wiki.branch if wiki else BRANCH)
    path = wikis.attach(call, _container(call), upload.filename, upload.data, onto)
    name = path.rpartition("/")[2]
    link = {"url": path, "markdown": markdown_link(name, path)}
    return {"file_name": name, "file_path": path, "branch": onto, "link": link}
