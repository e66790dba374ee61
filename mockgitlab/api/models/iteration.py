"""Iterations of groups.

Source: https://docs.gitlab.com/api/group_iterations/ and GitLab's ee/app/models/iteration.rb.
"""

from collections.abc import Iterable

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.store import Query

UPCOMING, CURRENT, CLOSED = 1, 2, 3


class Iteration(dsl.Entity):
    """A span of days in which a group does some of its work; whether it is over, the clock says."""

    natural = "title"

    id: int = dsl.serial()
    iid: int = dsl.serial(within="group_id")
    sequence: int = dsl.serial(within="group_id")
    group_id: int = dsl.parent("Group")
    title: str | None = dsl.optional("The title of the iteration")
    description: str | None = dsl.optional("The description of the iteration")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    start_date: dsl.Date = dsl.required("The first day")
    due_date: dsl.Date = dsl.required("The last day")

    @dsl.computed
    def state(self, view: dsl.View) -> int:
        """Whether it is to come (1), goes on (2) or is over (3)."""
        return state_on(self, view.store.today)

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        """The address of the iteration's page."""
        return f"{view.base}/groups/{view.store.steady(Group)[self.group_id].full_path}/-/iterations/{self.id}"


ITERATION = Iteration.shape(
    *("id", "iid", "sequence", "group_id", "title", "description", "state", "created_at", "updated_at"),
    *("start_date", "due_date", "web_url"),
)


def state_on(iteration: Iteration, today: str) -> int:
    """Return the state of an iteration on a day."""
    if iteration.start_date > today:
        return UPCOMING
    return CLOSED if iteration.due_date < today else CURRENT


def groups_of(store: dsl.Store, at: Project | Group) -> list[Group]:
    """Return the groups whose iterations work in a project or group may be part of, the nearest first."""
    group = namespace_of(store, at) if isinstance(at, Project) else at
    return [one for one in ancestors(store, group) if one.kind == "group"]


def iterations_of(store: dsl.Store, groups: Iterable[Group]) -> Query[Iteration]:
    """Return the iterations of some groups, the first to end at the top."""
    found = store[Iteration].all().among("group_id", [group.id for group in groups])
    return found.order_by("due_date", value=lambda one: (one.due_date, one.title or "", one.id))


def find_iteration(store: dsl.Store, at: Project | Group, title: str) -> Iteration | None:
    """Return the iteration with exactly this title that issues of a project or group may be part of."""
    groups = [group.id for group in groups_of(store, at)]
    found = [one for one in store[Iteration].having("title", title) if one.group_id in groups]
    return min(found, key=lambda one: groups.index(one.group_id), default=None)


def reference(iteration: Iteration, *, by_title: bool = False) -> str:
    """Return how texts name an iteration: by its id, or by its title where that is wanted and it has one."""
    return f'*iteration:"{iteration.title}"' if by_title and iteration.title else f"*iteration:{iteration.id}"
