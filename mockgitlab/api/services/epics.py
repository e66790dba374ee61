"""Creating, changing, closing and deleting epics, and what becomes part of them.

Source: GitLab's ee/app/services/epics and ee/app/services/work_items/legacy_epics.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.colors import read_color
from mockgitlab.api.epic_access import may_read
from mockgitlab.api.issue_access import manages, project_of
from mockgitlab.api.models import issue as issues
from mockgitlab.api.models.epic import Epic, EpicIssue, children_of, epic_of, issues_of, reference
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.project import namespace_of
from mockgitlab.api.services import removal
from mockgitlab.api.services.issue_columns import labels_of, title_of
from mockgitlab.api.services.issue_notes import description_remarks, title_text
from mockgitlab.errors import Conflict, NotFound, RecordNotFound, Unprocessable, ValidationFailed
from mockgitlab.store import parse_instant

GAP = 500
DAYS = ("start_date_fixed", "due_date_fixed")
FLAGS = ("start_date_is_fixed", "due_date_is_fixed")
FORMER = {"start_date": "start_date_fixed", "end_date": "due_date_fixed"}
MISSING = "No matching epic found. Make sure that you are adding a valid epic URL."


def create(call: dsl.Call, group: Group, given: Mapping[str, Any]) -> Epic:
    """Create an epic of a group; raises ``ValidationFailed``."""
    columns = {name: value for name, value in _columns(call, group, None, given).items() if value is not None}
    if given.get("created_at") and access.level(call, group) >= access.OWNER:
        columns["created_at"] = given["created_at"]
    epic = call.store.insert(Epic(**columns, group_id=group.id, author_id=access.me(call).id))
    effects.record_label_events(call, epic, (), epic.label_ids)
    return epic


def update(call: dsl.Call, epic: Epic, given: Mapping[str, Any]) -> Epic:
    """Change an epic as the parameters of a request say, its state first."""
    group = call.store[Group][epic.group_id]
    before = _change_state(call, epic, given.get("state_event"))
    columns = _columns(call, group, before, given)
    if given.get("updated_at") and access.level(call, group) >= access.OWNER:
        columns["updated_at"] = given["updated_at"]
    after = call.store.update(before, **columns)
    for body, action in _remarks(before, after):
        effects.system_note(call, after, body, action)
    effects.record_label_events(call, after, before.label_ids, after.label_ids)
    return after


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
        _check_line(call.store, parent, epic)
    return parent.id if parent else None


def _remarks(before: Epic, after: Epic) -> list[tuple[str, str]]:
    remarks: list[tuple[str, str]] = []
    if before.title != after.title:
        remarks.append((title_text(before.title, after.title), "title"))
    if before.description != after.description:
        remarks += description_remarks(before.description, after.description)
    if before.confidential != after.confidential:
        hidden = ("made the epic confidential", "confidential")
        remarks.append(hidden if after.confidential else ("made the epic visible to everyone", "visible"))
    for name, column in (("start date", "start_date_fixed"), ("due date", "due_date_fixed")):
        if getattr(before, column) != getattr(after, column):
            remarks.append((_day_text(name, getattr(after, column)), "epic_date_changed"))
    return remarks


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


# Issues


def add_issue(call: dsl.Call, epic: Epic, issue: Issue) -> EpicIssue:
    """Make an issue part of an epic, and of no other; raises ``Conflict`` where it is."""
    before = epic_of(call.store, issue.id)
    if before is not None and before.id == epic.id:
        raise Conflict("Issue(s) already assigned", reason=f"issue {issue.iid} is part of epic {epic.iid} already")
    _leave(call, issue)
    first = min((one.relative_position for one in issues_of(call.store, epic)), default=GAP)
    made = call.store.insert(EpicIssue(epic_id=epic.id, issue_id=issue.id, relative_position=first - GAP))
    _remark(call, epic, issue, *(("changed epic to", "moved issue") if before else ("added to epic", "added issue")))
    return made


def remove_issue(call: dsl.Call, issue: Issue) -> None:
    """Take an issue out of the epic that it is part of."""
    epic = epic_of(call.store, issue.id)
    _leave(call, issue)
    if epic is not None:
        _remark(call, epic, issue, "removed from epic", "removed issue")


def assign(call: dsl.Call, issue: Issue, given: Mapping[str, Any]) -> Issue:
    """Make an issue part of the epic that parameters name, or of none; raises ``NotFound`` for one that is hidden."""
    asked = call.settings.edition == "ee" and not given.keys().isdisjoint(("epic_id", "epic_iid"))
    if not asked or not manages(call, project_of(call.store, issue)):
        return issue
    before, epic = epic_of(call.store, issue.id), _named(call, issue, given)
    if epic is None and before is not None:
        remove_issue(call, issue)
    elif epic is not None and (before is None or before.id != epic.id):
        add_issue(call, epic, issue)
    return call.store.fresh(issue)


def _named(call: dsl.Call, issue: Issue, given: Mapping[str, Any]) -> Epic | None:
    groups = ancestors(call.store, namespace_of(call.store, project_of(call.store, issue)))
    if given.get("epic_iid"):
        found = call.store[Epic].find(group_id=groups[0].id, iid=given["epic_iid"])
        if found is None or not may_read(call.store, access.me(call), found):
            raise NotFound(
                "Epic", reason=f"{groups[0].full_path} has no epic {given['epic_iid']} that this user may see"
            )
        return found
    if not given.get("epic_id"):
        return None
    found = call.store[Epic].get(given["epic_id"])
    known = found is not None and found.group_id in {group.id for group in groups}
    if found is None or not known or not may_read(call.store, access.me(call), found):
        raise RecordNotFound(reason=f"no group above the issue has an epic with the id {given['epic_id']}")
    return found


def _leave(call: dsl.Call, issue: Issue) -> None:
    for one in list(call.store[EpicIssue].having("issue_id", issue.id)):
        call.store.delete(one)


def _remark(call: dsl.Call, epic: Epic, issue: Issue, on_issue: str, on_epic: str) -> None:
    here = reference(call.store, epic, project_of(call.store, issue).namespace_id)
    effects.system_note(call, issue, f"{on_issue} {here}", on_issue.replace(" ", "_"))
    effects.system_note(
        call, epic, f"{on_epic} {issues.reference(call.store, issue)}", f"epic_{on_epic}".replace(" ", "_")
    )


def place(store: dsl.Store, rows: list[Any], row: Any, after_id: int | None, before_id: int | None) -> bool:
    """Put one of some rows after or before another, and tell whether there is that other."""
    others = [one for one in rows if one.id != row.id]
    known = [one.id for one in others]
    if after_id in known:
        at = known.index(after_id) + 1
    elif before_id in known:
        at = known.index(before_id)
    else:
        return False
    for number, one in enumerate([*others[:at], row, *others[at:]]):
        store.update(one, relative_position=number * GAP)
    return True


# Epics


def add_child(call: dsl.Call, epic: Epic, child: Epic | None) -> Epic:
    """Make an epic part of another; raises ``NotFound``, ``Conflict`` or ``Unprocessable`` where that cannot be."""
    if child is None or not may_read(call.store, access.me(call), child):
        refused = NotFound(reason="there is no such epic that this user may see")
        refused.message = MISSING
        raise refused
    if child.parent_epic_id == epic.id:
        raise Conflict("Epic(s) already assigned", reason=f"epic {child.iid} is part of epic {epic.iid} already")
    _check_line(call.store, epic, child)
    last = max((one.relative_position for one in children_of(call.store, epic)), default=-GAP)
    return call.store.update(child, parent_epic_id=epic.id, relative_position=last + GAP)


def _check_line(store: dsl.Store, parent: Epic, child: Epic) -> None:
    above: Epic | None = parent
    while above is not None:
        if above.id == child.id:
            itself = parent.id == child.id
            why = "An epic cannot be added to itself." if itself else "It is already an ancestor of the parent epic."
            raise Unprocessable(f"This epic cannot be added. {why}", reason=f"epic {child.iid} is above {parent.iid}")
        above = store[Epic].get(above.parent_epic_id)


def remove_child(call: dsl.Call, child: Epic) -> Epic:
    """Take an epic out of the one that it is part of."""
    return call.store.update(child, parent_epic_id=None)
