"""Exports of groups, and of single relations of groups and projects.

Source: https://docs.gitlab.com/api/group_import_export/, https://docs.gitlab.com/api/group_relations_export/ and
GitLab's lib/api/entities/bulk_imports/export_status.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.store import Query

FINISHED = 1


class GroupExport(dsl.Entity):
    """An archive of a group; it is kept for a day."""

    id: int = dsl.serial()
    group_id: int = dsl.parent("Group")
    user_id: int = dsl.parent("User")
    created_at: str = dsl.now()
    data: Any = dsl.hidden("The archive")


class RelationExport(dsl.Entity):
    """The records of one relation of a group or project, as a file or, ``batched``, as a single batch."""

    id: int = dsl.serial()
    project_id: int | None = dsl.parent("Project")
    group_id: int | None = dsl.parent("Group")
    user_id: int = dsl.parent("User")
    relation: str = dsl.readonly("Which one")
    status: int = dsl.readonly("How far it is: 1 is done", default=FINISHED)
    error: str | None = dsl.readonly("What went wrong")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    batched: bool = dsl.readonly("Whether it is in batches", default=False)
    total_objects_count: int = dsl.readonly("How many records there are", default=0, since="16.8")
    data: Any = dsl.hidden("The file")

    @dsl.computed
    def batches_count(self, view: dsl.View) -> int:
        """How many batches there are."""
        return int(self.batched)


def _batches(export: RelationExport, view: dsl.View) -> Any:
    if not export.batched:
        return dsl.OMIT
    count = {"batch_number": 1, "objects_count": export.total_objects_count}
    return [{"status": export.status, **count, "error": export.error, "updated_at": export.updated_at}]


EXPORT_STATUS = (
    RelationExport.shape("relation", "status", "error", "updated_at", name="BulkImports_ExportStatus")
    .plus("batched", "batches_count", "total_objects_count", entity=RelationExport)
    .plus(batches=_batches)
)


def exports_of(store: dsl.Store, at: Project | Group, user_id: int) -> Query[RelationExport]:
    """Return the relations of a group or project that a user exported."""
    tied = {"project_id": at.id} if isinstance(at, Project) else {"group_id": at.id}
    return store[RelationExport].where(**tied, user_id=user_id).order_by("relation")
