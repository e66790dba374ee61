"""The courier: posts what a world leaves to be posted, in the background and in order, and only where it may.

Loopback is always allowed, other hosts only where the scenario names them under ``gitlab.webhooks.hosts``.
"""

import ipaddress
import logging
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, quote, unquote, urlsplit

from mockgitlab.dsl import Deliveries, Outcome, Parcel
from mockgitlab.store import Store

BODY_AT_MOST = 8_192
SAFE = "/%:@!$&'()*+,;=~-._?[]"
log = logging.getLogger("mockgitlab")


class Courier:
    """Posts the deliveries of one world in a thread of its own, which is there while there are any."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = threading.Condition(store.lock)
        self._thread: threading.Thread | None = None
        self.closed = False

    def wake(self, deliveries: Deliveries, on_error: Callable[[BaseException], None]) -> None:
        """Post what is left to be posted; returns at once."""
        if self.closed or not deliveries.waiting(self._store):
            return
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, args=(deliveries, on_error), name="mockgitlab courier"
                )
                self._thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until all is delivered; tells whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, timeout)

    def close(self) -> None:
        """Post nothing more: what waits is dropped."""
        self.closed = True

    def _run(self, deliveries: Deliveries, on_error: Callable[[BaseException], None]) -> None:
        try:
            while (parcel := self._next(deliveries)) is not None:
                outcome = post(parcel, self._store.settings.webhooks.hosts, self._store.settings.webhooks.timeout)
                with self._store.transaction():
                    deliveries.done(self._store, parcel.id, outcome)
        except Exception as error:
            log.exception("a delivery failed")
            on_error(error)
            self._end()

    def _next(self, deliveries: Deliveries) -> Parcel | None:
        """Return what is to be posted next; where nothing is, the thread ends before anything can be added."""
        with self._changed:
            parcel = None if self.closed else deliveries.next(self._store)
            if parcel is None:
                self._end()
            return parcel

    def _end(self) -> None:
        with self._changed:
            self._thread = None
            self._changed.notify_all()


def post(parcel: Parcel, hosts: Iterable[str], timeout: float) -> Outcome:
    """Post a parcel, unless its host is neither this machine nor allowed."""
    place = "the host"
    try:
        parts = urlsplit(parcel.url)
        place = parts.netloc.rpartition("@")[2]
        host, port = parts.hostname or "", parts.port
        if not may_reach(host, hosts):
            told = f"{host} is not this machine, and gitlab.webhooks.hosts does not name it: nothing was sent"
            return Outcome(error=told, withheld=True)
        return _posted(parcel, parts, host, port, timeout)
    except TimeoutError:
        return Outcome(error=f"execution expired after {timeout:g} s")
    except (OSError, HTTPException, ValueError) as error:
        return Outcome(error=f"Failed to open TCP connection to {place} ({error})")


def may_reach(host: str, hosts: Iterable[str]) -> bool:
    """Tell whether a host may be posted to: this machine, or one that is named, where ``*`` stands for any part."""
    return _is_loopback(host) or any(fnmatchcase(host.lower(), wanted.lower()) for wanted in hosts)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _posted(parcel: Parcel, parts: SplitResult, host: str, port: int | None, timeout: float) -> Outcome:
    connection = _connection(parts.scheme, host, port, timeout, verify=parcel.verify)
    target = quote(parts.path or "/", SAFE) + (f"?{quote(parts.query, SAFE)}" if parts.query else "")
    headers = {name: value.encode() for name, value in parcel.headers.items()}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = b"Basic " + b64encode(pair.encode())
    try:
        connection.request("POST", target, parcel.body, headers)
        response = connection.getresponse()
        return Outcome(response.status, tuple(response.getheaders()), response.read(BODY_AT_MOST))
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout: float, *, verify: bool) -> HTTPConnection:
    if scheme != "https":
        return HTTPConnection(host, port, timeout=timeout)
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(host, port, timeout=timeout, context=context)
