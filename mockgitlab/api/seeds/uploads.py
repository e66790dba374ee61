"""Uploaded files in scenarios, below projects and groups: ``{filename: dk.png, file: ../fixtures/dk.png, user: ada}``.

What is in one is a text, ``content``, or ``base64``, or a ``file`` beside the scenario. The ``secret`` in its address
may be given, too.
"""

import base64
import binascii
import re
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.upload import Upload, safe_name

CONTENTS = ("content", "base64", "file")
EXTRAS: dict[str, dict[str, Any]] = {name: {"type": "string"} for name in CONTENTS}


def seed_upload(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Upload:
    """Make an uploaded file of a project or group."""
    name = str(columns.get("filename") or "")
    if not name or safe_name(name) != name:
        seeding.problem("filename", f"must be a name of letters, digits and . + - _, not {name!r}")
    secret = columns.get("secret") or seeding.store.mint_hex("upload", 32)
    if not re.fullmatch(r"[0-9a-f]{32}", str(secret)):
        seeding.problem("secret", "must be 32 hexadecimal digits")
    return seeding.store.insert(Upload(**{**columns, "secret": secret, "data": content_of(seeding, extras)}))


def content_of(seeding: dsl.Seeding, extras: dict[str, Any]) -> bytes:
    """Return what is in a file: a text, base64, or what a file beside the scenario has."""
    given = [key for key in CONTENTS if key in extras]
    if len(given) > 1 or not all(isinstance(extras[key], str) for key in given):
        seeding.problem(given[0], f"must be a text, and the only one of {', '.join(CONTENTS)}")
        return b""
    if "file" in given:
        return seeding.read_file(extras["file"], "file")
    try:
        return base64.b64decode(extras["base64"], validate=True) if "base64" in given else _text(extras)
    except binascii.Error as error:
        seeding.problem("base64", f"is no base64: {error}")
        return b""


def _text(extras: dict[str, Any]) -> bytes:
    return str(extras.get("content") or "").encode("utf-8", "surrogateescape")


UPLOADS = dsl.Collection(
    "uploads",
    Upload,
    {Project: tied_to, Group: tied_to},
    seed_upload,
    None,
    EXTRAS,
)
