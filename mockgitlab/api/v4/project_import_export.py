"""How far the import of a project is.

Source: https://docs.gitlab.com/api/project_import_export/ and GitLab's lib/api/entities/project_import_status.rb.
"""

from mockgitlab.api import access
from mockgitlab.api.models.project import PROJECT_IDENTITY, Project
from mockgitlab.api.v4.base import v4

IMPORT_STATUS = (
    PROJECT_IDENTITY.called("ProjectImportStatus")
    .plus("import_status", "import_type", entity=Project)
    .plus(correlation_id=lambda project, view: None, failed_relations=lambda project, view: [])
    .plus("import_error", entity=Project)
    .plus(stats=lambda project, view: None)
)
"""No relation of an import fails here, and importers that count what they fetched are none."""


@v4.get("projects/:id/import", rule=access.USER, shape=IMPORT_STATUS)
def show_import_status(project: Project) -> Project:
    """Show how far the import of a project is."""
    return project
