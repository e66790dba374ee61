"""Raw paths, still percent-encoded: how the client sent them, and which of them mean the same."""

import re
from typing import Any
from urllib.parse import quote, unquote_to_bytes

SLASHES = re.compile("/{2,}")
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_WORD = re.compile("[A-Za-z0-9_-]")
_NEEDLESS = re.compile("%(?:2[Dd]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|[0-9A-F]?[a-f])")
"""An escape of one of those letters, or one that is not in capitals; few clients send any."""
_UNRESERVED = "/:@!$&'()*+,;=-._~"  # what a path may hold beside letters and digits (RFC 3986)


def normalise(raw_path: str) -> str:
    """Return a path with one slash in front, none at the end, and no doubled ones; nothing is decoded."""
    return "/" + (SLASHES.sub("/", raw_path) if "//" in raw_path else raw_path).strip("/")


def raw_path(environ: dict[str, Any]) -> str:
    """Return the path of a WSGI request as the client sent it, without the query string and the mount point.

    It comes from ``REQUEST_URI`` or ``RAW_URI``, set by servers beside the standard; either may be a whole URL. Under a
    mount point (``SCRIPT_NAME``) it is the part that decodes to ``PATH_INFO``. Where no URI is set, or none that agrees
    with it, ``PATH_INFO`` is encoded anew, and an encoded slash can no longer be told from a plain one.
    """
    raw, path_info = environ.get("REQUEST_URI") or environ.get("RAW_URI") or "", environ.get("PATH_INFO", "")
    raw = raw.partition("?")[0] or _quoted(path_info, _UNRESERVED)
    if not raw.startswith("/"):
        raw = "/" + raw.partition("://")[2].partition("/")[2]
    if not raw.isascii():
        raw = _quoted(raw, _UNRESERVED + "%")
    return _below(environ["SCRIPT_NAME"], raw, path_info) if environ.get("SCRIPT_NAME") else raw


def _below(mount: str, raw: str, path_info: str) -> str:
    rest = raw
    for _ in range(mount.count("/") + 1):
        if unquote_to_bytes(rest) == path_info.encode("latin-1", "replace"):
            return rest or "/"
        rest = "".join(rest[1:].partition("/")[1:])
    return _quoted(path_info, _UNRESERVED)


def _quoted(path: str, unreserved: str) -> str:
    return quote(path.encode("latin-1", "replace"), unreserved) or "/"


def plain_path(path: str) -> str:
    """Return a raw path with letters, digits, ``-`` and ``_`` decoded and all other escapes in capitals.

    Both mean the same (RFC 3986, 6.2.2); a dot is left alone, as ``%2Ejson`` is no format.
    """
    return _ESCAPE.sub(_plain, path) if _NEEDLESS.search(path) else path


def _plain(escape: re.Match[str]) -> str:
    letter = chr(int(escape[0][1:], 16))
    return letter if _WORD.match(letter) else escape[0].upper()


def canonical(path: str) -> str:
    """Return the one form of all raw paths that mean the same, slashes at the end and doubled ones aside."""
    return normalise(plain_path(path))
