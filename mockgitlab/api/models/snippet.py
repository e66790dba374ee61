"""Snippets, of users or of projects: each has a small git repository of its own.

Source: https://docs.gitlab.com/api/snippets/, GitLab's lib/api/entities/snippet.rb and app/models/snippet.rb.
"""

from typing import Any, Literal
from urllib.parse import quote

from mockgitlab import dsl
from mockgitlab.api.models.importable import Importable
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import host
from mockgitlab.api.models.repository import shown
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.git.objects import Commit, Entry, bytes_of, read_commit
from mockgitlab.git.trees import files
from mockgitlab.store import Objects

BRANCH = "main"
"""The one branch of a snippet's repository."""
FILES_AT_MOST = 10


class Snippet(Importable):
    """A snippet; without a project it is its author's own."""

    natural = "title"

    id: int = dsl.serial()
    title: str = dsl.required("The title of a snippet", max_length=255)
    description: str | None = dsl.optional("The description of a snippet")
    visibility: Literal["private", "internal", "public"] = dsl.optional("Who sees it", default="internal")
    author_id: int = dsl.reference("User", "Who made it")
    project_id: int | None = dsl.parent("Project")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    head_sha: str = dsl.hidden("The last commit of its repository", default="")
    user_agent: str | None = dsl.hidden("The client that created it")
    ip_address: str | None = dsl.hidden("The address that it was created from")

    @dsl.computed
    def author(self, view: dsl.View) -> dict[str, Any] | None:
        """Who made it."""
        return view.one(USER_BASIC, view.store[User].get(self.author_id))

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of its page."""
        return f"{self._place(view)}/-/snippets/{self.id}"

    @dsl.computed
    def raw_url(self, view: dsl.View) -> str:
        """The address of what is in it."""
        return f"{self.web_url(view)}/raw"

    @dsl.computed
    def ssh_url_to_repo(self, view: dsl.View) -> str:
        """Where its repository is."""
        return f"git@{host(view)}:{self._path(view)}snippets/{self.id}.git"

    @dsl.computed
    def http_url_to_repo(self, view: dsl.View) -> str:
        """Where its repository is."""
        return f"{view.base}/{self._path(view)}snippets/{self.id}.git"

    @dsl.computed
    def file_name(self, view: dsl.View) -> str:
        """The first of its files."""
        return shown(next(iter(files_of(view.store.objects, self)), ""))

    @dsl.computed
    def files(self, view: dsl.View) -> list[dict[str, str]]:
        """Its files."""
        at = f"{self.raw_url(view)}/{BRANCH}"
        paths = files_of(view.store.objects, self)
        return [{"path": shown(path), "raw_url": f"{at}/{quote(bytes_of(path))}"} for path in paths]

    @dsl.computed_in(since="16.3", edition="ee")
    def repository_storage(self, view: dsl.View) -> str:
        """Where its repository is kept, which administrators are told."""
        user = view.store[User].get(view.user_id)
        return "default" if user is not None and user.admin else dsl.OMIT

    def _project(self, view: dsl.View) -> Project | None:
        return view.store.steady(Project).get(self.project_id)

    def _place(self, view: dsl.View) -> str:
        project = self._project(view)
        return project.web_url(view) if project else view.base

    def _path(self, view: dsl.View) -> str:
        project = self._project(view)
        return f"{project.full_path}/" if project else ""


def head_of(objects: Objects, snippet: Snippet) -> Commit | None:
    """Return the last commit of a snippet's repository."""
    return read_commit(objects, snippet.head_sha) if snippet.head_sha else None


def files_of(objects: Objects, snippet: Snippet) -> dict[str, Entry]:
    """Return the files of a snippet by path."""
    head = head_of(objects, snippet)
    return files(objects, head.tree) if head else {}


SNIPPET = Snippet.shape(
    *("id", "title", "description", "visibility", "author", "created_at", "updated_at", "project_id", "web_url"),
    *("raw_url", "ssh_url_to_repo", "http_url_to_repo", "file_name", "files", "imported", "imported_from"),
    "repository_storage",
)
