"""Repositories of container images in scenarios, below projects.

.. code-block:: yaml

    projects:
      - path: acme/rocket
        registry_repositories:
          - name: app
            tags: [{name: latest, total_size: 2818413}, {name: v1, created_at: 2024-04-01T09:00:00Z}]

Revisions and digests are made up unless they are given.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.container_repository import ContainerRepository, ContainerTag
from mockgitlab.api.models.project import Project


def seed_tag(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> ContainerTag:
    """Make a tag of an image."""
    store = seeding.store
    made = {"revision": store.mint_hex("image", 64), "digest": f"sha256:{store.mint_hex('manifest', 64)}"}
    return store.insert(ContainerTag(**{**made, **columns}))


CONTAINER_REPOSITORIES = dsl.Collection(
    "registry_repositories",
    ContainerRepository,
    {Project: lambda project: {"project_id": project.id}},
    description="Places for container images",
)
CONTAINER_TAGS = dsl.Collection(
    "tags",
    ContainerTag,
    {ContainerRepository: lambda repository: {"repository_id": repository.id}},
    seed_tag,
    description="The names of images",
)
