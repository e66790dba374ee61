"""A receiver of webhooks on this machine, which keeps what it is sent."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs


class _Server(ThreadingHTTPServer):
    def handle_error(self, *args: Any) -> None:
        """Say nothing of who hung up."""


class Receiver:
    """Answers every POST with ``status`` and ``body`` and keeps it in ``got``: path, headers, JSON, that of a form too.

    ``before`` is called before it answers.
    """

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], Any]] = []
        self.status, self.body = 200, b"ok"
        self.before: Any = lambda: None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers["Content-Type"] == "application/x-www-form-urlencoded":
                    [body] = parse_qs(body)[b"payload"]
                receiver.got.append((self.path, dict(self.headers), json.loads(body)))
                receiver.before()
                self.send_response(receiver.status)
                self.send_header("X-Receiver", "yes")
                self.end_headers()
                self.wfile.write(receiver.body)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    @property
    def bodies(self) -> list[Any]:
        return [body for _, _, body in self.got]

    @property
    def events(self) -> list[str]:
        return [headers["X-Gitlab-Event"] for _, headers, _ in self.got]

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
