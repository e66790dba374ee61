"""The git repositories beside those of projects, of wikis and of snippets: who may fetch from and push to them.

Source: GitLab's lib/gitlab/repo_path.rb, git_access_wiki.rb and git_access_snippet.rb.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.git_access import (
    ARCHIVED,
    NOT_FOUND,
    UNABLE,
    Refused,
    check_service,
    found_project,
    may_know,
    sign_in,
)
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.snippet import BRANCH as SNIPPETS_BRANCH
from mockgitlab.api.models.snippet import Snippet
from mockgitlab.api.models.wiki import BRANCH, find_wiki
from mockgitlab.api.services import snippet_pushes, wiki_pushes
from mockgitlab.api.services.git_pushes import Destination
from mockgitlab.api.services.push_messages import moved_message
from mockgitlab.api.snippet_access import may_read, may_update
from mockgitlab.git.names import HEADS
from mockgitlab.git.objects import peeled
from mockgitlab.git.protocol import FETCH, PUSH
from mockgitlab.git.receive import Command, Push
from mockgitlab.git.upload import Shop
from mockgitlab.store import Objects

NO_GROUP = "The group you were looking for could not be found."
NO_WIKI = "The wiki you were looking for could not be found."
NO_WIKI_YET = "A repository for this{of} wiki does not exist yet."
NO_WIKI_FETCH = "You are not allowed to download files from this wiki."
NO_WIKI_PUSH = "You are not allowed to write to this {of}'s wiki."
NO_SNIPPET_YET = "The snippet repository you were looking for could not be found."
NO_SNIPPET_FETCH = "You are not allowed to read this snippet."
NO_SNIPPET_PUSH = "You are not allowed to update this snippet."
NOT_BY_THAT = "The authentication mechanism is not supported."
_SNIPPET = re.compile(r"(?:(.+)/)?snippets/([1-9]\d{0,17})")


@dataclass(frozen=True)
class Neighbour(Destination):
    """A repository beside those of projects; ``project`` is the one that it belongs to, if it is one's."""

    project: Project | None

    @property
    @abstractmethod
    def path(self) -> str:
        """Where it is, without the ending."""

    @abstractmethod
    def is_open(self, call: dsl.Call) -> bool:
        """Tell whether the current user, or anybody where there is none, may fetch it."""

    @abstractmethod
    def check_caller(self, call: dsl.Call, service: str) -> None:
        """Raise ``Refused`` for who cannot be given anything here, whoever it is that a token stands for."""

    @abstractmethod
    def check_known(self, call: dsl.Call) -> None:
        """Raise ``Refused`` unless the caller may know of what it belongs to, and there is a repository."""

    @abstractmethod
    def check_fetch(self, call: dsl.Call) -> None:
        """Raise ``Refused`` unless the caller may fetch it."""

    @abstractmethod
    def check_push(self, call: dsl.Call) -> None:
        """Raise ``Refused`` unless the caller may push to it."""


def _shop(store: dsl.Store, refs: dict[str, str], branch: str) -> Shop:
    tips = [sha for one in refs.values() if (sha := peeled(store.objects, one))]
    return Shop(store.objects, dict(sorted(refs.items())), tips, HEADS + branch)


@dataclass(frozen=True)
class WikiRepository(Neighbour):
    """The repository of a wiki; that of a project is there as soon as the wiki is switched on."""

    at: Project | Group

    @property
    def path(self) -> str:
        """Where it is: ``acme/rocket.wiki``."""
        return f"{self.at.full_path}.wiki"

    def shop(self, store: dsl.Store) -> Shop:
        """Return what is in it, which is nothing before a page was written."""
        wiki = find_wiki(store, self.at)
        return _shop(store, wiki.refs if wiki else {}, wiki.branch if wiki else BRANCH)

    def _on(self, call: dsl.Call) -> bool:
        setting = self.at.wiki_access_level
        return setting == "enabled" or (setting == "private" and access.level(call, self.at) > 0)

    def is_open(self, call: dsl.Call) -> bool:
        """Tell whether the wiki is there for the current user, whose role is a reporter's where it is not public."""
        visible = self.at.visibility in access.open_to(call.user)
        return self._on(call) and (visible or access.level(call, self.at) >= access.PLANNER)

    def check_caller(self, call: dsl.Call, service: str) -> None:
        """Raise ``Refused`` where the scopes of a token are too few."""
        check_service(call, service)

    def check_known(self, call: dsl.Call) -> None:
        """Raise ``Refused`` where the project or group is hidden, or the wiki has no repository yet."""
        of_group = isinstance(self.at, Group)
        if isinstance(self.at, Group) and not access.can_read(call.store, call.user, self.at):
            raise Refused(404, NO_GROUP, reason=f"{self.at.full_path} is closed to you")
        if isinstance(self.at, Project) and not may_know(call, self.at):
            raise Refused(404, NO_WIKI, reason=f"{self.at.full_path} is closed to you")
        if find_wiki(call.store, self.at) is None and (of_group or self.at.wiki_access_level == "disabled"):
            text = NO_WIKI_YET.format(of=" group" if of_group else "")
            raise Refused(404, text, reason=f"no page of {self.path} was ever written through the API")

    def check_fetch(self, call: dsl.Call) -> None:
        """Raise ``Refused`` where the wiki is closed."""
        if not self.is_open(call):
            raise Refused(403, NO_WIKI_FETCH, reason=f"the wiki of {self.at.full_path} is for Reporter or more")

    def check_push(self, call: dsl.Call) -> None:
        """Raise ``Refused`` for jobs, those who are less than developers, and where a project is archived."""
        if self.project is not None and self.project.archived:
            raise Refused(403, ARCHIVED, reason=f"{self.project.full_path} is archived")
        by_job = call.token is not None and call.token.kind == "job"
        if by_job or not self._on(call) or access.level(call, self.at) < access.DEVELOPER:
            text = NO_WIKI_PUSH.format(of="group" if isinstance(self.at, Group) else "project")
            raise Refused(403, text, reason="Developer or more may, where the wiki is switched on; no job may")

    def refusal(self, call: dsl.Call, pushed: Push, arrived: Objects) -> str:
        """Return nothing: who may write to a wiki may push anything."""
        return ""

    def accept(self, call: dsl.Call, commands: list[Command], options: list[str]) -> Iterable[str]:
        """Move the refs; of changed pages there are events."""
        wiki_pushes.accept(call, self.at, commands)
        return moved_message(call, f"{type(self.at).__name__} wiki", self.path)


