"""Moving projects to other namespaces.

Source: https://docs.gitlab.com/api/projects/#transfer-a-project-to-a-new-namespace and GitLab's lib/api/projects.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.group_filters import SEARCH
from mockgitlab.api.models.group import PUBLIC_GROUP, Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import project_moves
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.project_changes import one
from mockgitlab.errors import NotFound
from mockgitlab.store import Query


def find_namespace(call: dsl.Call, value: str) -> Group:
    """Return the group or personal namespace with an id or full path that the current user may know of."""
    is_id = value.isascii() and value.isdigit() and len(value) < 19
    groups, user = call.store[Group], access.me(call)
    found = groups.get(int(value)) if is_id else groups.find(folded=value.lower())
    if found is None or not (found.kind == "user" or access.can_read(call.store, user, found)):
        raise NotFound("Namespace", reason=f"there is no namespace {value} that {user.username} may see")
    return found


@v4.put("projects/:id/transfer", rule=access.AS_OWNER)
def transfer_project(
    call: dsl.Call, project: Project, namespace: Annotated[str, "The ID or path of the new namespace"]
) -> Any:
    """Transfer a project to another namespace."""
    return one(project_moves.transfer(call, project, find_namespace(call, namespace)))


@v4.get("projects/:id/transfer_locations", rule=access.AS_OWNER, shape=PUBLIC_GROUP, filters=[SEARCH])
def list_transfer_locations(call: dsl.Call, project: Project) -> Query[Group]:
    """List the groups to which the current user can transfer a project."""
    user, groups = access.me(call), call.store[Group]
    able = [
        group.id
        for group in groups.where(kind="group")
        if group.id != project.namespace_id and project_moves.may_move_into(call.store, user, group)
    ]
    return groups.all().among("id", able).order_by("name")
