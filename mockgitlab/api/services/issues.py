"""Creating, changing, closing and deleting issues, with all that they cause.

Source: GitLab's app/services/issues and app/services/issuable_base_service.rb.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.issue_access import manages, owns
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import (
    epic_members,
    issue_columns,
    issue_duplicates,
    issue_notes,
    quick_actions,
    removal,
    texts,
)
from mockgitlab.errors import Conflict

ATTENDED = ("title", "description", "assignee_ids", "milestone_id", "label_ids")
"""Who changes one of these has dealt with the issue: the to-do items it made are done."""


def create_issue(call: dsl.Call, project: Project, given: Mapping[str, Any]) -> Issue:
    """Create an issue from the parameters of a request; raises ``ValidationFailed`` or ``Conflict``.

    Quick actions in the description are carried out and taken out of it.
    """
    columns = issue_columns.of_new(call, project, given)
    if owns(call, project):
        columns |= {name: given[name] for name in ("created_at", "iid") if given.get(name)}
    iid = columns.get("iid")
    if iid is not None and call.store[Issue].find(project_id=project.id, iid=iid) is not None:
        raise Conflict("Duplicated issue", reason=f"{project.full_path} has an issue {iid} already")
    client = {"user_agent": call.headers.get("User-Agent") or None, "ip_address": call.address}
    issue = call.store.insert(Issue(**columns, **client, project_id=project.id, author_id=access.me(call).id))
    issue, commanded = quick_actions.of_new(call, issue)
    record_new(call, issue)
    epic_members.assign(call, issue, given)
    return quick_actions.apply(call, issue, commanded, update_issue)


def record_new(call: dsl.Call, issue: Issue) -> None:
    """Cause what a new issue causes: the event, remarks, resource events and to-do items."""
    effects.record_event(call, issue.project_id, "opened", issue)
    effects.record_milestone_events(call, issue, None, issue.milestone_id, at=issue.created_at)
    effects.record_label_events(call, issue, (), issue.label_ids, at=issue.created_at)
    effects.record_weight_events(call, issue, None)
    issue_notes.note_due_date(call, issue, None)
    issue_notes.note_assignees(call, issue, ())
    _ask_assignees(call, issue, ())
    texts.spread(call, issue, None)


def update_issue(call: dsl.Call, issue: Issue, given: Mapping[str, Any]) -> Issue:
    """Change an issue as the parameters of a request say, its state first; what the caller may not set is left out."""
    project = call.store[Project][issue.project_id]
    before = _change_state(call, issue, given.get("state_event"))
    before = _change_duplicate(call, before, call.store[Issue].get(given.get("canonical_issue_id")))
    given, commanded = quick_actions.of_given(call, before, given)
    columns = issue_columns.of_known(call, project, before, given)
    if given.get("updated_at") and owns(call, project):
        columns["updated_at"] = given["updated_at"]
    after = call.store.update(before, **columns)
    record_changes(call, before, after)
    epic_members.assign(call, after, given)
    return quick_actions.apply(call, after, commanded, update_issue)


def record_changes(call: dsl.Call, before: Issue, after: Issue) -> None:
    """Cause what a changed issue causes: remarks, resource events, to-do items made and done."""
    issue_notes.note_changes(call, before, after)
    issue_notes.note_due_date(call, after, before.due_date)
    issue_notes.note_assignees(call, after, before.assignee_ids)
    effects.record_milestone_events(call, after, before.milestone_id, after.milestone_id)
    effects.record_label_events(call, after, before.label_ids, after.label_ids)
    effects.record_weight_events(call, after, before.weight, before.updated_at)
    effects.record_iteration_events(call, after, before.iteration_id)
    if any(getattr(before, name) != getattr(after, name) for name in ATTENDED):
        effects.resolve_todos(call, access.me(call).id, after)
    _ask_assignees(call, after, before.assignee_ids)
    texts.spread(call, after, before)


def _ask_assignees(call: dsl.Call, issue: Issue, before: tuple[int, ...]) -> None:
    for user_id in issue.assignee_ids:
        if user_id not in before:
            effects.add_todo(call, user_id, "assigned", issue)


# State


def _change_state(call: dsl.Call, issue: Issue, event: str | None) -> Issue:
    if event == "close" and issue.state == "opened":
        return close(call, issue)
    if event == "reopen" and issue.state == "closed" and not issue.discussion_locked:
        return reopen(call, issue)
    return issue


def _change_duplicate(call: dsl.Call, issue: Issue, canonical: Issue | None) -> Issue:
    if canonical is None or not manages(call, call.store[Project][issue.project_id]):
        return issue
    issue_duplicates.note_duplicate(call, issue, canonical)
    return issue_duplicates.tie_duplicate(call, _change_state(call, issue, "close"), canonical)


def close(call: dsl.Call, issue: Issue) -> Issue:
    """Close an open issue."""
    closed = call.store.update(issue, state="closed", closed_at=call.now, closed_by_id=access.me(call).id)
    effects.record_state_event(call, closed, "closed")
    effects.record_event(call, closed.project_id, "closed", closed)
    effects.resolve_todos(call, access.me(call).id, closed)
    return closed


def reopen(call: dsl.Call, issue: Issue) -> Issue:
    """Open a closed issue again."""
    opened = call.store.update(issue, state="opened", closed_at=None, closed_by_id=None)
    effects.record_state_event(call, opened, "reopened")
    effects.record_event(call, opened.project_id, "reopened", opened)
    return opened


def delete_issue(call: dsl.Call, issue: Issue) -> None:
    """Delete an issue with its notes, reactions, links, to-do items and events."""
    removal.remove(call.store, issue)
