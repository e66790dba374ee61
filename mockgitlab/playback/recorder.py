"""Sending requests to the server that is recorded, and keeping what was said."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from mockgitlab import __version__
from mockgitlab.playback.bodies import decompressed, read_body
from mockgitlab.playback.exchange import Body, Exchange, Got, Pairs, Sent, header
from mockgitlab.playback.scrub import Scrubber
from mockgitlab.playback.upstream import Reply, Upstream
from mockgitlab.web.git import ENDINGS

IGNORE = "X-Mockgitlab-Ignore"
"""A request with this header is passed on and not recorded."""
READS = ("GET", "HEAD", "OPTIONS")
OF_THE_CONNECTION = {
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
}
_NOT_SENT = OF_THE_CONNECTION | {"host", "content-length", "accept-encoding", IGNORE.lower()}
_NOT_KEPT_OF_REQUESTS = _NOT_SENT | {"user-agent", "accept", "accept-language", "forwarded", "sec-fetch-mode"}
_NOT_KEPT_OF_RESPONSES = OF_THE_CONNECTION | {
    "date",
    "server",
    "content-length",
    "content-encoding",
    "x-runtime",
    "x-request-id",
    "x-gitlab-meta",
    "alt-svc",
    "nel",
    "report-to",
    "server-timing",
    "cf-ray",
    "cf-cache-status",
    "gitlab-lb",
    "gitlab-sv",
}
Keep = Callable[[Exchange], None]


def new_meta(upstream: str, **more: Any) -> dict[str, Any]:
    """Return what a new recording says about itself."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"upstream": upstream, "recorded_at": now, "recorded_by": f"mockgitlab {__version__}", **more}


class Recorder:
    """Sends requests to the upstream and keeps the exchanges, scrubbed; many threads may ask at once.

    ``keep`` writes an exchange; ``throttle`` is the least number of seconds between two writes; with ``git``, git over
    HTTP is kept too.
    """

    def __init__(
        self, upstream: Upstream, keep: Keep, scrubber: Scrubber, *, throttle: float = 0.0, git: bool = False
    ) -> None:
        self.upstream = upstream
        self._keep = keep
        self._scrubber = scrubber
        self._throttle = throttle
        self._git = git
        self._turn = threading.Lock()
        self._next_write = 0.0

    def send(self, sent: Sent, target: str, body: bytes) -> Reply:
        """Send a request as the client sent it, to a raw target; raises ``UpstreamFailed``."""
        if self._throttle and sent.method not in READS:
            self._wait()
        headers = {name: value for name, value in sent.headers if name.lower() not in _NOT_SENT}
        compressed = "gzip" in header(sent.headers, "accept-encoding")
        headers["Accept-Encoding"] = "gzip, deflate" if compressed else "identity"
        return self.upstream.send(sent.method, target, headers, body)

    def _wait(self) -> None:
        with self._turn:
            time.sleep(max(0.0, self._next_write - time.monotonic()))
            self._next_write = time.monotonic() + self._throttle

    def wants(self, sent: Sent) -> bool:
        """Tell whether a request belongs into the recording."""
        return not header(sent.headers, IGNORE.lower()) and (self._git or not is_git(sent.path))

    def keep(self, sent: Sent, body: bytes, reply: Reply, data: bytes) -> None:
        """Write an exchange, without its secrets and what is of the connection only."""
        if self.wants(sent):
            exchange = as_exchange(sent, body, Got(reply.status, reply.headers), data)
            self._keep(self._scrubber.exchange(exchange))


def as_exchange(sent: Sent, body: bytes, got: Got, data: bytes) -> Exchange:
    """Return what a recording keeps of a request and a response, whose bodies are given as they were sent."""
    kind = header(sent.headers, "content-type")
    plain = decompressed(body, header(sent.headers, "content-encoding"))
    read = read_body(body if plain is None else plain, kind)
    kept = without(sent.headers, _NOT_KEPT_OF_REQUESTS | (set() if body else {"content-type"}))
    if read.kind == "form" and kind.startswith("multipart/"):
        kept = tuple((name, value.partition(";")[0] if value == kind else value) for name, value in kept)
    return Exchange(Sent(sent.method, sent.path, sent.query, kept, read), _kept_answer(sent.method, got, data))


def _kept_answer(method: str, got: Got, data: bytes) -> Got:
    plain = decompressed(data, header(got.headers, "content-encoding"))
    dropped = _NOT_KEPT_OF_RESPONSES
    if method == "HEAD":
        return Got(got.status, without(got.headers, dropped - {"content-length"}))
    if plain is None:
        return Got(got.status, without(got.headers, dropped - {"content-encoding"}), Body("file", data))
    return Got(got.status, without(got.headers, dropped), read_body(plain, header(got.headers, "content-type")))


def without(headers: Pairs, names: set[str]) -> Pairs:
    """Return headers without those of certain names, given in small letters."""
    return tuple((name, value) for name, value in headers if name.lower() not in names)


def is_git(path: str) -> bool:
    """Tell whether a path is one of git over HTTP."""
    return path.endswith(ENDINGS) or "/info/lfs/" in path or ".git/gitlab-lfs/" in path
