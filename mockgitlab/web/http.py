"""The embedded HTTP/1.1 server, with connections that stay open.

A request is read whole before the application runs, the answer has a known length (or is chunked), and the next request
follows on the same connection. What HTTP forbids is answered in JSON, with the reason in `X-Mockgitlab-Reason`.

Werkzeug's server closes the connection after every answer and lets the application's reading decide where a request
ends. It has a thread for each connection, as the standard library's has, which makes a request cost half as much again;
and its import would be a tenth of what the first test waits for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from mockgitlab.web.connection import Connection, Service
from mockgitlab.web.listening import listen, log, url_of
from mockgitlab.web.turns import Turns

if TYPE_CHECKING:
    import socket

    from _typeshed.wsgi import WSGIApplication


class HttpServer:
    """An HTTP/1.1 server for one WSGI application.

    The port is bound at once, so `port` and `url` are known before the server starts. Use it as a context manager, or
    `start()` and `stop()` it, or give it the calling thread with `serve_forever()`. Once stopped it stays stopped.

    Args:
        app: The WSGI application; it may be called in several threads at once.
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
        listener = listen(self.host, port)
        name, port = listener.getsockname()[:2]
        self._port: int = port
        service = Service(app, str(name), port, on_error or log, timeout, max_body)
        self._turns = Turns(listener, partial(self._connect, service), timeout, f"mockgitlab {self.url}")
        self._runner: threading.Thread | None = None
        self._finished = threading.Event()

    @property
    def port(self) -> int:
        """The port listened on, also when 0 was asked for."""
        return self._port

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
        self._turns.stop()
        if self._runner is None:
            self._turns.close()
        elif self._runner is not threading.current_thread():
            self._finished.wait()

    def _run(self) -> None:
        try:
            self._turns.run()
        finally:
            self._turns.close()
            self._finished.set()

    def _connect(self, service: Service, client: socket.socket, address: object) -> Connection:
        return Connection(client, address, service, self._turns.step_aside)

    def __enter__(self) -> HttpServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
