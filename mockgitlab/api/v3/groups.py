"""Groups. Source: GitLab 8's doc/api/groups.md, lib/api/groups.rb and GitLab 9's lib/api/v3/groups.rb."""

from typing import Annotated, Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import project_filters as by
from mockgitlab.api.group_filters import ORDER, SEARCH, SKIP
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.group_shapes import GROUP_DETAIL, GROUP_LISTED
from mockgitlab.api.services.members import joined_groups
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v3.base import NUMBERS, VISIBILITY_LEVEL, v3
from mockgitlab.api.v3.projects import ORDER as PROJECT_ORDER
from mockgitlab.api.v3.projects import older_sizes
from mockgitlab.api.v4 import group_projects
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.groups import options
from mockgitlab.store import Query

AT = "groups/:id"
_sizes = dict(GROUP_LISTED.members)["statistics"]

# Shapes


def _statistics(group: Group, view: dsl.View) -> Any:
    return older_sizes(_sizes(group, view)) if view.option("statistics") else dsl.OMIT


def _older(shape: dsl.Shape, *more: str) -> dsl.Shape:
    return shape.plus(visibility_level=lambda group, view: NUMBERS[group.visibility], statistics=_statistics).only(
        *("id", "name", "path", "description", "visibility_level", "lfs_enabled", "avatar_url", "web_url"),
        *("request_access_enabled", "statistics", *more),
    )


SHOWN = _older(GROUP_LISTED)
v3.dialect.show({GROUP_LISTED: SHOWN, GROUP_DETAIL: _older(GROUP_DETAIL, "projects", "shared_projects")})


# Lists

OLDER_ORDER = dsl.Filter(
    (dsl.param("order_by", Literal["name", "path"], "What to order by", default="name"), *ORDER.params[1:]),
    ORDER.narrow,
)
STATISTICS = dsl.param("statistics", bool, "Include statistics", default=False)


@v3.get(
    "groups",
    shape=GROUP_LISTED,
    params=[STATISTICS],
    filters=[SEARCH, SKIP, OLDER_ORDER],
)
def list_groups(
    call: dsl.Call,
    all_available: Annotated[bool, "All groups that the user may see, not only those with a membership"] = False,
) -> Query[Group]:
    """List the groups of which the user is a member; all for administrators."""
    user, groups = access.me(call), call.store[Group].where(kind="group")
    if user.admin or all_available:
        found = groups.among("id", access.visible_group_ids(call.store, user))
    else:
        found = groups.among("id", joined_groups(call.store, user.id))
    return dsl.present(found, options=options(call))  # type: ignore[no-any-return]


@v3.get("groups/owned", shape=GROUP_LISTED, params=[STATISTICS])
def list_owned_groups(call: dsl.Call) -> Query[Group]:
    """List the groups of which the user is an owner."""
    found = call.store[Group].all().among("id", joined_groups(call.store, access.me(call).id, access.OWNER))
    return dsl.present(found, options=["statistics"] if call.option("statistics") else [])  # type: ignore[no-any-return]


v3.adopt(
    v4,
    "GET",
    f"{AT}/projects",
    takes=("simple",),
    filters=[by.ARCHIVED, by.VISIBILITY, by.SEARCH, PROJECT_ORDER],
)


# One group

ATTRIBUTES = ("description", "visibility_level", "lfs_enabled", "request_access_enabled")
RENAMES = {"visibility_level": VISIBILITY_LEVEL}


def delete_group(call: dsl.Call, group: Group) -> None:
    """Delete a group and all that is in it at once."""
    remove(call.store, group)


def transfer_project(call: dsl.Call, group: Group, project_id: Annotated[str, "The ID or path of a project"]) -> Any:
    """Transfer a project into a group."""
    return dsl.present(group_projects.transfer_project(call, group, project_id), options=["with_projects"])


v3.adopt(v4, "GET", AT, takes=())
v3.adopt(v4, "POST", "groups", shape=GROUP_LISTED, takes=("name", "path", *ATTRIBUTES), renames=RENAMES)
v3.adopt(v4, "PUT", AT, takes=("name", "path", *ATTRIBUTES), renames=RENAMES)
v3.adopt(v4, "DELETE", AT, handler=delete_group, takes=(), gives_back=SHOWN)
v3.adopt(v4, "POST", f"{AT}/projects/:project_id", handler=transfer_project)
