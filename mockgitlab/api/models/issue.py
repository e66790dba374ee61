"""Issues. Source: https://docs.gitlab.com/api/issues/ and GitLab's lib/api/entities/issue*.rb."""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.markdown import mentioned_names, tasks
from mockgitlab.api.models.award import count_awards
from mockgitlab.api.models.issue_link import IssueLink
from mockgitlab.api.models.label import LABEL_DETAILS, Label
from mockgitlab.api.models.milestone import MILESTONE, Milestone
from mockgitlab.api.models.note import Note, count_user_notes
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.timelog import time_stats
from mockgitlab.api.models.user import USER_BASIC, User

IssueType = Literal["issue", "incident", "test_case", "requirement", "task", "ticket"]
Severity = Literal["unknown", "low", "medium", "high", "critical"]
Health = Literal["on_track", "needs_attention", "at_risk"]
GLOBALLY = "asked globally"
"""The option of a view whose references are written in full."""

_PAGES = {"incident": "issues/incident", "task": "work_items"}


class Issue(dsl.Entity):
    """A planned piece of work."""

    id: int = dsl.serial()
    iid: int = dsl.serial(within="project_id")
    project_id: int = dsl.parent("Project")
    title: str = dsl.required("The title of an issue", present=True, max_length=255)
    description: str | None = dsl.optional("The description of an issue", max_length=1_048_576)
    state: Literal["opened", "closed"] = dsl.readonly(default="opened")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    closed_at: str | None = dsl.readonly()
    closed_by_id: int | None = dsl.reference("User", "Who closed it")
    author_id: int = dsl.reference("User", "Who wrote it")
    assignee_ids: tuple[int, ...] = dsl.references("User", "The IDs of the users to assign the issue to")
    milestone_id: int | None = dsl.reference("Milestone", "The ID of a milestone to assign the issue to")
    label_ids: tuple[int, ...] = dsl.references("Label", "The labels")
    merge_requests_count: int = dsl.readonly("How many merge requests close it", default=0)
    due_date: dsl.Date | None = dsl.optional("The due date, YYYY-MM-DD")
    confidential: bool = dsl.optional("Set an issue to be confidential", default=False)
    discussion_locked: bool | None = dsl.optional("Whether only members may comment")
    issue_type: IssueType = dsl.optional("The type of issue", default="issue")
    weight: int | None = dsl.optional("The weight of the issue", minimum=0, edition="ee")
    moved_to_id: int | None = dsl.readonly()
    duplicated_to_id: int | None = dsl.hidden("The issue of which it is a duplicate")
    service_desk_reply_to: str | None = dsl.readonly()
    health_status: Health | None = dsl.readonly("How the work goes", edition="ee")
    severity_level: Severity = dsl.hidden("How bad an incident is", default="unknown")
    time_estimate: int = dsl.hidden(default=0)
    subscriber_ids: tuple[int, ...] = dsl.hidden("Who asked for notifications", default=())
    unsubscriber_ids: tuple[int, ...] = dsl.hidden("Who wants no notifications", default=())
    relative_position: int | None = dsl.hidden("Its place in lists ordered by hand")
    user_agent: str | None = dsl.hidden("The client that created it")
    ip_address: str | None = dsl.hidden("The address of the client that created it")

    # People

    @dsl.computed
    def author(self, view: dsl.View) -> dict[str, Any] | None:
        """Who wrote it."""
        return view.one(USER_BASIC, view.store[User].get(self.author_id))

    @dsl.computed
    def closed_by(self, view: dsl.View) -> dict[str, Any] | None:
        """Who closed it."""
        return view.one(USER_BASIC, view.store[User].get(self.closed_by_id))

    @dsl.computed
    def assignees(self, view: dsl.View) -> list[dict[str, Any]]:
        """Whose work it is."""
        users = (view.store[User].get(user_id) for user_id in self.assignee_ids)
        return view.many(USER_BASIC, [user for user in users if user is not None])

    @dsl.computed
    def assignee(self, view: dsl.View) -> dict[str, Any] | None:
        """The first of the assignees."""
        return next(iter(self.assignees(view)), None)

    @dsl.computed
    def subscribed(self, view: dsl.View) -> bool:
        """Whether the user is notified: by choice, or else as somebody who takes part."""
        return is_subscribed(view.store, self, view.store[User].get(view.user_id))

    # Kind and content

    @dsl.computed
    def labels(self, view: dsl.View) -> list[Any]:
        """The names of the labels, or with ``with_labels_details`` the labels."""
        rows = (view.store[Label].get(label_id) for label_id in self.label_ids)
        labels = sorted((label for label in rows if label is not None), key=lambda label: label.name)
        if view.option("with_labels_details"):
            return view.many(LABEL_DETAILS, labels)
        return [label.name for label in labels]

    @dsl.computed
    def milestone(self, view: dsl.View) -> dict[str, Any] | None:
        """The milestone."""
        return view.one(MILESTONE, view.store[Milestone].get(self.milestone_id))

    @dsl.computed
    def type(self, view: dsl.View) -> str:
        """The type in capitals."""
        return self.issue_type.upper()

    @dsl.computed
    def severity(self, view: dsl.View) -> str:
        """How bad it is, in capitals; known of incidents alone."""
        return self.severity_level.upper() if self.issue_type == "incident" else "UNKNOWN"

    @dsl.computed
    def task_completion_status(self, view: dsl.View) -> dict[str, int]:
        """How many boxes of task lists the description has, and how many are ticked."""
        boxes = tasks(self.description)
        return {"count": len(boxes), "completed_count": sum(done for _, done in boxes)}

    @dsl.computed
    def has_tasks(self, view: dsl.View) -> bool:
        """Whether the description has boxes of task lists."""
        return bool(tasks(self.description))

    @dsl.computed
    def task_status(self, view: dsl.View) -> Any:
        """The boxes of task lists in words."""
        boxes = tasks(self.description)
        if not boxes:
            return dsl.OMIT
        items = "item" if len(boxes) == 1 else "items"
        return f"{sum(done for _, done in boxes)} of {len(boxes)} checklist {items} completed"

    # Counts

    @dsl.computed
    def user_notes_count(self, view: dsl.View) -> int:
        """How many comments there are, the system's remarks left out."""
        return count_user_notes(view.store, self)

    @dsl.computed
    def upvotes(self, view: dsl.View) -> int:
        """How many users gave thumbs up."""
        return count_awards(view.store, self, "thumbsup")

    @dsl.computed
    def downvotes(self, view: dsl.View) -> int:
        """How many users gave thumbs down."""
        return count_awards(view.store, self, "thumbsdown")

    @dsl.computed
    def time_stats(self, view: dsl.View) -> dict[str, Any]:
        """The time estimated and spent."""
        return time_stats(view.store, self)

    @dsl.computed_in(edition="ee")
    def blocking_issues_count(self, view: dsl.View) -> int:
        """How many other open issues wait for this one."""
        if self.state == "closed":
            return 0
        links = view.store[IssueLink].having("source_id", self.id)
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
            "closed_as_duplicate_of": _address(view.store[Issue].get(self.duplicated_to_id), view),
        }

    @dsl.computed
    def references(self, view: dsl.View) -> dict[str, str]:
        """How texts refer to it: shortly, from where it was asked for, and from anywhere."""
        short, full = f"#{self.iid}", reference(view.store, self)
        namespace_id = view.store.steady(Project)[self.project_id].namespace_id
        relative = short
        if asked_in(namespace_id) in view.options:
            relative = full.rpartition("/")[2]
        elif GLOBALLY in view.options:
            relative = full
        return {"short": short, "relative": relative, "full": full}

    # What only other editions or importers fill

    @dsl.computed_in(since="16.11")
    def imported(self, view: dsl.View) -> bool:
        """Whether it came from another system."""
        return False

    @dsl.computed_in(since="16.11")
    def imported_from(self, view: dsl.View) -> str:
        """From which system it came."""
        return "none"


