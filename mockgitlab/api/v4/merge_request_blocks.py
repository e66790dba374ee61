"""Dependencies of merge requests.

Source: https://docs.gitlab.com/api/merge_requests/#merge-request-dependencies.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import merge_request_access as rights
from mockgitlab.api.models.merge_request import MergeRequest, reference
from mockgitlab.api.models.merge_request_block import BLOCK, BLOCKEE, MergeRequestBlock
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Conflict, NotFound, RecordNotFound
from mockgitlab.store import Query

HERE = "projects/:id/merge_requests/:merge_request_iid"
PAGE: dict[str, Any] = {"page": "merge_requests", "edition": "ee"}


def _blocks(call: dsl.Call) -> Query[MergeRequestBlock]:
    """Return what blocks the merge request of the path, as far as the caller may see it."""
    found = call.store[MergeRequestBlock].where(blocked_merge_request_id=call.at(MergeRequest).id)
    return found.among("id", [one.id for one in found if _seen(call, one.blocking_merge_request_id)])


def _seen(call: dsl.Call, id: int) -> bool:
    return rights.may_read(call.store, call.user, call.store[MergeRequest][id])


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


@v4.get(f"{HERE}/blockees", shape=BLOCKEE, **PAGE)
def list_blockees(call: dsl.Call, merge_request: MergeRequest) -> Query[MergeRequestBlock]:
    """List the merge requests that wait for a merge request."""
    found = call.store[MergeRequestBlock].where(blocking_merge_request_id=merge_request.id)
    return found.among("id", [one.id for one in found if _seen(call, one.blocked_merge_request_id)])


@v4.get(f"{HERE}/blocks/:block_id", shape=BLOCK, **PAGE)
def show_block(block: MergeRequestBlock) -> MergeRequestBlock:
    """Show a dependency of a merge request."""
    return block


@v4.post(f"{HERE}/blocks", rule=rights.UPDATES, shape=BLOCK, **PAGE)
def create_block(
    call: dsl.Call,
    merge_request: MergeRequest,
    blocking_merge_request_id: Annotated[int, "The ID, not the IID, of the merge request to be merged before"],
) -> MergeRequestBlock:
    """Let a merge request wait for another."""
    other = call.store[MergeRequest].get(blocking_merge_request_id)
    if other is None or not rights.may_read(call.store, call.user, other):
        who = access.me(call).username
        raise NotFound(
            "Blocking Merge Request", reason=f"{who} sees no merge request with ID {blocking_merge_request_id}"
        )
    _check(call.store, merge_request, other)
    ends = {"blocking_merge_request_id": other.id, "blocked_merge_request_id": merge_request.id}
    return call.store.insert(MergeRequestBlock(**ends))


def _check(store: dsl.Store, blocked: MergeRequest, blocking: MergeRequest) -> None:
    names = f"{reference(store, blocking)} and {reference(store, blocked)}"
    if blocked.id == blocking.id:
        raise BadRequest("This block is self-referential", reason=f"{names} are the same")
    ends = {"blocking_merge_request_id": blocking.id, "blocked_merge_request_id": blocked.id}
    if store[MergeRequestBlock].find(**ends) is not None:
        raise Conflict("Block already exists", reason=f"{names} are tied already")


@v4.delete(f"{HERE}/blocks/:block_id", rule=rights.UPDATES, **PAGE)
def delete_block(call: dsl.Call, block: MergeRequestBlock) -> None:
    """Let a merge request no longer wait for another."""
    call.store.delete(block)
