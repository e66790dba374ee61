"""Finding, creating, changing, merging and deleting labels of projects and groups.

Source: GitLab's lib/api/helpers/label_helpers.rb, app/models/label.rb and app/services/labels.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.colors import read_color
from mockgitlab.api.models.board import Board, lists_with
from mockgitlab.api.models.group import Group, descendants
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import (
    NAME_AT_MOST,
    Label,
    LabelPriority,
    LabelSubscription,
    find_label,
    is_subscribed,
    owner_of,
    owners_of,
)
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.errors import Conflict, NotFound, ValidationFailed

# Finding


def locate(call: dsl.Call, at: Project | Group, value: str, *, above: bool = False) -> Label:
    """Return the label that an id or a name means in a project or group, or ``above`` it; raises ``NotFound``."""
    return choose(call, at, owners_of(call.store, at) if above else [owner_of(at)], value)


def choose(call: dsl.Call, at: Project | Group, owners: list[str], value: str) -> Label:
    """Return the label of some owners, nearest first, that an id or a name means; raises ``NotFound``."""
    by_id = call.store[Label].get(int(value)) if value.isascii() and value.isdigit() and len(value) < 19 else None
    if by_id is not None and by_id.owner in owners:
        return by_id
    named = [label for label in call.store[Label].having("name", value) if label.owner in owners]
    if not named:
        raise NotFound("Label", reason=f"{at.full_path} has no label {value!r} that this operation takes")
    return min(named, key=lambda label: owners.index(label.owner))


# Creating and changing


def create(call: dsl.Call, at: Project | Group, given: dsl.Given) -> Label:
    """Insert a label; raises ``Conflict`` when issues there could have one of this name already."""
    taken = find_label(call.store, at, given["name"])
    if taken is not None:
        raise Conflict("Label already exists", reason=f"label {taken.id} of {taken.owner} has this name")
    columns = {**given.only("name", "color", "description"), "archived": bool(given.get("archived"))}
    return call.store.insert(Label(owner=owner_of(at), **tied_to(at), **{**columns, **checked(call, at, columns)}))


def change(call: dsl.Call, at: Project | Group, label: Label, given: dsl.Given) -> Label:
    """Write what was given of a label's name, color, description and archiving."""
    columns = given.only("color", "description")
    if "new_name" in given:
        columns["name"] = given["new_name"]
    if given.get("archived") is not None:
        columns["archived"] = given["archived"]
    return call.store.update(label, **{**columns, **checked(call, at, columns, label)})


def checked(call: dsl.Call, at: Project | Group, columns: dict[str, Any], label: Label | None = None) -> dict[str, Any]:
    """Return a label's name and color as they are kept; raises ``ValidationFailed`` for those that cannot be."""
    errors: dict[str, list[str]] = {}
    kept: dict[str, Any] = {}
    if "name" in columns:
        kept["name"] = (columns["name"] or "").strip()
        errors["title"] = _name_problems(call, at, kept["name"], label)
    if "color" in columns:
        kept["color"] = read_color(columns["color"] or "")
        errors["color"] = [] if kept["color"] else ["must be a valid color code"]
    problems = {key: texts for key, texts in errors.items() if texts}
    if problems:
        raise ValidationFailed(problems, reason=f"given: {columns}"[:500])
    return kept


def _name_problems(call: dsl.Call, at: Project | Group, name: str, label: Label | None) -> list[str]:
    if not name:
        return ["can't be blank", "is invalid"]
    if "," in name:
        return ["is invalid"]
    if len(name) > NAME_AT_MOST:
        return [f"is too long (maximum is {NAME_AT_MOST} characters)"]
    taken = find_label(call.store, at, name)
    if taken is None or (label is not None and taken.id == label.id):
        return []
    if taken.group_id is not None and isinstance(at, Project):
        group = call.store[Group][taken.group_id]
        return [f"already exists at group level for {group.name}. Please choose another one."]
    return ["has already been taken"]


def prioritize(call: dsl.Call, label: Label, project: Project, priority: int | None) -> None:
    """Give a label a rank in a project, or take it away with ``None``."""
    ranks = call.store[LabelPriority].having("label_id", label.id)
    ranked = next((one for one in ranks if one.project_id == project.id), None)
    if ranked is not None and priority is None:
        call.store.delete(ranked)
    elif ranked is not None:
        call.store.update(ranked, priority=priority)
    elif priority is not None:
        call.store.insert(LabelPriority(label_id=label.id, project_id=project.id, priority=priority))


# Subscribing


def subscribe(call: dsl.Call, label: Label, project: Project | None, wanted: bool) -> bool:
    """Let the current user be notified of a label, or no longer, and tell whether that changes anything.

    A subscription without a project holds wherever the label is.
    """
    user_id, project_id = access.me(call).id, project.id if project else None
    if is_subscribed(call.store, label, user_id, project_id) == wanted:
        return False
    for one in call.store[LabelSubscription].having("label_id", label.id):
        if one.user_id == user_id and (project_id is None or one.project_id in (None, project_id)):
            call.store.delete(one)
    if wanted:
        call.store.insert(LabelSubscription(label_id=label.id, user_id=user_id, project_id=project_id))
    return True


# Merging and deleting


def promote(store: dsl.Store, label: Label, group: Group) -> Label:
    """Return the group's label that takes the place of all labels with this name in the projects of the group."""
    promoted = store[Label].where(owner=owner_of(group), name=label.name).first()
    if promoted is None:
        columns = {"name": label.name, "description": label.description, "color": label.color}
        promoted = store.insert(Label(group_id=group.id, owner=owner_of(group), archived=label.archived, **columns))
    for namesake in _namesakes(store, group, label.name):
        _merge(store, namesake, promoted)
    return promoted


def _namesakes(store: dsl.Store, group: Group, name: str) -> list[Label]:
    groups = [group.id, *(one.id for one in descendants(store, group))]
    projects = {project.id for one in groups for project in store[Project].having("namespace_id", one)}
    return [label for label in store[Label].having("name", name) if label.project_id in projects]


def _merge(store: dsl.Store, label: Label, into: Label) -> None:
    _replace(store, label, into)
    for ranked in store[LabelPriority].having("label_id", label.id):
        store.update(ranked, label_id=into.id)
    for subscribed in store[LabelSubscription].having("label_id", label.id):
        store.update(subscribed, label_id=into.id)
    for one in lists_with(store, label_id=label.id):
        store.update(one, label_id=into.id)
    store.delete(label)


def delete(store: dsl.Store, label: Label) -> None:
    """Delete a label with its ranks and subscriptions, and take it off everything that has it."""
    _replace(store, label, None)
    for ranked in store[LabelPriority].having("label_id", label.id):
        store.delete(ranked)
    for subscribed in store[LabelSubscription].having("label_id", label.id):
        store.delete(subscribed)
    for one in lists_with(store, label_id=label.id):
        store.delete(one)
    store.delete(label)


def _replace(store: dsl.Store, label: Label, by: Label | None) -> None:
    kinds: tuple[type[Issue | MergeRequest | Board], ...] = (Issue, MergeRequest, Board)
    for record in [one for kind in kinds for one in store[kind].having("label_ids", label.id)]:
        kept = [one for one in record.label_ids if one != label.id]
        after = tuple(dict.fromkeys([*kept, by.id] if by else kept))
        store.update(record, label_ids=after, updated_at=record.updated_at)
