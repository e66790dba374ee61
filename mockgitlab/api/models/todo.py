"""To-do items. Source: https://docs.gitlab.com/api/todos/. How they are shown: ``todo_shape``."""

from typing import Literal

from mockgitlab import dsl

ACTIONS = (
    "assigned",
    "mentioned",
    "build_failed",
    "marked",
    "approval_required",
    "unmergeable",
    "directly_addressed",
    "merge_train_removed",
    "review_requested",
    "member_access_requested",
    "review_submitted",
    "okr_checkin_requested",
    "added_approver",
)
TARGET_TYPES = (
    "Issue",
    "MergeRequest",
    "Commit",
    "Epic",
    "DesignManagement::Design",
    "AlertManagement::Alert",
    "Project",
    "Namespace",
    "Vulnerability",
    "WikiPage::Meta",
)


class Todo(dsl.Entity):
    """Something that asks for a user's attention; ``body`` is kept where neither a note nor the target tells it."""

    id: int = dsl.serial()
    user_id: int = dsl.reference("User", "Whose attention")
    project_id: int | None = dsl.parent("Project")
    group_id: int | None = dsl.parent("Group")
    author_id: int = dsl.reference("User", "Who asks for it")
    action_name: str = dsl.readonly()
    target_type: str = dsl.readonly()
    target_id: int = dsl.hidden()
    note_id: int | None = dsl.hidden()
    body: str = dsl.readonly(default="")
    state: Literal["pending", "done"] = dsl.readonly(default="pending")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()


def todos_on(store: dsl.Store, target: dsl.Entity) -> list[Todo]:
    """Return the to-do items about a record, oldest first."""
    found = store[Todo].having("target_id", target.id)
    return [todo for todo in found if todo.target_type == target_type_of(target)]


def target_type_of(target: dsl.Entity) -> str:
    """Return how to-do items call the kind of a record."""
    name = type(target).__name__
    return "Namespace" if name == "Group" else name
