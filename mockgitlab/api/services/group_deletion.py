"""Delayed deletion of groups: the mark, which frees name and path, and taking it back.

Source: https://docs.gitlab.com/user/group/#delete-a-group and GitLab's app/services/groups/restore_service.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, scheduled_for_deletion
from mockgitlab.api.services.groups import update
from mockgitlab.api.services.paths import is_taken
from mockgitlab.api.services.project_moves import RENAMED_SINCE, suffix
from mockgitlab.errors import BadRequest, RouteNotFound
from mockgitlab.store import Settings


def is_delayed(settings: Settings) -> bool:
    """Tell whether deleting a group marks it only: since 18.0 always, before in the Enterprise Edition."""
    if settings.delayed_deletion is not None:
        return settings.delayed_deletion
    return settings.edition == "ee" or settings.release >= (18,)


def check_offered(settings: Settings) -> None:
    """Raise ``RouteNotFound`` where nothing can be restored: in the Community Edition before 18.0."""
    if not is_delayed(settings):
        raise RouteNotFound(reason="this GitLab deletes at once, so it has nothing to restore")


def mark(store: dsl.Store, group: Group) -> None:
    """Mark a group for deletion; one in a marked group is left as it is, one that is marked refused."""
    if group.marked_for_deletion_on:
        raise BadRequest("Group has been already marked for deletion", reason=f"on {group.marked_for_deletion_on}")
    if scheduled_for_deletion(store, group):
        return
    end = suffix(store.settings, group) if store.settings.release >= RENAMED_SINCE else ""
    marked = store.update(group, marked_for_deletion_on=store.today)
    update(store, marked, {"name": f"{group.name}{end}", "path": f"{group.path}{end}"})


def restore(store: dsl.Store, group: Group) -> Group:
    """Take back the mark, under the old name and path unless the path is taken meanwhile."""
    if not group.marked_for_deletion_on:
        raise BadRequest("Group has not been marked for deletion", reason=f"{group.full_path} is not marked")
    end = suffix(store.settings, group)
    name, path = group.name.removesuffix(end), group.path.removesuffix(end)
    if is_taken(store, path, group.parent_id, group.id):
        other = store.mint_hex("restored group", 5)
        name, path = f"{name}-{other}", f"{path}-{other}"
    return update(store, store.update(group, marked_for_deletion_on=None), {"name": name, "path": path})
