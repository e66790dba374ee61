"""Subscribing to issues and merge requests. Source: https://docs.gitlab.com/api/issues/#subscribe-to-an-issue."""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.issuable import is_subscribed
from mockgitlab.api.models.issue import ISSUE, Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST
from mockgitlab.api.v4.base import v4

PARENTS = {
    "issues": ("projects/:id/issues/:issue_iid", ISSUE),
    "merge_requests": ("projects/:id/merge_requests/:merge_request_iid", MERGE_REQUEST),
}
"""What can be subscribed to, by the page that documents it, and how it is shown."""
Subscribable = Issue | MergeRequest


def _set(call: dsl.Call, record: Subscribable, wanted: bool) -> Subscribable:
    user = access.me(call)
    if is_subscribed(call.store, record, user) == wanted:
        unchanged: Subscribable = dsl.present(None, status=304)
        return unchanged
    others, unwilling = set(record.subscriber_ids) - {user.id}, set(record.unsubscriber_ids) - {user.id}
    (others if wanted else unwilling).add(user.id)
    lists = {"subscriber_ids": tuple(sorted(others)), "unsubscriber_ids": tuple(sorted(unwilling))}
    return call.store.update(record, **lists, updated_at=record.updated_at)


def declare(page: str, parent: str, shape: dsl.Shape) -> None:
    """Declare the operations of one kind of record."""

    @v4.post(f"{parent}/subscribe", shape=shape, page=page)
    def subscribe(call: dsl.Call, record: Issue | MergeRequest) -> Issue | MergeRequest:
        """Ask for notifications; 304 for who has them."""
        return _set(call, record, wanted=True)

    @v4.post(f"{parent}/unsubscribe", shape=shape, page=page)
    def unsubscribe(call: dsl.Call, record: Issue | MergeRequest) -> Issue | MergeRequest:
        """Ask for no more notifications; 304 for who has none."""
        return _set(call, record, wanted=False)


for _page, (_parent, _shape) in PARENTS.items():
    declare(_page, _parent, _shape)
