"""From the bytes of a body to the form in which a recording keeps it."""

import json
import re
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from mockgitlab.playback.exchange import Body, Fields, Part, is_textual, style_of, texts_of

_JSON_DEPTH = 50
_UNWRITABLE = re.compile("[\ud800-\udfff]")
NOTHING = Body()


def read_body(data: bytes, content_type: str = "") -> Body:
    """Return a body as JSON, a form or text where its type says so and it is well formed; as bytes otherwise."""
    if not data:
        return NOTHING
    kind = content_type.partition(";")[0].strip().lower()
    read = _READERS.get(kind) or (_json if kind.endswith("+json") or not kind else None)
    found = read(data, content_type) if read else None
    if found is not None:
        return found
    return (_text(data) if is_textual(content_type) or not kind else None) or Body("file", data)


def _text(data: bytes) -> Body | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else Body("text", text)


def _json(data: bytes, content_type: str) -> Body | None:
    """Return JSON as a value, where writing that value again loses nothing but spaces."""
    try:
        text = data.decode()
        value = json.loads(text, object_pairs_hook=_object, parse_float=_float, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    if _depth(value) > _JSON_DEPTH or any(_UNWRITABLE.search(one) for one in texts_of(value)):
        return None
    return Body("json", value, style_of(value, text))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too large")
    return number


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _depth(value: Any) -> int:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, children), default=0)


def _form(data: bytes, content_type: str) -> Body | None:
    try:
        pairs = parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    if not pairs or any(_UNWRITABLE.search(one) for pair in pairs for one in pair):
        return None
    return Body("form", tuple(pairs))


def _multipart(data: bytes, content_type: str) -> Body | None:
    from werkzeug.http import parse_options_header

    boundary = parse_options_header(content_type)[1].get("boundary")
    try:
        fields = _parts(data, boundary.encode()) if boundary else ()
    except (ValueError, UnicodeDecodeError):
        return None
    return Body("form", fields) if fields else None


def _parts(data: bytes, boundary: bytes) -> Fields:
    from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

    decoder = MultipartDecoder(boundary)
    decoder.receive_data(data)
    decoder.receive_data(None)
    found: list[tuple[Field | File, list[bytes]]] = []
    while not isinstance(event := decoder.next_event(), (Epilogue, NeedData)):
        if isinstance(event, (Field, File)):
            found.append((event, []))
        elif isinstance(event, Data):
            found[-1][1].append(event.data)
    return tuple(_field(head, b"".join(pieces)) for head, pieces in found)


def _field(head: Any, data: bytes) -> tuple[str, str | Part]:
    kind = head.headers.get("Content-Type", "")
    filename = getattr(head, "filename", None)
    return head.name, data.decode() if filename is None else Part(filename, kind, data)


_READERS: dict[str, Callable[[bytes, str], Body | None]] = {
    "application/json": _json,
    "application/x-www-form-urlencoded": _form,
    "multipart/form-data": _multipart,
}


def decompressed(data: bytes, encoding: str) -> bytes | None:
    """Return a body without its content encoding; nothing when the encoding is unknown or wrong."""
    coding = encoding.strip().lower()
    if coding in ("", "identity") or not data:
        return data
    try:
        if coding in ("gzip", "x-gzip"):
            return zlib.decompress(data, 31)
        return _inflated(data) if coding == "deflate" else None
    except zlib.error:
        return None


def _inflated(data: bytes) -> bytes:
    """Undo ``deflate``, which some servers send without zlib's frame."""
    try:
        return zlib.decompress(data)
    except zlib.error:
        return zlib.decompress(data, -15)
