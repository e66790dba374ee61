"""The pipelines of merge requests.

Source: https://docs.gitlab.com/api/merge_requests/#list-merge-request-pipelines,
https://docs.gitlab.com/api/merge_requests/#create-merge-request-pipeline and GitLab's lib/api/merge_requests.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.mergeability import pipelines_of
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.pipeline import PIPELINE_BASIC, Pipeline
from mockgitlab.api.models.pipeline_shapes import PIPELINE
from mockgitlab.api.services import pipeline_progress
from mockgitlab.api.services.merge_request_merges import NOT_ALLOWED
from mockgitlab.api.services.merge_request_pipelines import create_for, create_if_wanted
from mockgitlab.api.services.pipelines import NotCreated
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import MethodNotAllowed, ValidationFailed

PAGE = "merge_requests"
AT = "projects/:id/merge_requests/:merge_request_iid"
LATER = (dsl.param("async", bool, "Make it in the background, and answer at once", default=False),)


@v4.get(f"{AT}/pipelines", page=PAGE, shape=PIPELINE_BASIC)
def list_merge_request_pipelines(call: dsl.Call, merge_request: MergeRequest) -> list[Pipeline]:
    """List the pipelines of a merge request, those made for it first, the newest first."""
    pipeline_progress.read(call.store, pipelines_of(call.store, merge_request))
    return pipelines_of(call.store, merge_request)


@v4.post(f"{AT}/pipelines", page=PAGE, shape=PIPELINE, params=LATER, success=200)
def create_merge_request_pipeline(call: dsl.Call, merge_request: MergeRequest) -> Any:
    """Make a pipeline for a merge request, on its head or on what merging would give."""
    if call.option("async"):
        create_if_wanted(call, merge_request)
        return dsl.Raw(b"", "application/json", 202)
    try:
        made = create_for(call, merge_request)
    except NotCreated as error:
        raise ValidationFailed({"base": [str(error)]}, reason=error.reason) from None
    if made is None:
        raise MethodNotAllowed(message=NOT_ALLOWED, reason=f"merge request {merge_request.iid} has no commits")
    return pipeline_progress.begin_shown(call, made)
