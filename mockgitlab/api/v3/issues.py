"""Issues, named in paths by their global id.

Source: GitLab 8's doc/api/issues.md, and lib/api/issues.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.issue_access import may_read, readable_issues
from mockgitlab.api.issue_filters import COUNTED, STATE
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import ISSUE, ISSUE_LISTED, Issue
from mockgitlab.api.models.label import Label
from mockgitlab.api.models.project import Project
from mockgitlab.api.v3.base import record_at, shown_state, v3
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.issues import hidden
from mockgitlab.errors import NotFound, RecordNotFound
from mockgitlab.store import Query

Issues = Query[Issue]
AT = "projects/:id/issues/:issue_id"
THERE = "projects/:id/issues/:issue_iid"


# Shape


SHOWN = (
    ISSUE.plus(state=shown_state)
    .only(
        *("id", "iid", "project_id", "title", "description", "state", "created_at", "updated_at", "labels"),
        *("milestone", "assignee", "author", "subscribed", "user_notes_count", "upvotes", "downvotes", "due_date"),
        *("confidential", "web_url"),
    )
    .called("Issue")
)
v3.dialect.show({ISSUE: SHOWN, ISSUE_LISTED: SHOWN})


# Finding


@v3.locator(AT)
def find_issue(call: dsl.Call, value: str) -> Issue:
    """Return the issue with a global id that the caller may see."""
    issue = find_any_issue(call, value)
    if not may_read(call.store, call.user, issue):
        raise RecordNotFound(reason=hidden(call, issue))
    return issue


def find_any_issue(call: dsl.Call, value: str) -> Issue:
    """Return the issue with a global id; whether the caller may see it is left to the operation's rule."""
    return record_at(call, Issue, value)


def find_named_issue(call: dsl.Call, value: str) -> Issue:
    """Do the same, in the words of those operations that tell what was not found."""
    try:
        return record_at(call, Issue, value)
    except RecordNotFound as error:
        raise NotFound("Issue", reason=error.reason) from None


ANY_ISSUE = (("issue_id", dsl.Locator(find_any_issue)),)
NAMED_ISSUE = (("issue_id", dsl.Locator(find_named_issue)),)


# Lists


def _by_any_label(query: Issues, titles: list[str], call: dsl.Call) -> Issues:
    ids = [label.id for title in titles for label in call.store[Label].having("name", title)]
    return query.among("label_ids", ids) if titles else query


ALL_LABELS, MILESTONE = COUNTED[0], COUNTED[1]
ANY_LABEL = dsl.by("labels", dsl.CommaList, "With any of these labels", _by_any_label)
OPENED = dsl.eq(
    "state", str, "Opened unless given", default="opened", ignore=("all",), enum=("opened", "closed", "all")
)
ORDER = dsl.order("created_at", "updated_at")


@v3.get("issues", shape=SHOWN, filters=[STATE, ANY_LABEL, MILESTONE, ORDER])
def list_issues(call: dsl.Call) -> Issues:
    """List the issues that the user wrote."""
    return readable_issues(call, None).where(author_id=access.me(call).id)


@v3.get("groups/:id/issues", shape=SHOWN, filters=[OPENED, ALL_LABELS, MILESTONE, ORDER])
def list_group_issues(call: dsl.Call, group: Group) -> Issues:
    """List the issues of a group's projects, by default the open ones."""
    return readable_issues(call, group)


@v3.get("projects/:id/issues", shape=SHOWN, filters=[STATE, dsl.ids("iid", "iid"), ANY_LABEL, MILESTONE, ORDER])
def list_project_issues(call: dsl.Call, project: Project) -> Issues:
    """List the issues of a project."""
    return readable_issues(call, project)


# One issue

ATTRIBUTES = ("description", "assignee_id", "milestone_id", "labels", "due_date", "confidential")
RESOLVING = {"merge_request_for_resolving_discussions": dsl.Renamed("merge_request_to_resolve_discussions_of")}

v3.adopt(v4, "GET", THERE, at=AT)
v3.adopt(
    v4,
    "POST",
    "projects/:id/issues",
    takes=("title", *ATTRIBUTES, "created_at", *RESOLVING),
    renames=RESOLVING,
)
v3.adopt(v4, "PUT", THERE, at=AT, locators=ANY_ISSUE, takes=("title", *ATTRIBUTES, "state_event", "updated_at"))
v3.adopt(v4, "DELETE", THERE, at=AT, locators=NAMED_ISSUE, gives_back=SHOWN)
v3.adopt(v4, "POST", f"{THERE}/move", at=f"{AT}/move", locators=NAMED_ISSUE)