@dataclass(frozen=True)
class SnippetRepository(Neighbour):
    """The repository of a snippet."""

    snippet: Snippet

    @property
    def path(self) -> str:
        """Where it is: ``snippets/1``, ``acme/rocket/snippets/2``."""
        return f"{self.project.full_path}/snippets/{self.snippet.id}" if self.project else f"snippets/{self.snippet.id}"

    def shop(self, store: dsl.Store) -> Shop:
        """Return what is in it: one branch."""
        return _shop(store, snippet_pushes.refs(store.fresh(self.snippet)), SNIPPETS_BRANCH)

    def is_open(self, call: dsl.Call) -> bool:
        """Tell whether the current user sees the snippet."""
        return may_read(call.store, call.user, self.snippet)

    def check_caller(self, call: dsl.Call, service: str) -> None:
        """Raise ``Refused`` for tokens of deploying and of jobs, which snippets are not for, and too few scopes."""
        kind = call.token.kind if call.token is not None else ""
        if kind == "deploy":
            raise Refused(403, NOT_BY_THAT, reason="deploy tokens are not for snippets")
        if kind == "job":
            raise Refused(403, UNABLE.get(service, UNABLE[FETCH]), reason="tokens of jobs are not for snippets")
        check_service(call, service)

    def check_known(self, call: dsl.Call) -> None:
        """Raise ``Refused`` where the project is hidden, or the snippet has no repository."""
        if self.project is not None and not may_know(call, self.project):
            raise Refused(404, NOT_FOUND, reason=f"{self.path} is closed to you")
        if not self.snippet.head_sha:
            raise Refused(404, NO_SNIPPET_YET, reason=f"nothing was ever written to {self.path}")

    def check_fetch(self, call: dsl.Call) -> None:
        """Raise ``Refused`` where the snippet is not visible."""
        if not self.is_open(call):
            raise Refused(403, NO_SNIPPET_FETCH, reason=f"{self.path} is {self.snippet.visibility}")

    def check_push(self, call: dsl.Call) -> None:
        """Raise ``Refused`` for all but the author, the project's maintainers and administrators."""
        if not (self.is_open(call) and may_update(call, self.snippet)):
            reason = "only the author, maintainers of the project and administrators may, unless it is archived"
            raise Refused(403, NO_SNIPPET_PUSH, reason=reason)

    def refusal(self, call: dsl.Call, pushed: Push, arrived: Objects) -> str:
        """Return what is refused of other branches, too many files, and too much."""
        return snippet_pushes.refusal(call.store, self.snippet, pushed)

    def accept(self, call: dsl.Call, commands: list[Command], options: list[str]) -> Iterable[str]:
        """Move the branch, with which the files of the snippet are others."""
        snippet_pushes.accept(call, self.snippet, commands)
        kind = "Project snippet" if self.project else "Personal snippet"
        return moved_message(call, kind, self.path)


def find_neighbour(call: dsl.Call, path: str) -> Neighbour | None:
    """Return the repository that a path names, without its ending, unless it is a project's or nobody's."""
    named = _SNIPPET.fullmatch(path)
    found = _snippet(call.store, named[1], int(named[2])) if named else None
    if found is None and path.endswith(".wiki") and found_project(call.store, path) is None:
        return _wiki(call, path.removesuffix(".wiki"))
    return found


def _snippet(store: dsl.Store, project_path: str | None, number: int) -> Neighbour | None:
    snippet = store[Snippet].get(number)
    project = found_project(store, project_path) if project_path else None
    if snippet is None or snippet.project_id != (project.id if project else None) or (project_path and not project):
        return None
    return SnippetRepository(project, snippet)


def _wiki(call: dsl.Call, owner: str) -> Neighbour | None:
    project = found_project(call.store, owner)
    if project is not None:
        return WikiRepository(project, project)
    group = call.store[Group].where(folded=owner.lower(), kind="group").first()
    return WikiRepository(None, group) if group is not None and call.settings.edition == "ee" else None


def admit_to(call: dsl.Call, found: Neighbour, service: str, credentials: Iterable[dsl.Credential]) -> None:
    """Return where the caller may fetch from a repository, or push to it; raises ``Refused``, in GitLab's order."""
    open_to_all = service == FETCH and found.is_open(call)
    sign_in(call, found.project, service, list(credentials), open_to_all=open_to_all)
    found.check_caller(call, service)
    found.check_known(call)
    found.check_push(call) if service == PUSH else found.check_fetch(call)
