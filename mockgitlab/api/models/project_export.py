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
    return found if found is not None and kept_still(store, found.created_at) else None


def kept_still(store: dsl.Store, created_at: str) -> bool:
    """Tell whether an export that was made then is there still."""
    return store.clock.instant < parse_instant(created_at) + KEPT


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
