"""Creating, changing, ordering and deleting issues.

Source: https://docs.gitlab.com/api/issues/ and GitLab's lib/api/issues.rb.
"""

from typing import Annotated

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.issue_access import CREATES, DELETES, UPDATES
from mockgitlab.api.issue_filters import TYPES
from mockgitlab.api.models.issue import ISSUE, Issue
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.todo import Todo
from mockgitlab.api.models.todo_shape import TODO
from mockgitlab.api.services import follow_ups, issue_positions, issues
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.issues import ANY_ISSUE, NAMED_ISSUE
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import Unprocessable

PAGE = "issues"
PARAMS = (
    of_field(Issue.fields["description"], required=False),
    dsl.param("assignee_ids", dsl.IdList, "The IDs of the users to assign the issue to, 0 for nobody"),
    dsl.param("assignee_id", int, "The ID of the user to assign the issue to", deprecated="use assignee_ids"),
    of_field(Issue.fields["milestone_id"], required=False),
    dsl.param("labels", dsl.CommaList, "The names of the labels; unknown ones are created"),
    dsl.param("add_labels", dsl.CommaList, "The names of labels to add"),
    dsl.param("remove_labels", dsl.CommaList, "The names of labels to remove"),
    dsl.param("due_date", str, "The due date, YYYY-MM-DD"),
    of_field(Issue.fields["confidential"], required=False),
    of_field(Issue.fields["discussion_locked"], required=False),
    dsl.param("issue_type", str, "The type of issue", enum=TYPES),
    of_field(Issue.fields["weight"], required=False),
    dsl.param("epic_id", int, "The ID of the epic that it is part of, 0 for none"),
    dsl.param("epic_iid", int, "The internal ID of that epic in the project's group", deprecated="use epic_id"),
)
ONE_EPIC = dsl.mutually_exclusive("epic_id", "epic_iid")
CHANGES = (
    "assignee_id",
    "assignee_ids",
    "confidential",
    "created_at",
    "description",
    "discussion_locked",
    "due_date",
    "labels",
    "add_labels",
    "remove_labels",
    "milestone_id",
    "state_event",
    "title",
    "issue_type",
    "weight",
    "epic_id",
    "epic_iid",
)


@v4.post(
    "projects/:id/issues",
    rule=CREATES,
    shape=ISSUE,
    page=PAGE,
    params=(
        of_field(Issue.fields["title"], required=True),
        *PARAMS,
        dsl.param("created_at", dsl.Timestamp, "When the issue was created; for administrators and owners"),
        dsl.param("iid", int, "The internal ID of the issue; for administrators and owners"),
        dsl.param("merge_request_to_resolve_discussions_of", int, "The merge request whose discussions it resolves"),
        dsl.param("discussion_to_resolve", str, "The one discussion that it resolves"),
    ),
    constraints=[dsl.not_empty("confidential"), ONE_EPIC],
)
def create_issue(call: dsl.Call, project: Project, given: dsl.Given) -> Issue:
    """Create an issue, which may go on with the threads of a merge request."""
    asked = follow_ups.asked(call, project, given)
    default = {"description": follow_ups.described(call, asked)} if asked else {}
    issue = issues.create_issue(call, project, {**default, **given})
    if asked is not None:
        follow_ups.resolve(call, asked, issue)
    return issue


@v4.put(
    "projects/:id/issues/:issue_iid",
    rule=UPDATES,
    shape=ISSUE,
    page=PAGE,
    locators=ANY_ISSUE,
    params=(
        of_field(Issue.fields["title"], required=False),
        *PARAMS,
        dsl.param("state_event", str, "Close or reopen the issue", enum=("reopen", "close")),
        dsl.param("created_at", str, "Without effect"),
        dsl.param("updated_at", dsl.Timestamp, "When the issue was changed; for administrators and owners"),
    ),
    constraints=[dsl.not_empty("confidential", "updated_at"), dsl.at_least_one_of(*CHANGES), ONE_EPIC],
)
def update_issue(call: dsl.Call, issue: Issue, given: dsl.Given) -> Issue:
    """Change an issue, close it or open it again."""
    return issues.update_issue(call, issue, given)


@v4.delete("projects/:id/issues/:issue_iid", rule=DELETES, page=PAGE, locators=NAMED_ISSUE)
def delete_issue(call: dsl.Call, issue: Issue) -> None:
    """Delete an issue."""
    issues.delete_issue(call, issue)


@v4.put(
    "projects/:id/issues/:issue_iid/reorder",
    rule=UPDATES,
    shape=ISSUE,
    page=PAGE,
    locators=NAMED_ISSUE,
    constraints=[dsl.at_least_one_of("move_after_id", "move_before_id")],
)
def reorder_issue(
    call: dsl.Call,
    issue: Issue,
    move_after_id: Annotated[int | None, "The global ID of the issue that this one comes after"] = None,
    move_before_id: Annotated[int | None, "The global ID of the issue that this one comes before"] = None,
) -> Issue:
    """Put an issue after or before another in lists that are ordered by hand."""
    after, before = (call.store[Issue].get(number) for number in (move_after_id, move_before_id))
    if after is None and before is None:
        raise Unprocessable(
            {"error": "Unprocessable Entity"},
            reason=f"there is no issue with the global id {move_after_id or move_before_id}",
        )
    return issue_positions.place(call.store, issue, after, before)


@v4.post("projects/:id/issues/:issue_iid/todo", shape=TODO, page=PAGE)
def ask_oneself(call: dsl.Call, issue: Issue) -> Todo:
    """Make a to-do item on an issue for the current user; 304 where one is pending."""
    return effects.add_todo(call, access.me(call).id, "marked", issue) or dsl.present(None, status=304)
