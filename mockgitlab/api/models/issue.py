"""Issues. Source: https://docs.gitlab.com/api/issues/ and GitLab's lib/api/entities/issue*.rb."""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.epic import EPIC_OF_ISSUE, Epic, epic_of
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issuable import GLOBALLY, Issuable, asked_in, reference_to
from mockgitlab.api.models.issue_link import IssueLink
from mockgitlab.api.models.iteration import ITERATION, Iteration
from mockgitlab.api.models.merge_request_closing import closing_ids
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User

IssueType = Literal["issue", "incident", "test_case", "requirement", "task", "ticket"]
Severity = Literal["unknown", "low", "medium", "high", "critical"]
Health = Literal["on_track", "needs_attention", "at_risk"]
_PAGES = {"incident": "issues/incident", "task": "work_items"}


class Issue(Issuable):
    """A planned piece of work."""

    title: str = dsl.required("The title of an issue", present=True, max_length=255)
    description: str | None = dsl.optional("The description of an issue", max_length=1_048_576)
    state: Literal["opened", "closed"] = dsl.readonly(default="opened")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    closed_at: str | None = dsl.readonly()
    assignee_ids: tuple[int, ...] = dsl.references("User", "The IDs of the users to assign the issue to")
    milestone_id: int | None = dsl.reference("Milestone", "The ID of a milestone to assign the issue to")
    due_date: dsl.Date | None = dsl.optional("The due date, YYYY-MM-DD")
    confidential: bool = dsl.optional("Set an issue to be confidential", default=False)
    issue_type: IssueType = dsl.optional("The type of issue", default="issue")
    weight: int | None = dsl.optional("The weight of the issue", minimum=0, edition="ee")
    iteration_id: int | None = dsl.reference("Iteration", "The iteration that it is part of")
    moved_to_id: int | None = dsl.readonly()
    duplicated_to_id: int | None = dsl.hidden("The issue of which it is a duplicate")
    promoted_to_epic_id: int | None = dsl.hidden("The epic that was made of it")
    service_desk_reply_to: str | None = dsl.readonly()
    health_status: Health | None = dsl.readonly("How the work goes", edition="ee")
    severity_level: Severity = dsl.hidden("How bad an incident is", default="unknown")
    relative_position: int | None = dsl.hidden("Its place in lists ordered by hand")
    user_agent: str | None = dsl.hidden("The client that created it")
    ip_address: str | None = dsl.hidden("The address of the client that created it")

    # Kind

    @dsl.computed
    def type(self, view: dsl.View) -> str:
        """The type in capitals."""
        return self.issue_type.upper()

    @dsl.computed
    def severity(self, view: dsl.View) -> str:
        """How bad it is, in capitals; known of incidents alone."""
        return self.severity_level.upper() if self.issue_type == "incident" else "UNKNOWN"

    @dsl.computed
    def merge_requests_count(self, view: dsl.View) -> int:
        """How many merge requests close it."""
        return len(closing_ids(view.store, self.id))

    @dsl.computed_in(edition="ee")
    def blocking_issues_count(self, view: dsl.View) -> int:
        """How many other open issues wait for this one."""
        if self.state == "closed":
            return 0
        links = view.store[IssueLink].having("source_id", self.id)
        if not links:
            return 0
        blocked = [view.store[Issue].get(link.target_id) for link in links if link.link_type == "blocks"]
        return sum(issue is not None and issue.state == "opened" for issue in blocked)

    # Addresses

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of the issue's page."""
        path = view.store.steady(Project)[self.project_id].full_path
        return f"{view.base}/{path}/-/{_PAGES.get(self.issue_type, 'issues')}/{self.iid}"

    @dsl.computed
    def _links(self, view: dsl.View) -> dict[str, str | None]:
        """The addresses of the issue and what belongs to it in this API."""
        project, own = f"{view.base}/api/v4/projects/{self.project_id}", _address(self, view)
        return {
            "self": own,
            "notes": f"{own}/notes",
            "award_emoji": f"{own}/award_emoji",
            "project": project,
            "closed_as_duplicate_of": self._duplicate_of(view),
        }

    def _duplicate_of(self, view: dsl.View) -> str | None:
        """Return the address of the issue of which it is a duplicate, if the user may see that."""
        canonical = view.store[Issue].get(self.duplicated_to_id) if self.duplicated_to_id else None
        if canonical is None:
            return None
        # Who may see issues is known to what knows of issues.
        from mockgitlab.api.issue_access import may_read

        return (
            _address(canonical, view) if may_read(view.store, view.store[User].get(view.user_id), canonical) else None
        )

    @dsl.computed
    def references(self, view: dsl.View) -> dict[str, str]:
        """How texts refer to it: shortly, from where it was asked for, and from anywhere."""
        project = view.store.steady(Project)[self.project_id]
        short, full = f"#{self.iid}", f"{project.full_path}#{self.iid}"
        relative = short
        if asked_in(project.namespace_id) in view.options:
            relative = full.rpartition("/")[2]
        elif GLOBALLY in view.options:
            relative = full
        return {"short": short, "relative": relative, "full": full}


