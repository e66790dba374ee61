"""Groups, projects, users and keys: what system hooks are told of them, and groups of the groups below.

Source: https://docs.gitlab.com/administration/system_hooks/,
https://docs.gitlab.com/user/project/integrations/webhook_events/#subgroup-events and GitLab's
lib/gitlab/hook_data/group_builder.rb, subgroup_builder.rb, project_builder.rb, user_builder.rb, key_builder.rb.
"""

from collections.abc import Iterator
from typing import Any

from mockgitlab.api.hook_data.common import Occasion, Seen, email, second
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.key import Key
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User

OWNER = 50
SYSTEM = "system_hooks"
SETTINGS = tuple(name for name, field in Project.fields.items() if field.settable and name != "default_branch")


def _times(row: Any) -> dict[str, Any]:
    return {"created_at": second(row.created_at), "updated_at": second(row.updated_at)}


def _verb(before: Any, after: Any) -> str:
    """Return what happened to a record, empty where it was changed."""
    return "create" if before is None else "destroy" if after is None else ""


# Groups


def of_group(seen: Seen, before: Group | None, after: Group | None) -> Iterator[Occasion]:
    """Yield what is told of a group that was made, got another path, or was deleted."""
    group: Any = after or before
    if group.kind != "group":
        return
    verb = _verb(before, after)
    place = {"name": group.name, "path": group.path, "full_path": group.full_path, "group_id": group.id}
    if verb:
        yield Occasion(SYSTEM, {**_times(group), "event_name": f"group_{verb}", **place})
        yield from _of_subgroup(seen, group, verb, place)
    elif before is not None and before.path != group.path:
        old = {"old_path": before.path, "old_full_path": before.full_path}
        yield Occasion(SYSTEM, {**_times(group), "event_name": "group_rename", **place, **old})


def _of_subgroup(seen: Seen, group: Group, verb: str, place: dict[str, Any]) -> Iterator[Occasion]:
    parent = seen.store[Group].get(group.parent_id)
    if parent is not None:
        above = {"parent_group_id": parent.id, "parent_name": parent.name, "parent_path": parent.path}
        data = {**_times(group), "event_name": f"subgroup_{verb}", **place, **above}
        yield Occasion("subgroup_hooks", {**data, "parent_full_path": parent.full_path}, parent)


# Projects


def of_project(seen: Seen, before: Project | None, after: Project | None) -> Iterator[Occasion]:
    """Yield what is told of a project that was made, changed, moved or deleted."""
    project: Any = after or before
    namespace = seen.store[Group].get(project.namespace_id)
    event, old = _project_event(before, after)
    if event and namespace is not None:
        owner = _owner(seen, namespace)
        data = {
            "event_name": f"project_{event}",
            **_times(project),
            "name": project.name,
            "path": project.path,
            "path_with_namespace": project.full_path,
            "project_id": project.id,
            "owner_name": owner.name if owner else namespace.name,
            "owner_email": email(owner) if owner else "",
            "owners": [{"name": one.name, "email": email(one)} for one in _owners(seen, namespace, owner)],
            "project_visibility": project.visibility,
            **old,
        }
        yield Occasion(SYSTEM, data)


def _project_event(before: Project | None, after: Project | None) -> tuple[str, dict[str, Any]]:
    if before is None or after is None:
        return _verb(before, after), {}
    old = {"old_path_with_namespace": before.full_path}
    if before.namespace_id != after.namespace_id:
        return "transfer", old
    if before.path != after.path:
        return "rename", old
    changed = any(getattr(before, name) != getattr(after, name) for name in SETTINGS)
    moved = before.default_branch is not None and before.default_branch != after.default_branch
    return "update" if changed or moved else "", {}


def _owner(seen: Seen, namespace: Group) -> User | None:
    """Return whose personal namespace it is."""
    return seen.store[User].get(namespace.owner_id) if namespace.kind == "user" else None


def _owners(seen: Seen, namespace: Group, owner: User | None) -> list[User]:
    above = [group.id for group in ancestors(seen.store, namespace)]
    members = [one for place in above for one in seen.store[Member].where(source_type="Namespace", source_id=place)]
    users = [seen.store[User].get(one.user_id) for one in members if one.access_level == OWNER]
    return [*([owner] if owner else []), *(user for user in users if user is not None)]


# Users and keys


def of_user(seen: Seen, before: User | None, after: User | None) -> Iterator[Occasion]:
    """Yield what is told of a user who came, got another name, or left."""
    user: Any = after or before
    verb, old = _verb(before, after), {}
    if before is not None and after is not None and before.username != after.username:
        verb, old = "rename", {"old_username": before.username}
    if verb:
        who = {"name": user.name, "email": user.email, "user_id": user.id, "username": user.username}
        yield Occasion(SYSTEM, {**_times(user), "event_name": f"user_{verb}", **who, **old})


def of_key(seen: Seen, before: Key | None, after: Key | None) -> Iterator[Occasion]:
    """Yield what is told of an SSH key that was added or removed."""
    key: Any = after or before
    verb, user = _verb(before, after), seen.known(User, key.user_id)
    if verb:
        who = {"username": user.username} if user else {}
        yield Occasion(SYSTEM, {"event_name": f"key_{verb}", **_times(key), **who, "key": key.key, "id": key.id})
