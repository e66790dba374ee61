"""Pictures of users, groups and projects. Source: GitLab's app/models/concerns/avatarable.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.errors import InvalidParameters, NotFound, ValidationFailed

TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "ico": "image/vnd.microsoft.icon",
}
BYTES_AT_MOST = 200 * 1024
FORMAT = (
    "file format is not supported. Please try one of the following supported formats: "
    "image/png, image/jpeg, image/gif, image/bmp, image/tiff, image/vnd.microsoft.icon"
)
TOO_BIG = "is too big (should be at most 200 KiB)"


def avatar_columns(upload: Any) -> dict[str, Any]:
    """Return the columns that an uploaded file becomes; nothing, or an empty text, takes the picture away.

    Raises ``InvalidParameters`` for what is no file, and ``ValidationFailed`` for one that is no picture or too big.
    """
    if not upload:
        return {"avatar_file": None, "avatar_data": None}
    if not hasattr(upload, "filename"):
        raise InvalidParameters(["avatar is invalid"], reason="send the picture as a file, in multipart/form-data")
    problems = [] if _suffix(upload.filename) in TYPES else [FORMAT]
    if len(upload.data) > BYTES_AT_MOST:
        problems.append(TOO_BIG)
    if problems:
        reason = f"{upload.filename} has {len(upload.data)} bytes"
        raise ValidationFailed({"avatar": problems}, reason=reason)
    return {"avatar_file": upload.filename, "avatar_data": upload.data}


def avatar_answer(row: Any) -> dsl.Raw:
    """Return the uploaded picture of a user, group or project; raises ``NotFound`` where there is none."""
    if not row.avatar_file:
        raise NotFound("Avatar", reason=f"{type(row).__name__.lower()} {row.id} has no avatar")
    return dsl.Raw(row.avatar_data or b"", TYPES.get(_suffix(row.avatar_file), "application/octet-stream"))


def _suffix(filename: str) -> str:
    return filename.rpartition(".")[2].lower()