def _in_group(issue: Issue, view: dsl.View) -> bool:
    project = view.store.steady(Project)[issue.project_id]
    return view.store.steady(Group)[project.namespace_id].kind == "group"


def _epic_of(issue: Issue, view: dsl.View) -> Epic | None:
    """Return the epic that an issue is part of, if the user may see it."""
    epic = epic_of(view.store, issue.id)
    if epic is None or not epic.confidential:
        return epic
    # Who may see epics is known to what knows of epics.
    from mockgitlab.api.epic_access import may_read

    return epic if may_read(view.store, view.store[User].get(view.user_id), epic) else None


@dsl.computed_in(edition="ee")
def _epic(issue: Issue, view: dsl.View) -> Any:
    """The epic that it is part of; issues of personal projects cannot have one."""
    return view.one(EPIC_OF_ISSUE, _epic_of(issue, view)) if _in_group(issue, view) else dsl.OMIT


@dsl.computed_in(edition="ee")
def _epic_iid(issue: Issue, view: dsl.View) -> Any:
    """The internal ID of that epic."""
    if not _in_group(issue, view):
        return dsl.OMIT
    epic = _epic_of(issue, view)
    return epic.iid if epic else None


@dsl.computed_in(edition="ee")
def _iteration(issue: Issue, view: dsl.View) -> Any:
    """The iteration that it is part of; issues of personal projects cannot have one."""
    if not _in_group(issue, view):
        return dsl.OMIT
    return view.one(ITERATION, view.store[Iteration].get(issue.iteration_id))


ISSUE_BASIC = (
    Issue.shape("id", "iid", "project_id", "title", "description", "state", "created_at", "updated_at", "closed_at")
    .plus("closed_by", "labels", "milestone", "assignees", "author", "type", "assignee", entity=Issue)
    .plus("user_notes_count", "merge_requests_count", "upvotes", "downvotes", "due_date", "confidential", entity=Issue)
    .plus("discussion_locked", "issue_type", "web_url", "time_stats", "task_completion_status", entity=Issue)
    .plus("weight", "blocking_issues_count", entity=Issue)
    .called("IssueBasic")
)
ISSUE = (
    ISSUE_BASIC.plus("has_tasks", "task_status", "_links", "references", "severity", "subscribed", entity=Issue)
    .plus("moved_to_id", "imported", "imported_from", "service_desk_reply_to", entity=Issue)
    .plus(epic_iid=_epic_iid, epic=_epic, iteration=_iteration)
    .plus("health_status", entity=Issue)
    .called("Issue")
)
ISSUE_LISTED = ISSUE.without("subscribed")
"""Lists do not tell whether the user is subscribed."""


def reference(store: dsl.Store, issue: Issue, seen_from: Project | None = None) -> str:
    """Return how a text refers to an issue: in full, or as short as a text in another project may."""
    return reference_to(store, issue, "#", seen_from)


def _address(issue: Issue | None, view: dsl.View) -> str | None:
    return f"{view.base}/api/v4/projects/{issue.project_id}/issues/{issue.iid}" if issue else None
