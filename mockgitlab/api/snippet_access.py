"""Who sees which snippets, and who may do what with them.

Source: GitLab's app/finders/snippets_finder.rb, app/policies/personal_snippet_policy.rb and project_snippet_policy.rb.
"""

from typing import NamedTuple

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.snippet import Snippet
from mockgitlab.api.models.user import User
from mockgitlab.store import Query


class Reader(NamedTuple):
    """Who looks: ``visible`` are the projects whose snippets are open to everybody, ``own`` those with a role."""

    user_id: int | None
    levels: tuple[str, ...]
    visible: frozenset[int]
    own: frozenset[int]

    def sees(self, snippet: Snippet) -> bool:
        """Tell whether a snippet is visible."""
        if snippet.project_id in self.own:
            return True
        mine = self.user_id is not None and snippet.author_id == self.user_id
        in_sight = snippet.project_id is None or snippet.project_id in self.visible
        return in_sight and (mine or snippet.visibility in self.levels)


def reader(store: dsl.Store, user: User | None) -> Reader:
    """Return what decides which snippets a user sees; remembered until projects or roles change."""
    levels = access.open_to(user)
    return store.remember(("snippets' reader", user.id if user else None, levels), lambda: _reader(store, user, levels))


def _reader(store: dsl.Store, user: User | None, levels: tuple[str, ...]) -> Reader:
    seen = access.visible_project_ids(store, user)
    projects = [project for project in store.steady(Project).all() if project.id in seen]
    own = frozenset(
        one.id
        for one in projects
        if one.snippets_access_level != "disabled" and access.project_level(store, user, one) > 0
    )
    visible = frozenset(
        one.id for one in projects if one.snippets_access_level == "enabled" and one.visibility in levels
    )
    return Reader(user.id if user else None, levels, visible, own)


def readable_snippets(store: dsl.Store, user: User | None) -> Query[Snippet]:
    """Return the snippets that a user sees, the newest first."""
    who = reader(store, user)
    return in_order(store[Snippet].all().filter(who.sees, ("readable snippets", who)))


def in_order(found: Query[Snippet]) -> Query[Snippet]:
    """Return snippets with the newest first."""
    return found.order_by("created_at", descending=True)


def may_read(store: dsl.Store, user: User | None, snippet: Snippet) -> bool:
    """Tell whether a user sees a snippet."""
    return reader(store, user).sees(snippet)


def may_update(call: dsl.Call, snippet: Snippet) -> bool:
    """Tell whether the current user may change a snippet: its author, maintainers of its project, administrators."""
    user, project = access.me(call), call.store[Project].get(snippet.project_id)
    if project is None:
        return user.admin or snippet.author_id == user.id
    if project.archived:
        return False
    return snippet.author_id == user.id or access.level(call, project) >= access.MAINTAINER


def may_delete(call: dsl.Call, snippet: Snippet) -> bool:
    """Tell whether the current user may delete a snippet; in a project authors need to be reporters at least."""
    user, project = access.me(call), call.store[Project].get(snippet.project_id)
    if not may_update(call, snippet) or project is None or user.admin:
        return may_update(call, snippet)
    return access.level(call, project) >= access.REPORTER
