"""Opening, changing and deleting merge requests.

Source: https://docs.gitlab.com/api/merge_requests/ and GitLab's lib/api/merge_requests.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import merge_request_access as rights
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import merge_requests
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.merge_requests import OWN
from mockgitlab.dsl.params import of_field

PAGE = "merge_requests"
PARAMS = (
    dsl.param("assignee_id", int, "The ID of the user to assign the merge request to"),
    dsl.param("assignee_ids", dsl.IdList, "The IDs of the users to assign the merge request to, 0 for nobody"),
    dsl.param("reviewer_ids", dsl.IdList, "The IDs of the users to review the merge request, 0 for nobody"),
    of_field(MergeRequest.fields["description"], required=False),
    dsl.param("labels", dsl.CommaList, "The names of the labels; unknown ones are created"),
    dsl.param("add_labels", dsl.CommaList, "The names of labels to add"),
    dsl.param("remove_labels", dsl.CommaList, "The names of labels to remove"),
    of_field(MergeRequest.fields["milestone_id"], required=False),
    dsl.param("remove_source_branch", bool, "Remove the source branch when merging"),
    dsl.param("allow_collaboration", bool, "Let who may merge push to the source branch"),
    dsl.param("allow_maintainer_to_push", bool, "The former name of allow_collaboration"),
    dsl.param("squash", bool, "Make one commit of all when merging"),
    dsl.param("approvals_before_merge", int, "How many approvals it needs", deprecated="use approval rules"),
    dsl.param("merge_after", str, "Until when it cannot be merged", since="17.8"),
)
CHANGES = (
    *("assignee_id", "assignee_ids", "reviewer_ids", "description", "labels", "add_labels", "remove_labels"),
    *("milestone_id", "remove_source_branch", "allow_collaboration", "allow_maintainer_to_push", "squash"),
    *("target_branch", "title", "state_event", "discussion_locked", "merge_after"),
)


@v4.post(
    "projects/:id/merge_requests",
    rule=rights.PROPOSES,
    shape=MERGE_REQUEST,
    page=PAGE,
    params=(
        of_field(MergeRequest.fields["title"], required=True),
        of_field(MergeRequest.fields["source_branch"], required=True),
        of_field(MergeRequest.fields["target_branch"], required=True),
        dsl.param("target_project_id", int, "The project to merge into, the one of the path unless given"),
        *PARAMS,
    ),
)
def create_merge_request(call: dsl.Call, project: Project, given: dsl.Given) -> MergeRequest:
    """Open a merge request from a branch of a project."""
    return merge_requests.create_merge_request(call, project, given)


@v4.put(
    "projects/:id/merge_requests/:merge_request_iid",
    rule=rights.UPDATES,
    shape=MERGE_REQUEST,
    page=PAGE,
    params=(
        of_field(MergeRequest.fields["title"], required=False),
        dsl.param("target_branch", str, "The target branch", min_length=1),
        dsl.param("state_event", str, "Close or reopen the merge request", enum=("close", "reopen")),
        of_field(MergeRequest.fields["discussion_locked"], required=False),
        *PARAMS,
    ),
    constraints=[dsl.at_least_one_of(*CHANGES)],
)
def update_merge_request(call: dsl.Call, merge_request: MergeRequest, given: dsl.Given) -> MergeRequest:
    """Change a merge request, close it or open it again."""
    return merge_requests.update_merge_request(call, merge_request, given)


@v4.delete("projects/:id/merge_requests/:merge_request_iid", rule=rights.DELETES, page=PAGE, locators=OWN)
def delete_merge_request(call: dsl.Call, merge_request: MergeRequest) -> None:
    """Delete a merge request."""
    merge_requests.delete_merge_request(call, merge_request)
