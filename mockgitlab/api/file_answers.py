"""What is in a file of a repository as an answer of its own, with the type and the disposition that GitLab gives it.

Source: GitLab's lib/api/helpers.rb (``send_git_blob``) and, for what it leaves to Workhorse,
workhorse/internal/headers/content_headers.go, whose detection is that of the WHATWG's MIME Sniffing standard.
"""

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import quote

from mockgitlab import dsl

TEXT, OTHER, SVG = "text/plain; charset=utf-8", "application/octet-stream", "image/svg+xml"
SNIFFED = 512
_INLINE = (
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBPVP", re.DOTALL), "image/webp"),
    (re.compile(rb"BM"), "image/bmp"),
    (re.compile(rb"\0\0[\1\2]\0"), "image/x-icon"),
    (re.compile(rb"\x1a\x45\xdf\xa3"), "video/webm"),
    (re.compile(rb"RIFF....AVI ", re.DOTALL), "video/avi"),
    (re.compile(rb"....ftyp(?:....)*?mp4", re.DOTALL), "video/mp4"),
)
"""How the files begin that browsers show themselves, and their types."""
_MARKED_TEXT = re.compile(rb"\xfe\xff|\xff\xfe|\xef\xbb\xbf")
_NO_TEXT = re.compile(rb"[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_SVG = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype svg[^>]*>\s*)?<svg[^>]*>.*</svg>\s*", re.I | re.S)
_RENDERED = re.compile(
    rb"\s*(?:<!DOCTYPE HTML|<(?:html|head|script|iframe|body|title|style|table|h1)[ >]|<\?xml)", re.I
)


def file_answer(data: bytes, name: str = "", headers: Mapping[str, str] | None = None) -> dsl.Raw:
    """Return a content as it is: text, pictures, videos and PDF to be looked at, all else to be downloaded.

    ``name`` is that of the file; without one none is told.
    """
    kind = _kind(data)
    shown = f"inline{named(name)}"
    if kind == TEXT and _RENDERED.match(data):
        shown = "inline; filename=blob"
    if kind in (OTHER, SVG):
        shown = f"attachment{named(name)}"
    return dsl.Raw(data, kind, headers={**(headers or {}), "Content-Disposition": shown})


def _kind(data: bytes) -> str:
    if _SVG.fullmatch(data):
        return SVG
    begin = data[:SNIFFED]
    if _MARKED_TEXT.match(begin):
        return TEXT
    known = next((kind for pattern, kind in _INLINE if pattern.match(begin)), None)
    return known or (OTHER if _NO_TEXT.search(begin) else TEXT)


def named(name: str) -> str:
    """Return a file's name as Rails writes it into the header, once in ASCII and once whole."""
    if not name:
        return ""
    name = name.split(".")[0] if name.endswith(".xhtml") else name
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    ascii_name = quote(plain.encode("ascii", "replace"), safe=" !#$+.^_`|~-")
    return f"; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='!#$&+.^_`|~-', errors='replace')}"
