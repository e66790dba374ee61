"""Issues of epics. Source: https://docs.gitlab.com/api/epic_issues/ and GitLab's ee/lib/api/epic_issues.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.epic_access import READS_AS_USER
from mockgitlab.api.issue_access import may_read
from mockgitlab.api.models.epic import EPIC_LISTED, Epic, EpicIssue, issues_of
from mockgitlab.api.models.issue import ISSUE_BASIC, ISSUE_LISTED, Issue
from mockgitlab.api.services import epic_members
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Forbidden, RecordNotFound

PATH = "groups/:id/epics/:epic_iid/issues"
EE: dict[str, Any] = {"edition": "ee"}
EPIC_ISSUE = ISSUE_LISTED.plus(
    epic_issue_id=lambda issue, view: _row(view.store, issue).id,
    relative_position=lambda issue, view: _row(view.store, issue).relative_position,
).called("EpicIssue")
EPIC_ISSUE_LINK = EpicIssue.shape("id", "relative_position", name="EpicIssueLink").plus(
    epic=lambda row, view: view.one(EPIC_LISTED, view.store[Epic].get(row.epic_id)),
    issue=lambda row, view: view.one(ISSUE_BASIC, view.store[Issue].get(row.issue_id)),
)


def _row(store: dsl.Store, issue: Issue) -> EpicIssue:
    return next(iter(store[EpicIssue].having("issue_id", issue.id)))


def _check_relates(call: dsl.Call, issue: Issue) -> None:
    """Raise ``Forbidden`` unless the caller sees the issue; on open projects that is enough."""
    if not may_read(call.store, access.me(call), issue):
        raise Forbidden(reason=f"{access.me(call).username} may not see issue {issue.id}")


@v4.locator(f"{PATH}/:epic_issue_id", integer=True)
def find_epic_issue(call: dsl.Call, value: str) -> EpicIssue:
    """Return the row that makes an issue part of the epic."""
    row = call.store[EpicIssue].get(int(value))
    if row is None or row.epic_id != call.at(Epic).id:
        raise RecordNotFound(reason=f"{value} ties no issue to epic {call.at(Epic).iid}; it is the epic_issue_id")
    _check_relates(call, call.store[Issue][row.issue_id])
    return row


def find_issue_by_id(call: dsl.Call, value: str) -> Issue:
    """Return the issue with a global id, which the path names where an issue becomes part of an epic."""
    issue = call.store[Issue].get(int(value))
    if issue is None:
        raise RecordNotFound(reason=f"there is no issue with the global id {value}")
    _check_relates(call, issue)
    return issue


def _listed(call: dsl.Call, epic: Epic) -> list[Issue]:
    found = [call.store[Issue][row.issue_id] for row in issues_of(call.store, epic)]
    return [issue for issue in found if may_read(call.store, access.me(call), issue)]


@v4.get(PATH, rule=READS_AS_USER, shape=EPIC_ISSUE, **EE)
def list_epic_issues(call: dsl.Call, epic: Epic) -> list[Issue]:
    """List the issues of an epic that the caller may see, in the order of their places."""
    return _listed(call, epic)


@v4.post(
    f"{PATH}/:epic_issue_id",
    rule=READS_AS_USER,
    shape=EPIC_ISSUE_LINK,
    locators=(("epic_issue_id", dsl.Locator(find_issue_by_id, integer=True)),),
    **EE,
)
def add_epic_issue(call: dsl.Call, epic: Epic, issue: Issue) -> EpicIssue:
    """Make an issue part of an epic, and of no other."""
    return epic_members.add_issue(call, epic, issue)


@v4.put(f"{PATH}/:epic_issue_id", rule=READS_AS_USER, shape=EPIC_ISSUE, **EE)
def move_epic_issue(
    call: dsl.Call,
    epic: Epic,
    row: EpicIssue,
    move_before_id: Annotated[int | None, "The tie of the issue that comes after this one"] = None,
    move_after_id: Annotated[int | None, "The tie of the issue that comes before this one"] = None,
) -> list[Issue]:
    """Put an issue of an epic before or after another."""
    if not epic_members.place(call.store, issues_of(call.store, epic), row, move_after_id, move_before_id):
        raise BadRequest({"error": "Issue could not be moved!"}, reason="no other issue of the epic was named")
    return _listed(call, epic)


@v4.delete(f"{PATH}/:epic_issue_id", rule=READS_AS_USER, shape=EPIC_ISSUE_LINK, success=200, conditional=False, **EE)
def remove_epic_issue(call: dsl.Call, row: EpicIssue) -> dict[str, Any]:
    """Take an issue out of an epic, and show the tie for the last time."""
    shown = EPIC_ISSUE_LINK.render(row, call.view())
    epic_members.remove_issue(call, call.store[Issue][row.issue_id])
    return shown
