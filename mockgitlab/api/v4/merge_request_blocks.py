"""Dependencies of merge requests.

Source: https://docs.gitlab.com/api/merge_requests/#get-merge-request-dependencies, GitLab's
ee/lib/api/merge_request_dependencies.rb and ee/app/services/merge_requests/create_block_service.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import merge_request_access as rights
from mockgitlab.api.models.merge_request import MergeRequest, reference
from mockgitlab.api.models.merge_request_block import BLOCK, MergeRequestBlock
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.merge_requests import OWN
from mockgitlab.errors import ApiError, Forbidden, RecordNotFound
from mockgitlab.store import Query

HERE = "projects/:id/merge_requests/:merge_request_iid"
PAGE: dict[str, Any] = {"page": "merge_requests", "edition": "ee"}
AT_MOST = 10


class BlockRefused(ApiError):
    """A dependency cannot be: the message stands in the body as the service says it."""

    def __init__(self, status: int, message: str, reason: str) -> None:
        super().__init__(message, reason=reason)
        self.status = status


def _blocks(call: dsl.Call) -> Query[MergeRequestBlock]:
    """Return what blocks the merge request of the path."""
    return call.store[MergeRequestBlock].where(blocked_merge_request_id=call.at(MergeRequest).id)


@v4.locator(f"{HERE}/blocks/:block_id", integer=True)
def find_block(call: dsl.Call, value: str) -> MergeRequestBlock:
    """Return a dependency of the merge request of the path."""
    found = _blocks(call).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"merge request {call.at(MergeRequest).iid} has no dependency {value}")
    return found


@v4.get(f"{HERE}/blocks", shape=BLOCK, **PAGE)
def list_blocks(call: dsl.Call) -> Query[MergeRequestBlock]:
    """List the merge requests that are to be merged before a merge request."""
    return _blocks(call)


@v4.get(f"{HERE}/blockees", shape=BLOCK, **PAGE)
def list_blockees(call: dsl.Call, merge_request: MergeRequest) -> Query[MergeRequestBlock]:
    """List the merge requests that wait for a merge request."""
    return call.store[MergeRequestBlock].where(blocking_merge_request_id=merge_request.id)


@v4.get(f"{HERE}/blocks/:block_id", shape=BLOCK, **PAGE)
def show_block(block: MergeRequestBlock) -> MergeRequestBlock:
    """Show a dependency of a merge request."""
    return block


@v4.post(f"{HERE}/blocks", rule=access.USER, locators=OWN, shape=BLOCK, **PAGE)
def create_block(
    call: dsl.Call,
    merge_request: MergeRequest,
    blocking_merge_request_id: Annotated[int, "The ID, not the IID, of the merge request to be merged before"],
) -> MergeRequestBlock:
    """Let a merge request wait for another."""
    who = access.me(call).username
    if not rights.may_update(call, merge_request):
        reason = f"{who} may not change merge request {merge_request.iid}"
        raise BlockRefused(403, "Lacking permissions to update the merge request", reason)
    other = call.store[MergeRequest].get(blocking_merge_request_id)
    if other is None:
        reason = f"no merge request has the ID {blocking_merge_request_id}; it is not the IID"
        raise BlockRefused(404, "Blocking merge request not found", reason)
    if not rights.may_read(call.store, call.user, other):
        reason = f"{who} may not see merge request {other.iid} of project {other.project_id}"
        raise BlockRefused(403, "Lacking permissions to the blocking merge request", reason)
    _check(call.store, merge_request, other)
    ends = {"blocking_merge_request_id": other.id, "blocked_merge_request_id": merge_request.id}
    return call.store.insert(MergeRequestBlock(**ends))


def _check(store: dsl.Store, blocked: MergeRequest, blocking: MergeRequest) -> None:
    """Refuse what is tied already, itself, or has too many; GitLab counts what the two block and wait for just so."""
    blocks = store[MergeRequestBlock]
    names = f"{reference(store, blocking)} and {reference(store, blocked)}"
    ends = {"blocking_merge_request_id": blocking.id, "blocked_merge_request_id": blocked.id}
    if blocks.find(**ends) is not None:
        raise BlockRefused(409, "Block already exists", f"{names} are tied already")
    wrong = ["This block is self-referential"] if blocked.id == blocking.id else []
    if blocks.where(blocking_merge_request_id=blocked.id).count() >= AT_MOST:
        wrong.append(f"Merge request blocks the maximum number of merge requests ({AT_MOST})")
    if blocks.where(blocked_merge_request_id=blocking.id).count() >= AT_MOST:
        wrong.append(f"Merge request is blocked by the maximum number of merge requests ({AT_MOST})")
    if wrong:
        raise BlockRefused(400, ", ".join(wrong), f"{names} cannot be tied")


@v4.delete(f"{HERE}/blocks/:block_id", rule=rights.UPDATES, **PAGE)
def delete_block(call: dsl.Call, block: MergeRequestBlock) -> None:
    """Let a merge request no longer wait for another."""
    other = call.store[MergeRequest][block.blocking_merge_request_id]
    if not rights.may_read(call.store, call.user, other):
        raise Forbidden(reason=f"{access.me(call).username} may not see merge request {other.iid} that blocks it")
    call.store.delete(block)
