"""Epics of groups, and the issues that they gather.

Source: https://docs.gitlab.com/api/epics/, https://docs.gitlab.com/api/epic_issues/ and GitLab's
ee/lib/ee/api/entities/epic.rb.
"""

from collections.abc import Iterator
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.colors import text_color_on
from mockgitlab.api.models.event import record
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issuable import Described
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.store import Query

DEFAULT_COLOR = "#1068bf"


class EpicIssue(dsl.Entity):
    """That an issue is part of an epic, and its place there."""

    id: int = dsl.serial()
    epic_id: int = dsl.parent("Epic")
    issue_id: int = dsl.parent("Issue")
    relative_position: int = dsl.readonly(default=0)


class Epic(Described):
    """A theme of a group, which gathers issues and other epics.

    Its days are its own where ``…_is_fixed``, and else those of the milestones of its issues, and of its epics.
    """

    group_id: int = dsl.parent("Group")
    iid: int = dsl.serial(within="group_id")
    title: str = dsl.required("The title of an epic", max_length=255)
    description: str | None = dsl.optional("The description of an epic", max_length=1_048_576)
    state: Literal["opened", "closed"] = dsl.readonly(default="opened")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    closed_at: str | None = dsl.readonly()
    confidential: bool = dsl.optional("Whether only members from Planner on see it", default=False)
    color: str = dsl.optional("The color of the epic", default=DEFAULT_COLOR)
    start_date_fixed: dsl.Date | None = dsl.optional("Its own first day")
    start_date_is_fixed: bool = dsl.optional("Whether its own first day counts", default=False)
    due_date_fixed: dsl.Date | None = dsl.optional("Its own last day")
    due_date_is_fixed: bool = dsl.optional("Whether its own last day counts", default=False)
    parent_epic_id: int | None = dsl.reference("Epic", "The epic that it is part of")
    relative_position: int = dsl.hidden(default=0)

    # Around it

    @dsl.computed
    def parent_id(self, view: dsl.View) -> int | None:
        """The ID of the epic that it is part of."""
        return self.parent_epic_id

    @dsl.computed
    def parent_iid(self, view: dsl.View) -> int | None:
        """The internal ID of the epic that it is part of."""
        parent = view.store[Epic].get(self.parent_epic_id)
        return parent.iid if parent else None

    @dsl.computed
    def text_color(self, view: dsl.View) -> str:
        """The color in which texts on its own are readable."""
        return text_color_on(self.color)

    # Days

    @dsl.computed
    def start_date(self, view: dsl.View) -> str | None:
        """The first day."""
        return day_of(view.store, self, "start_date")

    @dsl.computed
    def start_date_from_inherited_source(self, view: dsl.View) -> str | None:
        """The first day of the milestones of its issues and of its epics."""
        return inherited(view.store, self, "start_date")

    @dsl.computed
    def end_date(self, view: dsl.View) -> str | None:
        """The last day."""
        return day_of(view.store, self, "due_date")

    @dsl.computed
    def due_date_from_inherited_source(self, view: dsl.View) -> str | None:
        """The last day of the milestones of its issues and of its epics."""
        return inherited(view.store, self, "due_date")

    # Addresses

    @dsl.computed
    def web_edit_url(self, view: dsl.View) -> str:
        """The address of its page, without the host."""
        return path_of(view.store, self)

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of its page."""
        return f"{view.base}{path_of(view.store, self)}"

    @dsl.computed
    def references(self, view: dsl.View) -> dict[str, str]:
        """How texts refer to it."""
        short, full = f"&{self.iid}", reference(view.store, self)
        elsewhere = any(option[0] == "group" and option[1] != self.group_id for option in view.options)
        return {"short": short, "relative": full if elsewhere else short, "full": full}

    @dsl.computed
    def _links(self, view: dsl.View) -> dict[str, str | None]:
        """The addresses of the epic and what belongs to it in this API."""
        own, parent = api_url(self, view), view.store[Epic].get(self.parent_epic_id)
        return {
            "self": own,
            "epic_issues": f"{own}/issues",
            "group": f"{view.base}/api/v4/groups/{self.group_id}",
            "parent": api_url(parent, view) if parent else None,
        }


EPIC_LISTED = (
    Epic.shape("id", "iid", "color", "text_color", "group_id", "parent_id", "parent_iid", "imported", "imported_from")
    .plus("title", "description", "confidential", "author", "start_date", "start_date_is_fixed", entity=Epic)
    .plus("start_date_fixed", "start_date_from_inherited_source", entity=Epic)
    .plus(start_date_from_milestones=lambda epic, view: inherited(view.store, epic, "start_date", own=True))
    .plus("end_date", entity=Epic)
    .plus(due_date=lambda epic, view: epic.end_date(view))
    .plus("due_date_is_fixed", "due_date_fixed", "due_date_from_inherited_source", entity=Epic)
    .plus(due_date_from_milestones=lambda epic, view: inherited(view.store, epic, "due_date", own=True))
    .plus("state", "web_edit_url", "web_url", "references", "created_at", "updated_at", "closed_at", entity=Epic)
    .plus("labels", "upvotes", "downvotes", "_links", entity=Epic)
    .called("Epic")
)
EPIC = EPIC_LISTED.plus("subscribed", entity=Epic)
"""Of one epic that is shown."""
EPIC_OF_ISSUE = Epic.shape("id", "iid", "title", name="EpicBase").plus(
    url=lambda epic, view: path_of(view.store, epic), group_id=lambda epic, view: epic.group_id
)
"""How an issue shows the epic that it is part of."""


def issues_of(store: dsl.Store, epic: Epic) -> list[EpicIssue]:
    """Return which issues are part of an epic, in the order of their places."""
    return sorted(store[EpicIssue].having("epic_id", epic.id), key=lambda one: (one.relative_position, one.id))


def children_of(store: dsl.Store, epic: Epic) -> list[Epic]:
    """Return the epics that are part of an epic, in the order of their places."""
    return sorted(store[Epic].having("parent_epic_id", epic.id), key=lambda one: (one.relative_position, one.id))


def epic_of(store: dsl.Store, issue_id: int) -> Epic | None:
    """Return the epic that an issue is part of."""
    found = next(iter(store[EpicIssue].having("issue_id", issue_id)), None)
    return store[Epic].get(found.epic_id) if found else None


def epics_of(store: dsl.Store, group_ids: Any) -> Query[Epic]:
    """Return the epics of some groups."""
    return store[Epic].all().among("group_id", group_ids)


def day_of(store: dsl.Store, epic: Epic, column: str) -> str | None:
    """Return the first day of an epic, its ``start_date``, or the last, its ``due_date``: its own or inherited."""
    fixed: str | None = getattr(epic, f"{column}_fixed")
    return fixed if getattr(epic, f"{column}_is_fixed") else inherited(store, epic, column)


def inherited(store: dsl.Store, epic: Epic, column: str, *, own: bool = False) -> str | None:
    """Return the first, or the last, of the days of what an epic gathers; with ``own`` of its issues' milestones."""
    days = [*_of_milestones(store, epic, column), *([] if own else _of_children(store, epic, column))]
    return (min if column == "start_date" else max)(days, default=None)


