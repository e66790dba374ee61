"""To-do items. Source: https://docs.gitlab.com/api/todos/."""

from typing import Literal

from mockgitlab import dsl


class Todo(dsl.Entity):
    """Something that asks for a user's attention."""

    id: int = dsl.serial()
    user_id: int = dsl.hidden()
    project_id: int | None = dsl.hidden()
    author_id: int = dsl.reference("User")
    action_name: str = dsl.readonly()
    target_type: str = dsl.readonly()
    target_id: int = dsl.hidden()
    note_id: int | None = dsl.hidden()
    body: str = dsl.readonly(default="")
    state: Literal["pending", "done"] = dsl.readonly(default="pending")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
