"""Exporting projects.

Source: https://docs.gitlab.com/api/project_import_export/ and GitLab's lib/api/project_export.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.application_setting import value
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_export import EXPORT_STATUS, ProjectExport, find_export
from mockgitlab.api.services.project_archives import write_archive
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import ApiError, NotBuilt, NotFound

AT = "projects/:id/export"


class NoExport(ApiError):
    """There is no export for the user, or none any more."""

    status = 404
    message = "404 Not found or has expired"


def _check_exports(call: dsl.Call) -> None:
    if not value(call.store, "project_export_enabled"):
        raise NotFound("", reason="administrators turned the export of projects off: project_export_enabled")
    access.AS_MAINTAINER.check(call)


EXPORTS = dsl.Rule("maintainer", _check_exports)


@v4.get(AT, rule=EXPORTS, shape=EXPORT_STATUS)
def show_export_status(project: Project) -> Project:
    """Show whether there is an export of a project for the current user."""
    return project


@v4.post(
    AT,
    rule=EXPORTS,
    success=202,
    params=[
        dsl.param("description", str, "The description that the export has in place of the project's"),
        dsl.param(
            "upload",
            dict[str, Any],
            "Where the export is uploaded",
            nested=[
                dsl.param("url", str, "The address"),
                dsl.param("http_method", str, "How it is uploaded", enum=("PUT", "POST"), default="PUT"),
            ],
        ),
    ],
)
def start_export(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, str]:
    """Export a project; the archive takes the place of the one that the user made before."""
    if (given.get("upload") or {}).get("url"):
        raise NotBuilt("POST /projects/:id/export with upload[url]")
    user = access.me(call)
    own = {"project_id": project.id, "user_id": user.id}
    before = call.store[ProjectExport].find(**own)
    if before is not None:
        call.store.delete(before)
    call.store.insert(ProjectExport(**own, data=write_archive(call.store, project, user, given.get("description"))))
    return {"message": "202 Accepted"}


@v4.get(f"{AT}/download", rule=EXPORTS)
def download_export(call: dsl.Call, project: Project) -> dsl.Raw:
    """Download the export that the current user made in the last day."""
    export = find_export(call.store, project, access.me(call).id)
    if export is None:
        raise NoExport(reason="this user made no export in the last 24 hours")
    return archive_answer(export.data, export.created_at, project.full_path)


def archive_answer(data: bytes, created_at: str, full_path: str) -> dsl.Raw:
    """Return an archive as an answer; its name says when it was made, and of what."""
    name = f"{_stamp(created_at)}_{full_path.replace('/', '_')}_export.tar.gz"
    return dsl.Raw(data, "application/octet-stream", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _stamp(instant: str) -> str:
    day, hours, minutes, millis = instant[:10], instant[11:13], instant[14:16], instant[20:23]
    return f"{day}_{hours}-{minutes}-{millis}"
