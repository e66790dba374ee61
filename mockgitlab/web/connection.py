"""One client's connection: its requests are read and answered one after another."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mockgitlab.web.answer import AnswerLost
from mockgitlab.web.incoming import Incoming
from mockgitlab.web.request_reader import Refusal, RequestReader, stays_open
from mockgitlab.web.response_writer import ResponseWriter, head

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

ASIDE = "mockgitlab.aside"
"""The key of an environ's function that `step_aside` calls."""
_LINGER_SECONDS = 1.0


@dataclass(frozen=True)
class Service:
    """What the connections of a server have in common: see `HttpServer`, whose arguments these are."""

    app: WSGIApplication
    name: str
    port: int
    on_error: Callable[[BaseException], None]
    timeout: float
    max_body: int


class _HungUp(ConnectionError):
    """The client closed the connection before it had its answer."""


class Connection:
    """An open connection of a server.

    Args:
        client: The accepted socket.
        address: The client's address and port, as `accept` tells them.
        service: What is served.
        aside: Lets other connections be answered meanwhile; see `step_aside`.

    Raises:
        OSError: The client is gone already.
    """

    def __init__(
        self, client: socket.socket, address: Any, service: Service, aside: Callable[[Connection], None]
    ) -> None:
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.socket = client
        self.used = time.monotonic()
        self._service = service
        self._incoming = Incoming(self._receive)
        environ = _environ(service, address) | {ASIDE: lambda: aside(self)}
        self._reader = RequestReader(self._incoming, environ, max_body=service.max_body, invite=self._invite)

    def answer(self) -> bool:
        """Answer a request, and those that came right after it; tells whether the client may send another one."""
        try:
            while (goes_on := self._answer_one()) and self._incoming.held:
                pass
        except OSError:  # the client disappeared, or was silent for too long
            return False
        except Exception as error:
            self._service.on_error(error)
            return False
        self.used = time.monotonic()
        return goes_on

    def hang_up(self) -> None:
        """End the connection, from any thread: one that waits for the client then ends."""
        with contextlib.suppress(OSError):  # the client or its own thread was faster
            self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
        self.socket.close()

    def _answer_one(self) -> bool:
        try:
            environ = self._reader.read()
        except Refusal as refusal:
            self._refuse(refusal)
            return False
        return environ is not None and self._run(environ)

    def _run(self, environ: WSGIEnvironment) -> bool:
        writer = ResponseWriter(environ, self._send, keep_open=stays_open(environ))
        try:
            writer.run(self._service.app)
        except _HungUp:
            return False
        except AnswerLost:
            self._reset()
            return False
        except BaseException as error:  # pytest.fail() raises one that is no Exception
            self._service.on_error(error)
            writer.fail()
        return writer.keep_open

    def _reset(self) -> None:
        """Have the connection reset when it is closed, so that the client cannot take it for an orderly end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _invite(self) -> None:
        self._send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _refuse(self, refusal: Refusal) -> None:
        body = f'{{"error":"{refusal.status}"}}'.encode()
        kind, length = ("Content-Type", "application/json"), ("Content-Length", str(len(body)))
        reason, close = ("X-Mockgitlab-Reason", refusal.reason), ("Connection", "close")
        self._send(head(refusal.status, [kind, length, reason, close]) + body)
        self._linger()

    def _linger(self) -> None:
        """Read on for a moment: to close with input unread would reset the connection and lose the answer."""
        self.socket.shutdown(socket.SHUT_WR)
        deadline = time.monotonic() + _LINGER_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            if not self.socket.recv(65536):
                return

    # A socket that does not block spares the wait before each call which one with a timeout makes.

    def _receive(self, size: int) -> bytes:
        try:
            return self.socket.recv(size)
        except BlockingIOError:
            received: bytes = self._patiently(self.socket.recv, size)
            return received

    def _send(self, data: bytes) -> None:
        try:
            sent = self._send_some(data)
            if sent < len(data):
                self._patiently(self.socket.sendall, memoryview(data)[sent:])
        except OSError as error:
            raise _HungUp("the client is gone") from error

    def _send_some(self, data: bytes) -> int:
        try:
            return self.socket.send(data)
        except BlockingIOError:
            return 0

    def _patiently(self, call: Callable[[Any], Any], argument: Any) -> Any:
        """Call what waits for the client; raises ``TimeoutError`` when that takes too long."""
        self.socket.settimeout(self._service.timeout)
        try:
            return call(argument)
        finally:
            self.socket.setblocking(False)


def step_aside(environ: WSGIEnvironment) -> None:
    """Let other clients be answered meanwhile, before what takes long; under another server this does nothing."""
    environ.get(ASIDE, int)()


def _environ(service: Service, address: Any) -> WSGIEnvironment:
    """Return what the environs of all requests of a connection have in common."""
    return {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "SERVER_SOFTWARE": "mockgitlab",
        "SERVER_NAME": service.name,
        "SERVER_PORT": str(service.port),
        "SCRIPT_NAME": "",
        "REMOTE_ADDR": address[0],
        "REMOTE_PORT": str(address[1]),
    }
