"""Topics of projects. Source: https://docs.gitlab.com/api/topics/ and GitLab's lib/api/entities/projects/topic.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project


class Topic(dsl.Entity):
    """A topic that some project has, or had."""

    natural = "name"

    id: int = dsl.serial()
    name: str = dsl.required("The name of the topic", max_length=255)
    title: str = dsl.optional("The title of the topic, its name unless given", default="")
    description: str | None = dsl.optional("The description of the topic")
    organization_id: int = dsl.optional("The ID of the organization", default=1, since="17.7")
    avatar_file: str | None = dsl.hidden("The name of the uploaded picture")
    avatar_data: Any = dsl.hidden("Its content")

    @property
    def folded(self) -> str:
        """The name in lower case, in which it is unique."""
        return self.name.lower()


def projects_of(store: dsl.Store, topic: Topic) -> list[Project]:
    """Return the projects that have a topic."""
    return list(store[Project].where(topics=topic.name))


def _avatar_url(topic: Topic, view: dsl.View) -> str | None:
    path = f"uploads/-/system/projects/topic/avatar/{topic.id}/{topic.avatar_file}"
    return f"{view.base}/{path}" if topic.avatar_file else None


TOPIC = (
    Topic.shape("id", "name", name="Topic")
    .plus(title=lambda topic, view: topic.title or topic.name)
    .plus("description", entity=Topic)
    .plus(total_projects_count=lambda topic, view: len(projects_of(view.store, topic)))
    .plus("organization_id", entity=Topic)
    .plus(avatar_url=_avatar_url)
)
