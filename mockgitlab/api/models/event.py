"""Events: what users did. Source: https://docs.gitlab.com/api/events/ and GitLab's app/models/event.rb."""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.user import USER_BASIC, User

Action = Literal[
    "created",
    "updated",
    "closed",
    "reopened",
    "pushed",
    "commented",
    "merged",
    "joined",
    "left",
    "destroyed",
    "expired",
    "approved",
]
NOTES = ("Note", "DiscussionNote", "DiffNote")
"""The ``target_type`` of comments."""
SHOWN = {
    "closed": "closed",
    "merged": "accepted",
    "joined": "joined",
    "left": "left",
    "expired": "removed due to membership expiration from",
    "destroyed": "destroyed",
    "commented": "commented on",
    "approved": "approved",
}
"""How GitLab shows actions; what is not here, reopening too, is shown as ``opened``."""
PUSHES = {"created": "pushed new", "removed": "deleted"}


class Event(dsl.Entity):
    """Something that a user did in a project; ``subject`` is the target, or what it is on if that is a comment."""

    id: int = dsl.serial()
    project_id: int | None = dsl.parent("Project")
    action: Action = dsl.hidden("What was done, as clients filter by it")
    target_id: int | None = dsl.readonly()
    target_iid: int | None = dsl.readonly()
    target_type: str | None = dsl.readonly()
    author_id: int = dsl.reference("User", "Who did it")
    title: str | None = dsl.hidden("The title of a target that is no record here, such as a commit")
    created_at: str = dsl.now()
    push_data: dict[str, Any] | None = dsl.readonly("What was pushed")
    push_options: tuple[str, ...] = dsl.hidden("What was said to the push", default=())
    subject_type: str | None = dsl.hidden()
    subject_id: int | None = dsl.hidden()
    internal: bool = dsl.hidden("Whether the target is an internal note", default=False)

    @dsl.computed
    def action_name(self, view: dsl.View) -> str:
        """What was done, in GitLab's words."""
        if self.action == "pushed":
            return PUSHES.get((self.push_data or {}).get("action", ""), "pushed to")
        if self.action == "created" and self.target_type in (None, "Project"):
            return "created"
        if self.target_type == "WikiPage::Meta":
            return self.action
        return SHOWN.get(self.action, "opened")

    @dsl.computed
    def target_title(self, view: dsl.View) -> str | None:
        """The title of the target as it is now; of a comment's, that of what it is on."""
        if self.subject_id is None:
            return self.title
        subject = record(view.store, self.subject_type, self.subject_id)
        return getattr(subject, "title", None) if self.target_id is not None else None

    @dsl.computed
    def author(self, view: dsl.View) -> dict[str, Any] | None:
        """Who did it."""
        return view.one(USER_BASIC, view.store[User].get(self.author_id))

    @dsl.computed
    def author_username(self, view: dsl.View) -> str | None:
        """The username of who did it."""
        author = view.store[User].get(self.author_id)
        return author.username if author else None

    @dsl.computed_in(since="17.0")
    def imported(self, view: dsl.View) -> bool:
        """Whether it came from another system."""
        return False

    @dsl.computed_in(since="17.0")
    def imported_from(self, view: dsl.View) -> str:
        """From which system it came."""
        return "none"


def record(store: dsl.Store, kind_name: str | None, id: int | None) -> Any:
    """Return the record of a kind named as events, notes and to-do items name it; ``None`` when it is gone."""
    kind = next((kind for kind in store.kinds() if kind.__name__ == kind_name), None)
    return store[kind].get(id) if kind is not None else None
