"""What clients send as the content of files."""

import base64
import re

from mockgitlab.errors import BadRequest
from mockgitlab.git.objects import bytes_of

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_GOOD = re.compile(r"[A-Za-z0-9+/]*")


def content_of(content: str, encoding: str | None) -> bytes:
    """Return the bytes of a content sent as text or as base64, in which lines may end anywhere.

    Raises ``BadRequest`` for base64 that is none, as Gitaly's decoder, Go's ``base64.StdEncoding``, refuses it.
    """
    if encoding != "base64":
        return bytes_of(content)
    digits = re.sub(r"[\r\n]", "", content)
    if not _BASE64.fullmatch(digits):
        place = len(_GOOD.match(digits)[0])  # type: ignore[index]
        text = f"13:write created blob: illegal base64 data at input byte {place}"
        raise BadRequest(text, reason=f"the content is no base64, or has no padding: {digits[place : place + 20]!r}")
    return base64.b64decode(digits)
