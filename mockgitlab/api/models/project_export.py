"""Exports of projects, one for each user who asked for one.

Source: https://docs.gitlab.com/api/project_import_export/ and GitLab's lib/api/entities/project_export_status.rb.
"""

from datetime import timedelta
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.project import PROJECT_IDENTITY, Project
from mockgitlab.store import parse_instant

KEPT = timedelta(hours=24)


class ProjectExport(dsl.Entity):
    """An archive of a project; it is kept for a day."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    user_id: int = dsl.parent("User")
    created_at: str = dsl.now()
    data: Any = dsl.hidden("The archive")


def find_export(store: dsl.Store, project: Project, user_id: int | None) -> ProjectExport | None:
    """Return the export that a user made of a project in the last day."""
    found = store[ProjectExport].find(project_id=project.id, user_id=user_id)
    if found is None or store.clock.instant >= parse_instant(found.created_at) + KEPT:
        return None
    return found


def _status(project: Project, view: dsl.View) -> str:
    return "finished" if find_export(view.store, project, view.user_id) else "none"


def _links(project: Project, view: dsl.View) -> Any:
    if find_export(view.store, project, view.user_id) is None:
        return dsl.OMIT
    return {
        "api_url": f"{view.base}/api/v4/projects/{project.id}/export/download",
        "web_url": f"{view.base}/{project.full_path}/download_export",
    }


EXPORT_STATUS = PROJECT_IDENTITY.called("ProjectExportStatus").plus(export_status=_status, _links=_links)
