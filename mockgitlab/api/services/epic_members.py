"""What becomes part of epics: issues, and other epics.

Source: GitLab's ee/app/services/work_items/legacy_epics/epic_issues and epic_links.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.epic_access import may_read
from mockgitlab.api.issue_access import manages, project_of
from mockgitlab.api.models import issue as issues
from mockgitlab.api.models.epic import Epic, EpicIssue, children_of, epic_of, issues_of, reference
from mockgitlab.api.models.group import ancestors
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.project import namespace_of
from mockgitlab.errors import Conflict, NotFound, RecordNotFound, Unprocessable

GAP = 500
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
    _remark(call, epic, issue, *(("changed epic to", "moved issue") if before else ("added to epic", "added issue")))
    return made


def remove_issue(call: dsl.Call, issue: Issue) -> None:
    """Take an issue out of the epic that it is part of."""
    epic = epic_of(call.store, issue.id)
    _leave(call, issue)
    if epic is not None:
        _remark(call, epic, issue, "removed from epic", "removed issue")


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
    check_line(call.store, epic, child)
    last = max((one.relative_position for one in children_of(call.store, epic)), default=-GAP)
    return call.store.update(child, parent_epic_id=epic.id, relative_position=last + GAP)


def check_line(store: dsl.Store, parent: Epic, child: Epic) -> None:
    """Raise ``Unprocessable`` where an epic is, or is above, the one that it is to be part of."""
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
