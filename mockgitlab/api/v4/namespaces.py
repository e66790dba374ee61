"""Namespaces. Source: https://docs.gitlab.com/api/namespaces/ and GitLab's lib/api/namespaces.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import NAMESPACE, Group
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound
from mockgitlab.store import Query


def _own(call: dsl.Call) -> Query[Group]:
    """Return the namespaces that the current user may put projects in; all of them for an administrator."""
    user = access.me(call)
    if user.admin:
        return call.store[Group].all()
    groups = [
        group.id for group in call.store[Group].where(kind="group") if access.group_level(call.store, user, group)
    ]
    personal = [group.id for group in call.store[Group].where(owner_id=user.id)]
    return call.store[Group].all().among("id", [*personal, *groups])


@v4.locator("namespaces/:id")
def find_namespace(call: dsl.Call, value: str) -> Group:
    """Return the namespace with an id or full path that the current user may see."""
    column = {"id": int(value)} if value.isascii() and value.isdigit() and len(value) < 19 else {"full_path": value}
    found = call.store[Group].find(**column)
    if found is None or not (_own(call).where(id=found.id).exists() or found.visibility == "public"):
        raise NotFound("Namespace", reason=f"no namespace {value} that this user may see")
    return found


@v4.get(
    "namespaces",
    rule=access.USER,
    shape=NAMESPACE,
    filters=[dsl.search("name", "full_path", description="Namespaces whose name or path contains this")],
)
def list_namespaces(
    call: dsl.Call, owned_only: Annotated[bool, "Only those that the user owns"] = False, top_level_only: bool = False
) -> Query[Group]:
    """List namespaces."""
    found = _own(call)
    if owned_only:
        user = access.me(call)
        owned = [group.id for group in found if access.group_level(call.store, user, group) >= access.OWNER]
        found = found.among("id", owned)
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
