"""Files uploaded for texts in Markdown.

Source: https://docs.gitlab.com/api/project_markdown_uploads/, https://docs.gitlab.com/api/group_markdown_uploads/ and
GitLab's lib/api/markdown_uploads.rb.
"""

import re
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.metric_image import IssuableMetricImage
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.upload import UPLOAD, UPLOAD_ADMIN, Upload, safe_name, uploads_of
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Forbidden, InvalidParameters, NotFound, RecordNotFound
from mockgitlab.store import Query

PARENTS = ("projects/:id", "groups/:id")
ALL = tuple(f"{parent}/uploads" for parent in PARENTS)
BY_ID = tuple(f"{path}/:upload_id" for path in ALL)
BY_SECRET = tuple(f"{path}/:secret/:filename" for path in ALL)
NAMED: dict[str, Any] = {"since": "17.4", "json_suffix": False, "unlocated": ("secret",)}
"""A secret stands where others have an id."""
MISSING = (
    "400 Bad request - The resource that you are attempting to access does not exist or you don't have permission to "
    "perform this action."
)


def container_at(call: dsl.Call) -> Project | Group:
    """Return the project or group that the path names."""
    return call.maybe_at(Project) or call.at(Group)


def _check_reads(call: dsl.Call) -> None:
    at = container_at(call)
    open_to = access.open_to(call.user)
    guest = access.level(call, at) > 0 or (isinstance(at, Project) and call.user and at.visibility in open_to)
    if not guest:
        raise Forbidden(reason=f"the files of {at.full_path} are for its guests and above")


READ = dsl.Rule("guest", _check_reads, login=False)


@v4.locator(*BY_ID, integer=True)
def find_upload(call: dsl.Call, value: str) -> Upload:
    """Return the file with an id."""
    access.AS_MAINTAINER.check(call)
    upload = uploads_of(call.store, container_at(call)).where(id=int(value)).first()
    if upload is None:
        raise RecordNotFound(reason=f"{container_at(call).full_path} has no upload {value}")
    return upload


def find_by_secret(call: dsl.Call, secret: str, filename: str) -> Upload | None:
    """Return the file with a secret and a name."""
    if re.search(r"(^|[/\\])\.\.([/\\]|$)", filename) or filename.startswith("/"):
        raise InvalidParameters(["filename should be a valid file path"], reason=f"filename was {filename!r}")
    return uploads_of(call.store, container_at(call)).where(secret=secret, filename=filename).first()


def download(
    upload: Upload | IssuableMetricImage, kind: str = "application/octet-stream", disposition: str = "attachment"
) -> dsl.Raw:
    """Return what is in a file."""
    name = re.sub(r'[^ -~]|["\\]', "_", upload.filename)
    return dsl.Raw(upload.data or b"", kind, headers={"Content-Disposition": f'{disposition}; filename="{name}"'})


@v4.post("projects/:id/uploads", rule=access.USER, shape=UPLOAD)
def upload_file(call: dsl.Call, project: Project, file: Annotated[dsl.File, "The file"]) -> Upload:
    """Upload a file to a project."""
    sent: Any = file
    if not hasattr(sent, "filename"):
        raise InvalidParameters(["file is invalid"], reason="send the file as a part of a multipart form")
    return call.store.insert(
        Upload(
            project_id=project.id,
            secret=call.store.mint_hex("upload", 32),
            filename=safe_name(sent.filename),
            data=sent.data,
            user_id=access.me(call).id,
        )
    )


@v4.post("projects/:id/uploads/authorize", success=200)
def authorize_upload(call: dsl.Call, project: Project) -> None:
    """Tell GitLab's own proxy where to put a file; nobody else may ask."""
    raise Forbidden(reason="this is for GitLab Workhorse alone; send the file to projects/:id/uploads")


@v4.get(*ALL, rule=access.AS_MAINTAINER, shape=UPLOAD_ADMIN, since="17.2")
def list_uploads(call: dsl.Call) -> Query[Upload]:
    """List the files of a project or group."""
    return uploads_of(call.store, container_at(call))


@v4.get(*BY_ID, rule=access.AS_MAINTAINER, since="17.2")
def download_upload(upload: Upload) -> dsl.Raw:
    """Download a file by its ID."""
    return download(upload)


@v4.get(*BY_SECRET, rule=READ, **NAMED)
def download_by_secret(call: dsl.Call, secret: str, filename: str) -> dsl.Raw:
    """Download a file by its secret and its name."""
    upload = find_by_secret(call, secret, filename)
    if upload is None:
        raise NotFound(reason=f"{container_at(call).full_path} has no upload {secret}/{filename}")
    return download(upload)


@v4.delete(*BY_ID, rule=access.AS_MAINTAINER, since="17.2", conditional=False)
def delete_upload(call: dsl.Call, upload: Upload) -> None:
    """Delete a file by its ID."""
    call.store.delete(upload)


@v4.delete(
    *BY_SECRET, rule=access.AS_MAINTAINER, since="17.4", conditional=False, json_suffix=False, unlocated=("secret",)
)
def delete_by_secret(call: dsl.Call, secret: str, filename: str) -> None:
    """Delete a file by its secret and its name."""
    upload = find_by_secret(call, secret, filename)
    if upload is None:
        raise BadRequest(MISSING, reason=f"{container_at(call).full_path} has no upload {secret}/{filename}")
    call.store.delete(upload)
