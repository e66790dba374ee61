"""An answer before it is sent, and the headers that every answer of GitLab has."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from mockgitlab.dsl import Call
from mockgitlab.dsl.encoding import Body, encode
from mockgitlab.errors import ApiError
from mockgitlab.web.reasons import header_text, of_refusal

JSON = "application/json"
_ALWAYS = (("Vary", "Origin"), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "SAMEORIGIN"))
_TO_BE_ASKED_AGAIN = ("Cache-Control", "max-age=0, private, must-revalidate")
_NOT_TO_BE_KEPT = ("Cache-Control", "no-cache")
_TYPE = ("Content-Type", JSON)
_RUNTIME = ("X-Runtime", "0.000000")
_NO_LENGTH = ("Content-Length", "0")
_NAMES = {"cache-control", *(name.lower() for name, _ in _ALWAYS), "content-type", "content-length", "etag"}
"""The names of all headers that are there without the answer's doing."""


class AnswerLost(ConnectionResetError):
    """Nothing is to be answered: the embedded server resets the connection."""


@dataclass(slots=True)
class Answer:
    """Status, headers and body, not to be changed; ``Content-Length`` is added when it is sent.

    Without a ``content_type`` it is empty. ``reason`` is why the request was refused, ``stub`` the canned answer that
    it is: both for the journal. ``shared`` is what the body was taken from, and knows its digest.
    """

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    stub: str = ""
    shared: Body | None = None

    def all_headers(self) -> list[tuple[str, str]]:
        """Return the headers in the order in which they are sent; the answer's own stand for those of the same name."""
        etag = self.etag()
        headers = [_TO_BE_ASKED_AGAIN if etag else _NOT_TO_BE_KEPT, *_ALWAYS]
        if self.status not in (204, 304):
            kind = _TYPE if self.content_type is JSON else ("Content-Type", self.content_type)
            headers += [kind, ("Content-Length", str(len(self.body)))] if self.content_type else [_NO_LENGTH]
        if etag:
            headers.append(("ETag", etag))
        own = _replaced(tuple(self.headers))
        if own:
            headers = [header for header in headers if header[0].lower() not in own]
        told = [(name, text if text.isascii() else _carried(text)) for name, text in self.headers.items()]
        return [*headers, *told, _RUNTIME]

    def etag(self) -> str:
        """Return its own entity tag, or the weak one that Rack gives to every successful answer with a body."""
        if "ETag" in self.headers:
            return self.headers["ETag"]
        if self.status not in (200, 201, 304) or not self.body:
            return ""
        shared = self.shared
        body = shared if shared is not None and shared.data is self.body else Body(self.body)
        return f'W/"{body.digest}"'

    def unless_known(self, wanted: str | None) -> "Answer":
        """Return ``304 Not Modified`` instead when the client has this very body already."""
        if not wanted or self.status != 200:
            return self
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        known = "*" in tags or self.etag().removeprefix("W/") in tags
        return replace(self, status=304) if known else self


def _carried(text: str) -> str:
    """Return a header's text as WSGI carries it: each byte of its UTF-8 is a letter."""
    return text.encode(errors="replace").decode("latin-1")


@lru_cache(maxsize=256)
def _replaced(names: tuple[str, ...]) -> set[str]:
    """Return which headers that are there without the answer's doing an answer with headers of these names replaces."""
    return {name.lower() for name in names} & _NAMES


def request_headers(request_id: str) -> list[tuple[str, str]]:
    """Return the headers that tell one request from another; they are never remembered."""
    meta = f'{{"correlation_id":"{request_id}","version":"1"}}'
    return [("X-Gitlab-Meta", meta), ("X-Request-Id", request_id)]


def body_answer(status: int, body: Body, headers: Mapping[str, str]) -> Answer:
    """Return encoded JSON, which other answers may share."""
    return Answer(status, body.data, headers=headers, shared=body)


def json_answer(value: Any, status: int) -> Answer:
    """Return a value as JSON."""
    return Answer(status, encode(value))


def refusal(error: ApiError, style: Any, call: Call | None = None) -> Answer:
    """Return the answer for a refused request: GitLab's status and body, our reason in a header."""
    reason = of_refusal(error, call)
    headers = {**error.headers, "X-Mockgitlab-Reason": header_text(reason)}
    if text := error.text(style):
        return Answer(error.status, text.encode(), "text/plain", headers, reason)
    return Answer(error.status, encode(error.body(style)), headers=headers, reason=reason)
