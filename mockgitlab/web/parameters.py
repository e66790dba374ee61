"""The parameters of a request, read from its query string and its body as Rack and Grape read them.

Texts are UTF-8, whatever charset the content type names; only a part of a multipart body may have another one.
Names nest as in Rack 2.2: ``a[]=1`` makes an array, ``a[b]=1`` a hash, ``a[][b]=1`` an array of hashes. The body is
read by its content type, whatever the method; what it gives wins over the query string.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import unquote_to_bytes

from mockgitlab.web.malformed import BAD_PERCENT, without_null

if TYPE_CHECKING:
    from werkzeug.sansio import multipart

# The limits of Rack (how many parameters, how deep their names nest) and of Ruby's JSON parser.
PARAMETERS = 4096
DEPTH = 32
JSON_DEPTH = 100

# What Grape answers to a JSON body that is none; its line breaks and its last space belong to it.
INVALID_JSON = (
    "\nProblem:\n  message body does not match declared format\nResolution:\n  when specifying application/json as "
    "content-type, you must pass valid application/json in the request's 'body' "
)

_CHARSETS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1"}
# In a query string Rack 2.2 also splits at semicolons; in a form it does not.
_QUERY_SEPARATOR = re.compile("[&;] *")
_FORM_SEPARATOR = re.compile("& *")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_RUBY: dict[type, str] = {dict: "Hash", list: "Array", str: "String"}


class MalformedParameters(Exception):
    """The parameters of a request cannot be read; GitLab answers 400.

    Attributes:
        message: What the answer says: Grape's wording for a JSON body, Rails' for anything else.
        reason: What is wrong, for explanations; the message itself, where that says it already.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason or message


@dataclass(frozen=True)
class UploadedFile:
    """A file sent in a multipart body."""

    filename: str
    content_type: str
    data: bytes


def parse(query: str, content_type: str, body: bytes) -> dict[str, Any]:
    """Return the parameters of a request: those of the query string, overridden by those of the body.

    Args:
        query: The query string as WSGI gives it: still percent-encoded, any other byte as one Latin-1 character.
        content_type: The Content-Type header; empty when there is none.
        body: The whole body. Forms, multipart and JSON are read, and of JSON only an object; anything else has none.

    Raises:
        MalformedParameters: The query string or the body cannot be read.
    """
    if not query and not body:
        return {}
    parameters: dict[str, Any] = {}
    place = "query"
    try:
        if query:
            parameters = without_null(query.encode("latin-1", "replace"), _form(query, _QUERY_SEPARATOR))
        place = "request"
        if body:
            parameters.update(without_null(body, _body(content_type, body)))
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        message = f"Invalid {place} parameters: invalid byte sequence in {error.encoding.upper()}"
        raise MalformedParameters(message, f"{message}: {error}") from error
    except ValueError as error:
        raise MalformedParameters(f"Invalid {place} parameters: {error}") from error
    return parameters


def _body(content_type: str, body: bytes) -> dict[str, Any]:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "application/json" or media_type.endswith("+json"):
        return _json(body)
    if media_type == "application/x-www-form-urlencoded":
        return _form(body.decode("latin-1"), _FORM_SEPARATOR)
    if media_type == "multipart/form-data":
        return _multipart(content_type, body)
    return {}


@lru_cache(maxsize=32)
def _charset(options: str) -> str:
    """Return Python's name of the charset among the options of a part's content type."""
    for option in options.split(";"):
        name, _, value = option.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip(" \t\"'").lower()
            if charset not in _CHARSETS:
                raise ValueError(f"unknown charset {charset[:40]!a} in the content type, expected utf-8")
            return _CHARSETS[charset]
    return "utf-8"


def _form(text: str, separator: re.Pattern[str]) -> dict[str, Any]:
    """Return the parameters of an urlencoded text, in which each byte is one character."""
    total = text.count("&") + 1 + (text.count(";") if separator is _QUERY_SEPARATOR else 0)
    if total > PARAMETERS:
        raise ValueError(f"total number of query parameters ({total}) exceeds limit ({PARAMETERS})")
    encoded = "%" in text or "+" in text or not text.isascii()
    parameters: dict[str, Any] = {}
    for pair in separator.split(text):
        name, equals, value = pair.partition("=")
        if encoded:
            name, value = _decoded(name), _decoded(value)
        _put(parameters, name, value if equals else None)
    return parameters


def _decoded(text: str) -> str:
    if text.isalnum() and text.isascii():
        return text
    data = text.encode("latin-1")
    if BAD_PERCENT.search(data):
        raise ValueError(f"invalid %-encoding ({data[:100].decode(errors='replace')})")
    return unquote_to_bytes(data.replace(b"+", b" ")).decode()


def _put(parameters: dict[str, Any], name: str, value: object) -> None:
    """Store a value under a name such as ``a``, ``a[]``, ``a[b]`` or ``a[][b]``; without a name it is dropped."""
    start = name.find("[", 1)
    if start > 0:
        _store(parameters, name[:start], name[start:], value, 1)
    elif name:
        parameters[name] = value


