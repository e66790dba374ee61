"""One exchange of a recording: a request, its response, and the forms that bodies take."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

Pairs = tuple[tuple[str, str], ...]


class Part(NamedTuple):
    """A file sent in a multipart form: what it is called, its type, its bytes."""

    filename: str
    content_type: str
    data: bytes


Fields = tuple[tuple[str, str | Part], ...]


@dataclass(frozen=True)
class Body:
    """What a message carries: nothing, JSON, a form, text or bytes.

    ``value`` is the JSON value, the fields of a form, a text, or bytes for the kind ``file``. ``style`` says how JSON
    was written, where it was not written compactly: one of ``STYLES``.
    """

    kind: str = ""
    value: Any = None
    style: str = ""

    def encoded(self) -> bytes:
        """Return the bytes of the body; a multipart form, whose boundary is anybody's choice, cannot be asked."""
        if self.kind == "json":
            return STYLES[self.style](self.value).encode()
        if self.kind == "form":
            return urlencode(self.value).encode()
        if self.kind == "text":
            return str(self.value).encode()
        return self.value if self.kind == "file" else b""


@dataclass(frozen=True)
class Sent:
    """A request: ``path`` is raw, percent-encoded as it was sent."""

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: Body = Body()

    @property
    def target(self) -> str:
        """Path and query as they go over the wire."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


@dataclass(frozen=True)
class Got:
    """A response."""

    status: int
    headers: Pairs = ()
    body: Body = Body()


@dataclass(frozen=True)
class Exchange:
    """A request and its response."""

    request: Sent
    response: Got


def header(headers: Pairs, name: str) -> str:
    """Return the first header of a name, in any case; empty when there is none."""
    return next((value for key, value in headers if key.lower() == name), "")


def pairs_of_query(query: str) -> Pairs:
    """Return the names and values of a query string."""
    return tuple(parse_qsl(query, keep_blank_values=True, errors="replace"))


# How JSON is written


_compactly = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _as_rails(value: Any) -> str:
    """Write JSON as Rails does, which escapes what HTML might take for its own."""
    text = _compactly(value)
    for character, escape in _RAILS:
        text = text.replace(character, escape)
    return text


_RAILS = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
STYLES: dict[str, Callable[[Any], str]] = {
    "": _compactly,
    "rails": _as_rails,
    "ascii": json.JSONEncoder(separators=(",", ":")).encode,
    "spaced": json.JSONEncoder(ensure_ascii=False).encode,
    "spaced-ascii": json.JSONEncoder().encode,
    "indented": json.JSONEncoder(ensure_ascii=False, indent=2).encode,
}
"""How JSON may be written; the first is how it is written when nothing is said."""


def style_of(value: Any, text: str) -> str:
    """Return the style in which JSON was written; the first, when it is none of those known."""
    return next((name for name, write in STYLES.items() if write(value) == text), "")


@lru_cache(maxsize=64)
def is_textual(content_type: str) -> bool:
    """Tell whether a content type is text that people read."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind in _TEXTUAL or kind.endswith(("+json", "+xml", "+yaml"))


_TEXTUAL = {
    "application/json",
    "application/xml",
    "application/javascript",
    "application/x-ndjson",
    "application/yaml",
    "application/x-yaml",
    "application/graphql",
    "application/sql",
    "application/toml",
    "application/x-sh",
    "image/svg+xml",
}


def texts_of(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from texts_of(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts_of(one)
