"""Secure files of projects.

Source: https://docs.gitlab.com/api/secure_files/ and GitLab's lib/api/ci/secure_files.rb.
"""

import re
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.secure_file import SECURE_FILE, SecureFile
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, InvalidParameters, PayloadTooLarge, RecordNotFound, ValidationFailed
from mockgitlab.store import Query

AT = "projects/:id/secure_files"
ONE = f"{AT}/:secure_file_id"
BYTES_AT_MOST = 5 * 1024 * 1024
FILES_AT_MOST = 100
TAKEN = "has already been taken"
TOO_MANY = f"Maximum number of ci secure files ({FILES_AT_MOST}) exceeded"
_TRAVERSAL = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^/")


def _of(call: dsl.Call, project: Project) -> Query[SecureFile]:
    return call.store[SecureFile].where(project_id=project.id)


@v4.locator(ONE, integer=True)
def find_secure_file(call: dsl.Call, value: str) -> SecureFile:
    """Return the secure file of the project with this id."""
    access.AS_DEVELOPER.check(call)
    found = _of(call, call.at(Project)).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no secure file {value}")
    return found


@v4.get(AT, rule=access.AS_DEVELOPER, shape=SECURE_FILE, job_token=True)
def list_secure_files(call: dsl.Call, project: Project) -> Query[SecureFile]:
    """List the secure files of a project, the newest first."""
    return _of(call, project).order_by("created_at", descending=True)


@v4.get(ONE, rule=access.AS_DEVELOPER, shape=SECURE_FILE, job_token=True)
def show_secure_file(file: SecureFile) -> SecureFile:
    """Show a secure file of a project."""
    return file


@v4.get(f"{ONE}/download", rule=access.AS_DEVELOPER, job_token=True)
def download_secure_file(file: SecureFile) -> dsl.Raw:
    """Download a secure file of a project."""
    name = re.sub(r"[^ -~]", "_", file.name)
    disposition = {"Content-Disposition": f"attachment; filename={name}"}
    return dsl.Raw(file.data or b"", "application/octet-stream", headers=disposition)


@v4.post(AT, rule=access.AS_MAINTAINER, shape=SECURE_FILE, job_token=True)
def create_secure_file(
    call: dsl.Call,
    project: Project,
    name: Annotated[str, "The name of the file, which no other has in the project"],
    file: Annotated[dsl.File, "The file"],
) -> SecureFile:
    """Add a secure file to a project."""
    sent: Any = file
    if not hasattr(sent, "filename"):
        raise InvalidParameters(["file is invalid"], reason="send the file as a part of a multipart form")
    if _TRAVERSAL.search(name or ""):
        raise BadRequest("Invalid path", reason=f"the name {name!r} leads out of its folder")
    if len(sent.data) >= BYTES_AT_MOST:
        raise PayloadTooLarge(reason=f"a secure file has less than {BYTES_AT_MOST} bytes")
    if problems := _problems(call, project, name or "", sent.data):
        raise ValidationFailed(problems, reason=f"a wrong {' and a wrong '.join(problems)}")
    return call.store.insert(SecureFile(project_id=project.id, name=name, data=sent.data))


def _problems(call: dsl.Call, project: Project, name: str, data: bytes) -> dict[str, list[str]]:
    known = _of(call, project)
    found = {
        "file": [] if data else ["can't be blank"],
        "name": ["can't be blank"] if not name.strip() else [TAKEN] if known.where(name=name).exists() else [],
        "base": [TOO_MANY] if known.count() >= FILES_AT_MOST else [],
    }
    return {key: texts for key, texts in found.items() if texts}


@v4.delete(ONE, rule=access.AS_MAINTAINER, job_token=True, conditional=False)
def delete_secure_file(call: dsl.Call, file: SecureFile) -> None:
    """Delete a secure file of a project."""
    call.store.delete(file)
