"""Milestones of projects and groups. Source: https://docs.gitlab.com/api/milestones/."""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.label import nearest, owners_of
from mockgitlab.api.models.project import Project
from mockgitlab.store import Query


class Milestone(dsl.Entity):
    """A milestone; it belongs to a project or to a group, never to both."""

    natural = "title"

    id: int = dsl.serial()
    iid: int = dsl.serial(within="owner")
    owner: str = dsl.hidden("Counts the iids apart: ``project 1`` or ``group 1``")
    project_id: int | None = dsl.hidden()
    group_id: int | None = dsl.hidden()
    title: str = dsl.required("The title of the milestone")
    description: str | None = dsl.optional("The description of the milestone")
    state: Literal["active", "closed"] = dsl.readonly(default="active")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    due_date: dsl.Date | None = dsl.optional("The due date of the milestone")
    start_date: dsl.Date | None = dsl.optional("The start date of the milestone")

    @dsl.computed
    def expired(self, view: dsl.View) -> bool:
        """Whether the due date is past."""
        return self.due_date is not None and self.due_date < view.store.today

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of the milestone's page."""
        if self.project_id is not None:
            return f"{view.base}/{view.store.steady(Project)[self.project_id].full_path}/-/milestones/{self.iid}"
        return f"{view.base}/groups/{view.store.steady(Group)[self.group_id or 0].full_path}/-/milestones/{self.iid}"


def _owner(column: str) -> Any:
    return lambda milestone, view: value if (value := getattr(milestone, column)) is not None else dsl.OMIT


MILESTONE = (
    Milestone.shape("id", "iid", name="Milestone")
    .plus(project_id=_owner("project_id"), group_id=_owner("group_id"))
    .plus("title", "description", "state", "created_at", "updated_at", "due_date", "start_date", entity=Milestone)
    .plus("expired", "web_url", entity=Milestone)
)


def milestones_of(store: dsl.Store, at: Project | Group) -> Query[Milestone]:
    """Return the milestones that issues of a project or group may have: its own and those of the groups above."""
    return store[Milestone].all().among("owner", owners_of(store, at))


def find_milestone(store: dsl.Store, at: Project | Group, title: str) -> Milestone | None:
    """Return the milestone with exactly this title that issues of a project or group may have, the nearest one."""
    return nearest(store, at, store[Milestone].having("title", title))
