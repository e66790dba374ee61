"""What clients send as the content of files."""

import base64
import binascii
import re

from mockgitlab.errors import BadRequest
from mockgitlab.git.objects import bytes_of


def content_of(content: str, encoding: str | None) -> bytes:
    """Return the bytes of a content sent as text or as base64, in which GitLab overlooks what does not belong there."""
    if encoding != "base64":
        return bytes_of(content)
    digits = re.sub(r"[^A-Za-z0-9+/]", "", content.partition("=")[0])
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4))
    except binascii.Error as error:
        raise BadRequest("invalid base64", reason=f"the content is no base64: {error}") from None
