"""Time tracking, the same five operations for whatever work is estimated and spent time on.

Source: https://docs.gitlab.com/api/issues/#set-a-time-estimate-for-an-issue.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api.issue_access import PLANS
from mockgitlab.api.merge_request_access import DEVELOPS
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.timelog import time_stats
from mockgitlab.api.services import time_tracking
from mockgitlab.api.v4.base import v4

PARENTS = {
    "issues": ("projects/:id/issues/:issue_iid", PLANS),
    "merge_requests": ("projects/:id/merge_requests/:merge_request_iid", DEVELOPS),
}
"""What has time tracking, by the page that documents it, and who may track it."""


def declare(page: str, parent: str, rule: dsl.Rule) -> None:
    """Declare the operations of one kind of record."""

    @v4.get(f"{parent}/time_stats", page=page)
    def show_time_stats(call: dsl.Call, record: Issue | MergeRequest) -> dict[str, Any]:
        """Show the time estimated and spent."""
        return time_stats(call.store, record)

    @v4.post(f"{parent}/time_estimate", rule=rule, page=page, success=200)
    def set_estimate(
        call: dsl.Call, record: Issue | MergeRequest, duration: Annotated[str, "The duration in human format: 3h30m"]
    ) -> dict[str, Any]:
        """Set the time estimate."""
        return time_stats(call.store, time_tracking.estimate(call, record, duration))

    @v4.post(f"{parent}/reset_time_estimate", rule=rule, page=page, success=200)
    def reset_estimate(call: dsl.Call, record: Issue | MergeRequest) -> dict[str, Any]:
        """Reset the time estimate to zero."""
        return time_stats(call.store, time_tracking.estimate(call, record, "0"))

    @v4.post(f"{parent}/add_spent_time", rule=rule, page=page)
    def add_spent(
        call: dsl.Call,
        record: Issue | MergeRequest,
        duration: Annotated[str, "The duration in human format: 3h30m; -1h takes back"],
        summary: Annotated[str | None, "What the time was spent on"] = None,
    ) -> dict[str, Any]:
        """Add spent time."""
        return time_stats(call.store, time_tracking.spend(call, record, duration, summary))

    @v4.post(f"{parent}/reset_spent_time", rule=rule, page=page, success=200)
    def reset_spent(call: dsl.Call, record: Issue | MergeRequest) -> dict[str, Any]:
        """Reset the spent time to zero."""
        return time_stats(call.store, time_tracking.forget_spent(call, record))


for _page, (_parent, _rule) in PARENTS.items():
    declare(_page, _parent, _rule)
