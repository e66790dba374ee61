"""The shapes of groups that depend on who looks, or show the projects inside.

Source: GitLab's lib/api/entities/group.rb, group_detail.rb and their extensions for the Enterprise Edition.
"""

from collections.abc import Callable, Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import GROUP, Group, GroupShare, descendants
from mockgitlab.api.models.group_settings import DOWNLOAD_LIMITS
from mockgitlab.api.models.project import Project, ProjectShare
from mockgitlab.api.models.project_shapes import PROJECT
from mockgitlab.api.models.project_statistics import SIZES, statistics_of
from mockgitlab.api.models.project_view import invited_groups, viewer

PROJECTS_AT_MOST = 100


def _owns(group: Group, view: dsl.View) -> bool:
    return access.group_level(view.store, viewer(view), group) >= access.OWNER


def _sizes(store: dsl.Store, projects: Iterable[Project]) -> dict[str, int]:
    known = [statistics_of(store, project) for project in projects]
    sizes = {name: sum(one[name] for one in known) for name in SIZES}
    return {"storage_size": sum(sizes.values()), **sizes}


def _statistics(group: Group, view: dsl.View) -> Any:
    inside = view.store[Project].where(namespace_id=group.id)
    return _sizes(view.store, inside) if view.option("statistics") else dsl.OMIT


def _root_statistics(group: Group, view: dsl.View) -> Any:
    if group.parent_id is not None or not view.option("statistics"):
        return dsl.OMIT
    inside = [one.id for one in (group, *descendants(view.store, group))]
    return _sizes(view.store, view.store[Project].all().among("namespace_id", inside))


def _shared_with_groups(group: Group, view: dsl.View) -> list[dict[str, Any]]:
    return invited_groups(view.store[GroupShare].where(shared_group_id=group.id), view)


def _projects(group: Group, view: dsl.View) -> Any:
    own = view.store[Project].where(namespace_id=group.id)
    return _shown(own.order_by("id", descending=True), view)


def _shared_projects(group: Group, view: dsl.View) -> Any:
    shares = view.store[ProjectShare].where(group_id=group.id)
    shared = view.store[Project].all().among("id", [share.project_id for share in shares])
    return _shown(shared.order_by("id", descending=True), view)


def _shown(projects: Iterable[Project], view: dsl.View) -> Any:
    if not view.option("with_projects"):
        return dsl.OMIT
    user = viewer(view)
    visible = [project for project in projects if access.can_read(view.store, user, project)]
    return view.many(PROJECT, visible[:PROJECTS_AT_MOST])


def _when(shown: Callable[[Group, dsl.View], bool], column: str) -> Any:
    def read(group: Group, view: dsl.View) -> Any:
        return getattr(group, column) if shown(group, view) else dsl.OMIT

    field = Group.fields[column]
    return dsl.computed_in(since=field.since, edition=field.edition)(read)


def _told_owners(group: Group, view: dsl.View) -> bool:
    return view.option("secrets") and _owns(group, view)


def _is_root(group: Group, view: dsl.View) -> bool:
    return group.parent_id is None


def _is_root_of_owner(group: Group, view: dsl.View) -> bool:
    return group.parent_id is None and _owns(group, view)


def _storage(group: Group, view: dsl.View) -> Any:
    user = viewer(view)
    return None if user is not None and user.admin else dsl.OMIT


GROUP_LISTED = (
    GROUP.plus(statistics=_statistics, root_storage_statistics=_root_statistics)
    .plus(repository_storage=dsl.computed_in(since="16.3", edition="ee")(_storage))
    .plus(duo_features_enabled=_when(_owns, "duo_features_enabled"))
    .plus(lock_duo_features_enabled=_when(_owns, "lock_duo_features_enabled"))
)
"""A group in a list: with the options ``statistics`` and ``with_custom_attributes`` these too."""

GROUP_DETAIL = (
    GROUP_LISTED.called("GroupDetail")
    .plus(shared_with_groups=_shared_with_groups)
    .plus(runners_token=_when(_told_owners, "runners_token"))
    .plus(enabled_git_access_protocol=_when(_told_owners, "enabled_git_access_protocol"))
    .plus(prevent_sharing_groups_outside_hierarchy=_when(_is_root, "prevent_sharing_groups_outside_hierarchy"))
    .plus(projects=_projects, shared_projects=_shared_projects)
    .plus("shared_runners_minutes_limit", "extra_shared_runners_minutes_limit", entity=Group)
    .plus("prevent_forking_outside_group", entity=Group)
    .plus(service_access_tokens_expiration_enforced=_when(_is_root, "service_access_tokens_expiration_enforced"))
    .plus("membership_lock", "ip_restriction_ranges", "allowed_email_domains_list", entity=Group)
    .plus(**{name: _when(_is_root_of_owner, name) for name in DOWNLOAD_LIMITS})
)
"""One group: with the option ``with_projects`` its projects, with ``secrets`` what only its owners see."""
