"""Reading HTTP/1.x requests (RFC 9112) from a connection, strictly, into WSGI environs.

A request is read whole, body included, before the application runs, as nginx does in front of GitLab. The limits are
nginx's too: a line of 8 KiB, a head of 32 KiB. The request target is kept as it came, in REQUEST_URI and RAW_URI.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from mockgitlab.web.incoming import Incoming

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MAX_LINE = 8 * 1024
MAX_HEAD = 4 * MAX_LINE

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_REQUEST_LINE = re.compile(rf"({_TOKEN}) ([!-~\x80-\xff]+) HTTP/([0-9])\.([0-9])\r?\n")
_HEADER = re.compile(rf"({_TOKEN}):([^\0\r\n]*)\r?\n")
_ABSOLUTE = re.compile(r"https?://([^/?]+)(.*)", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_BLANK = (b"\r\n", b"\n")
_END_OF_HEAD = b"\r\n\r\n"
_TLS_HANDSHAKE = b"\x16"
_ODD_BEGINNINGS = b"\r\n\x16"
_HEADERS_TOO_LARGE = "431 Request Header Fields Too Large"


class Refusal(Exception):
    """A request that HTTP itself forbids: the status line to answer with, and why."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason


def stays_open(environ: WSGIEnvironment) -> bool:
    """Whether the client wants the connection kept after this request."""
    return _stays_open(environ.get("HTTP_CONNECTION", ""), environ["SERVER_PROTOCOL"])


@functools.lru_cache(maxsize=64)
def _stays_open(connection: str, protocol: str) -> bool:
    options = {option.strip().lower() for option in connection.split(",")}
    return "keep-alive" in options if protocol == "HTTP/1.0" else "close" not in options


class RequestReader:
    """Reads one connection's requests, one after another.

    Args:
        incoming: The bytes of the connection.
        base: What the environs of all its requests have in common.
        max_body: The size in bytes beyond which a body is refused.
        invite: Sends `100 Continue` to a client that waits for it before sending the body.
    """

    def __init__(self, incoming: Incoming, base: WSGIEnvironment, *, max_body: int, invite: Callable[[], None]) -> None:
        self._incoming = incoming
        self._base = base
        self._max_body = max_body
        self._invite = invite

    def read(self) -> WSGIEnvironment | None:
        """Read the next request; None once the client has closed the connection, Refusal if it is malformed."""
        environ = self._at_once() or self._line_by_line()
        if environ is None:
            return None
        _set_host(environ)
        environ["wsgi.input"] = io.BytesIO(self._body(environ))
        return environ

    def _at_once(self) -> WSGIEnvironment | None:
        """Return what a head says that came whole and is not too long; None for any other."""
        held = self._incoming.peek()
        end = held.find(_END_OF_HEAD, 0, MAX_LINE)
        begin = held.find(b"\n", 0, end) + 1
        if end < 0 or not begin or held[0] in _ODD_BEGINNINGS:
            return None
        headers = _headers(bytes(held[begin : end + 2]))
        if headers is None:
            return None
        environ = self._base | _request_line(bytes(held[:begin])) | headers
        del held[: end + len(_END_OF_HEAD)]
        return environ

    def _line_by_line(self) -> WSGIEnvironment | None:
        if self._incoming.peek()[:1] == _TLS_HANDSHAKE:
            raise _bad("a TLS handshake came to a plain HTTP port: use http:// instead of https://")
        line = self._line("414 Request-URI Too Large")
        if line in _BLANK:
            line = self._line("414 Request-URI Too Large")
        if not line:
            return None
        environ = self._base | _request_line(line)
        self._headers(environ)
        return environ

    def _line(self, too_long: str) -> bytes:
        line = self._incoming.line(MAX_LINE + 1)
        if len(line) > MAX_LINE:
            raise Refusal(too_long, f"a line of more than {MAX_LINE} bytes: {line[:40]!r}...")
        if line and not line.endswith(b"\n"):
            raise _bad(f"the request breaks off after {line[-40:]!r}")
        return line

    def _headers(self, environ: WSGIEnvironment) -> None:
        room = MAX_HEAD
        while (line := self._line(_HEADERS_TOO_LARGE)) not in _BLANK:
            room -= len(line)
            if room < 0:
                raise Refusal(_HEADERS_TOO_LARGE, f"the headers have more than {MAX_HEAD} bytes")
            _add_header(environ, line)

    def _body(self, environ: WSGIEnvironment) -> bytes:
        if "HTTP_TRANSFER_ENCODING" in environ:
            _check_coding(environ)
            self._invite_if_asked(environ)
            body = self._chunks()
            environ["CONTENT_LENGTH"] = str(len(body))
            return body
        length = environ.get("CONTENT_LENGTH")
        if length is None:
            return b""
        if not _LENGTH.fullmatch(length):
            raise _bad(f"Content-Length is {length!a}: expected one number of bytes")
        self._check_size(int(length))
        self._invite_if_asked(environ)
        return self._exactly(int(length))

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := self._chunk_size():
            self._check_size(len(body) + size)
            body += self._exactly(size)
            if self._line("400 Bad Request") not in _BLANK:
                raise _bad(f"a chunk goes on after its {size} bytes")
        self._headers({})  # trailers are read past
        return bytes(body)

    def _chunk_size(self) -> int:
        line = self._line("400 Bad Request")
        match = _CHUNK_SIZE.fullmatch(line)
        if match is None:
            raise _bad(f"{line[:40]!r} is no size of a chunk: expected a hexadecimal number")
        return int(match[1], 16)

    def _exactly(self, size: int) -> bytes:
        data = self._incoming.exactly(size)
        if len(data) < size:
            raise _bad(f"the body breaks off: {len(data)} bytes came, {size} were announced")
        return data

    def _check_size(self, size: int) -> None:
        if size > self._max_body:
            raise Refusal("413 Request Entity Too Large", f"a body of {size} bytes: at most {self._max_body} are read")

    def _invite_if_asked(self, environ: WSGIEnvironment) -> None:
        if environ["SERVER_PROTOCOL"] != "HTTP/1.0" and environ.get("HTTP_EXPECT", "").lower() == "100-continue":
            self._invite()


