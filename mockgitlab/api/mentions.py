"""Mentions of users and groups in texts, ``@ada`` and ``@acme/labs``, and the to-do items that they make.

Source: https://docs.gitlab.com/user/discussions/#mentions and https://docs.gitlab.com/user/todos/.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import effects
from mockgitlab.api.markdown import mentioned_names, without_code
from mockgitlab.api.models.group import Group, ancestors, find_group
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.user import User, find_user

_OPENING = re.compile(r"^[ \t]*((?:@[\w./-]+[ \t,:]*)+)", re.ASCII | re.MULTILINE)


def mentioned_users(store: dsl.Store, text: str | None, project: Project | None = None) -> list[User]:
    """Return the users that a text mentions, in its order: by name, by a group, or in a project by ``@all``."""
    users = (user for name in mentioned_names(text) for user in _named(store, name, project))
    return list({user.id: user for user in users}.values())


def addressed_users(store: dsl.Store, text: str | None, project: Project | None = None) -> list[User]:
    """Return the users whose mentions open a line of a text: they are spoken to, not about."""
    return mentioned_users(store, " ".join(_OPENING.findall(without_code(text))), project)


def _named(store: dsl.Store, name: str, project: Project | None) -> Iterable[User]:
    if name == "all" and project is not None:
        return _members(store, ancestors(store, namespace_of(store, project)), project)
    if name.isdigit():
        return store[User].where(username=name)
    user = find_user(store, name)
    group = None if user else find_group(store, name)
    return [user] if user else _members(store, [group]) if group else []


def _members(store: dsl.Store, groups: Iterable[Group], project: Project | None = None) -> list[User]:
    sources = [("Namespace", group.id) for group in groups] + ([("Project", project.id)] if project else [])
    members = [one for kind, id in sources for one in store[Member].where(source_id=id, source_type=kind)]
    return [store[User][member.user_id] for member in members if not member.expired(store.today)]


def add_mention_todos(
    call: dsl.Call,
    target: Any,
    text: str | None,
    *,
    may_see: Callable[[User], bool],
    before: str | None = None,
    note: Note | None = None,
) -> None:
    """Ask everybody for attention whom a text mentions and who may see it; not again those whom it did ``before``."""
    if not mentioned_names(text):
        return
    store, project = call.store, call.store[Project].get(getattr(target, "project_id", None))
    known = {user.id for user in mentioned_users(store, before, project)}
    addressed = {user.id for user in addressed_users(store, text, project)}
    for user in mentioned_users(store, text, project):
        if user.id not in known and may_see(user):
            action = "directly_addressed" if user.id in addressed else "mentioned"
            effects.add_todo(call, user.id, action, target, note.body if note else "", note.id if note else None)
