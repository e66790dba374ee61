"""Repositories of container images, and the tags of these.

Source: https://docs.gitlab.com/api/container_registry/ and GitLab's lib/api/entities/container_registry.rb,
app/models/container_repository.rb.
"""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import host
from mockgitlab.store import Query

Status = Literal["delete_scheduled", "delete_failed", "delete_ongoing"]
SHORT = 9


class ContainerRepository(dsl.Entity):
    """A place for images of one name in a project; the name may be empty."""

    natural = "name"

    id: int = dsl.serial()
    name: str = dsl.optional("The name of the repository, after the project's path", default="")
    project_id: int = dsl.hidden()
    created_at: str = dsl.now()
    cleanup_policy_started_at: str | None = dsl.readonly("When its images were tidied up last")
    status: Status | None = dsl.readonly("How far its deletion is")
    cleaned_at: str | None = dsl.hidden("When tags were deleted in bulk last")


class ContainerTag(dsl.Entity):
    """A name of an image."""

    id: int = dsl.serial()
    repository_id: int = dsl.parent("ContainerRepository")
    name: str = dsl.required("The name of the tag")
    revision: str = dsl.optional("The 64 hexadecimal digits of the image's configuration", default="")
    digest: str = dsl.optional("The digest of the image's manifest, sha256:…", default="")
    created_at: str = dsl.now()
    total_size: int = dsl.optional("How many bytes the image has", default=0)


def repositories_of(store: dsl.Store, project: Project) -> Query[ContainerRepository]:
    """Return the repositories of images of a project."""
    return store[ContainerRepository].where(project_id=project.id)


def tags_of(store: dsl.Store, repository: ContainerRepository) -> list[ContainerTag]:
    """Return the tags of a repository, by name."""
    return sorted(store[ContainerTag].having("repository_id", repository.id), key=lambda one: one.name)


# Shapes


def _path(repository: ContainerRepository, view: dsl.View) -> str:
    project = view.store[Project][repository.project_id]
    return f"{project.full_path.lower()}/{repository.name}".rstrip("/")


def _location(repository: ContainerRepository, view: dsl.View) -> str:
    return f"registry.{host(view)}/{_path(repository, view)}"


def _of_tag(read: Any) -> Any:
    return lambda tag, view: f"{read(view.store[ContainerRepository][tag.repository_id], view)}:{tag.name}"


def _count(repository: ContainerRepository, view: dsl.View) -> Any:
    return len(tags_of(view.store, repository)) if view.option("tags_count") else dsl.OMIT


def _tags(repository: ContainerRepository, view: dsl.View) -> Any:
    return view.many(TAG, tags_of(view.store, repository)) if view.option("tags") else dsl.OMIT


def _size(repository: ContainerRepository, view: dsl.View) -> Any:
    return sum(one.total_size for one in tags_of(view.store, repository)) if view.option("size") else dsl.OMIT


def _delete_path(repository: ContainerRepository, view: dsl.View) -> Any:
    at = f"projects/{repository.project_id}/registry/repositories/{repository.id}"
    return f"{view.base}/api/v4/{at}" if view.option(f"deletes {repository.project_id}") else dsl.OMIT


TAG = ContainerTag.shape("name", name="ContainerRegistry_Tag").plus(path=_of_tag(_path), location=_of_tag(_location))
TAG_DETAILS = (
    TAG.called("ContainerRegistry_TagDetails")
    .plus("revision", entity=ContainerTag)
    .plus(short_revision=lambda tag, view: tag.revision[:SHORT])
    .plus("digest", "created_at", "total_size", entity=ContainerTag)
)
REPOSITORY = (
    ContainerRepository.shape("id", "name", name="ContainerRegistry_Repository")
    .plus(path=_path, project_id=lambda repository, view: repository.project_id, location=_location)
    .plus("created_at", "cleanup_policy_started_at", entity=ContainerRepository)
    .plus(tags_count=_count, tags=_tags, delete_api_path=_delete_path, size=_size)
    .plus("status", entity=ContainerRepository)
)
