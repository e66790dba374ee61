"""What issues, merge requests and epics have in common: people, labels, comments, reactions; and milestone and time.

Source: GitLab's app/models/concerns/issuable.rb and lib/api/entities/issuable_entity.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.markdown import mentioned_names, tasks
from mockgitlab.api.models.award import count_awards
from mockgitlab.api.models.importable import Importable
from mockgitlab.api.models.label import LABEL_DETAILS, Label
from mockgitlab.api.models.milestone import MILESTONE, Milestone
from mockgitlab.api.models.note import Note, count_user_notes
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.timelog import time_stats
from mockgitlab.api.models.user import USER_BASIC, User

GLOBALLY = "asked globally"
"""The option of a view whose references are written in full."""


class Described(Importable):
    """What somebody described, and others label, react to and follow: work, and epics, which gather it."""

    id: int = dsl.serial()
    title: str = dsl.required("The title", present=True, max_length=255)
    description: str | None = dsl.optional("The description", max_length=1_048_576)
    author_id: int = dsl.reference("User", "Who wrote it")
    label_ids: tuple[int, ...] = dsl.references("Label", "The labels")
    closed_by_id: int | None = dsl.reference("User", "Who closed it")
    subscriber_ids: tuple[int, ...] = dsl.hidden("Who asked for notifications", default=())
    unsubscriber_ids: tuple[int, ...] = dsl.hidden("Who wants no notifications", default=())

    @dsl.computed
    def author(self, view: dsl.View) -> dict[str, Any] | None:
        """Who wrote it."""
        return view.one(USER_BASIC, view.store[User].get(self.author_id))

    @dsl.computed
    def subscribed(self, view: dsl.View) -> bool:
        """Whether the user is notified: by choice, or else as somebody who takes part."""
        return is_subscribed(view.store, self, view.store[User].get(view.user_id))

    @dsl.computed
    def labels(self, view: dsl.View) -> list[Any]:
        """The names of the labels, or with ``with_labels_details`` the labels."""
        if not self.label_ids:
            return []
        rows = (view.store[Label].get(label_id) for label_id in self.label_ids)
        labels = sorted((label for label in rows if label is not None), key=lambda label: label.name)
        if view.option("with_labels_details"):
            return view.many(LABEL_DETAILS, labels)
        return [label.name for label in labels]

    @dsl.computed
    def upvotes(self, view: dsl.View) -> int:
        """How many users gave thumbs up."""
        return count_awards(view.store, self, "thumbsup")

    @dsl.computed
    def downvotes(self, view: dsl.View) -> int:
        """How many users gave thumbs down."""
        return count_awards(view.store, self, "thumbsdown")


class Issuable(Described):
    """Work that somebody described, and others are asked to do or to look at."""

    iid: int = dsl.serial(within="project_id")
    project_id: int = dsl.parent("Project")
    assignee_ids: tuple[int, ...] = dsl.references("User", "The IDs of the users to assign it to")
    milestone_id: int | None = dsl.reference("Milestone", "The ID of a milestone to assign it to")
    discussion_locked: bool | None = dsl.optional("Whether only members may comment")
    time_estimate: int = dsl.hidden(default=0)

    # People

    @dsl.computed
    def closed_by(self, view: dsl.View) -> dict[str, Any] | None:
        """Who closed it."""
        return view.one(USER_BASIC, view.store[User].get(self.closed_by_id))

    @dsl.computed
    def assignees(self, view: dsl.View) -> list[dict[str, Any]]:
        """Whose work it is."""
        if not self.assignee_ids:
            return []
        users = (view.store[User].get(user_id) for user_id in self.assignee_ids)
        return view.many(USER_BASIC, [user for user in users if user is not None])

    @dsl.computed
    def assignee(self, view: dsl.View) -> dict[str, Any] | None:
        """The first of the assignees."""
        return next(iter(self.assignees(view)), None)

    # Kind and content

    @dsl.computed
    def milestone(self, view: dsl.View) -> dict[str, Any] | None:
        """The milestone."""
        return view.one(MILESTONE, view.store[Milestone].get(self.milestone_id))

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
    def time_stats(self, view: dsl.View) -> dict[str, Any]:
        """The time estimated and spent."""
        return time_stats(view.store, self)


def reference_to(store: dsl.Store, record: Issuable, sign: str, seen_from: Project | None) -> str:
    """Return how a text refers to a record: in full, or as short as a text in another project may."""
    project = store.steady(Project)[record.project_id]
    if seen_from is None:
        return f"{project.full_path}{sign}{record.iid}"
    if seen_from.id == project.id:
        return f"{sign}{record.iid}"
    path = project.path if seen_from.namespace_id == project.namespace_id else project.full_path
    return f"{path}{sign}{record.iid}"


def asked_in(group_id: int) -> tuple[str, int]:
    """Return the option of a view that says in which group they are listed; add ``GLOBALLY`` for the groups below."""
    return "group", group_id


def is_subscribed(store: dsl.Store, record: Described, user: User | None) -> bool:
    """Tell whether a user is notified: by choice, or else as author, assignee, reviewer, commenter or mentioned."""
    if user is None or user.id in record.unsubscriber_ids:
        return False
    people = (record.author_id, *getattr(record, "assignee_ids", ()), *getattr(record, "reviewer_ids", ()))
    if user.id in (*record.subscriber_ids, *people):
        return True
    notes = comments(store, record)
    if any(note.author_id == user.id for note in notes):
        return True
    name = user.username.lower()
    texts = (record.description, *(note.body for note in notes))
    return any(name == one.lower() for text in texts for one in mentioned_names(text))


def comments(store: dsl.Store, record: Described) -> list[Note]:
    """Return the comments on a record, the system's remarks left out, oldest first."""
    notes = store[Note].having("noteable_id", record.id)
    return [note for note in notes if note.noteable_type == type(record).__name__ and not note.system]