def _of_milestones(store: dsl.Store, epic: Epic, column: str) -> Iterator[str]:
    for one in store[EpicIssue].having("epic_id", epic.id):
        issue = record(store, "Issue", one.issue_id)
        milestone = store[Milestone].get(issue.milestone_id) if issue else None
        if milestone is not None and getattr(milestone, column) is not None:
            yield getattr(milestone, column)


def _of_children(store: dsl.Store, epic: Epic, column: str) -> Iterator[str]:
    for child in store[Epic].having("parent_epic_id", epic.id):
        day = day_of(store, child, column)
        if day is not None:
            yield day


def path_of(store: dsl.Store, epic: Epic) -> str:
    """Return the path of an epic's page."""
    return f"/groups/{store.steady(Group)[epic.group_id].full_path}/-/epics/{epic.iid}"


def api_url(epic: Epic, view: dsl.View) -> str:
    """Return the address of an epic in this API."""
    return f"{view.base}/api/v4/groups/{epic.group_id}/epics/{epic.iid}"


def reference(store: dsl.Store, epic: Epic, group_id: int | None = None) -> str:
    """Return how a text refers to an epic: in full, or shortly in its own group."""
    return f"&{epic.iid}" if group_id == epic.group_id else f"{store.steady(Group)[epic.group_id].full_path}&{epic.iid}"
