"""Events: what users did. Source: https://docs.gitlab.com/api/events/."""

from mockgitlab import dsl


class Event(dsl.Entity):
    """Something that a user did in a project."""

    id: int = dsl.serial()
    project_id: int | None = dsl.parent("Project")
    action_name: str = dsl.readonly()
    target_id: int | None = dsl.readonly()
    target_iid: int | None = dsl.readonly()
    target_type: str | None = dsl.readonly()
    author_id: int = dsl.parent("User")
    target_title: str | None = dsl.readonly()
    created_at: str = dsl.now()
