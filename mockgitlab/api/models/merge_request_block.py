"""Dependencies of merge requests: one that is not merged yet blocks another.

Source: https://docs.gitlab.com/api/merge_requests/#merge-request-dependencies.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.mergeability import Check, register
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST_BASIC


class MergeRequestBlock(dsl.Entity):
    """That a merge request is to be merged before another."""

    id: int = dsl.serial()
    blocking_merge_request_id: int = dsl.parent("MergeRequest")
    blocked_merge_request_id: int = dsl.parent("MergeRequest")
    created_at: str = dsl.now()


def _end(column: str) -> Any:
    return lambda block, view: view.one(MERGE_REQUEST_BASIC, view.store[MergeRequest].get(getattr(block, column)))


def _project_id(column: str) -> Any:
    return lambda block, view: view.store[MergeRequest][getattr(block, column)].project_id


BLOCK = MergeRequestBlock.shape("id").plus(
    blocking_merge_request=_end("blocking_merge_request_id"), project_id=_project_id("blocked_merge_request_id")
)
BLOCKEE = (
    MergeRequestBlock.shape("id")
    .plus(blocked_merge_request=_end("blocked_merge_request_id"), project_id=_project_id("blocking_merge_request_id"))
    .called("MergeRequestBlockee")
)


def is_blocked(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether a merge request waits for another to be merged."""
    blocks = store[MergeRequestBlock].having("blocked_merge_request_id", merge_request.id)
    waits = any(store[MergeRequest][one.blocking_merge_request_id].state != "merged" for one in blocks)
    return waits and store.settings.edition == "ee"


register(Check("merge_request_blocked", is_blocked, early=3))
