"""Labels and milestones by the names that scenarios give them: what the project or group around may have."""

from collections.abc import Callable
from typing import Any, TypeVar

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to

R = TypeVar("R", bound=dsl.Entity)
OWNERS: dict[Any, Any] = {Project: tied_to, Group: tied_to}
"""The columns that say to what such a record belongs."""


def place_of(parents: dsl.Parents) -> Project | Group | None:
    """Return the innermost project or group around what a scenario says."""
    return next((one for one in reversed(parents) if isinstance(one, (Project, Group))), None)


def by_name(
    entity: type[R], column: str, find: Callable[[dsl.Store, Project | Group, str], R | None]
) -> Callable[[dsl.Store, Any, dsl.Parents], R | None]:
    """Return what finds a record by its name for the innermost project or group around, or by id where none is."""

    def find_for(store: dsl.Store, name: Any, parents: dsl.Parents) -> R | None:
        at = place_of(parents)
        if at is not None:
            return find(store, at, str(name))
        return store[entity].get(name) if isinstance(name, int) else store[entity].find(**{column: str(name)})

    return find_for
