"""Feature flags of the instance, by which GitLab's developers switch parts of it.

Source: https://docs.gitlab.com/api/features/ and GitLab's lib/api/entities/feature.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project


class Feature(dsl.Entity):
    """A flag that was set: for everybody, for some groups of users, for some actors, or for a share of either."""

    natural = "name"

    id: int = dsl.serial()
    name: str = dsl.required("The name of the flag")
    boolean: bool = dsl.hidden("Whether it is on for everybody", default=False)
    groups: tuple[str, ...] = dsl.hidden("The groups of users for whom it is on", default=())
    actors: tuple[str, ...] = dsl.hidden("The users, projects and groups for which it is on", default=())
    percentage_of_actors: float = dsl.hidden("The share of actors for which it is on", default=0)
    percentage_of_time: float = dsl.hidden("The share of time in which it is on", default=0)

    @property
    def narrowed(self) -> bool:
        """Whether it is on for some, or at times."""
        return bool(self.groups or self.actors or self.percentage_of_actors or self.percentage_of_time)

    @property
    def everybody(self) -> bool:
        """Whether it is on for everybody at all times."""
        return self.boolean or 100 in (self.percentage_of_actors, self.percentage_of_time)


def is_on(store: dsl.Store, name: str, project: Project) -> bool:
    """Tell whether a flag that is off by itself is on for a project."""
    flag = store[Feature].find(name=name)
    return flag is not None and (flag.everybody or f"Project:{project.id}" in flag.actors)


def _state(feature: Feature, view: dsl.View) -> str:
    return "on" if feature.everybody else "conditional" if feature.narrowed else "off"


def _gates(feature: Feature, view: dsl.View) -> list[dict[str, Any]]:
    values: dict[str, Any] = {
        "boolean": feature.boolean,
        "groups": list(feature.groups),
        "actors": list(feature.actors),
        "percentage_of_actors": feature.percentage_of_actors,
        "percentage_of_time": feature.percentage_of_time,
    }
    return [{"key": key, "value": value} for key, value in values.items() if value or key == "boolean"]


FEATURE = Feature.shape("name").plus(state=_state, gates=_gates, definition=lambda feature, view: None)
