"""Groups in scenarios: ``path`` may be a full path below a group declared before, or they stand in ``subgroups``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import VISIBILITIES, Group, find_group
from mockgitlab.api.seeds.members import MEMBERS as MEMBERS
from mockgitlab.api.seeds.members import SHARED_WITH, seed_shares
from mockgitlab.api.seeds.members import seed_members as seed_members
from mockgitlab.api.seeds.packages import PACKAGE_SETTINGS, seed_package_settings
from mockgitlab.api.seeds.push_rules import PUSH_RULE, seed_push_rule
from mockgitlab.api.services.groups import RUNNERS_TOKEN
from mockgitlab.api.services.paths import is_taken, near_namespace, seed_path_problem


def seed_group(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Group:
    """Make a group with its members, as visible as its parent unless it says so."""
    store = seeding.store
    above, _, path = str(columns.get("path") or columns.get("full_path") or "").rpartition("/")
    parent = parents[-1] if parents else find_group(store, above) if above else None
    _check(seeding, columns, parent, above, path)
    full_path = f"{parent.full_path}/{path}" if parent else path
    inherited = {"name": path, "visibility": parent.visibility if parent else "private"}
    placed = {"path": path, "full_path": full_path, "parent_id": parent.id if parent else None}
    given = {"runners_token": store.mint(RUNNERS_TOKEN), **inherited, **columns, **placed}
    group = store.insert(Group(**given))
    seed_members(seeding, extras.get("members") or {}, "Namespace", group.id)
    seed_shares(seeding, extras.get("shared_with") or [], group)
    if extras.get("push_rule") is not None:
        seed_push_rule(seeding, extras["push_rule"], group_id=group.id)
    if extras.get("package_settings") is not None:
        seed_package_settings(seeding, extras["package_settings"], group.id)
    return group


def _check(seeding: dsl.Seeding, columns: dict[str, Any], parent: Group | None, above: str, path: str) -> None:
    if not path:
        seeding.problem("path", "is missing: a group needs one")
    elif problem := seed_path_problem(path):
        seeding.problem("path", problem)
    elif above and parent is None:
        near = near_namespace(seeding.store, above)
        seeding.problem("path", f"needs a parent group {above}, declared before", suggestion=near and f"{near}/{path}")
    elif is_taken(seeding.store, path, parent.id if parent else None):
        seeding.problem("path", f"is taken: {path}")
    limit, own = parent.visibility if parent else "public", columns.get("visibility")
    if own in VISIBILITIES and VISIBILITIES.index(own) > VISIBILITIES.index(limit):
        seeding.problem("visibility", f"is {own}, and the group above is {limit}; no group is more visible than that")


def _find(store: dsl.Store, name: Any, parents: dsl.Parents) -> Group | None:
    return find_group(store, str(name))


_EXTRAS = {
    "members": MEMBERS,
    "shared_with": SHARED_WITH,
    "push_rule": PUSH_RULE,
    "package_settings": PACKAGE_SETTINGS,
}
GROUPS = dsl.Collection("groups", Group, {None: lambda _: {}}, seed_group, _find, _EXTRAS)
SUBGROUPS = dsl.Collection("subgroups", Group, {Group: lambda parent: {}}, seed_group, _find, _EXTRAS)
