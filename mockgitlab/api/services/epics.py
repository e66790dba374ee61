"""Creating, changing, closing and deleting epics.

Source: GitLab's ee/app/services/epics and ee/app/services/work_items/legacy_epics.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.colors import read_color
from mockgitlab.api.models.epic import Epic, day_of
from mockgitlab.api.models.group import Group
from mockgitlab.api.services import epic_members, quick_actions, removal
from mockgitlab.api.services.issue_columns import labels_of, title_of
from mockgitlab.api.services.issue_notes import text_remarks
from mockgitlab.errors import ValidationFailed
from mockgitlab.store import parse_instant

DAYS = ("start_date_fixed", "due_date_fixed")
FLAGS = ("start_date_is_fixed", "due_date_is_fixed")
DAYS_TOLD = (("start date", "start_date"), ("finish date", "due_date"))
FORMER = {"start_date": "start_date_fixed", "end_date": "due_date_fixed"}


def create(call: dsl.Call, group: Group, given: Mapping[str, Any]) -> Epic:
    """Create an epic of a group; raises ``ValidationFailed``."""
    columns = {name: value for name, value in _columns(call, group, None, given).items() if value is not None}
    if given.get("created_at") and access.level(call, group) >= access.OWNER:
        columns["created_at"] = given["created_at"]
    epic = call.store.insert(Epic(**columns, group_id=group.id, author_id=access.me(call).id))
    effects.record_label_events(call, epic, (), epic.label_ids)
    epic, commanded = quick_actions.of_new(call, epic)
    return quick_actions.apply(call, epic, commanded, update)


def update(call: dsl.Call, epic: Epic, given: Mapping[str, Any]) -> Epic:
    """Change an epic as the parameters of a request say, its state first."""
    group = call.store[Group][epic.group_id]
    before = _change_state(call, epic, given.get("state_event"))
    given, commanded = quick_actions.of_given(call, before, given)
    columns = _columns(call, group, before, given)
    if given.get("updated_at") and access.level(call, group) >= access.OWNER:
        columns["updated_at"] = given["updated_at"]
    after = call.store.update(before, **columns)
    for body, action in [*_remarks(before, after), *_day_remarks(call.store, before, after)]:
        effects.system_note(call, after, body, action)
    effects.record_label_events(call, after, before.label_ids, after.label_ids)
    return quick_actions.apply(call, after, commanded, update)


def _columns(call: dsl.Call, group: Group, epic: Epic | None, given: Mapping[str, Any]) -> dict[str, Any]:
    given = _by_new_names(given)
    columns = {"description": given["description"]} if "description" in given else {}
    columns |= {name: given[name] for name in ("confidential", *FLAGS) if given.get(name) is not None}
    columns |= {name: _day(given[name]) for name in DAYS if name in given}
    if given.get("title") is not None:
        columns["title"] = title_of(given["title"])
    if given.get("color") is not None:
        columns["color"] = _color(given["color"])
    if "parent_id" in given:
        columns["parent_epic_id"] = _parent(call, epic, given["parent_id"])
    before = epic.label_ids if epic else ()
    label_ids = labels_of(call, group, before, given)
    return columns if label_ids == before else {**columns, "label_ids": label_ids}


def _by_new_names(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with the days under the names that they have now, where both are given by those."""
    renamed = {new: given[old] for old, new in FORMER.items() if old in given}
    now = {name: value for name, value in given.items() if name not in renamed or value is not None}
    return {**renamed, **now}


def _day(text: str | None) -> str | None:
    try:
        return parse_instant(text).date().isoformat() if text else None
    except ValueError:
        return None


def _color(text: str) -> str:
    color = read_color(text)
    if color is None:
        raise ValidationFailed({"color": ["must be a valid color code"]}, reason=f"color was {text!r}")
    return color


def _parent(call: dsl.Call, epic: Epic | None, parent_id: int | None) -> int | None:
    parent = call.store[Epic].get(parent_id) if parent_id else None
    if parent is not None and epic is not None:
        epic_members.check_line(call.store, parent, epic)
    return parent.id if parent else None


def _remarks(before: Epic, after: Epic) -> list[tuple[str, str]]:
    remarks = text_remarks(before, after)
    if before.confidential != after.confidential:
        hidden = ("made the epic confidential", "confidential")
        remarks.append(hidden if after.confidential else ("made the epic visible to everyone", "visible"))
    return remarks


def _day_remarks(store: dsl.Store, before: Epic, after: Epic) -> list[tuple[str, str]]:
    days = [(called, day_of(store, before, name), day_of(store, after, name)) for called, name in DAYS_TOLD]
    return [(_day_text(called, new), "epic_date_changed") for called, old, new in days if old != new]


def _day_text(name: str, day: str | None) -> str:
    if day is None:
        return f"removed the {name}"
    wanted = date.fromisoformat(day)
    return f"changed {name} to {wanted:%b} {wanted.day}, {wanted.year}"


def _change_state(call: dsl.Call, epic: Epic, event: str | None) -> Epic:
    if event == "close" and epic.state == "opened":
        closed = call.store.update(epic, state="closed", closed_at=call.now, closed_by_id=access.me(call).id)
        effects.record_state_event(call, closed, "closed")
        effects.resolve_todos(call, access.me(call).id, closed)
        return closed
    if event == "reopen" and epic.state == "closed":
        opened = call.store.update(epic, state="opened", closed_at=None, closed_by_id=None)
        effects.record_state_event(call, opened, "reopened")
        return opened
    return epic


def delete(call: dsl.Call, epic: Epic) -> None:
    """Delete an epic; what was part of it stays."""
    removal.remove(call.store, epic)
