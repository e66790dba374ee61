"""Projects in scenarios, and their members."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.seeds.groups import MEMBERS, seed_members


def seed_project(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Project:
    """Make a project in the namespace that its ``path`` names, or that of its group."""
    store = seeding.store
    above, _, path = str(columns.get("path") or "").rpartition("/")
    namespace = parents[-1] if parents else find_namespace(store, above)
    if not path or namespace is None:
        seeding.problem("path", f"needs a group or user {above!r}, declared in the scenario" if path else "is missing")
        namespace = store[Group][1_000_001]
    full_path = f"{namespace.full_path}/{path}"
    if find_project(store, full_path) is not None:
        seeding.problem("path", f"is taken: {full_path}")
    creator = {"creator_id": namespace.owner_id or 1}
    given = {"name": path, **creator, **columns, "path": path, "full_path": full_path, "namespace_id": namespace.id}
    project = store.insert(Project(**given))
    seed_members(seeding, extras.get("members") or {}, "Project", project.id)
    return project


def find_namespace(store: dsl.Store, full_path: str) -> Group | None:
    """Return the group or the personal namespace with a full path."""
    return store[Group].find(full_path=full_path)


PROJECTS = dsl.Collection(
    "projects",
    Project,
    {None: lambda _: {}, Group: lambda group: {}},
    seed_project,
    lambda store, name, _: find_project(store, str(name)),
    {"members": MEMBERS},
)
