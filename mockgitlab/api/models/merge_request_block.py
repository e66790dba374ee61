"""Dependencies of merge requests: one that is not merged yet blocks another.

Source: https://docs.gitlab.com/api/merge_requests/#merge-request-dependencies.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.merge_request_access import may_read
from mockgitlab.api.mergeability import Check, register
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST_BASIC
from mockgitlab.api.models.user import User


class MergeRequestBlock(dsl.Entity):
    """That a merge request is to be merged before another."""

    id: int = dsl.serial()
    blocking_merge_request_id: int = dsl.parent("MergeRequest")
    blocked_merge_request_id: int = dsl.parent("MergeRequest")
    created_at: str = dsl.now()


def _end(column: str) -> Any:
    def shown(block: MergeRequestBlock, view: dsl.View) -> Any:
        """Return one of the two as far as the caller may see it."""
        one = view.store[MergeRequest][getattr(block, column)]
        seen = may_read(view.store, view.store[User].get(view.user_id), one)
        return view.one(MERGE_REQUEST_BASIC, one) if seen else dsl.OMIT

    return shown


def _project_id(block: MergeRequestBlock, view: dsl.View) -> int:
    return view.store[MergeRequest][block.blocked_merge_request_id].project_id


BLOCK = MergeRequestBlock.shape("id", name="MergeRequestDependency").plus(
    blocking_merge_request=_end("blocking_merge_request_id"),
    blocked_merge_request=_end("blocked_merge_request_id"),
    project_id=_project_id,
)


def is_blocked(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether a merge request waits for another to be merged."""
    blocks = store[MergeRequestBlock].having("blocked_merge_request_id", merge_request.id)
    waits = any(store[MergeRequest][one.blocking_merge_request_id].state != "merged" for one in blocks)
    return waits and store.settings.edition == "ee"


register(Check("merge_request_blocked", is_blocked, early=3))
