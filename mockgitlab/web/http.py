"""The embedded HTTP/1.1 server: the standard library's threaded one, with connections that stay open.

A request is read whole before the application runs, the answer has a known length (or is chunked), and the next request
follows on the same connection. What HTTP forbids is answered in JSON, with the reason in `X-Mockgitlab-Reason`.

Werkzeug's server closes the connection after every answer and lets the application's reading decide where a request
ends; and its import would be a tenth of what the first test waits for.
"""

from __future__ import annotations

import contextlib
import io
import selectors
import signal
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

from mockgitlab.web.answer import AnswerLost
from mockgitlab.web.listening import listen, log, url_of
from mockgitlab.web.request_reader import Refusal, RequestReader, stays_open
from mockgitlab.web.response_writer import ResponseWriter, head

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_LINGER_SECONDS = 1.0


class HttpServer:
    """An HTTP/1.1 server for one WSGI application.

    The port is bound at once, so `port` and `url` are known before the server starts. Use it as a context manager, or
    `start()` and `stop()` it, or give it the calling thread with `serve_forever()`. Once stopped it stays stopped.

    Args:
        app: The WSGI application; it is called in one thread per connection.
        host: A name or an IPv4 or IPv6 address; `0.0.0.0` and `::` mean every address of the machine.
        port: The port; 0 picks a free one.
        on_error: Called, in the connection's thread and before the answer is sent, with whatever the application
            raises. By default it is logged. The client gets a 500 either way.
        timeout: Seconds after which a silent connection is closed.
        max_body: The size in bytes beyond which a request body is answered with 413.

    Raises:
        OSError: The port cannot be had; the message says what to do.
    """

    def __init__(
        self,
        app: WSGIApplication,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        on_error: Callable[[BaseException], None] | None = None,
        timeout: float = 75.0,
        max_body: int = 256 * 1024 * 1024,
    ) -> None:
        self.host = host.strip("[]")
        self._server = _Server(app, self.host, port, on_error or log, timeout, max_body)
        self._runner: threading.Thread | None = None
        self._finished = threading.Event()

    @property
    def port(self) -> int:
        """The port listened on, also when 0 was asked for."""
        return self._server.port

    @property
    def url(self) -> str:
        """The address of the root, without a slash at the end; a wildcard host is shown as loopback."""
        return url_of(self.host, self.port)

    def start(self) -> None:
        """Serve in a daemon thread; the server already accepts connections when this returns."""
        self._runner = threading.Thread(target=self._run, name=f"mockgitlab {self.url}", daemon=True)
        self._runner.start()

    def serve_forever(self) -> None:
        """Serve in the calling thread, until `stop()` is called in another thread or in a signal handler."""
        self._runner = threading.current_thread()
        self._run()

    def stop(self) -> None:
        """Stop accepting and close every connection; returns at once, and may be called again."""
        self._server.wake()
        if self._runner is None:
            self._server.close()
        elif self._runner is not threading.current_thread():
            self._finished.wait()

    def _run(self) -> None:
        try:
            with self._server.heeding_signals():
                self._server.accept_until_woken()
        finally:
            self._server.close()
            self._finished.set()

    def __enter__(self) -> HttpServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(socketserver.ThreadingTCPServer):
    """A threaded server that can be woken and knows its open connections."""

    daemon_threads = True

    def __init__(
        self,
        app: WSGIApplication,
        host: str,
        port: int,
        on_error: Callable[[BaseException], None],
        timeout: float,
        max_body: int,
    ) -> None:
        listener = listen(host, port)
        super().__init__(listener.getsockname(), _Connection, bind_and_activate=False)
        self.socket.close()  # which it makes, and does not bind
        self.socket, self.port, self.app = listener, int(listener.getsockname()[1]), app
        self.socket.setblocking(False)
        self.on_error = on_error
        self.silence = timeout
        self.max_body = max_body
        self._connections: set[socket.socket] = set()
        self._woken = False
        self._alarm, self._bell = socket.socketpair()
        for end in (self._alarm, self._bell):
            end.setblocking(False)

    @contextlib.contextmanager
    def heeding_signals(self) -> Iterator[None]:
        """Let a signal ring the bell: one that comes just before the wait begins would otherwise be seen after it."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)

    def accept_until_woken(self) -> None:
        """Give each new connection its thread, until `wake` is called."""
        if self._woken:
            return
        with selectors.DefaultSelector() as selector:
            selector.register(self._alarm, selectors.EVENT_READ)
            selector.register(self.socket, selectors.EVENT_READ)
            while not self._woken:
                selector.select()
                with contextlib.suppress(OSError):  # nobody rang
                    self._alarm.recv(4_096)
                self._accept()

    def _accept(self) -> None:
        try:
            request, client_address = self.get_request()
        except OSError:  # it was the bell, or the client is gone already
            return
        try:
            self.process_request(request, client_address)
        except RuntimeError:  # no more threads
            self.handle_error(request, client_address)
            self.shutdown_request(request)

    def wake(self) -> None:
        """End `accept_until_woken`, from any thread or signal handler."""
        self._woken = True
        with contextlib.suppress(OSError):  # closed already
            self._bell.send(b"\0")

    def close(self) -> None:
        """Close the port and hang up on every client; a thread that waits for one then ends."""
        self.server_close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):  # its own thread closed it meanwhile
                connection.shutdown(socket.SHUT_RDWR)
        self._alarm.close()
        self._bell.close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection and give it a thread."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection and close it."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what broke a connection's thread, unless it was the client's disappearance."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.on_error(error)


class _HungUp(ConnectionError):
    """The client closed the connection before it had its answer."""


class _Connection(socketserver.StreamRequestHandler):
    """One connection: requests are read and answered in turn until either side closes it."""

    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        """Prepare the socket and the reader of its requests."""
        super().setup()
        self.connection.settimeout(self.server.silence)
        stream, limit = cast(io.BufferedReader, self.rfile), self.server.max_body
        self.reader = RequestReader(stream, self._environ(), max_body=limit, invite=self._invite)

    def handle(self) -> None:
        """Read and answer requests until one was the last."""
        while self._goes_on():
            pass

    def _goes_on(self) -> bool:
        """Read and answer one request; tells whether another one may follow."""
        try:
            environ = self.reader.read()
        except Refusal as refusal:
            self._refuse(refusal)
            return False
        return environ is not None and self._answer(environ)

    def _answer(self, environ: WSGIEnvironment) -> bool:
        writer = ResponseWriter(environ, self._send, keep_open=stays_open(environ))
        try:
            writer.run(self.server.app)
        except _HungUp:
            return False
        except AnswerLost:
            self._reset()
            return False
        except BaseException as error:  # pytest.fail() raises one that is no Exception
            self.server.on_error(error)
            writer.fail()
        return writer.keep_open

    def _reset(self) -> None:
        """Have the connection reset when it is closed, so that the client cannot take it for an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _environ(self) -> WSGIEnvironment:
        return {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
            "werkzeug.socket": self.connection,
            "SERVER_SOFTWARE": "mockgitlab",
            "SERVER_NAME": str(self.server.server_address[0]),
            "SERVER_PORT": str(self.server.port),
            "SCRIPT_NAME": "",
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": str(self.client_address[1]),
        }

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
        self.connection.shutdown(socket.SHUT_WR)
        deadline = time.monotonic() + _LINGER_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            self.connection.settimeout(left)
            if not self.connection.recv(65536):
                return

    def _send(self, data: bytes) -> None:
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise _HungUp("the client is gone") from error
