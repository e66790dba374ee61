"""A recorder in front of a server made for a test, on sockets of their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from mockgitlab.playback.proxy import Proxy
from mockgitlab.playback.recorder import Recorder, new_meta
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.scrub import Scrubber
from mockgitlab.playback.upstream import Upstream
from mockgitlab.playback.writer import RecordingWriter
from mockgitlab.web.http import HttpServer

App = Callable[[dict[str, Any], Callable[..., Any]], Any]


class Rig:
    """A recorder that runs: ``url`` is where it listens, ``upstream`` whom it records, on ``server``."""

    def __init__(self, url: str, upstream: str, path: Path, server: HttpServer) -> None:
        self.server = server
        self.url = url
        self.upstream = upstream
        self.path = path

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call the recorder, following no redirects."""
        return requests.request(method, self.url + path, allow_redirects=False, timeout=10, **options)

    def recording(self) -> Recording:
        """Open what was recorded up to now."""
        return Recording(self.path)


@contextmanager
def recorder(app: App, path: Path, prefix: str = "", **options: Any) -> Iterator[Rig]:
    """Run a WSGI application and a recorder in front of it."""
    with HttpServer(app) as server:
        upstream = Upstream(server.url + prefix)
        with RecordingWriter(path, new_meta(upstream.url)) as writer:
            proxy = Proxy(Recorder(upstream, writer.append, Scrubber(), **options))
            with HttpServer(proxy) as front:
                yield Rig(front.url, upstream.url, path, server)
