"""Changes of groups: what is checked before, and what else they change.

Source: GitLab's app/models/group.rb, namespace.rb and app/services/groups/.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.application_setting import value
from mockgitlab.api.models.group import VISIBILITIES, Group, descendants
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.ruby import inspect
from mockgitlab.api.services import paths
from mockgitlab.api.services.application_settings import restricted_problems
from mockgitlab.api.services.integrations import inherit_all
from mockgitlab.errors import BadRequest

Problems = dict[str, list[str]]
RUNNERS_TOKEN = "GR1348941"
NAME = (
    "can contain only letters, digits, emojis, '_', '.', dash, space, parenthesis. "
    "It must start with letter, digit, emoji or '_'."
)
NO_RUNNERS = "cannot be enabled because parent group has shared Runners disabled"
_NAME = r"[\w\u00a9-\U0001f9ff][\w\-\u00a9-\U0001f9ff().\u0020]*\Z"


# What must hold


def problems_of(store: dsl.Store, group: Group, changes: Mapping[str, Any]) -> Problems:
    """Return what is wrong with a group's new columns, in GitLab's words; a group without an id is to be made."""
    fresh = group.replaced(dict(changes))
    found = {
        "name": list(_name_problems(store, fresh)) if "name" in changes else [],
        "path": _path_problems(store, fresh) if "path" in changes else [],
        "description": _too_long(fresh.description or "", 500),
        "two_factor_grace_period": ["must be greater than or equal to 0"] if fresh.two_factor_grace_period < 0 else [],
        "visibility_level": list(_visibility_problems(store, fresh)) if "visibility" in changes else [],
        "shared_runners_enabled": _runners_problems(store, fresh) if "shared_runners_setting" in changes else [],
    }
    return {key: texts for key, texts in found.items() if texts}


def _too_long(text: str, limit: int) -> list[str]:
    return [f"is too long (maximum is {limit} characters)"] if len(text) > limit else []


def _name_problems(store: dsl.Store, group: Group) -> Iterator[str]:
    name = group.name or ""
    if not name.strip():
        yield "can't be blank"
        return
    yield from _too_long(name, 255)
    if not re.match(_NAME, name):
        yield NAME
    siblings = store[Group].where(parent_id=group.parent_id) if group.parent_id is not None else ()
    if any(one.name == name and one.id != group.id for one in siblings):
        yield paths.TAKEN


def _path_problems(store: dsl.Store, group: Group) -> list[str]:
    return paths.group_path_problems(store, group.path or "", group.parent_id, group.id)


def _visibility_problems(store: dsl.Store, group: Group) -> Iterator[str]:
    own, parent = group.visibility, store[Group].get(group.parent_id)
    if parent is not None and _above(own, parent.visibility):
        yield f"{own} is not allowed since the parent group has a {parent.visibility} visibility."
    if group.id is None:
        return
    inside = [one.id for one in (group, *descendants(store, group))]
    projects = store[Project].all().among("namespace_id", inside)
    if any(_above(project.visibility, own) and not project.marked_for_deletion_on for project in projects):
        yield f"{own} is not allowed since this group contains projects with higher visibility."
    if any(_above(child.visibility, own) for child in descendants(store, group)):
        yield f"{own} is not allowed since there are sub-groups with higher visibility."


def _above(visibility: str, limit: str) -> bool:
    return VISIBILITIES.index(visibility) > VISIBILITIES.index(limit)


def _runners_problems(store: dsl.Store, group: Group) -> list[str]:
    parent = store[Group].get(group.parent_id)
    closed = parent is not None and parent.shared_runners_setting == "disabled_and_unoverridable"
    return [NO_RUNNERS] if closed and group.shared_runners_setting == "enabled" else []


# Changes


def create(call: dsl.Call, parent: Group | None, columns: dict[str, Any]) -> Group:
    """Make a group of which the current user is the owner; raises what GitLab does for a group that is not valid."""
    store = call.store
    inherited = {"shared_runners_setting": parent.shared_runners_setting} if parent else {}
    given = {
        "visibility": _first_visibility(store, parent),
        **inherited,
        **columns,
        "parent_id": parent.id if parent else None,
    }
    draft = Group(id=None)
    problems = problems_of(store, draft, given) | restricted_problems(store, access.me(call), given["visibility"])
    if problems:
        raise SaveFailed(problems)
    full_path = f"{parent.full_path}/{given['path']}" if parent else given["path"]
    group = store.insert(Group(**given, full_path=full_path, runners_token=store.mint(RUNNERS_TOKEN)))
    add_owner(call, group)
    inherit_all(store, group)
    return group


def _first_visibility(store: dsl.Store, parent: Group | None) -> str:
    first: str = value(store, "default_group_visibility")
    return paths.lowest(first, parent.visibility) if parent else first


class SaveFailed(BadRequest):
    """A new group did not pass its validations; GitLab writes them as Ruby does, in one string."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(f"Failed to save group {inspect(problems)}", reason=f"not valid: {', '.join(problems)}")


def add_owner(call: dsl.Call, group: Group) -> Member:
    """Make the current user an owner of a group."""
    me = access.me(call).id
    return call.store.insert(
        Member(source_type="Namespace", source_id=group.id, user_id=me, access_level=access.OWNER, created_by_id=me)
    )


def update(store: dsl.Store, group: Group, changes: dict[str, Any]) -> Group:
    """Change a valid group; what is inside follows its path and its setting of shared runners."""
    path = changes.pop("path", group.path)
    changed = store.update(group, **changes)
    if changed.shared_runners_setting != group.shared_runners_setting:
        _spread_runners(store, changed)
    return paths.move_namespace(store, changed, path=path) if path != group.path else changed


def _spread_runners(store: dsl.Store, group: Group) -> None:
    if group.shared_runners_setting == "enabled":
        return
    for child in descendants(store, group):
        store.update(child, shared_runners_setting=group.shared_runners_setting)
    inside = [one.id for one in (group, *descendants(store, group))]
    for project in list(store[Project].all().among("namespace_id", inside)):
        store.update(project, shared_runners_enabled=False)


def transfer(call: dsl.Call, group: Group, parent: Group | None) -> Group:
    """Put a group below another, or at the top; raises GitLab's refusals."""
    store = call.store
    problem = _transfer_problem(call, group, parent)
    if problem:
        raise BadRequest(f"Transfer failed: {problem}", reason=f"{group.full_path} cannot be moved")
    moved = paths.move_namespace(store, group, parent=parent)
    if parent is not None:
        return paths.lower_visibility(store, moved, parent.visibility)
    owners = store[Member].where(source_type="Namespace", source_id=group.id, access_level=access.OWNER)
    if not owners.exists():
        add_owner(call, moved)
    return moved


def _transfer_problem(call: dsl.Call, group: Group, parent: Group | None) -> str:
    store, user = call.store, access.me(call)
    if parent is None and group.parent_id is None:
        return "Group is already a root group."
    if parent is not None and parent.id == group.parent_id:
        return "Group is already associated to the parent group."
    allowed = access.may_create_subgroups(store, user, parent) if parent else user.can_create_group
    if not allowed:
        return "You don't have enough permissions."
    if paths.is_taken(store, group.path, parent.id if parent else None):
        return "The parent group already has a subgroup or a project with the same path."
    if parent is not None and parent.id in [one.id for one in (group, *descendants(store, group))]:
        return "Cannot transfer group to one of its subgroup."
    return ""
