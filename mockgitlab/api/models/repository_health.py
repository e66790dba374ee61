"""How the repository of a project is kept. Source: GitLab's lib/api/entities/repository_health.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import Ref
from mockgitlab.git.sizes import reachable, size


class RepositoryHealth(dsl.Entity):
    """A report on a repository; all its objects are loose here, as nothing is ever packed."""

    id: int = dsl.serial()
    project_id: int = dsl.hidden()
    size: int = dsl.readonly("How many bytes the objects have")
    references: dict[str, Any] = dsl.readonly("How the refs are kept")
    objects: dict[str, Any] = dsl.readonly("How the objects are kept")
    commit_graph: dict[str, Any] | None = dsl.readonly()
    bitmap: dict[str, Any] | None = dsl.readonly()
    multi_pack_index: dict[str, Any] | None = dsl.readonly()
    multi_pack_index_bitmap: dict[str, Any] | None = dsl.readonly()
    alternates: dict[str, Any] | None = dsl.readonly()
    is_object_pool: bool = dsl.readonly(default=False)
    last_full_repack: dict[str, Any] | None = dsl.readonly()
    updated_at: str = dsl.now()


COUNTS = ("stale_size", "keep_size", "packfile_count", "reverse_index_count", "cruft_count", "keep_count")
LOOSE = ("stale_loose_objects_count", "loose_objects_garbage_count")


def measured(store: dsl.Store, project: Project) -> dict[str, Any]:
    """Return the columns of a report on the repository of a project as it is now."""
    refs = store[Ref].having("project_id", project.id)
    tips = [ref.sha for ref in refs]
    total = size(store.objects, tips)
    counts = {**dict.fromkeys(COUNTS, 0), "loose_objects_count": len(reachable(store.objects, tips))}
    return {
        "project_id": project.id,
        "size": total,
        "references": {"loose_count": len(refs), "packed_size": 0, "reference_backend": "REFERENCE_BACKEND_FILES"},
        "objects": {"size": total, "recent_size": total, **counts, **dict.fromkeys(LOOSE, 0)},
        "updated_at": store.now,
    }


REPORT = RepositoryHealth.shape().without("id")
