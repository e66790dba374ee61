"""The git repositories beside those of projects, of wikis and of snippets: what is in them, and who may fetch it.

Pushes to them are not built.
Source: GitLab's lib/gitlab/repo_path.rb, git_access_wiki.rb and git_access_snippet.rb.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.git_access import NOT_FOUND, Refused, check_service, found_project, may_know, sign_in
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.snippet import BRANCH as SNIPPETS_BRANCH
from mockgitlab.api.models.snippet import Snippet
from mockgitlab.api.models.wiki import BRANCH as WIKIS_BRANCH
from mockgitlab.api.models.wiki import find_wiki
from mockgitlab.api.services.repositories import HEADS
from mockgitlab.api.snippet_access import may_read
from mockgitlab.errors import NotBuilt
from mockgitlab.git.protocol import FETCH, PUSH
from mockgitlab.git.upload import Shop
from mockgitlab.store import Objects

NO_GROUP = "The group you were looking for could not be found."
NO_WIKI_YET = "A repository for this{of} wiki does not exist yet."
NO_WIKI_FETCH = "You are not allowed to download files from this wiki."
NO_SNIPPET_YET = "The snippet repository you were looking for could not be found."
NO_SNIPPET_FETCH = "You are not allowed to read this snippet."
NOT_BY_THAT = "The authentication mechanism is not supported."
_SNIPPET = re.compile(r"(?:(.+)/)?snippets/([1-9]\d{0,17})")


@dataclass(frozen=True)
class Neighbour(ABC):
    """A repository beside those of projects; ``project`` is the one that it belongs to, if it is one's."""

    path: str
    project: Project | None
    branch: str
    heads: dict[str, str]

    def shop(self, objects: Objects) -> Shop:
        """Return what there is to fetch."""
        return Shop(objects, {HEADS + name: sha for name, sha in self.heads.items()}, [*self.heads.values()], self.head)

    @property
    def head(self) -> str:
        """The whole name of the branch that a clone checks out."""
        return HEADS + self.branch

    @abstractmethod
    def is_open(self, call: dsl.Call) -> bool:
        """Tell whether the current user, or anybody where there is none, may fetch it."""

    @abstractmethod
    def check(self, call: dsl.Call) -> None:
        """Raise ``Refused`` unless the caller, who may know of the project, may fetch it."""


@dataclass(frozen=True)
class WikiRepository(Neighbour):
    """The repository of a wiki."""

    at: Project | Group

    def is_open(self, call: dsl.Call) -> bool:
        """Tell whether the wiki is there for the current user, whose role is a reporter's where it is not public."""
        level, setting = access.level(call, self.at), self.at.wiki_access_level
        there = setting == "enabled" or (setting == "private" and level > 0)
        return there and (self.at.visibility in access.open_to(call.user) or level >= access.PLANNER)

    def check(self, call: dsl.Call) -> None:
        """Raise ``Refused`` where the group is hidden, the wiki is closed or has no page yet."""
        if isinstance(self.at, Group) and not access.can_read(call.store, call.user, self.at):
            raise Refused(404, NO_GROUP, reason=f"{self.at.full_path} is closed to you")
        if not self.heads:
            text = NO_WIKI_YET.format(of=" group" if isinstance(self.at, Group) else "")
            raise Refused(404, text, reason=f"no page of {self.path} was ever written")
        if not self.is_open(call):
            raise Refused(403, NO_WIKI_FETCH, reason=f"the wiki of {self.at.full_path} is for Reporter or more")


@dataclass(frozen=True)
class SnippetRepository(Neighbour):
    """The repository of a snippet."""

    snippet: Snippet

    def is_open(self, call: dsl.Call) -> bool:
        """Tell whether the current user sees the snippet."""
        return may_read(call.store, call.user, self.snippet)

    def check(self, call: dsl.Call) -> None:
        """Raise ``Refused`` where the snippet is not visible or has no repository; deploy tokens see none."""
        if call.token is not None and call.token.kind == "deploy":
            raise Refused(403, NOT_BY_THAT, reason="deploy tokens are not for snippets")
        if not self.heads:
            raise Refused(404, NO_SNIPPET_YET, reason=f"nothing was ever written to {self.path}")
        if not self.is_open(call):
            raise Refused(403, NO_SNIPPET_FETCH, reason=f"{self.path} is {self.snippet.visibility}")


def find_neighbour(call: dsl.Call, path: str) -> Neighbour | None:
    """Return the repository that a path names, without its ending, unless it is a project's or nobody's."""
    named = _SNIPPET.fullmatch(path)
    found = _snippet(call.store, path, named[1], int(named[2])) if named else None
    if found is None and path.endswith(".wiki") and found_project(call.store, path) is None:
        return _wiki(call, path, path.removesuffix(".wiki"))
    return found


def _snippet(store: dsl.Store, path: str, project_path: str | None, number: int) -> Neighbour | None:
    snippet = store[Snippet].get(number)
    project = found_project(store, project_path) if project_path else None
    if snippet is None or snippet.project_id != (project.id if project else None) or (project_path and not project):
        return None
    heads = {SNIPPETS_BRANCH: snippet.head_sha} if snippet.head_sha else {}
    return SnippetRepository(path, project, SNIPPETS_BRANCH, heads, snippet)


def _wiki(call: dsl.Call, path: str, owner: str) -> Neighbour | None:
    project = found_project(call.store, owner)
    group = call.store[Group].where(folded=owner.lower(), kind="group").first() if project is None else None
    at = project or (group if call.settings.edition == "ee" else None)
    wiki = find_wiki(call.store, at) if at is not None else None
    heads = (wiki.heads if wiki else None) or {}
    return WikiRepository(path, project, WIKIS_BRANCH, heads, at) if at is not None else None


def admit_to(call: dsl.Call, found: Neighbour, service: str, credentials: Iterable[dsl.Credential]) -> None:
    """Return where the caller may fetch from a repository; raises ``Refused``, in GitLab's order."""
    if service == PUSH:
        raise NotBuilt(f"pushing to the git repository {found.path}.git")
    open_to_all = service == FETCH and found.is_open(call)
    sign_in(call, found.project, service, list(credentials), open_to_all=open_to_all)
    check_service(call, service)
    if found.project is not None and not may_know(call, found.project):
        raise Refused(404, NOT_FOUND, reason=f"{found.path} is closed to you")
    found.check(call)
