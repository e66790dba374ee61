"""Protecting branches and tags: for whom they are opened, and what of that is no valid record.

Source: GitLab's app/services/protected_refs/access_level_params.rb, app/services/protected_branches/api_service.rb,
ee/app/models/concerns/ee/protected_ref_access.rb.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import protected_refs as rules
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import (
    DETAILS,
    NO_ACCESS,
    Action,
    Protected,
    ProtectedRefAccess,
    levels,
    open_to,
)
from mockgitlab.api.models.user import User
from mockgitlab.errors import RecordNotFound, Unprocessable

LEVELS = (access.DEVELOPER, access.MAINTAINER, 60, NO_ACCESS)
"""The levels for which a branch or tag can be opened."""


def entry_params(*more: dsl.Param, levels: Sequence[int] = LEVELS) -> list[dsl.Param]:
    """Return the parameters of one entry of ``allowed_to_push`` and the like."""
    return [
        dsl.param("access_level", int, "A role", enum=tuple(levels)),
        dsl.param("user_id", int, "A user"),
        dsl.param("group_id", int, "A group"),
        *more,
    ]


def wanted(given: Mapping[str, Any], action: Action, edition: str, *, default: bool) -> list[dict[str, Any]]:
    """Return the entries that a request wants: its role, by ``default`` Maintainer, and those of ``allowed_to_…``."""
    named = [entry for entry in given.get(f"allowed_to_{action}") or () if edition == "ee" or "deploy_key_id" in entry]
    role = given.get(f"{action}_access_level")
    if role is None and default and not named:
        role = access.MAINTAINER
    return [*([{"access_level": role}] if role is not None else []), *named]


class Levels:
    """The access levels of a protected branch or tag for one action, as they are being changed."""

    def __init__(self, store: dsl.Store, at: Protected, action: Action, within: Project | Group) -> None:
        self.store, self.at, self.action, self.within = store, at, action, within
        self.problems: list[str] = []

    def change(self, entries: Sequence[Mapping[str, Any]]) -> list[str]:
        """Create, update and destroy access levels, and return what is wrong with them."""
        for entry in entries:
            known = self._known(entry["id"]) if entry.get("id") is not None else None
            if known is not None and entry.get("_destroy"):
                self.store.delete(known)
            elif not entry.get("_destroy"):
                self._write(known, self._columns(entry))
        return list(dict.fromkeys(self.problems))

    def _known(self, id: int) -> ProtectedRefAccess:
        found = next((one for one in levels(self.store, self.at, self.action) if one.id == id), None)
        if found is None:
            raise RecordNotFound(reason=f"{self.at.name} has no access level {id} to {self.action}")
        return found

    def _columns(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        columns = {name: entry.get(name) for name in DETAILS}
        role = entry.get("access_level")
        named = columns["user_id"] is not None or columns["group_id"] is not None
        return {**columns, "access_level": None if named else access.MAINTAINER if role is None else role}

    def _write(self, known: ProtectedRefAccess | None, columns: dict[str, Any]) -> None:
        self._check(known, columns)
        if known is not None:
            self.store.update(known, **columns)
        else:
            open_to(self.store, self.at, self.action, [columns])

    def _check(self, known: ProtectedRefAccess | None, columns: dict[str, Any]) -> None:
        others = [one for one in levels(self.store, self.at, self.action) if known is None or one.id != known.id]
        for name in (*DETAILS, "access_level"):
            taken = any(getattr(one, name) == columns[name] for one in others if one.is_role or name in DETAILS)
            by_role = name == "access_level" and columns["deploy_key_id"] is not None
            if columns[name] is not None and taken and not by_role:
                self._problem(name.removesuffix("_id").replace("_", " "), "has already been taken")
        self._check_user(columns["user_id"])
        self._check_group(columns["group_id"])
        self._check_key(columns["deploy_key_id"])

    def _problem(self, attribute: str, text: str) -> None:
        self.problems.append(f"{self.action.capitalize()} access levels {attribute} {text}")

    def _check_user(self, id: int | None) -> None:
        user, project = self.store[User].get(id), self.within
        if id is not None and not isinstance(project, Project):
            self._problem("user", "must be blank")
        elif id is not None and user is None:
            self._problem("user", "can't be blank")
        elif user is not None and isinstance(project, Project) and not rules.is_member(self.store, user, project):
            self._problem("user", "is not a member of the project")

    def _check_group(self, id: int | None) -> None:
        project = self.within
        if id is not None and not isinstance(project, Project):
            self._problem("group", "must be blank")
        elif id is not None and self.store[Group].get(id) is None:
            self._problem("group", "can't be blank")
        elif id is not None and isinstance(project, Project) and not rules.is_invited(self.store, project, id):
            self._problem("group", "does not have access to the project")

    def _check_key(self, id: int | None) -> None:
        project = self.within
        if id is not None and not isinstance(project, Project):
            self._problem("deploy key", "must be blank")
        elif id is not None and isinstance(project, Project):
            for problem in rules.key_problems(self.store, project, id):
                self._problem("deploy key", problem)


def change(
    call: dsl.Call,
    at: Protected,
    within: Project | Group,
    actions: Sequence[Action],
    given: Mapping[str, Any],
    *,
    default: bool,
) -> None:
    """Open a protected branch or tag as a request wants; raises ``Unprocessable`` for what is no valid record."""
    problems = [] if at.name.strip() else ["Name can't be blank"]
    for action in actions:
        entries = wanted(given, action, call.settings.edition, default=default)
        problems += Levels(call.store, at, action, within).change(entries)
    if problems:
        raise Unprocessable(problems, reason=f"what protects {at.name!r} would be no valid record")
