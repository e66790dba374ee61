"""Subscribing to issues. Source: https://docs.gitlab.com/api/issues/#subscribe-to-an-issue."""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.issuable import is_subscribed
from mockgitlab.api.models.issue import ISSUE, Issue
from mockgitlab.api.v4.base import v4


def _set(call: dsl.Call, issue: Issue, wanted: bool) -> Issue:
    user = access.me(call)
    if is_subscribed(call.store, issue, user) == wanted:
        unchanged: Issue = dsl.present(None, status=304)
        return unchanged
    others, unwilling = set(issue.subscriber_ids) - {user.id}, set(issue.unsubscriber_ids) - {user.id}
    (others if wanted else unwilling).add(user.id)
    lists = {"subscriber_ids": tuple(sorted(others)), "unsubscriber_ids": tuple(sorted(unwilling))}
    return call.store.update(issue, **lists, updated_at=issue.updated_at)


@v4.post("projects/:id/issues/:issue_iid/subscribe", shape=ISSUE, page="issues")
def subscribe(call: dsl.Call, issue: Issue) -> Issue:
    """Ask for notifications of an issue; 304 for who has them."""
    return _set(call, issue, wanted=True)


@v4.post("projects/:id/issues/:issue_iid/unsubscribe", shape=ISSUE, page="issues")
def unsubscribe(call: dsl.Call, issue: Issue) -> Issue:
    """Ask for no more notifications of an issue; 304 for who has none."""
    return _set(call, issue, wanted=False)
