"""Wikis of projects and groups, each a git repository whose files are the pages.

Source: https://docs.gitlab.com/api/wikis/, GitLab's app/models/wiki.rb and wiki_page.rb.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.repository import shown
from mockgitlab.git.history import walk
from mockgitlab.git.names import HEADS, TAGS
from mockgitlab.git.objects import Commit, peeled, read_commit, text_of
from mockgitlab.git.trees import files
from mockgitlab.store import Objects

BRANCH = "main"
EXTENSIONS = {"markdown": "md", "rdoc": "rdoc", "asciidoc": "asciidoc", "org": "org"}
"""How the files of new pages end, by format."""
FORMATS = {
    r"md|mkdn?|mdown|markdown": "markdown",
    r"rdoc": "rdoc",
    r"adoc|asciidoc": "asciidoc",
    r"org": "org",
    r"textile": "textile",
    r"creole": "creole",
    r"rest|rst": "rest",
    r"wiki|mediawiki": "mediawiki",
    r"pod": "pod",
    r"txt": "plaintext",
}
"""The formats of pages by the endings of their files."""
_FRONT_MATTER = re.compile(r"\A\s*---\s*?\n(.*?\n)---\s*?(?:\n|\Z)", re.DOTALL)


class Wiki(dsl.Entity):
    """The wiki of a project or a group; ``refs`` are the branches and tags of its repository by their whole names."""

    id: int = dsl.serial()
    project_id: int | None = dsl.parent("Project")
    group_id: int | None = dsl.parent("Group")
    refs: dict[str, str] = dsl.hidden("The branches and tags, and the object that each names")

    @property
    def branch(self) -> str:
        """The branch that the pages are on: ``main``, ``master``, or the first that there is, as Gitaly finds it."""
        names = sorted(name.removeprefix(HEADS) for name in self.refs if name.startswith(HEADS))
        return next((name for name in (BRANCH, "master", *names) if name in names), BRANCH)


class WikiPage(dsl.Entity):
    """A page as the database knows it, which events and ids name; what is in it lies in the repository."""

    natural = "title"

    id: int = dsl.serial()
    wiki_id: int = dsl.parent("Wiki")
    title: str = dsl.required("The title of the page, folders included")
    slug: str = dsl.hidden("The path of the page")
    created_at: str = dsl.now()


@dataclass(frozen=True)
class Page:
    """A page as the repository has it."""

    path: str
    sha: str
    content: str

    @property
    def slug(self) -> str:
        """The path of the page, without the ending of the file."""
        return shown(self.path.rpartition(".")[0])

    @property
    def text(self) -> str:
        """What is in it as JSON can hold it."""
        return shown(self.content)

    @property
    def title(self) -> str:
        """The name of the file as words."""
        return unquote(self.slug.rpartition("/")[2].replace("-", " "))

    @property
    def folder(self) -> str:
        """The folder that the page lies in."""
        return self.slug.rpartition("/")[0]

    @property
    def format(self) -> str:
        """The markup, by the ending of the file."""
        return format_of(self.path) or "markdown"

    @property
    def front_matter(self) -> dict[str, Any]:
        """What the page says of itself in YAML before its text."""
        return split_front_matter(self.text)[0]


def format_of(path: str) -> str:
    """Return the format of a file that is a page; nothing where it is none."""
    ending = path.rpartition(".")[2] if "." in path.rpartition("/")[2] else ""
    return next((form for pattern, form in FORMATS.items() if re.fullmatch(pattern, ending, re.IGNORECASE)), "")


def split_front_matter(content: str) -> tuple[dict[str, Any], str]:
    """Return the front matter of a content, empty where there is none, and the text after it."""
    found = _FRONT_MATTER.match(content)
    if found is None:
        return {}, content
    import yaml  # few pages have any

    try:
        given = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError):
        return {}, content
    if not isinstance(given, dict):
        return {}, content
    return {str(key): value if _is_plain(value) else str(value) for key, value in given.items()}, content[found.end() :]


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, bool))


def find_wiki(store: dsl.Store, at: Project | Group) -> Wiki | None:
    """Return the wiki of a project or group, if it has any page yet."""
    return store[Wiki].find(**tied_to(at))


def commit_at(objects: Objects, wiki: Wiki | None, version: str = "") -> Commit | None:
    """Return the commit that a version names: a branch, a tag, a hash or its beginning; the last one without any."""
    refs = wiki.refs if wiki else {}
    name = wiki.branch if wiki and version in ("", "HEAD") else version
    found = next((refs[prefix + name] for prefix in ("", TAGS, HEADS) if prefix + name in refs), None)
    if found is not None:
        sha = peeled(objects, found)
        return read_commit(objects, sha) if sha else None
    tips = [sha for one in refs.values() if (sha := peeled(objects, one))]
    short = re.fullmatch(r"[0-9a-f]{4,40}", version) is not None
    return next((one for one in walk(objects, tips) if one.sha.startswith(version)), None) if short else None


def _paths(objects: Objects, commit: Commit | None) -> dict[str, str]:
    """Return the files that are pages by their endings, the sidebar and texts that are attached too, as in GitLab."""
    found = files(objects, commit.tree) if commit else {}
    return {path: one.sha for path, one in found.items() if one.kind == "blob" and format_of(path)}


def _page(objects: Objects, path: str, sha: str) -> Page:
    return Page(path, sha, text_of(objects.data(sha, "blob")))


def pages_of(objects: Objects, commit: Commit | None) -> list[Page]:
    """Return the pages that there are in a commit, by path."""
    return [_page(objects, path, sha) for path, sha in _paths(objects, commit).items()]


def find_page(objects: Objects, commit: Commit | None, title: str) -> Page | None:
    """Return the page with a title or slug in a commit, letters' case aside; a file may have blanks in its name."""
    found: dict[str, tuple[str, str]] = {}
    for path, sha in _paths(objects, commit).items():
        found.setdefault(shown(path.rpartition(".")[0]).lower(), (path, sha))
    at = found.get(title.lower()) or found.get(slug_of(title).lower())
    return _page(objects, *at) if at else None


def slug_of(title: str) -> str:
    """Return the path of a page with a title: without what leads upwards, blanks as hyphens."""
    parts: list[str] = []
    for part in title.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts).replace(" ", "-")
