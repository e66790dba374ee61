"""Protected branches and tags, and the access levels that say for whom they are open.

Source: https://docs.gitlab.com/api/protected_branches/, https://docs.gitlab.com/api/protected_tags/, GitLab's
app/models/concerns/protected_ref.rb and protected_ref_access.rb.
"""

import re
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.key import Key
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User

NO_ACCESS, ADMIN = 0, 60
HUMAN = {30: "Developers + Maintainers", 40: "Maintainers", ADMIN: "Instance admins", NO_ACCESS: "No one"}
"""How GitLab calls the access levels of protected branches and tags."""
Action = Literal["push", "merge", "unprotect", "create"]
KINDS = {"group_id": (Group, "name"), "user_id": (User, "name"), "deploy_key_id": (Key, "title")}
"""What an access level may name in place of a role, and how that is called."""
DETAILS = ("user_id", "group_id", "deploy_key_id")


class ProtectedRefAccess(dsl.Entity):
    """For whom a protected branch or tag is open: a role, a user, a group or a deploy key."""

    id: int = dsl.serial()
    access_level: int | None = dsl.optional("The role from which on it is open, unless a user or group is named")
    user_id: int | None = dsl.reference("User", "For which user it is open")
    group_id: int | None = dsl.reference("Group", "For the members of which group it is open")
    deploy_key_id: int | None = dsl.reference("Key", "For which deploy key it is open")
    action: Action = dsl.hidden("What it is open for")
    protected_type: str = dsl.hidden("ProtectedBranch or ProtectedTag")
    protected_id: int = dsl.hidden("Which one")

    @property
    def place(self) -> str:
        """What is open, and to do what: ``ProtectedBranch:1:push``."""
        return f"{self.protected_type}:{self.protected_id}:{self.action}"

    @property
    def is_role(self) -> bool:
        """Whether it names a role, and nobody else."""
        return all(getattr(self, name) is None for name in DETAILS)

    @dsl.computed
    def access_level_description(self, view: dsl.View) -> str:
        """For whom it is open, as GitLab says it."""
        for name, (kind, called) in KINDS.items():
            found = view.store[kind].get(getattr(self, name))
            if found is not None:
                return str(getattr(found, called))
        return HUMAN.get(self.access_level or 0, "")


def _of_ee(name: str) -> Any:
    def read(row: ProtectedRefAccess, view: dsl.View) -> Any:
        return getattr(row, name) if view.store.settings.edition == "ee" else dsl.OMIT

    return read


def _deploy_key_id(row: ProtectedRefAccess, view: dsl.View) -> Any:
    return row.deploy_key_id or dsl.OMIT


ACCESS = ProtectedRefAccess.shape("id", "access_level", "access_level_description").plus(
    deploy_key_id=dsl.computed_in(since="16.0")(_deploy_key_id),
    user_id=_of_ee("user_id"),
    group_id=_of_ee("group_id"),
)


class Protected(dsl.Entity):
    """What protects the branches, or tags, with one name, or with ``*`` in it several."""

    id: int = dsl.serial()
    project_id: int | None = dsl.parent("Project")
    name: str = dsl.required("The name or a wildcard")

    def covers(self, name: str) -> bool:
        """Tell whether a branch or tag is protected by this."""
        pattern = ".*".join(re.escape(part) for part in self.name.split("*"))
        return re.fullmatch(pattern, name, re.DOTALL) is not None


class ProtectedBranch(Protected):
    """A branch, or several, into which not everybody may push and merge; a group's are those of all its projects."""

    natural = "name"

    group_id: int | None = dsl.parent("Group")
    allow_force_push: bool = dsl.optional("Whether whoever may push may force", default=False)
    code_owner_approval_required: bool = dsl.optional("Whether code owners must approve", default=False, edition="ee")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()

    @dsl.computed_in(edition="ee")
    def inherited(self, view: dsl.View) -> bool:
        """Whether the group of the project protects it."""
        return self.group_id is not None


class ProtectedTag(Protected):
    """A tag, or several, which not everybody may create."""

    natural = "name"


def levels(store: dsl.Store, at: Protected, action: Action) -> list[ProtectedRefAccess]:
    """Return for whom a protected branch or tag is open to ``push``, ``merge``, ``unprotect`` or ``create``."""
    return store[ProtectedRefAccess].having("place", f"{type(at).__name__}:{at.id}:{action}")


def _shown(action: Action) -> Any:
    return lambda at, view: view.many(ACCESS, levels(view.store, at, action))


def _unprotect(at: ProtectedBranch, view: dsl.View) -> Any:
    return _shown("unprotect")(at, view) if view.store.settings.edition == "ee" else dsl.OMIT


PROTECTED_BRANCH = (
    ProtectedBranch.shape("id", "name")
    .plus(push_access_levels=_shown("push"), merge_access_levels=_shown("merge"))
    .plus("allow_force_push", entity=ProtectedBranch)
    .plus(unprotect_access_levels=_unprotect)
    .plus("code_owner_approval_required", "inherited", entity=ProtectedBranch)
)
GROUP_PROTECTED_BRANCH = PROTECTED_BRANCH.without("inherited").called("GroupProtectedBranch")
PROTECTED_TAG = ProtectedTag.shape("name").plus(create_access_levels=_shown("create"))


def protected_branches(store: dsl.Store, project: Project) -> list[ProtectedBranch]:
    """Return what protects branches of a project: its own, and those of its top-level group."""
    own = store[ProtectedBranch].having("project_id", project.id)
    if store.settings.edition != "ee":
        return own
    top = ancestors(store, store[Group][project.namespace_id])[-1]
    return [*own, *store[ProtectedBranch].having("group_id", top.id)]


def protections(store: dsl.Store, project: Project, branch: str) -> list[ProtectedBranch]:
    """Return what protects a branch of a project."""
    return [one for one in protected_branches(store, project) if one.covers(branch)]


def tag_protections(store: dsl.Store, project: Project, tag: str) -> list[ProtectedTag]:
    """Return what protects a tag of a project."""
    return [one for one in store[ProtectedTag].having("project_id", project.id) if one.covers(tag)]


def open_to(store: dsl.Store, at: Protected, action: Action, entries: Any) -> None:
    """Open a protected branch or tag for roles, users, groups: ``[{"access_level": 30}, {"user_id": 2}]``."""
    for entry in entries:
        tied = {"protected_type": type(at).__name__, "protected_id": at.id}
        store.insert(ProtectedRefAccess(action=action, **tied, **entry))
