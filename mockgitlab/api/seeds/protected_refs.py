"""Protected branches and tags in scenarios, below projects, and protected branches below top-level groups too.

.. code-block:: yaml

    protected_branches:
      - {name: main, push_access_level: noone, merge_access_level: developer}
      - {name: release/*, allowed_to_push: [{user: ada}, {group: acme/labs}, {access_level: maintainer}]}
      - {name: stable, allowed_to_push: [{deploy_key: CI}]}        # by its title
    protected_tags:
      - {name: v*, create_access_level: developer}

Each is open to Maintainers unless it says otherwise. What is said of the default branch takes the place of what GitLab
protects it with by itself.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.protected_ref import Action, Protected, ProtectedBranch, ProtectedTag
from mockgitlab.api.services.protected_refs import LEVELS, Levels, wanted
from mockgitlab.api.services.removal import remove

ROLES = {"noone": 0, "developer": 30, "maintainer": 40, "admin": 60}
ROLE = {"anyOf": [{"enum": list(ROLES)}, {"enum": list(LEVELS)}]}
NAME = {"type": "string"}
ENTRIES = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"access_level": ROLE, "user": NAME, "group": NAME, "deploy_key": NAME},
    },
}


def _extras(*actions: Action) -> dict[str, dict[str, Any]]:
    roles = {f"{action}_access_level": {**ROLE, "description": f"The role to {action}"} for action in actions}
    return {**roles, **{f"allowed_to_{action}": {**ENTRIES, "description": f"Who may {action}"} for action in actions}}


def seed_protected_branch(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> ProtectedBranch:
    """Protect a branch of a project, or of all projects in a group."""
    tie = {"project_id" if isinstance(parents[-1], Project) else "group_id": parents[-1].id}
    known = seeding.store[ProtectedBranch].find(**tie, name=columns.get("name"))
    if known is not None:
        remove(seeding.store, known)
    made = seeding.store.insert(ProtectedBranch(**{**columns, **tie}))
    _open(seeding, made, parents[-1], ("push", "merge"), extras, default=True)
    _open(seeding, made, parents[-1], ("unprotect",), extras, default=False)
    return made


def seed_protected_tag(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> ProtectedTag:
    """Protect a tag of a project."""
    made = seeding.store.insert(ProtectedTag(**columns))
    _open(seeding, made, parents[-1], ("create",), extras, default=True)
    return made


def _open(
    seeding: dsl.Seeding,
    made: Protected,
    within: Project | Group,
    actions: tuple[Action, ...],
    extras: dict[str, Any],
    *,
    default: bool,
) -> None:
    given = {key: _read(seeding, key, value) for key, value in extras.items()}
    for action in actions:
        problems = Levels(seeding.store, made, action, within).change(wanted(given, action, "ee", default=default))
        for problem in problems:
            seeding.problem(f"allowed_to_{action}", f"is wrong: {problem}")


def _read(seeding: dsl.Seeding, key: str, value: Any) -> Any:
    if not isinstance(value, list):
        return None if value is None else _role(seeding, key, value)
    return [_entry(seeding, key, entry) for entry in value if isinstance(entry, dict)]


def _role(seeding: dsl.Seeding, key: str, value: Any) -> int:
    role = ROLES.get(str(value).lower(), value)
    if role not in LEVELS:
        seeding.problem(key, f"has {value!r}, which is none of {', '.join(ROLES)}")
    return int(role) if role in LEVELS else LEVELS[0]


def _entry(seeding: dsl.Seeding, key: str, entry: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, kind in (("user", "User"), ("group", "Group"), ("deploy_key", "Key")):
        found = seeding.resolve(kind, entry[name], (), key) if entry.get(name) is not None else None
        read.update({f"{name}_id": found.id} if found is not None else {})
    if entry.get("access_level") is not None:
        read["access_level"] = _role(seeding, key, entry["access_level"])
    return read


def _of_project(project: Any) -> dict[str, Any]:
    return {"project_id": project.id}


PROTECTED_BRANCHES = dsl.Collection(
    "protected_branches",
    ProtectedBranch,
    {Project: _of_project, Group: tied_to},
    seed_protected_branch,
    None,
    _extras("push", "merge", "unprotect"),
    "Branches into which not everybody may push and merge",
)
PROTECTED_TAGS = dsl.Collection(
    "protected_tags",
    ProtectedTag,
    {Project: _of_project},
    seed_protected_tag,
    None,
    _extras("create"),
    "Tags which not everybody may create",
)
