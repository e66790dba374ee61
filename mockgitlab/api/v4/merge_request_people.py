"""Who takes part in merge requests: participants, reviewers, and asking oneself to look again.

Source: https://docs.gitlab.com/api/merge_requests/ and GitLab's lib/api/merge_requests.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access, effects, noteables
from mockgitlab.api.merge_request_access import may_read
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_reviewer import MERGE_REQUEST_REVIEWER, MergeRequestReviewer, reviewers_of
from mockgitlab.api.models.todo import Todo
from mockgitlab.api.models.todo_shape import TODO
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.participants import participants
from mockgitlab.api.v4.base import v4

PAGE = "merge_requests"
AT = "projects/:id/merge_requests/:merge_request_iid"


@v4.get(f"{AT}/participants", shape=USER_BASIC, page=PAGE)
def list_merge_request_participants(call: dsl.Call, merge_request: MergeRequest) -> list[User]:
    """List who takes part in a merge request."""
    return participants(
        call.store, merge_request, shown=lambda note: noteables.may_read_note(call, note), may_read=may_read
    )


@v4.get(f"{AT}/reviewers", shape=MERGE_REQUEST_REVIEWER, page=PAGE)
def list_reviewers(call: dsl.Call, merge_request: MergeRequest) -> list[MergeRequestReviewer]:
    """List who is asked to review a merge request, and how far they are."""
    return reviewers_of(call.store, merge_request)


@v4.post(f"{AT}/todo", shape=TODO, page=PAGE)
def ask_oneself_again(call: dsl.Call, merge_request: MergeRequest) -> Todo:
    """Make a to-do item on a merge request for the current user; 304 where one is pending."""
    made = effects.add_todo(call, access.me(call).id, "marked", merge_request)
    return made or dsl.present(None, status=304)
