"""What becomes part of epics: issues, and other epics.

Source: GitLab's ee/app/services/work_items/legacy_epics/epic_issues and epic_links.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.epic_access import may_read
from mockgitlab.api.issue_access import manages, project_of
from mockgitlab.api.models.epic import Epic, EpicIssue, children_of, epic_of, issues_of, reference
from mockgitlab.api.models.group import ancestors
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.project import namespace_of
from mockgitlab.errors import Conflict, NotFound, RecordNotFound

GAP = 500
DEPTH_AT_MOST = 7
REFUSED = "This epic cannot be added."
TOO_DEEP = f"One or more epics would exceed the maximum depth ({DEPTH_AT_MOST}) from its most distant ancestor."
MISSING = "No matching epic found. Make sure that you are adding a valid epic URL."

# Issues


def add_issue(call: dsl.Call, epic: Epic, issue: Issue) -> EpicIssue:
    """Make an issue part of an epic, and of no other; raises ``Conflict`` where it is."""
    before = epic_of(call.store, issue.id)
    if before is not None and before.id == epic.id:
        raise Conflict("Issue(s) already assigned", reason=f"issue {issue.iid} is part of epic {epic.iid} already")
    _leave(call, issue)
    first = min((one.relative_position for one in issues_of(call.store, epic)), default=GAP)
    made = call.store.insert(EpicIssue(epic_id=epic.id, issue_id=issue.id, relative_position=first - GAP))
    if before is None:
        _remark(call, epic, issue, "added", "to")
    else:
        _remark_move(call, issue, before, epic)
    return made


def remove_issue(call: dsl.Call, issue: Issue) -> None:
    """Take an issue out of the epic that it is part of."""
    epic = epic_of(call.store, issue.id)
    _leave(call, issue)
    if epic is not None:
        _remark(call, epic, issue, "removed", "from")


def assign(call: dsl.Call, issue: Issue, given: Mapping[str, Any]) -> None:
    """Make an issue part of the epic that parameters name, or of none; raises ``NotFound`` for one that is hidden."""
    asked = call.settings.edition == "ee" and not given.keys().isdisjoint(("epic_id", "epic_iid"))
    if not asked or not manages(call, project_of(call.store, issue)):
        return
    before, epic = epic_of(call.store, issue.id), _named(call, issue, given)
    if epic is None and before is not None:
        remove_issue(call, issue)
    elif epic is not None and (before is None or before.id != epic.id):
        add_issue(call, epic, issue)


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


def _remark(call: dsl.Call, epic: Epic, issue: Issue, verb: str, direction: str) -> None:
    here = reference(call.store, epic, project_of(call.store, issue).namespace_id)
    effects.system_note(call, issue, f"{verb} {direction} epic {here}", f"issue_{verb}_{direction}_epic")
    effects.system_note(call, epic, f"{verb} issue {from_group(call.store, issue, epic)}", f"epic_issue_{verb}")


def _remark_move(call: dsl.Call, issue: Issue, before: Epic, after: Epic) -> None:
    here = reference(call.store, after, project_of(call.store, issue).namespace_id)
    effects.system_note(call, issue, f"changed epic to {here}", "issue_changed_epic")
    for at, other, verb, direction in ((after, before, "added", "from"), (before, after, "moved", "to")):
        told = f"{verb} issue {from_group(call.store, issue, other)} {direction}"
        there = reference(call.store, other, at.group_id)
        effects.system_note(call, at, f"{told} epic {there}", "epic_issue_moved")


def from_group(store: dsl.Store, issue: Issue, epic: Epic) -> str:
    """Return how texts in the group of an epic refer to an issue."""
    project = project_of(store, issue)
    path = project.path if project.namespace_id == epic.group_id else project.full_path
    return f"{path}#{issue.iid}"


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
    """Make an epic part of another; raises ``NotFound`` or ``Conflict`` where that cannot be."""
    if child is None or not may_read(call.store, access.me(call), child):
        refused = NotFound(reason="there is no such epic that this user may see")
        refused.message = MISSING
        raise refused
    if child.parent_epic_id == epic.id:
        raise Conflict(
            f"{REFUSED} It is already assigned to the parent epic.", reason=f"epic {child.iid} is part of it"
        )
    check_line(call.store, epic, child)
    last = max((one.relative_position for one in children_of(call.store, epic)), default=-GAP)
    _remark_line(call, epic, child, "relate_epic", "added epic {0} as {1} epic")
    return call.store.update(child, parent_epic_id=epic.id, relative_position=last + GAP)


def check_line(store: dsl.Store, parent: Epic, child: Epic) -> None:
    """Raise ``Conflict`` where an epic is, or is above, the one that it is to be part of, or the line gets too long."""
    above = _line_above(store, parent)
    if parent.id == child.id:
        raise Conflict(f"{REFUSED} An epic cannot be added to itself.")
    if child.id in above:
        raise Conflict(f"{REFUSED} It is already an ancestor of the parent epic.")
    if len(above) + _depth(store, child) > DEPTH_AT_MOST:
        raise Conflict(f"{REFUSED} {TOO_DEEP}", reason=f"epic {parent.iid} is number {len(above)} from the top")


def _line_above(store: dsl.Store, epic: Epic) -> list[int]:
    """Return the ids of an epic and of those that it is part of."""
    line, one = [epic.id], store[Epic].get(epic.parent_epic_id)
    while one is not None and one.id not in line:
        line.append(one.id)
        one = store[Epic].get(one.parent_epic_id)
    return line


def _depth(store: dsl.Store, epic: Epic) -> int:
    return 1 + max((_depth(store, child) for child in children_of(store, epic)), default=0)


def remove_child(call: dsl.Call, epic: Epic, child: Epic) -> Epic:
    """Take an epic out of the one that it is part of."""
    _remark_line(call, epic, child, "unrelate_epic", "removed {1} epic {0}")
    return call.store.update(child, parent_epic_id=None)


def _remark_line(call: dsl.Call, epic: Epic, child: Epic, action: str, text: str) -> None:
    for one, other, called in ((epic, child, "child"), (child, epic, "parent")):
        there = reference(call.store, other, one.group_id)
        effects.system_note(call, one, text.format(there, called), action)