@dsl.computed_in(edition="ee")
def _planned(issue: Issue, view: dsl.View) -> Any:
    """The epic or iteration that it is part of: none, and issues of personal projects cannot have one."""
    namespace = namespace_of(view.store, view.store[Project][issue.project_id])
    return None if namespace.kind == "group" else dsl.OMIT


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
    .plus(epic_iid=_planned, epic=_planned, iteration=_planned)
    .plus("health_status", entity=Issue)
    .called("Issue")
)
ISSUE_LISTED = ISSUE.without("subscribed")
"""Lists do not tell whether the user is subscribed."""


def asked_in(group_id: int) -> tuple[str, int]:
    """Return the option of a view that says in which group issues are listed; add ``GLOBALLY`` for the groups below."""
    return "group", group_id


def reference(store: dsl.Store, issue: Issue, seen_from: Project | None = None) -> str:
    """Return how a text refers to an issue: in full, or as short as a text in another project may."""
    project = store.steady(Project)[issue.project_id]
    if seen_from is None:
        return f"{project.full_path}#{issue.iid}"
    if seen_from.id == project.id:
        return f"#{issue.iid}"
    path = project.path if seen_from.namespace_id == project.namespace_id else project.full_path
    return f"{path}#{issue.iid}"


def is_subscribed(store: dsl.Store, issue: Issue, user: User | None) -> bool:
    """Tell whether a user is notified: by choice, or else as author, assignee, commenter or mentioned."""
    if user is None or user.id in issue.unsubscriber_ids:
        return False
    if user.id in (*issue.subscriber_ids, issue.author_id, *issue.assignee_ids):
        return True
    notes = comments(store, issue)
    if any(note.author_id == user.id for note in notes):
        return True
    name = user.username.lower()
    texts = (issue.description, *(note.body for note in notes))
    return any(name == one.lower() for text in texts for one in mentioned_names(text))


def comments(store: dsl.Store, issue: Issue) -> list[Note]:
    """Return the comments on an issue, the system's remarks left out, oldest first."""
    notes = store[Note].having("noteable_id", issue.id)
    return [note for note in notes if note.noteable_type == "Issue" and not note.system]


def _address(issue: Issue | None, view: dsl.View) -> str | None:
    return f"{view.base}/api/v4/projects/{issue.project_id}/issues/{issue.iid}" if issue else None
