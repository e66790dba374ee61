"""Labels of projects and groups. Source: https://docs.gitlab.com/api/labels/, https://docs.gitlab.com/api/group_labels/."""

from mockgitlab import dsl


class Label(dsl.Entity):
    """A label; it belongs to a project or to a group, never to both."""

    natural = "name"

    id: int = dsl.serial()
    name: str = dsl.required("The name of the label", present=True, max_length=255)
    description: str | None = dsl.optional("The description of the label")
    color: str = dsl.required("The color of the label, as #RRGGBB or a CSS name")
    project_id: int | None = dsl.hidden()
    group_id: int | None = dsl.hidden()
    archived: bool = dsl.optional("Whether the label is archived", default=False)
    subscriber_ids: tuple[int, ...] = dsl.hidden(default=())
    created_at: str = dsl.hidden()
    updated_at: str = dsl.hidden()
