"""Merging and rebasing merge requests.

Source: https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request and GitLab's lib/api/merge_requests.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import merge_request_access as rights
from mockgitlab.api.mergeability import is_being_rebased
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST
from mockgitlab.api.services import merge_request_merges as merges
from mockgitlab.api.services import merge_request_rebases as rebases
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.merge_requests import OWN
from mockgitlab.errors import Conflict, Forbidden, NotAcceptable, Unauthorized

PAGE = "merge_requests"
AT = "projects/:id/merge_requests/:merge_request_iid"
PARAMS = (
    dsl.param("merge_commit_message", str, "The message of the merge commit"),
    dsl.param("squash_commit_message", str, "The message of the commit that all are squashed into"),
    dsl.param("should_remove_source_branch", bool, "Remove the source branch"),
    dsl.param("auto_merge", bool, "Merge as soon as the checks pass", since="17.11"),
    dsl.param("merge_when_pipeline_succeeds", bool, "Merge as soon as the pipeline succeeds"),
    dsl.param("sha", str, "The commit that must be the head of the source branch"),
    dsl.param("squash", bool, "Make one commit of all"),
)


@v4.put(f"{AT}/merge", rule=rights.MERGES, shape=MERGE_REQUEST, page=PAGE, locators=OWN, params=PARAMS)
def merge(call: dsl.Call, merge_request: MergeRequest, given: dsl.Given) -> Any:
    """Merge a merge request, at once or as soon as its checks pass; of a merge that failed it keeps the error."""
    after = merges.merge(call, merge_request, given)
    if after.state == "merged" or after.merge_when_pipeline_succeeds:
        return after
    reason = {"X-Mockgitlab-Reason": after.merge_error or ""}
    return dsl.present({"message": merges.UNMERGEABLE}, status=422, headers=reason)


@v4.get(f"{AT}/merge_ref", page=PAGE, locators=OWN)
def show_merge_ref(call: dsl.Call, merge_request: MergeRequest) -> dict[str, str]:
    """Show the commit that merging would give."""
    return {"commit_id": rebases.up_to_date_merge_ref(call, merge_request)}


def _check_cancels(call: dsl.Call) -> None:
    merge_request, user = call.at(MergeRequest), access.me(call)
    if user.id != merge_request.author_id and not rights.may_merge(call.store, user, merge_request):
        raise Unauthorized(reason=f"{user.username} may neither merge it nor opened it")


CANNOT_CANCEL = "Can't cancel the automatic merge"
CANCELS = dsl.Rule("author, or whoever may merge", _check_cancels)


@v4.post(f"{AT}/cancel_merge_when_pipeline_succeeds", rule=CANCELS, shape=MERGE_REQUEST, page=PAGE, locators=OWN)
def cancel(call: dsl.Call, merge_request: MergeRequest) -> Any:
    """Take back that a merge request is merged as soon as its checks pass.

    The documents answer with the merge request, and refuse. A live GitLab answers with what its service returns.
    """
    cancelled = merges.cancel(call, merge_request)
    if call.settings.errors == "observed":
        failed = {"message": CANNOT_CANCEL, "status": "error", "http_status": 406}
        return dsl.present({"status": "success"} if cancelled else failed)
    if not cancelled and merge_request.state != "merged":
        raise NotAcceptable(CANNOT_CANCEL, reason=f"it is {merge_request.state}, and not to be merged automatically")
    return call.at(MergeRequest)


@v4.put(f"{AT}/rebase", rule=access.USER, page=PAGE, locators=OWN, success=202)
def rebase(
    call: dsl.Call,
    merge_request: MergeRequest,
    skip_ci: Annotated[bool | None, "Start no pipeline"] = None,
) -> Any:
    """Put the commits of a merge request on top of its target branch."""
    refused = rebases.refusal(call, merge_request)
    if refused:
        raise Forbidden(refused, reason=f"the source branch is {merge_request.source_branch}")
    if merge_request.state != "opened" or is_being_rebased(call.store, merge_request):
        raise Conflict(reason=f"it is {merge_request.state}, or being rebased already")
    rebases.rebase(call, merge_request, skip_ci=bool(skip_ci))
    return {"rebase_in_progress": True}
