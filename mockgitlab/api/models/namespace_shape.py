"""Namespaces as their own page shows them: the owners of a group see how much is in it.

Source: https://docs.gitlab.com/api/namespaces/, GitLab's lib/api/entities/namespace.rb and its Enterprise extension.
"""

from collections.abc import Callable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.billable import membership_types
from mockgitlab.api.models.group import NAMESPACE_BASIC, Group, descendants
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_statistics import statistics_of
from mockgitlab.api.models.user import User


def _groups(group: Group, view: dsl.View) -> list[int]:
    return [one.id for one in (group, *descendants(view.store, group))]


def _projects(group: Group, view: dsl.View) -> list[Project]:
    return list(view.store[Project].all().among("namespace_id", _groups(group, view)))


def _members(view: dsl.View, source_type: str, ids: list[int]) -> set[int]:
    members = view.store[Member].where(source_type=source_type).among("source_id", ids)
    return {member.user_id for member in members if not member.expired(view.store.today)}


def _count_members(group: Group, view: dsl.View) -> int:
    return len(_members(view, "Namespace", _groups(group, view)))


def _repository_size(group: Group, view: dsl.View) -> Any:
    return sum(statistics_of(view.store, one)["repository_size"] for one in _projects(group, view))


def _count_projects(group: Group, view: dsl.View) -> int:
    return len(_projects(group, view))


def _billable_members(group: Group, view: dsl.View) -> int:
    return 1 if group.kind == "user" else len(membership_types(view.store, group))


def _may_administer(group: Group, view: dsl.View) -> bool:
    return access.group_level(view.store, view.store[User].get(view.user_id), group) >= access.OWNER


def _of_groups(read: Callable[[Group, dsl.View], Any]) -> Callable[[Group, dsl.View], Any]:
    return lambda group, view: read(group, view) if group.kind == "group" and _may_administer(group, view) else dsl.OMIT


def _of_owners(value: Any) -> Callable[[Group, dsl.View], Any]:
    return lambda group, view: value if _may_administer(group, view) else dsl.OMIT


_EE = dsl.computed_in(edition="ee")

NAMESPACE = NAMESPACE_BASIC.called("Namespace").plus(
    members_count_with_descendants=_of_groups(_count_members),
    root_repository_size=_of_groups(_repository_size),
    projects_count=_of_groups(_count_projects),
    billable_members_count=_EE(_billable_members),
    plan=_EE(_of_owners("default")),
    trial_ends_on=_EE(_of_owners(None)),
    trial=_EE(_of_owners(False)),
)
"""What subscriptions of GitLab.com add is not there: an instance of one's own has none, and its plan is ``default``."""
