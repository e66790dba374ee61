"""Burndown charts: when the issues of a milestone were created, closed and reopened.

Source: https://docs.gitlab.com/user/project/milestones/burndown_and_burnup_charts/, GitLab's ee/app/models/burndown.rb.
"""

from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.resource_event import ResourceStateEvent


def events(store: dsl.Store, milestone: Milestone, issues: Iterable[Issue]) -> list[dict[str, Any]]:
    """Return the events of a milestone's issues, issue by issue; none while it lacks its start or due date."""
    if milestone.start_date is None or milestone.due_date is None:
        return []
    end = min(milestone.due_date, store.today)
    found = (issue for issue in issues if issue.created_at[:10] <= end)
    return [event for issue in found for event in _of_issue(store, issue, milestone.start_date, end)]


def _of_issue(store: dsl.Store, issue: Issue, start: str, end: str) -> list[dict[str, Any]]:
    changes = [(event.created_at, event.state) for event in _changes(store, issue) if event.created_at[:10] <= end]
    if issue.state == "closed" and not any(state == "closed" for _, state in changes):
        changes.append((f"{start}T00:00:00.000Z", "closed"))
    happened = [(issue.created_at, "created"), *changes]
    return [{"created_at": at, "weight": issue.weight, "action": action} for at, action in happened]


def _changes(store: dsl.Store, issue: Issue) -> list[ResourceStateEvent]:
    found = store[ResourceStateEvent].having("resource_id", issue.id)
    return [event for event in found if event.resource_type == "Issue"]