def _store(level: dict[str, Any], key: str, rest: str, value: object, depth: int) -> None:
    """Store a value under a key and what follows it in the name, of which ``depth`` keys are read so far."""
    if not rest:
        level[key] = value
    elif rest == "[":
        level[key + rest] = value
    elif rest.startswith("[]"):
        _append(_child(level, key, list), rest[2:], value, depth)
    else:
        _descend(_child(level, key, dict), rest, value, depth)


def _descend(level: dict[str, Any], name: str, value: object, depth: int) -> None:
    """Store a value under the next key of a name, ``[b]`` of ``a[b][c]``; under all of it, if a bracket is missing."""
    if depth >= DEPTH:
        raise ValueError(f"a name nests deeper than the limit ({DEPTH})")
    end = name.find("]", 1)
    if name.startswith("[]"):
        _store(level, "[]", name[2:], value, depth + 1)
    elif name.startswith("[") and end > 0:
        _store(level, name[1:end], name[end + 1 :], value, depth + 1)
    else:
        level[name] = value


def _append(items: list[Any], rest: str, value: object, depth: int) -> None:
    """Add a value to an array; as part of its last hash, while that has no such key yet."""
    if rest in ("", "[]"):
        items.append([value] if rest else value)
    elif items and isinstance(items[-1], dict) and not _has(items[-1], rest):
        _descend(items[-1], rest, value, depth)
    else:
        items.append({})
        _descend(items[-1], rest, value, depth)


def _child(level: dict[str, Any], key: str, kind: type) -> Any:
    """Return the array or hash under a key, made if there is none."""
    found = level.get(key)
    if found is None:
        found = level[key] = kind()
    if not isinstance(found, kind):
        raise ValueError(f"expected {_RUBY[kind]} (got {_RUBY.get(type(found), 'Hash')}) for param `{key}'")
    return found


def _has(level: object, name: str) -> bool:
    """Tell whether a hash has the key which a name such as ``[b][c]`` leads to."""
    if "[]" in name:
        return False
    for key in filter(None, name.replace("]", "[").split("[")):
        if not isinstance(level, dict) or key not in level:
            return False
        level = level[key]
    return True


def _json(body: bytes) -> dict[str, Any]:
    try:
        text = body.decode()
        value = _DECODER.decode(text)
        # Counting is quicker than measuring, and settles all but the strangest bodies.
        if text.count("[") + text.count("{") > JSON_DEPTH:
            _check_depth(value)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise MalformedParameters(INVALID_JSON, f"the JSON body cannot be read: {error}") from error
    return value if isinstance(value, dict) else {}


def _check_depth(value: object) -> None:
    layer = [value]
    for _ in range(JSON_DEPTH):
        layer = [child for item in layer for child in _containers(item)]
    if layer:
        raise ValueError(f"it nests deeper than the limit ({JSON_DEPTH})")


def _containers(value: object) -> list[object]:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [child for child in children if isinstance(child, dict | list)]


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_no_number)


def _multipart(content_type: str, body: bytes) -> dict[str, Any]:
    # Imported when first needed: most requests have no multipart body.
    from werkzeug.http import parse_options_header

    boundary = parse_options_header(content_type)[1].get("boundary")
    if not boundary:
        # Rack reads it as an urlencoded form, and clients exist that send just that.
        return _form(body.decode("latin-1"), _FORM_SEPARATOR)
    parameters: dict[str, Any] = {}
    for total, (name, value) in enumerate(_parts(boundary, body), start=1):
        if total > PARAMETERS:
            raise ValueError(f"the body has more parts than the limit ({PARAMETERS})")
        _put(parameters, name, value)
    return parameters


def _parts(boundary: str, body: bytes) -> Iterator[tuple[str, str | UploadedFile]]:
    """Yield the name and the value of each part; a file without a name was not chosen and is left out."""
    from werkzeug.sansio import multipart

    head: multipart.Event | None = None
    data: list[bytes] = []
    for event in _events(boundary, body):
        if not isinstance(event, multipart.Data):
            head, data = event, []
            continue
        data.append(event.data)
        if not event.more_data and isinstance(head, multipart.Field):
            options = head.headers.get("content-type", "").partition(";")[2]
            yield head.name or "", b"".join(data).decode(_charset(options))
        elif not event.more_data and isinstance(head, multipart.File) and head.filename:
            yield head.name or head.filename, _uploaded(head, b"".join(data))


def _events(boundary: str, body: bytes) -> "Iterator[multipart.Event]":
    """Yield what the decoder finds, up to the closing boundary."""
    from werkzeug.sansio import multipart

    decoder = multipart.MultipartDecoder(boundary.encode("latin-1"))
    decoder.receive_data(body)
    decoder.receive_data(None)
    try:
        while not isinstance(event := decoder.next_event(), multipart.Epilogue):
            yield event
    except ValueError as error:
        expected = f"expected parts with a Content-Disposition between --{boundary[:70]} and --{boundary[:70]}--"
        raise ValueError(f"the multipart body is incomplete or malformed, {expected}") from error


def _uploaded(part: "multipart.File", data: bytes) -> UploadedFile:
    # Some clients send the whole path of the file; Rack keeps the last part of it.
    filename = part.filename.replace("\\", "/").rpartition("/")[2]
    return UploadedFile(filename, part.headers.get("content-type", "application/octet-stream"), data)
