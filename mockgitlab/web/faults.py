"""Faults: what a bad day does to requests, declared in scenarios, by tests, or over ``/_mockgitlab/faults``.

A fault strikes the requests that its target names, of everybody or of one token or user: all of them, the ``nth``, the
``first`` so many, those ``after`` so many, ``every`` so many, or some by a seeded ``probability``; and only ``during``
a while on the clock. ``per`` counts them for each operation, each token, or each request and its repetitions by itself.

With ``lose`` the request is carried out and its answer is lost; a truncated or malformed answer is that of a request
carried out too. Anything else comes in place of the request.
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from mockgitlab.errors import ApiError, TooManyRequests
from mockgitlab.report.target import Target
from mockgitlab.store import Store
from mockgitlab.web.answer import Answer, AnswerLost, refusal
from mockgitlab.web.reasons import header_text
from mockgitlab.web.request import Request

ANSWERS = ("reset", "empty", "truncated", "html", "malformed")
PER = ("operation", "token", "request")
_CARRIED_OUT = ("truncated", "malformed")
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True)
class Fault:
    """One fault: whom it strikes, when, and what it does; ``latency`` and ``drip`` are in seconds and may stand alone.

    With ``latency_at_most`` each request waits a while drawn from between the two.
    """

    target: Target
    token: str | None = None
    user: str | None = None
    nth: int | None = None
    first: int | None = None
    after: int | None = None
    every: int | None = None
    probability: float | None = None
    seed: int = 0
    per: str | None = None
    during: timedelta | None = None
    status: int | None = None
    answer: str | None = None
    latency: float = 0.0
    latency_at_most: float = 0.0
    drip: float = 0.0
    lose: bool = False
    body: str | None = None
    trap: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def of_somebody(self) -> bool:
        """Whether it must be known first who asks, and for what."""
        return self.token is not None or self.user is not None or self.per in ("token", "request")

    @property
    def replaces(self) -> bool:
        """Whether it comes in place of the request, which then is not carried out."""
        return (
            not self.lose
            and self.answer not in _CARRIED_OUT
            and bool(self.answer or self.status or self.body is not None)
        )

    def is_due(self, number: int, counter: str = "") -> bool:
        """Tell whether it strikes the request of this number among those that this counter counts."""
        if self.nth is not None:
            return number == self.nth
        if self.first is not None:
            return number <= self.first
        if self.after is not None:
            return number > self.after
        if self.every is not None:
            return number % self.every == 0
        return self.probability is None or self._chance(f"{counter}{number}") < self.probability

    def _chance(self, what: str) -> float:
        digest = hashlib.sha256(f"{self.seed}/{self.target.on}/{what}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64

    def drawn(self, number: int) -> "Fault":
        """Return the fault as it strikes the request of this number: one latency of those it may have."""
        if not self.latency_at_most:
            return self
        span = self.latency_at_most - self.latency
        return replace(self, latency=self.latency + span * self._chance(f"latency {number}"), latency_at_most=0.0)

    def strike(self, answer: Answer | None, style: Any) -> Answer:
        """Return what is answered in place of an answer, or of none; raises ``AnswerLost`` for nothing at all."""
        reason = f"fault {self}"
        if self.answer == "reset" or (self.lose and not self.answer and not self.status):
            raise AnswerLost(reason)
        headers = {**self.headers, "X-Mockgitlab-Reason": header_text(reason)}
        if self.answer == "html":
            return _page(self.status or 502, headers, reason)
        if self.answer == "empty" or self.body is not None:
            return Answer(self.status or 200, (self.body or "").encode(), "text/plain", headers, reason)
        if self.status is not None:
            kind = TooManyRequests if self.status == 429 else ApiError
            error = kind(f"{self.status} {_PHRASES.get(self.status, 'Unknown')}", reason=reason, headers=self.headers)
            error.status = self.status
            return refusal(error, style)
        return self._mangled(answer, reason) if answer is not None else Answer(200, b"", reason=reason)

    def _mangled(self, answer: Answer, reason: str) -> Answer:
        half = answer.body[: len(answer.body) // 2]
        if self.answer == "malformed":
            return replace(answer, body=half + b",", headers={**answer.headers, **self.headers}, reason=reason)
        if self.answer == "truncated":
            length = {"Content-Length": str(len(answer.body))}
            return replace(answer, body=half, headers={**answer.headers, **length, **self.headers}, reason=reason)
        return answer

    def __str__(self) -> str:
        declared = ", ".join(f"{name} {value}" for name, value in self.given.items())
        return f"of the trap {self.trap}: {declared}" if self.trap else declared


def _page(status: int, headers: Mapping[str, str], reason: str) -> Answer:
    title = f"{status} {_PHRASES.get(status, '')}"
    body = f"<html>\n<head><title>{title}</title></head>\n<body><center><h1>{title}</h1></center></body>\n</html>\n"
    return Answer(status, body.encode(), "text/html", headers, reason)


class ActiveFault:
    """A fault in a world: since when, how many requests it might have struck, and how many it did."""

    def __init__(self, fault: Fault, since: datetime) -> None:
        self.fault = fault
        self.since = since
        self.seen = 0
        self.struck = 0
        self._counts: dict[str, int] = {}

    def meets(self, request: Request, operation: Any, now: datetime) -> Fault | None:
        """Return the fault as it strikes a request, nothing where it does not; the request is counted."""
        fault = self.fault
        if fault.during is not None and not self.since <= now < self.since + fault.during:
            return None
        if not fault.target.fits(request.method, request.path, operation) or not self._is_of(request):
            return None
        if fault.per == "token" and (request.call is None or request.call.token is None):
            return None
        counter = _counter(fault.per, request, operation)
        self.seen += 1
        self._counts[counter] = self._counts.get(counter, 0) + 1
        if not fault.is_due(self._counts[counter], counter):
            return None
        self.struck += 1
        return fault.drawn(self.struck)

    def _is_of(self, request: Request) -> bool:
        token, user, call = self.fault.token, self.fault.user, request.call
        if token is not None and getattr(call and call.token, "name", None) != token:
            return False
        return user is None or getattr(call and call.user, "username", None) == user

    def to_json(self) -> dict[str, Any]:
        """Return the fault as it was declared, and its counts."""
        trap = {"trap": self.fault.trap} if self.fault.trap else {}
        return {**self.fault.given, **trap, "seen": self.seen, "struck": self.struck}


def _counter(per: str | None, request: Request, operation: Any) -> str:
    """Return the name of what counts a request."""
    if per == "operation":
        return operation.key if operation is not None else f"{request.method} {request.path}"
    if per == "token":
        return str(getattr(request.call and request.call.token, "id", ""))
    if per == "request":
        text = f"{request.method} {request.path} {sorted(request.sent.items())!r}"
        return hashlib.sha256(text.encode(errors="replace")).hexdigest()
    return ""


class Faults:
    """The faults of one world; of several that meet a request, the first strikes."""

    def __init__(self, faults: tuple[Fault, ...], store: Store) -> None:
        self._lock = threading.Lock()
        self._store = store
        self._active = [ActiveFault(one, store.clock.instant) for one in faults]

    def __bool__(self) -> bool:
        return bool(self._active)

    def __iter__(self) -> Iterator[ActiveFault]:
        return iter(list(self._active))

    def add(self, fault: Fault) -> ActiveFault:
        """Let a fault strike from now on."""
        active = ActiveFault(fault, self._store.clock.instant)
        self._active = [*self._active, active]
        return active

    def clear(self, *, of_traps: bool = False) -> int:
        """Remove all faults but those of traps, or those of traps alone; returns how many there were."""
        kept = [one for one in self._active if bool(one.fault.trap) is not of_traps]
        number, self._active = len(self._active) - len(kept), kept
        return number

    def meet(self, request: Request, operation: Any, *, of_somebody: bool) -> None:
        """Let the first fault that is due strike a request; raises ``Struck`` when it is not to be carried out."""
        if request.fault is not None:
            return
        now = self._store.clock.instant
        with self._lock:
            candidates = [one for one in self._active if one.fault.of_somebody is of_somebody]
            met = next((met for one in candidates if (met := one.meets(request, operation, now))), None)
        request.fault = met
        if met is not None and met.replaces:
            raise Struck


class Struck(Exception):
    """A fault comes in place of the request."""
