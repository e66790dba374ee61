"""The projects that lists of issues, merge requests and to-do items reach, as sets of ids that the store remembers."""

from collections.abc import Callable

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User

Test = Callable[[dsl.Store, User | None, Project], bool]


def visible_where(store: dsl.Store, user: User | None, what: str, test: Test) -> frozenset[int]:
    """Return the visible projects for which a test holds; it is remembered as ``what``, which names that test alone."""

    def compute() -> frozenset[int]:
        visible = [store.steady(Project)[project_id] for project_id in access.visible_project_ids(store, user)]
        return frozenset(project.id for project in visible if test(store, user, project))

    return store.remember((what, user), compute)


def within(
    store: dsl.Store, projects: frozenset[int], at: Project | Group | None, *, archived: bool = True
) -> frozenset[int]:
    """Return those of some projects that are a project, or in a group or below it; without ``archived`` not those."""
    if isinstance(at, Project):
        projects &= {at.id}
    elif at is not None:
        projects &= below(store, at)
    return projects if archived else projects - _archived(store)


def below(store: dsl.Store, group: Group) -> frozenset[int]:
    """Return the projects of a group and of all groups below it."""

    def compute() -> frozenset[int]:
        left, found = [group.id], []
        while left:
            above = left.pop()
            left += [child.id for child in store.steady(Group).having("parent_id", above)]
            found += [project.id for project in store.steady(Project).having("namespace_id", above)]
        return frozenset(found)

    return store.remember(("projects below", group.id), compute)


def _archived(store: dsl.Store) -> frozenset[int]:
    return store.remember(
        "archived projects", lambda: frozenset(one.id for one in store.steady(Project).having("archived", True))
    )
