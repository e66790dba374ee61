"""Issues. Source: https://docs.gitlab.com/api/issues/ and GitLab's lib/api/entities/issue*.rb."""

from typing import Literal

from mockgitlab import dsl


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
    confidential: bool = dsl.optional("Set an issue to be confidential", default=False)
    discussion_locked: bool | None = dsl.optional("Whether the discussion is locked")
    issue_type: Literal["issue", "incident", "test_case", "task"] = dsl.optional("The type", default="issue")
    due_date: str | None = dsl.optional("The due date, YYYY-MM-DD")
    weight: int | None = dsl.optional("The weight of the issue", minimum=0)
    moved_to_id: int | None = dsl.readonly()
    time_estimate: int = dsl.hidden(default=0)
    subscriber_ids: tuple[int, ...] = dsl.hidden(default=())
    unsubscriber_ids: tuple[int, ...] = dsl.hidden(default=())
    relative_position: int | None = dsl.hidden()
