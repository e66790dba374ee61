"""Protected branches of projects, and since 17.6 of top-level groups.

Source: https://docs.gitlab.com/api/protected_branches/, https://docs.gitlab.com/api/group_protected_branches/ and
GitLab's lib/api/protected_branches.rb, ee/lib/api/group_protected_branches.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, protected_refs
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import (
    GROUP_PROTECTED_BRANCH,
    PROTECTED_BRANCH,
    Action,
    ProtectedBranch,
    levels,
    protected_branches,
)
from mockgitlab.api.services.protected_refs import LEVELS, change, entry_params
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, Forbidden, NotFound, RecordNotFound, Unprocessable
from mockgitlab.store import Query

ACTIONS: tuple[Action, ...] = ("push", "merge", "unprotect")
UNPROTECT = LEVELS[:-1]
"""Nobody cannot be whom a branch is to be unprotected by."""
CHANGES = [dsl.param("id", int, "An access level to change"), dsl.param("_destroy", bool, "Whether to delete it")]
DEPLOY_KEY = dsl.param("deploy_key_id", int, "A deploy key", since="17.5")
GRANULAR = [
    dsl.param("unprotect_access_level", int, "The role from which on one may unprotect", enum=UNPROTECT),
    dsl.param("allowed_to_push", list[dict[str, Any]], "Who may push", nested=entry_params(DEPLOY_KEY, *CHANGES)),
    dsl.param("allowed_to_merge", list[dict[str, Any]], "Who may merge", nested=entry_params(*CHANGES)),
    dsl.param(
        "allowed_to_unprotect",
        list[dict[str, Any]],
        "Who may unprotect",
        nested=entry_params(*CHANGES, levels=UNPROTECT),
    ),
    dsl.param("code_owner_approval_required", bool, "Whether code owners must approve"),
]
CREATE = [
    dsl.param("name", str, "The name of the branch or a wildcard", required=True),
    dsl.param("push_access_level", int, "The role from which on one may push", enum=LEVELS),
    dsl.param("merge_access_level", int, "The role from which on one may merge", enum=LEVELS),
    dsl.param("allow_force_push", bool, "Whether whoever may push may force", default=False),
    *GRANULAR,
]
UPDATE = [dsl.param("allow_force_push", bool, "Whether whoever may push may force"), *GRANULAR]
SEARCH = Annotated[str | None, "Only those with this in their names"]
IN_PROJECT, IN_GROUP = "projects/:id/protected_branches", "groups/:id/protected_branches"
OF_GROUPS: dict[str, Any] = {"since": "17.6", "edition": "ee", "rule": access.AS_OWNER}


@v4.locator(f"{IN_PROJECT}/:name")
def find_protected_branch(call: dsl.Call, value: str) -> ProtectedBranch:
    """Return what a project protects by a name."""
    found = call.store[ProtectedBranch].find(project_id=call.at(Project).id, name=value)
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} protects no branch {value!r}")
    return found


@v4.locator(f"{IN_GROUP}/:name")
def find_group_protected_branch(call: dsl.Call, value: str) -> ProtectedBranch:
    """Return what a group protects by a name."""
    found = call.store[ProtectedBranch].find(group_id=call.at(Group).id, name=value)
    if found is None:
        raise NotFound("ProtectedBranch", reason=f"{call.at(Group).full_path} protects no branch {value!r}")
    return found


def _named(query: Query[ProtectedBranch], search: str | None) -> Query[ProtectedBranch]:
    """Narrow to a part of the name; GitLab compares the whole name where it is shorter than three letters."""
    text = (search or "").lower()
    if not text:
        return query
    if len(text) < 3:
        return query.filter(lambda row: row.name.lower() == text, ("named", text))
    return query.filter(lambda row: text in row.name.lower(), ("name has", text))


@v4.get(IN_PROJECT, rule=code.READ, shape=PROTECTED_BRANCH)
def list_protected_branches(call: dsl.Call, project: Project, search: SEARCH = None) -> Query[ProtectedBranch]:
    """List the protected branches of a project, those of its group too."""
    ids = [one.id for one in protected_branches(call.store, project)]
    return _named(call.store[ProtectedBranch].all().among("id", ids), search)


@v4.get(IN_GROUP, shape=GROUP_PROTECTED_BRANCH, **OF_GROUPS)
def list_group_protected_branches(call: dsl.Call, group: Group, search: SEARCH = None) -> Query[ProtectedBranch]:
    """List the protected branches of a group."""
    return _named(call.store[ProtectedBranch].where(group_id=group.id), search)


@v4.get(f"{IN_PROJECT}/:name", rule=code.READ, shape=PROTECTED_BRANCH)
def show_protected_branch(found: ProtectedBranch) -> ProtectedBranch:
    """Show a protected branch."""
    return found


@v4.get(f"{IN_GROUP}/:name", shape=GROUP_PROTECTED_BRANCH, **OF_GROUPS)
def show_group_protected_branch(found: ProtectedBranch) -> ProtectedBranch:
    """Show a protected branch of a group."""
    return found


def _create(call: dsl.Call, within: Project | Group, given: dsl.Given) -> ProtectedBranch:
    tie = {"project_id" if isinstance(within, Project) else "group_id": within.id}
    if call.store[ProtectedBranch].find(**tie, name=given["name"]) is not None:
        text = f"Protected branch '{given['name']}' already exists"
        raise Conflict(text, reason=f"{within.full_path} protects it already; PATCH changes what protects it")
    made = call.store.insert(ProtectedBranch(**tie, **_columns(call, given), name=given["name"]))
    change(call, made, within, _actions(call), given, default=True)
    if isinstance(within, Project):
        check_may_unprotect(call, within, made)
    return made


def _columns(call: dsl.Call, given: dsl.Given) -> dict[str, Any]:
    names = ("allow_force_push", *(("code_owner_approval_required",) if call.settings.edition == "ee" else ()))
    return {name: given[name] is True for name in names if given.get(name) is not None}


def _actions(call: dsl.Call) -> tuple[Action, ...]:
    return ACTIONS if call.settings.edition == "ee" else protected_refs.DEFAULT


def check_may_unprotect(call: dsl.Call, project: Project, kept: ProtectedBranch) -> None:
    """Raise ``Forbidden`` for who is not among those that may change or take away what protects a branch."""
    known, user = levels(call.store, kept, "unprotect"), access.me(call)
    if known and not any(protected_refs.allows(call.store, user, project, one) for one in known):
        if project.archived:
            raise Forbidden(reason=f"{project.full_path} is archived")
        raise Forbidden(reason=f"{user.username} is not among those who may unprotect {kept.name}")


@v4.post(IN_PROJECT, rule=access.AS_MAINTAINER, params=CREATE, shape=PROTECTED_BRANCH)
def protect_branch(call: dsl.Call, project: Project, given: dsl.Given) -> ProtectedBranch:
    """Protect a branch, or several by a wildcard."""
    return _create(call, project, given)


@v4.post(IN_GROUP, params=CREATE, shape=GROUP_PROTECTED_BRANCH, **OF_GROUPS)
def protect_branch_of_group(call: dsl.Call, group: Group, given: dsl.Given) -> ProtectedBranch:
    """Protect a branch, or several by a wildcard, of all projects in a group."""
    if group.parent_id is not None:
        raise Unprocessable(["cannot be associated with a subgroup"], reason=f"{group.full_path} is a subgroup")
    return _create(call, group, given)


@v4.operation("PATCH", f"{IN_PROJECT}/:name", rule=access.AS_MAINTAINER, params=UPDATE, shape=PROTECTED_BRANCH)
def update_protected_branch(
    call: dsl.Call, project: Project, found: ProtectedBranch, given: dsl.Given
) -> ProtectedBranch:
    """Change what protects a branch."""
    check_may_unprotect(call, project, found)
    return _update(call, project, found, given)


@v4.operation("PATCH", f"{IN_GROUP}/:name", params=UPDATE, shape=GROUP_PROTECTED_BRANCH, **OF_GROUPS)
def update_group_protected_branch(
    call: dsl.Call, group: Group, found: ProtectedBranch, given: dsl.Given
) -> ProtectedBranch:
    """Change what protects a branch of all projects in a group."""
    return _update(call, group, found, given)


def _update(call: dsl.Call, within: Project | Group, found: ProtectedBranch, given: dsl.Given) -> ProtectedBranch:
    change(call, found, within, _actions(call), given, default=False)
    return call.store.update(found, **_columns(call, given))


@v4.delete(f"{IN_PROJECT}/:name", rule=access.AS_MAINTAINER)
def unprotect_branch(call: dsl.Call, project: Project, found: ProtectedBranch) -> None:
    """Take the protection of a branch away."""
    check_may_unprotect(call, project, found)
    remove(call.store, found)


@v4.delete(f"{IN_GROUP}/:name", success=200, gives_back=GROUP_PROTECTED_BRANCH, **OF_GROUPS)
def unprotect_branch_of_group(call: dsl.Call, found: ProtectedBranch) -> None:
    """Take the protection of a branch of all projects in a group away, and show it for the last time."""
    remove(call.store, found)