def _bad(reason: str) -> Refusal:
    return Refusal("400 Bad Request", reason)


def _request_line(line: bytes) -> WSGIEnvironment:
    match = _REQUEST_LINE.fullmatch(line.decode("latin-1"))
    if match is None:
        raise _bad(f"{line[:80]!r} is no request line: expected METHOD /path HTTP/1.1")
    method, target, major, minor = match.groups()
    if major != "1":
        raise Refusal("505 HTTP Version Not Supported", f"HTTP/{major}.{minor} came: expected HTTP/1.1")
    environ = {"REQUEST_METHOD": method, "SERVER_PROTOCOL": "HTTP/1.0" if minor == "0" else "HTTP/1.1"}
    return environ | _target(target, method)


def _target(target: str, method: str) -> WSGIEnvironment:
    """Split a request target; an absolute one, as sent to a proxy, also says the host."""
    environ = {}
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is not None:
        environ["absolute.host"], target = absolute[1], "/" + absolute[2].removeprefix("/")
    elif not target.startswith("/") and (target, method) != ("*", "OPTIONS"):
        raise _bad(f"the request target is {target[:80]!a}: expected a path that begins with /")
    path, _, environ["QUERY_STRING"] = target.partition("?")
    environ["PATH_INFO"] = unquote_to_bytes(path.encode("latin-1")).decode("latin-1") if "%" in path else path
    environ["REQUEST_URI"] = environ["RAW_URI"] = target
    return environ


@functools.lru_cache(maxsize=256)
def _headers(lines: bytes) -> WSGIEnvironment | None:
    """Return what header lines say, None where a blank one is among them; a client sends the same again and again."""
    environ: WSGIEnvironment = {}
    for line in lines.split(b"\n")[:-1]:
        if line in (b"", b"\r"):
            return None
        _add_header(environ, line + b"\n")
    return environ


def _add_header(environ: WSGIEnvironment, line: bytes) -> None:
    """Add one header line; like nginx, pass over a name with an underscore, which CGI would confuse with a dash."""
    match = _HEADER.fullmatch(line.decode("latin-1"))
    if match is None:
        raise _bad(f"{line[:80]!r} is no header: expected Name: value" if line else "the headers break off")
    name, value = match[1].upper(), match[2].strip(" \t")
    if "_" in name:
        return
    key = name.replace("-", "_") if name in ("CONTENT-TYPE", "CONTENT-LENGTH") else "HTTP_" + name.replace("-", "_")
    if key in environ:
        value = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','} {value}"
    environ[key] = value


def _set_host(environ: WSGIEnvironment) -> None:
    host = environ.get("HTTP_HOST")
    if host is None and environ["SERVER_PROTOCOL"] != "HTTP/1.0":
        raise _bad("the request has no Host header, which HTTP/1.1 demands")
    if host is not None and "," in host:
        raise _bad(f"the request has more than one Host header: {host!a}")
    if "absolute.host" in environ:
        environ["HTTP_HOST"] = environ.pop("absolute.host")


def _check_coding(environ: WSGIEnvironment) -> None:
    coding = environ["HTTP_TRANSFER_ENCODING"]
    if "CONTENT_LENGTH" in environ:
        raise _bad("the request has both Transfer-Encoding and Content-Length: expected one of them")
    if environ["SERVER_PROTOCOL"] == "HTTP/1.0":
        raise _bad("Transfer-Encoding came in an HTTP/1.0 request: expected Content-Length")
    if coding.lower() != "chunked":
        raise Refusal("501 Not Implemented", f"Transfer-Encoding is {coding!a}: only chunked is understood")
