"""The projects of a group. Source: https://docs.gitlab.com/api/groups/#list-projects and GitLab's lib/api/groups.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import project_filters as by
from mockgitlab.api.models.group import Group, ancestors, descendants
from mockgitlab.api.models.group_shapes import GROUP_DETAIL
from mockgitlab.api.models.project import Project, ProjectShare
from mockgitlab.api.models.project_shapes import BASIC_PROJECT, PROJECT
from mockgitlab.api.services import project_moves
from mockgitlab.api.v4.base import find_project, v4
from mockgitlab.api.v4.groups import options
from mockgitlab.store import Query

COLUMNS = ("id", "name", "path", "created_at", "updated_at", "last_activity_at", "star_count")
SHARED_FILTERS = [
    by.ARCHIVED,
    by.VISIBILITY,
    by.SEARCH,
    by.STARRED,
    by.ISSUES,
    by.MERGE_REQUESTS,
    by.MIN_ACCESS_LEVEL,
]
PRESENTATION = (
    dsl.param("simple", bool, "Show less of each project", default=False),
    dsl.param("with_custom_attributes", bool, "Include custom attributes, for administrators", default=False),
)


def _order(projects: Query[Project], wanted: str, call: dsl.Call) -> Query[Project]:
    """Sort as asked; by similarity to a search, which here is not only among the user's own projects, or by name."""
    if wanted != "similarity":
        return PLAIN_ORDER.narrow(projects, wanted, call)
    if search := call.given.get("search"):
        return projects.order_by(f"like {search}", descending=True, value=lambda one: by.similarity(one, search))
    sign = 1 if call.given.get("sort") == "asc" else -1
    return projects.order_by(f"name, {sign} id", value=lambda one: (one.name.lower(), sign * one.id))


PLAIN_ORDER = by.order(*COLUMNS, "similarity")
ORDER = dsl.Filter(PLAIN_ORDER.params, _order)


def _present(call: dsl.Call, project_ids: frozenset[int]) -> Any:
    user = access.me(call) if call.user is not None else None
    shown = project_ids & access.visible_project_ids(call.store, user)
    projects = call.store[Project].all().among("id", shown)
    return dsl.present(projects, BASIC_PROJECT if call.option("simple") else PROJECT, options=options(call))


def _shared_ids(call: dsl.Call, group_ids: list[int]) -> frozenset[int]:
    return frozenset(share.project_id for share in call.store[ProjectShare].all().among("group_id", group_ids))


@v4.get(
    "groups/:id/projects",
    params=[*PRESENTATION, dsl.param("with_security_reports", bool, "Only those with reports", default=False)],
    filters=[*SHARED_FILTERS, by.OWNED, by.ACTIVE, ORDER],
)
def list_group_projects(
    call: dsl.Call,
    group: Group,
    with_shared: Annotated[bool, "Include projects shared with the group"] = True,
    include_subgroups: Annotated[bool, "Include projects in subgroups"] = False,
    include_ancestor_groups: Annotated[bool, "Include projects in the groups above"] = False,
) -> Query[Project]:
    """List the projects of a group."""
    below = [one.id for one in descendants(call.store, group)] if include_subgroups else []
    above = [one.id for one in ancestors(call.store, group)] if include_ancestor_groups else []
    inside = call.store.steady(Project).all().among("namespace_id", (group.id, *below, *above))
    shared = _shared_ids(call, [group.id, *below]) if with_shared else frozenset()
    return _present(call, shared.union(project.id for project in inside))  # type: ignore[no-any-return]


@v4.get("groups/:id/projects/shared", params=PRESENTATION, filters=[*SHARED_FILTERS, by.order(*COLUMNS)])
def list_shared_projects(call: dsl.Call, group: Group) -> Query[Project]:
    """List the projects that are shared with a group."""
    return _present(call, _shared_ids(call, [group.id]))  # type: ignore[no-any-return]


@v4.post("groups/:id/projects/:project_id", rule=access.ADMIN, shape=GROUP_DETAIL)
def transfer_project(call: dsl.Call, group: Group, project_id: Annotated[str, "The ID or path of a project"]) -> Group:
    """Transfer a project into a group."""
    project = find_project(call, project_id)
    project_moves.transfer(call, project, group)
    return group
