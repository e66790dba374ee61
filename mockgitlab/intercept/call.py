"""Calling a WSGI application with a client's request, in the client's own thread."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from mockgitlab.intercept.origin import Origin

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """A client's request; `target` is path and query as they would go over the wire."""

    method: str
    origin: Origin
    target: str
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the application answered, complete."""

    status: int
    reason: str
    headers: Headers
    body: bytes


def call(app: WSGIApplication, request: Request) -> Answer:
    """Have the application answer a request; what it raises passes through."""
    started: list[tuple[str, Headers]] = []
    pieces: list[bytes] = []

    def start_response(status: str, headers: Headers, exc_info: OptExcInfo | None = None) -> Callable[[bytes], object]:
        if started and exc_info is None:
            raise AssertionError("the application called start_response twice")
        started.append((status, headers))
        return pieces.append

    result = app(environ(request), start_response)
    try:
        pieces.extend(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    if not started:
        raise AssertionError("the application gave an answer without calling start_response")
    return _answer(request.method, *started[-1], b"".join(pieces))


def _answer(method: str, status: str, headers: Headers, body: bytes) -> Answer:
    code, _, reason = status.partition(" ")
    bodyless = method == "HEAD" or code in ("204", "304")
    if not bodyless and not any(name.lower() == "content-length" for name, _ in headers):
        headers = [*headers, ("Content-Length", str(len(body)))]
    if not any(name.lower() == "date" for name, _ in headers):
        headers = [*headers, ("Date", formatdate(usegmt=True))]
    return Answer(int(code), reason, headers, b"" if bodyless else body)


def environ(request: Request) -> WSGIEnvironment:
    """The WSGI environ of a request, as a server would make it: the raw target is in REQUEST_URI and RAW_URI."""
    path, _, query = request.target.partition("?")
    return {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.origin.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "SERVER_SOFTWARE": "mockgitlab",
        "SERVER_NAME": request.origin.host,
        "SERVER_PORT": str(request.origin.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "REQUEST_METHOD": request.method,
        "REQUEST_URI": request.target,
        "RAW_URI": request.target,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "0",
        "HTTP_HOST": request.origin.netloc,
    } | _headers(request)


def _headers(request: Request) -> WSGIEnvironment:
    """The headers as environ keys; like nginx, one with an underscore is left out."""
    found: WSGIEnvironment = {}
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        if "_" not in name:
            found[key] = f"{found[key]}{';' if key == 'HTTP_COOKIE' else ','} {value}" if key in found else value
    if "HTTP_TRANSFER_ENCODING" in found:
        found["CONTENT_LENGTH"] = str(len(request.body))
    return found


def latin_1(value: str | bytes) -> str:
    """A header's value as WSGI wants it; UnicodeEncodeError if no server would ever get it."""
    return (value if isinstance(value, bytes) else value.encode("latin-1")).decode("latin-1")


def body_bytes(body: object) -> bytes:
    """The bytes of a body given as text, bytes, an open file or an iterable of either."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    if hasattr(body, "read"):
        return body_bytes(body.read())
    if isinstance(body, Iterable):
        return b"".join(body_bytes(piece) for piece in body)
    raise TypeError(f"a body cannot be {type(body).__name__}: expected bytes, text, an open file or an iterable")
