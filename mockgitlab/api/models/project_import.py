"""Imports of projects from archives: what waits to be imported, what of it failed, and relations imported alone.

Source: https://docs.gitlab.com/api/project_import_export/ and GitLab's lib/api/entities/project_import_status.rb,
lib/api/entities/project_import_failed_relation.rb, app/models/projects/import_export/relation_import_tracker.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import PROJECT_IDENTITY, Project

FAILURES_AT_MOST = 100


class ImportUpload(dsl.Entity):
    """An archive that is to be imported into a project, and for whom."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    user_id: int = dsl.parent("User")
    data: Any = dsl.hidden("The archive")
    overrides: dict[str, Any] = dsl.hidden("What counts in place of what the archive says of the project")


class ImportFailure(dsl.Entity):
    """A record of an archive that could not be imported."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    created_at: str = dsl.now()
    exception_class: str = dsl.readonly("The error, as Ruby calls it")
    exception_message: str | None = dsl.readonly("What was wrong")
    source: str = dsl.readonly("Where it was noticed")
    relation_name: str = dsl.readonly("Of which relation it is")
    line_number: int = dsl.readonly("The number of its line, from 1", default=0)


class RelationImport(dsl.Entity):
    """The import of one relation of an archive into a project that is there already."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    user_id: int = dsl.hidden()
    relation: str = dsl.readonly("Which one")
    state: str = dsl.hidden("How far it is", default="created")
    data: Any = dsl.hidden("The archive")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()

    @dsl.computed
    def project_path(self, view: dsl.View) -> str:
        """The full path of the project."""
        return view.store[Project][self.project_id].full_path

    @dsl.computed
    def status(self, view: dsl.View) -> str:
        """How far it is: ``created``, ``finished`` or ``failed``."""
        return self.state


RELATION_IMPORT = RelationImport.shape(
    "id", "project_path", "relation", "status", "created_at", "updated_at", name="RelationImportTracker"
)
_FAILURE = ImportFailure.shape(
    *("id", "created_at", "exception_class", "exception_message", "source", "relation_name", "line_number"),
    name="ProjectImportFailedRelation",
)


def _failed(project: Project, view: dsl.View) -> list[Any]:
    found = view.store[ImportFailure].where(project_id=project.id).order_by("created_at", descending=True)
    return view.many(_FAILURE, found.page(0, FAILURES_AT_MOST))


IMPORT_STATUS = (
    PROJECT_IDENTITY.called("ProjectImportStatus")
    .plus("import_status", "import_type", entity=Project)
    .plus(correlation_id=lambda project, view: None, failed_relations=_failed)
    .plus("import_error", entity=Project)
    .plus(stats=lambda project, view: None)
)
"""Importers that count what they fetched are none of those here."""
