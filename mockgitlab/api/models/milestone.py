"""Milestones of projects and groups. Source: https://docs.gitlab.com/api/milestones/."""

from typing import Literal

from mockgitlab import dsl


class Milestone(dsl.Entity):
    """A milestone; it belongs to a project or to a group, never to both."""

    natural = "title"

    id: int = dsl.serial()
    iid: int = dsl.serial(within="owner")
    owner: str = dsl.hidden("Counts the iids apart: ``project 1`` or ``group 1``")
    project_id: int | None = dsl.hidden()
    group_id: int | None = dsl.hidden()
    title: str = dsl.required("The title of a milestone", present=True, max_length=255)
    description: str | None = dsl.optional("The description of the milestone")
    state: Literal["active", "closed"] = dsl.readonly(default="active")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    due_date: dsl.Date | None = dsl.optional("The due date of the milestone")
    start_date: dsl.Date | None = dsl.optional("The start date of the milestone")
