"""Writing what a WSGI application answers as HTTP/1.1, framed so that the connection can go on.

An answer whose size is known (a list, or with a Content-Length) goes out in one piece. Of any other, each part goes
out as a chunk when the application gives it.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from wsgiref.handlers import format_date_time

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

_OF_THE_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding"})
_SPECIAL = _OF_THE_CONNECTION | {"content-length", "date"}


@functools.lru_cache(maxsize=256)
def _special(name: str) -> bool:
    return name.lower() in _SPECIAL


class ResponseWriter:
    """Runs the application for one request and sends its answer.

    Args:
        environ: The request.
        send: Sends bytes to the client; what it raises passes through.
        keep_open: Whether the client wants the connection kept. The attribute of that name turns false when the
            connection must be closed after this answer.
    """

    def __init__(self, environ: WSGIEnvironment, send: Callable[[bytes], None], *, keep_open: bool) -> None:
        self.keep_open = keep_open
        self._environ = environ
        self._send = send
        self._old = environ["SERVER_PROTOCOL"] == "HTTP/1.0"
        self._head_only = environ["REQUEST_METHOD"] == "HEAD"
        self._status = ""
        self._lines: list[str] = []
        self._declared: str | None = None
        self._dated = False
        self._pieces: list[bytes] = []
        self._whole = False
        self._started = False

    def run(self, app: WSGIApplication) -> None:
        """Call the application and send its answer; what it raises passes through."""
        result = app(self._environ, self._start_response)
        try:
            self._whole = isinstance(result, (list, tuple))
            for piece in result:
                self._write(piece)
        finally:
            if hasattr(result, "close"):
                result.close()
        self._finish()

    def fail(self) -> None:
        """Answer 500; once part of another answer is out, the connection can only be closed."""
        if self._started:
            self.keep_open = False
            return
        self._begin("500 Internal Server Error", [("Content-Type", "application/json")])
        self._pieces = [b'{"message":"500 Internal Server Error"}']
        self._finish()

    def _start_response(
        self, status: str, headers: Headers, exc_info: OptExcInfo | None = None
    ) -> Callable[[bytes], object]:
        if exc_info is not None and exc_info[1] is not None and self._started:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and self._status:
            raise AssertionError("the application called start_response twice")
        self._begin(status, headers)
        return self._write

    def _begin(self, status: str, headers: Headers) -> None:
        self._status, self._declared, self._dated = status, None, False
        self._lines = [
            f"{name}: {value}" for name, value in headers if not _special(name) or self._passes(name.lower(), value)
        ]

    def _passes(self, name: str, value: str) -> bool:
        """Note what a header means to the server, and tell whether it is sent."""
        if name == "content-length":
            self._declared = value
            return self._status[:3] != "204"
        if name == "date":
            self._dated = True
        elif name == "connection" and value.lower() == "close":
            self.keep_open = False
        return name not in _OF_THE_CONNECTION

    def _write(self, piece: bytes) -> None:
        if not piece:
            return
        if self._environ.get("mockgitlab.drip") and self._declared is not None:
            self._send_piece(piece)
        elif self._started or not (self._whole or self._old or self._bodyless or self._declared is not None):
            self._send_chunk(piece)
        else:
            self._pieces.append(piece)

    def _send_piece(self, piece: bytes) -> None:
        """Send part of a body whose length was declared at once, as it comes."""
        self.keep_open = self.keep_open and not self._environ.get("mockgitlab.truncated")
        self._send(piece if self._started else self._head() + piece)
        self._started = True

    def _send_chunk(self, piece: bytes) -> None:
        chunk = b"%x\r\n%b\r\n" % (len(piece), piece)
        if not self._started:
            chunk = self._head("Transfer-Encoding: chunked") + chunk
        self._started = True
        self._send(chunk)

    def _finish(self) -> None:
        if self._started:
            self._send(b"" if self._declared is not None else b"0\r\n\r\n")
            return
        body = b"".join(self._pieces)
        self._check_length(body)
        message = self._head(*self._length_of(body)) + (b"" if self._bodyless else body)
        self._started = True
        self._send(message)

    @property
    def _bodyless(self) -> bool:
        return self._head_only or self._status[:3] in ("204", "304")

    def _check_length(self, body: bytes) -> None:
        if self._environ.get("mockgitlab.truncated"):
            self.keep_open = False
        elif self._declared is not None and not self._bodyless and self._declared != str(len(body)):
            raise ValueError(f"the application declared Content-Length {self._declared} and gave {len(body)} bytes")

    def _length_of(self, body: bytes) -> list[str]:
        known = self._declared is not None or (self._bodyless and not (self._head_only and body))
        return [] if known else [f"Content-Length: {len(body)}"]

    def _head(self, *more: str) -> bytes:
        if not self._status:
            raise AssertionError("the application gave an answer without calling start_response")
        if not self.keep_open:
            more = (*more, "Connection: close")
        elif self._old:
            more = (*more, "Connection: keep-alive")
        return _joined(self._status, [*self._lines, *more], self._dated)


def head(status: str, headers: Headers) -> bytes:
    """The bytes of a status line and headers; Date is added unless given.

    Raises:
        ValueError: One of them holds a line break, or what HTTP cannot carry (it is limited to Latin-1).
    """
    dated = any(name.lower() == "date" for name, _ in headers)
    return _joined(status, [f"{name}: {value}" for name, value in headers], dated)


def _joined(status: str, lines: list[str], dated: bool) -> bytes:
    if not dated:
        lines.append(f"Date: {_date(int(time.time()))}")
    text = "\r\n".join(lines)
    breaks = len(lines) - 1
    if text.count("\n") != breaks or text.count("\r") != breaks or "\n" in status or "\r" in status:
        raise ValueError(f"a line break in the status or a header: {status!r}, {lines!r}")
    return f"HTTP/1.1 {status}\r\n{text}\r\n\r\n".encode("latin-1")


@functools.lru_cache(maxsize=1)
def _date(second: int) -> str:
    return format_date_time(second)
