"""Protecting environments: to whom they are opened, by whom deployments are approved, and what of that is no record.

Source: GitLab's ee/app/services/protected_environments/*.rb, ee/app/models/protected_environments/*.rb.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.environment import Tier
from mockgitlab.api.models.group import Group, GroupShare
from mockgitlab.api.models.project import Project, ProjectShare
from mockgitlab.api.models.protected_environment import (
    DeployAccessLevel,
    EnvironmentApprovalRule,
    EnvironmentAuthorization,
    ProtectedEnvironment,
    deployers,
)
from mockgitlab.api.models.user import User
from mockgitlab.api.services.removal import remove
from mockgitlab.errors import RecordNotFound, Unprocessable

KINDS: dict[str, type[EnvironmentAuthorization]] = {
    "deploy_access_levels": DeployAccessLevel,
    "approval_rules": EnvironmentApprovalRule,
}
WHO = ("access_level", "group_id", "user_id")
AT_MOST = 5
"""So many approvals one rule may require."""
TIERS: tuple[str, ...] = get_args(Tier)
Kind = TypeVar("Kind", bound=EnvironmentAuthorization)


class Changes:
    """What a request wants of a protected environment, as it is being carried out."""

    def __init__(self, call: dsl.Call, at: ProtectedEnvironment, within: Project | Group) -> None:
        self.store, self.settings, self.at, self.within = call.store, call.settings, at, within
        self.problems: list[str] = []

    def make(self, given: Mapping[str, Any]) -> ProtectedEnvironment:
        """Write it; raises ``Unprocessable`` where that would be no valid record."""
        self._check_name()
        for name, kind in KINDS.items():
            for entry in given.get(name) or ():
                if entry.get("_destroy") or self._qualifies(entry):
                    self._write(name, kind, entry)
        if not deployers(self.store, self.at) and self._wants_deployers(given):
            self.problems.insert(0, "Deploy access levels is too short (minimum is 1 character)")
        if self.problems:
            raise Unprocessable(self.problems, reason=f"what protects {self.at.name!r} would be no valid record")
        return self.store.fresh(self.at)

    def _check_name(self) -> None:
        if not self.at.name.strip():
            self.problems.append("Name can't be blank")
        if isinstance(self.within, Group) and self.at.name not in TIERS:
            self.problems.append(f"Name must be one of environment tiers: {', '.join(TIERS)}.")

    def _wants_deployers(self, given: Mapping[str, Any]) -> bool:
        """Tell whether somebody must be able to deploy: the documents take away the last, the source refuses it."""
        taken = any(entry.get("_destroy") for entry in given.get("deploy_access_levels") or ())
        return not taken or self.settings.errors == "observed"

    def _qualifies(self, entry: Mapping[str, Any]) -> bool:
        """Tell whether whom an entry names has to do with the project or group; others GitLab passes over."""
        group_id, user_id = entry.get("group_id"), entry.get("user_id")
        if group_id is not None and group_id not in groups_of(self.store, self.within):
            return False
        return user_id is None or _is_deployer(self.store, self.within, self.store[User].get(user_id))

    def _write(self, name: str, kind: type[EnvironmentAuthorization], entry: Mapping[str, Any]) -> None:
        known = self._known(kind, entry["id"]) if entry.get("id") is not None else None
        if entry.get("_destroy"):
            if known is not None:
                remove(self.store, known)
            return
        columns = {key: entry[key] for key in kind.fields if entry.get(key) is not None and key != "id"}
        if known is not None and any(key in columns for key in WHO):
            columns = {**dict.fromkeys(WHO), **columns}
        self._check(name, {**(known.__dict__ if known else {}), **columns})
        if known is None:
            self.store.insert(kind(**columns, protected_environment_id=self.at.id))
        else:
            self.store.update(known, **columns)

    def _known(self, kind: type[Kind], id: int) -> Kind:
        found = self.store[kind].get(id)
        if found is None or found.protected_environment_id != self.at.id:
            raise RecordNotFound(reason=f"what protects {self.at.name} has no {kind.__name__} {id}")
        return found

    def _check(self, name: str, columns: Mapping[str, Any]) -> None:
        title = name.capitalize().replace("_", " ")
        exactly = name == "deploy_access_levels"
        if exactly and sum(columns.get(key) is not None for key in WHO) != 1:
            self.problems.append(f"{title} base Exactly one of {', '.join(WHO)} must be present")
        wanted = columns.get("required_approvals") or 1
        if not 1 <= wanted <= AT_MOST:
            bound = "greater than or equal to 1" if wanted < 1 else f"less than or equal to {AT_MOST}"
            self.problems.append(f"{title} required approvals must be {bound}")


def groups_of(store: dsl.Store, within: Project | Group) -> set[int]:
    """Return the ids of the groups that may be named: those invited to a project, or in or invited to a group."""
    if isinstance(within, Project):
        return {one.group_id for one in store[ProjectShare].having("project_id", within.id)}
    found, left = {within.id}, [within.id]
    while left:
        below = [one.id for one in store[Group].where(parent_id=left.pop()) if one.id not in found]
        found.update(below)
        left += below
    return found | {one.group_id for one in store[GroupShare].having("shared_group_id", within.id)}


def _is_deployer(store: dsl.Store, within: Project | Group, user: User | None) -> bool:
    if user is None:
        return False
    inherited = access.group_levels(store, user.id)
    if isinstance(within, Group):
        return inherited.get(within.id, 0) >= access.MAINTAINER
    own = access.project_levels(store, user.id).get(within.id, 0)
    return max(own, inherited.get(within.namespace_id, 0)) >= access.DEVELOPER


def entry_params(levels: Sequence[int], *more: dsl.Param) -> list[dsl.Param]:
    """Return the parameters of one entry of ``deploy_access_levels`` or ``approval_rules``."""
    return [
        dsl.param("access_level", int, "A role", enum=tuple(levels)),
        dsl.param("user_id", int, "A user"),
        dsl.param("group_id", int, "A group"),
        dsl.param("group_inheritance_type", int, "Whether members of the groups above count", enum=(0, 1)),
        *more,
    ]
