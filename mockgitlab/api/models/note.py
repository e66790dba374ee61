"""Notes, the comments and the system's remarks. Source: https://docs.gitlab.com/api/notes/."""

from mockgitlab import dsl


class Note(dsl.Entity):
    """A comment, or with ``system`` a remark of GitLab's own, on a record named by ``noteable_type`` and ``noteable_id``."""

    id: int = dsl.serial()
    type: str | None = dsl.readonly()
    body: str = dsl.required("The content of the note", present=True, max_length=1_000_000)
    author_id: int = dsl.reference("User", "Who wrote it")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    system: bool = dsl.readonly(default=False)
    noteable_type: str = dsl.parent()
    noteable_id: int = dsl.parent()
    project_id: int | None = dsl.parent("Project")
    discussion_id: str = dsl.hidden("The thread that it is part of: 40 hexadecimal digits")
    resolvable: bool = dsl.readonly(default=False)
    resolved: bool = dsl.readonly(default=False)
    resolved_by_id: int | None = dsl.reference("User")
    resolved_at: str | None = dsl.readonly()
    internal: bool = dsl.optional("Whether only members from Reporter on see it", default=False)
    system_action: str | None = dsl.hidden("What a system note tells of: title, description, assignee, time_tracking …")
    last_edited_at: str | None = dsl.hidden()
