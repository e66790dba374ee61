"""Resource groups in scenarios, below projects: ``{key: production, process_mode: oldest_first}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.resource_group import ResourceGroup, is_key, resource_groups


def seed_resource_group(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> ResourceGroup:
    """Make a resource group of a project."""
    key = str(columns.get("key") or "")
    if not is_key(key):
        seeding.problem("key", "must have letters, digits, spaces, -, _, $, {, }, . and inside of it / alone")
    elif resource_groups(seeding.store, parents[-1]).where(key=key).exists():
        seeding.problem("key", f"is given twice: {key}")
    return seeding.store.insert(ResourceGroup(**{**columns, "key": key}))


RESOURCE_GROUPS = dsl.Collection(
    "resource_groups",
    ResourceGroup,
    {Project: tied_to},
    seed_resource_group,
    description="Jobs that do not run at the same time",
)
