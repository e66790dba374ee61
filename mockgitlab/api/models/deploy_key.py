"""Deploy keys: SSH keys with which machines read, or write, the repositories of projects.

Source: https://docs.gitlab.com/api/deploy_keys/ and GitLab's app/models/deploy_key.rb, deploy_keys_project.rb,
lib/api/entities/deploy_key.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.key import SSH_KEY, SSH_KEY_WITH_USER, Key
from mockgitlab.api.models.project import PROJECT_IDENTITY, Project
from mockgitlab.store import Query


class DeployKeysProject(dsl.Entity):
    """That a deploy key is enabled for a project, and whether it may push there."""

    singular = "Deploy key"

    id: int = dsl.serial()
    deploy_key_id: int = dsl.parent("Key")
    project_id: int = dsl.parent("Project")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    can_push: bool = dsl.optional("Whether the deploy key may push to the repository", default=False)


def _sha256(key: Key, view: dsl.View) -> str:
    """Return the digest as the documents show it; a live GitLab leaves out what it is."""
    observed = view.store.settings.errors == "observed"
    return key.fingerprint_sha256 if observed else f"SHA256:{key.fingerprint_sha256}"


def _projects(*, can_push: bool) -> Any:
    def read(key: Key, view: dsl.View) -> list[dict[str, Any]]:
        enabled = view.store[DeployKeysProject].where(deploy_key_id=key.id, can_push=can_push)
        return view.many(PROJECT_IDENTITY, [view.store[Project][one.project_id] for one in enabled])

    return dsl.computed_in(since="" if can_push else "16.0")(read)


DEPLOY_KEY = (
    SSH_KEY.plus("key", entity=Key)
    .plus("fingerprint", entity=Key)
    .plus(fingerprint_sha256=dsl.computed_in(since="15.2")(_sha256))
    .called("DeployKey")
)
DEPLOY_KEY_OF_INSTANCE = DEPLOY_KEY.plus(
    projects_with_write_access=_projects(can_push=True), projects_with_readonly_access=_projects(can_push=False)
)
DEPLOY_KEYS_PROJECT = (
    DEPLOY_KEY.of(lambda enabled, view: view.store[Key][enabled.deploy_key_id])
    .plus("can_push", entity=DeployKeysProject)
    .called("DeployKeysProject")
)
ENABLED = DeployKeysProject.shape("id", "deploy_key_id", "project_id", "created_at", "updated_at", "can_push")
DEPLOY_KEY_WITH_USER = DEPLOY_KEY.plus(
    user=dict(SSH_KEY_WITH_USER.members)["user"].method,
    deploy_keys_projects=lambda key, view: view.many(ENABLED, enabled_for(view.store, key)),
).called("DeployKeyWithUser")


def deploy_keys(store: dsl.Store) -> Query[Key]:
    """Return all deploy keys of the instance."""
    return store[Key].where(user_id=None)


def enabled_for(store: dsl.Store, key: Key) -> Query[DeployKeysProject]:
    """Return for which projects a deploy key is enabled."""
    return store[DeployKeysProject].where(deploy_key_id=key.id)


def enabled_in(store: dsl.Store, project: Project) -> Query[DeployKeysProject]:
    """Return which deploy keys are enabled for a project."""
    return store[DeployKeysProject].where(project_id=project.id)
