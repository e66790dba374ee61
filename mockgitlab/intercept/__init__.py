"""Answering `requests` and `httpx` calls of this process from a WSGI application, without a socket.

The calls are caught where these libraries would open a connection: `requests.adapters.HTTPAdapter.send`,
`httpx.HTTPTransport.handle_request` and its asynchronous twin. Sessions, redirects, cookies, an adapter's retries and
transports that wrap others therefore work as they do over the network. Either library may be missing.

Other clients (`urllib`, `aiohttp`, `git`, another process) are not caught: give them the URL of a server.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from mockgitlab.intercept.origin import Origin
from mockgitlab.intercept.patch import AppFor, BlockedNetwork, Patch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["BlockedNetwork", "Intercept"]


class Intercept:
    """Answers calls to one or more origins from a WSGI application, between `start()` and `stop()`.

    It holds for the whole process, in every thread. Several may run at once and stop in any order; of two for the same
    origin, the one started last answers. What the application raises reaches the caller.

    Args:
        app: The WSGI application.
        base_url: The origin, such as `https://gitlab.com`, or several.
        block_network: Refuse calls to any other host with `BlockedNetwork`, except to this machine (`localhost`,
            127.0.0.0/8, ::1). Transports that never reach a network, such as `httpx.MockTransport`, are left alone.

    Raises:
        ValueError: A base URL is not an origin.
    """

    def __init__(self, app: WSGIApplication, base_url: str | Sequence[str], *, block_network: bool = False) -> None:
        urls = [base_url] if isinstance(base_url, str) else base_url
        self.app = app
        self.origins = frozenset(Origin.of_base(url) for url in urls)
        self.block_network = block_network

    def start(self) -> None:
        """Answer calls from now on; imports `requests` and `httpx` where they are installed."""
        _switchboard.add(self)

    def stop(self) -> None:
        """Let calls go where they went before; does nothing unless the intercept runs."""
        _switchboard.remove(self)

    def __enter__(self) -> Intercept:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Switchboard:
    """The intercepts that run, newest first, and the patches through which calls reach them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: tuple[Intercept, ...] = ()
        self._patches: list[Patch] = []

    def add(self, intercept: Intercept) -> None:
        """Start an intercept; the first one puts the patches in place."""
        with self._lock:
            if intercept in self._running:
                raise RuntimeError("this intercept runs already: stop it before starting it again")
            if not self._running:
                self._patches = _patches(self.app_for)
            self._running = (intercept, *self._running)

    def remove(self, intercept: Intercept) -> None:
        """Stop an intercept; the last one takes the patches away."""
        with self._lock:
            self._running = tuple(other for other in self._running if other is not intercept)
            while self._patches and not self._running:
                self._patches.pop().undo()

    def app_for(self, url: str) -> WSGIApplication | None:
        """The application that answers a URL; None to let the call out, BlockedNetwork to refuse it."""
        running = self._running  # one look: another thread may replace it
        origin = Origin.of(url)
        for intercept in running:
            if origin in intercept.origins:
                return intercept.app
        if origin is not None and not origin.is_loopback and any(intercept.block_network for intercept in running):
            raise BlockedNetwork(
                f"the call to {url.partition('?')[0]} was refused, since block_network is on: "
                f"add {origin} to what is intercepted to have it answered here, or switch block_network off"
            )
        return None


def _patches(app_for: AppFor) -> list[Patch]:
    """The patches of those libraries that are installed; what works with one is imported only then."""
    found = (library for library in ("requests", "httpx") if _is_installed(library))
    modules = [importlib.import_module(f"{__name__}.with_{library}") for library in found]
    return [patch for module in modules for patch in module.patches(app_for)]


def _is_installed(library: str) -> bool:
    try:
        importlib.import_module(library)
    except ModuleNotFoundError as error:
        if error.name != library:
            raise  # it is there, but something it needs is not
        return False
    return True


_switchboard = _Switchboard()
