"""Issues and other work that is planned.

Source: https://docs.gitlab.com/user/project/integrations/webhook_events/#work-item-events and GitLab's
lib/gitlab/hook_data/issue_builder.rb, lib/gitlab/data_builder/issuable.rb.
"""

from collections.abc import Callable, Iterator
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.durations import human_duration
from mockgitlab.api.hook_data.common import (
    Occasion,
    Seen,
    absolute_images,
    differences,
    labels,
    project_attrs,
    repository_attrs,
    time,
    user_attrs,
    users,
)
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.timelog import Timelog, time_stats

STATES = {"opened": 1, "closed": 2, "merged": 3, "locked": 4}
WORK_ITEMS = ("task", "requirement", "ticket", "test_case")
TIMES = ("closed_at", "created_at", "updated_at")
PLAIN = (
    *("author_id", "confidential", "discussion_locked", "due_date", "id", "iid", "milestone_id", "moved_to_id"),
    *("duplicated_to_id", "project_id", "relative_position", "time_estimate", "title"),
)
OF_EE = {"weight": "weight", "health_status": "health_status"}


def of_issue(seen: Seen, before: Issue | None, after: Issue | None) -> Iterator[Occasion]:
    """Yield what is told of an issue that was made or changed; that it was deleted is not told."""
    if after is None:
        return
    changes = differences(before, after, reads(after, seen.view))
    spent = spent_change(seen, after)
    if before is None or changes.keys() - {"updated_at"} or spent:
        data = issue_data(seen, after, action_of(before, after), changes, spent)
        yield Occasion(trigger_of(after), data, seen.store[Project][after.project_id])


def trigger_of(issue: Issue) -> str:
    """Return what an issue sets off."""
    return "confidential_issue_hooks" if issue.confidential else "issue_hooks"


def action_of(before: Any, after: Any) -> str:
    """Return what happened to an issue or merge request."""
    if before is None:
        return "open"
    if before.state == after.state:
        return "update"
    return {"closed": "close", "merged": "merge"}.get(after.state, "reopen")


def reads(record: Any, view: dsl.View) -> dict[str, Callable[[Any], Any]]:
    """Return how the changes of an issue, or the like of it, are read, by the names that payloads have for them."""
    found: dict[str, Callable[[Any], Any]] = {
        **{name: _reader(name) for name in PLAIN if hasattr(record, name)},
        **{name: _time(name) for name in TIMES if hasattr(record, name)},
        "description": lambda row: row.description,
        "state_id": lambda row: STATES[row.state],
        "assignees": lambda row: users(row.assignee_ids, view),
        "labels": lambda row: labels(row.label_ids, view),
    }
    return found


def _reader(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def _time(name: str) -> Callable[[Any], Any]:
    return lambda row: time(getattr(row, name))


def spent_change(seen: Seen, record: Any) -> int:
    """Return by how many seconds a call changed the time that was spent on a record."""
    kind = type(record).__name__
    return sum(
        (after.time_spent if after else 0) - (before.time_spent if before else 0)
        for before, after in seen.changes
        if isinstance(row := after or before, Timelog) and (row.target_type, row.target_id) == (kind, record.id)
    )


def issue_attrs(issue: Issue, view: dsl.View, spent: int = 0) -> dict[str, Any]:
    """Return an issue as payloads show one."""
    own = {name: getattr(issue, name) for name in PLAIN}
    ee = OF_EE if view.store.settings.edition == "ee" else {}
    return {
        **own,
        **{name: time(getattr(issue, name)) for name in TIMES},
        "description": absolute_images(issue.description, view),
        "last_edited_at": None,
        "last_edited_by_id": None,
        "updated_by_id": None,
        **{name: getattr(issue, column) for name, column in ee.items()},
        "state_id": STATES[issue.state],
        "url": issue.web_url(view),
        **times(issue, view, spent),
        "assignee_ids": list(issue.assignee_ids),
        "assignee_id": next(iter(issue.assignee_ids), None),
        "labels": labels(issue.label_ids, view),
        "state": issue.state,
        "severity": issue.severity(view).lower(),
        "type": issue.issue_type.replace("_", " ").capitalize(),
    }


def times(record: Any, view: dsl.View, spent: int) -> dict[str, Any]:
    """Return what was spent on a record, in all and now, for machines and for people."""
    stats = time_stats(view.store, record)
    return {
        "total_time_spent": stats["total_time_spent"],
        "time_change": spent,
        "human_total_time_spent": stats["human_total_time_spent"],
        "human_time_change": human_duration(spent),
        "human_time_estimate": stats["human_time_estimate"],
    }


def issue_data(
    seen: Seen, issue: Issue, action: str | None, changes: dict[str, Any] | None = None, spent: int = 0
) -> dict[str, Any]:
    """Return the payload of an issue."""
    attrs = issue_attrs(issue, seen.view, spent)
    kind = "work_item" if issue.issue_type in WORK_ITEMS else "issue"
    return issuable_data(seen, issue, kind, {**attrs, **({"action": action} if action else {})}, changes or {})


def issuable_data(seen: Seen, record: Any, kind: str, attrs: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return the payload of an issue or merge request."""
    view, project = seen.view, seen.store[Project][record.project_id]
    confidential = getattr(record, "confidential", False)
    people = users(record.assignee_ids, view)
    return {
        "object_kind": kind,
        "event_type": f"confidential_{kind}" if confidential else kind,
        "user": user_attrs(seen.user(record.author_id), view),
        "project": project_attrs(project, view),
        "object_attributes": attrs,
        "labels": attrs["labels"],
        "changes": changes,
        "repository": repository_attrs(project, view),
        **({"assignees": people} if people else {}),
    }
