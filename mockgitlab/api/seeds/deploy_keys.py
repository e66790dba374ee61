"""Deploy keys in scenarios: those of a project, and at the top the public ones, which every project may enable.

.. code-block:: yaml

    projects:
      - path: acme/rocket
        deploy_keys:
          - {title: CI, key: ssh-ed25519 AAAA… ci@example.com, can_push: true, user: ada}
    deploy_keys:
      - {key: ssh-ed25519 AAAA… backup}

The title is the key's comment unless given, and who added it root. A key that is there already is enabled as it is.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.deploy_key import deploy_keys
from mockgitlab.api.models.key import Key, read_ssh_key
from mockgitlab.api.models.project import Project
from mockgitlab.api.seeds.users import check_ssh_key
from mockgitlab.api.services.deploy_keys import enable

ROOT = 1
EXTRAS = {
    "can_push": {"type": "boolean", "description": "Whether the deploy key may push to the repository"},
    "user": {"type": "string", "description": "Who added the key"},
}


def seed_deploy_key(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Key:
    """Make a deploy key of a project, or a public one."""
    store, read = seeding.store, read_ssh_key(str(columns.get("key") or ""))
    if not isinstance(extras.get("can_push", False), bool):
        seeding.problem("can_push", f"must be true or false, not {extras['can_push']!r}")
    key = deploy_keys(store).where(key=read["key"]).first()
    if key is None:
        check_ssh_key(seeding, columns)
        creator = seeding.resolve("User", extras["user"], (), "user") if "user" in extras else None
        tied = {"creator_id": creator.id if creator else ROOT, "public": not parents}
        key = store.insert(Key(**{**read, **columns, **tied}))
    for project in parents:
        if isinstance(project, Project):
            enable(store, project, key, can_push=bool(extras.get("can_push")))
    return key


DEPLOY_KEYS = dsl.Collection(
    "deploy_keys",
    Key,
    {None: lambda _: {}, Project: lambda _: {}},
    seed_deploy_key,
    lambda store, title, parents: deploy_keys(store).where(title=title).first(),
    EXTRAS,
    "SSH keys with which machines reach repositories",
)
