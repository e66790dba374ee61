"""Namespaces. Source: https://docs.gitlab.com/api/namespaces/ and GitLab's lib/api/namespaces.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.namespace_shape import NAMESPACE
from mockgitlab.api.services.members import joined_groups
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound
from mockgitlab.store import Query


def _own(call: dsl.Call, least: int = 0) -> Query[Group]:
    """Return the personal namespace of the current user and the groups with a membership; all for an administrator."""
    user = access.me(call)
    if user.admin:
        return call.store[Group].all()
    joined = joined_groups(call.store, user.id, least)
    personal = [group.id for group in call.store[Group].where(owner_id=user.id)]
    return call.store[Group].all().among("id", [*personal, *joined])


def _is_known(call: dsl.Call, namespace: Group) -> bool:
    return access.group_level(call.store, access.me(call), namespace) > 0


@v4.locator("namespaces/:id")
def find_namespace(call: dsl.Call, value: str) -> Group:
    """Return the namespace with an id or full path that the current user may see."""
    is_id = value.isascii() and value.isdigit() and len(value) < 19
    found = call.store[Group].find(**({"id": int(value)} if is_id else {"folded": value.lower()}))
    if found is None or not _is_known(call, found):
        raise NotFound("Namespace", reason=f"{access.me(call).username} has no role in a namespace {value}")
    return found


def _search(query: Query[Group], text: str, call: dsl.Call) -> Query[Group]:
    columns = ("full_path",) if call.option("full_path_search") else ("name", "path")
    wanted = text.lower()
    return query.filter(lambda group: dsl.contains(group, columns, (wanted,)), ("search", columns, wanted))


FILTERS = [dsl.by("search", str, "Namespaces whose name or path contains this", _search)]


@v4.get("namespaces", rule=access.USER, shape=NAMESPACE, filters=FILTERS)
def list_namespaces(
    call: dsl.Call,
    owned_only: Annotated[bool, "Only those that the user owns"] = False,
    top_level_only: Annotated[bool, "Only those without a parent"] = False,
    full_path_search: Annotated[bool, "Search the full path"] = False,
) -> Query[Group]:
    """List namespaces."""
    found = _own(call, access.OWNER if owned_only else 0)
    return found.where(parent_id=None) if top_level_only else found


@v4.get("namespaces/:id", rule=access.USER, shape=NAMESPACE)
def show_namespace(namespace: Group) -> Group:
    """Show a namespace."""
    return namespace


@v4.get("namespaces/:namespace/exists", rule=access.USER, unlocated=("namespace",))
def namespace_exists(call: dsl.Call, namespace: str, parent_id: int | None = None) -> dict[str, Any]:
    """Tell whether a namespace exists, and suggest free ones."""
    taken = {group.path.lower() for group in call.store[Group].where(parent_id=parent_id)}
    exists = namespace.lower() in taken
    number = next(count for count in range(1, len(taken) + 2) if f"{namespace}{count}".lower() not in taken)
    return {"exists": exists, "suggests": [f"{namespace}{number}"] if exists else []}
