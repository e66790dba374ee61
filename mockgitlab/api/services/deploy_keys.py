"""Deploy keys: which a user may enable, how they come to projects and go.

Source: GitLab's app/models/user.rb (``accessible_deploy_keys``), deploy_keys_project.rb,
app/services/projects/enable_deploy_key_service.rb, app/policies/deploy_key_policy.rb.
"""

from collections.abc import Collection

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.deploy_key import DeployKeysProject, deploy_keys, enabled_for
from mockgitlab.api.models.key import Key
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services.removal import remove, when_removed
from mockgitlab.store import Query


def enable(store: dsl.Store, project: Project, key: Key, *, can_push: bool = False) -> DeployKeysProject:
    """Enable a deploy key for a project; where it is already, it stays as it is."""
    known = store[DeployKeysProject].find(deploy_key_id=key.id, project_id=project.id)
    made = DeployKeysProject(deploy_key_id=key.id, project_id=project.id, can_push=can_push)
    return known or store.insert(made)


@when_removed(DeployKeysProject)
def remove_orphan(store: dsl.Store, enabled: DeployKeysProject) -> None:
    """Delete a deploy key that is enabled for no project any more, unless it is public."""
    key = store[Key].get(enabled.deploy_key_id)
    if key is not None and not key.public and enabled_for(store, key).first() is None:
        remove(store, key)


def member_projects(store: dsl.Store, user: User, least: int = access.GUEST) -> set[int]:
    """Return the ids of the projects in which a user has at least a role, which an administrator's power is not."""
    direct, inherited = access.project_levels(store, user.id), access.group_levels(store, user.id)
    homes = store[Project].all().among("namespace_id", [id for id, level in inherited.items() if level >= least])
    return {id for id, level in direct.items() if level >= least} | {project.id for project in homes}


def keys_in(store: dsl.Store, project_ids: Collection[int]) -> Query[Key]:
    """Return the deploy keys that are enabled for some of the projects."""
    enabled = store[DeployKeysProject].all().among("project_id", project_ids)
    return store[Key].all().among("id", {one.deploy_key_id for one in enabled})


def accessible(store: dsl.Store, user: User) -> list[Key]:
    """Return the deploy keys that a user may enable: those of the own projects, and the public ones."""
    own = {key.id for key in keys_in(store, member_projects(store, user))}
    return [key for key in deploy_keys(store) if key.public or key.id in own]


def may_rename(call: dsl.Call, key: Key) -> bool:
    """Tell whether the current user may give a deploy key another title: not one that others use, too."""
    if access.is_admin(call):
        return True
    if key.public:
        return False
    enabled = list(enabled_for(call.store, key))
    user = access.me(call)
    return (
        len(enabled) == 1
        and access.project_level(call.store, user, call.store[Project][enabled[0].project_id]) >= access.MAINTAINER
    )
