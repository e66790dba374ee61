"""Faults: what a bad day does to requests, declared in scenarios, by tests, or over ``/_mockgitlab/faults``.

A fault strikes the requests that its target names, of everybody or of one token or user: all of them, the ``nth``, the
``first`` so many, ``every`` so many, or some by a seeded ``probability``; and only ``during`` a while on the clock.

With ``lose`` the request is carried out and its answer is lost; a truncated or malformed answer is that of a request
carried out too. Anything else comes in place of the request.
"""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from mockgitlab.errors import ApiError, TooManyRequests
from mockgitlab.report.target import Target
from mockgitlab.store import Store, parse_duration
from mockgitlab.web.answer import Answer, AnswerLost, refusal
from mockgitlab.web.request import Request

ANSWERS = ("reset", "empty", "truncated", "html", "malformed")
WHEN = ("nth", "first", "every", "probability")
LATENCY_AT_MOST = 3_600
_TOKEN = re.compile(r"[\w-]+", re.ASCII)
_CARRIED_OUT = ("truncated", "malformed")
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True)
class Fault:
    """One fault: whom it strikes, when, and what it does; ``latency`` is in seconds and may stand alone."""

    target: Target
    token: str | None = None
    user: str | None = None
    nth: int | None = None
    first: int | None = None
    every: int | None = None
    probability: float | None = None
    seed: int = 0
    during: timedelta | None = None
    status: int | None = None
    answer: str | None = None
    latency: float = 0.0
    lose: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def of_somebody(self) -> bool:
        """Whether it strikes one token or user alone, who must be known first."""
        return self.token is not None or self.user is not None

    @property
    def replaces(self) -> bool:
        """Whether it comes in place of the request, which then is not carried out."""
        return not self.lose and self.answer not in _CARRIED_OUT and bool(self.answer or self.status)

    def is_due(self, number: int) -> bool:
        """Tell whether it strikes the request of this number among those it may strike."""
        if self.nth is not None:
            return number == self.nth
        if self.first is not None:
            return number <= self.first
        if self.every is not None:
            return number % self.every == 0
        return self.probability is None or self._chance(number) < self.probability

    def _chance(self, number: int) -> float:
        digest = hashlib.sha256(f"{self.seed}/{self.target.on}/{number}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64

    def strike(self, answer: Answer | None, style: Any) -> Answer:
        """Return what is answered in place of an answer, or of none; raises ``AnswerLost`` for nothing at all."""
        reason = f"fault {self}"
        if self.answer == "reset" or (self.lose and not self.answer and not self.status):
            raise AnswerLost(reason)
        if self.answer == "html":
            return _page(self.status or 502, self.headers, reason)
        if self.answer == "empty":
            return Answer(self.status or 200, b"", "text/plain", self.headers, reason)
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
        return ", ".join(f"{name} {value}" for name, value in self.given.items())


def _page(status: int, headers: Mapping[str, str], reason: str) -> Answer:
    title = f"{status} {_PHRASES.get(status, '')}"
    body = f"<html>\n<head><title>{title}</title></head>\n<body><center><h1>{title}</h1></center></body>\n</html>\n"
    return Answer(status, body.encode(), "text/html", headers, reason)


OPTIONS = ("on", *(one.name for one in fields(Fault) if one.name not in ("target", "given")))


def fault(on: str, **options: Any) -> Fault:
    """Return a fault; durations are written ``250ms``. Raises ``ValueError`` for what makes no sense."""
    given = {name: value for name, value in options.items() if value is not None}
    for name in given:
        if name not in OPTIONS:
            raise ValueError(f"{name!r} is nothing that a fault has: take {', '.join(OPTIONS)}")
    for name, check in _CHECKS.items():
        if name in given and not check[0](given[name]):
            raise ValueError(f"{name} must be {check[1]}, not {given[name]!r}")
    if sum(name in given for name in WHEN) > 1:
        raise ValueError(f"take one of {', '.join(WHEN)}")
    if not any(given.get(name) for name in ("status", "answer", "latency", "lose")):
        raise ValueError("say what happens: status, answer, latency or lose")
    read = {name: _READERS.get(name, _as_it_is)(value) for name, value in given.items()}
    if not 0 <= read.get("latency", 0) <= LATENCY_AT_MOST:
        raise ValueError(f"latency must be from 0 to {LATENCY_AT_MOST} seconds, not {given['latency']!r}")
    return Fault(Target(on), **read, given={"on": on, **given})


def _as_it_is(value: Any) -> Any:
    return value


def _seconds(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else _duration(value).total_seconds()


def _duration(value: Any) -> timedelta:
    try:
        return parse_duration(str(value))
    except OverflowError:
        raise ValueError(f"{value!r} is too long") from None


def _headers(value: Mapping[Any, Any]) -> dict[str, str]:
    found = {str(name): str(one) for name, one in value.items()}
    for name, one in found.items():
        if not _TOKEN.fullmatch(name) or not (one.isprintable() and one.isascii()):
            raise ValueError(f"the header {name!r}: {one!r} cannot be sent")
    return found


_READERS: dict[str, Callable[[Any], Any]] = {
    "latency": _seconds,
    "during": _duration,
    "headers": _headers,
}


def _whole(least: int, most: int = 10**9) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(("nth", "first", "every"), (_whole(1), "a whole number from 1")),
    "probability": (lambda value: isinstance(value, (int, float)) and 0 <= value <= 1, "a number from 0 to 1"),
    "seed": (_whole(0), "a whole number"),
    "status": (_whole(200, 599), "a status from 200 to 599"),
    "answer": (lambda value: value in ANSWERS, f"one of {', '.join(ANSWERS)}"),
    "lose": (lambda value: isinstance(value, bool), "true or false"),
    "headers": (lambda value: isinstance(value, Mapping), "a mapping"),
    "token": (lambda value: isinstance(value, str), "the name of a token"),
    "user": (lambda value: isinstance(value, str), "a username"),
}


class ActiveFault:
    """A fault in a world: since when, how many requests it might have struck, and how many it did."""

    def __init__(self, fault: Fault, since: datetime) -> None:
        self.fault = fault
        self.since = since
        self.seen = 0
        self.struck = 0

    def meets(self, request: Request, operation: Any, now: datetime) -> bool:
        """Tell whether it strikes a request, and count it."""
        fault, call = self.fault, request.call
        if fault.during is not None and not self.since <= now < self.since + fault.during:
            return False
        if not fault.target.fits(request.method, request.path, operation):
            return False
        if fault.token is not None and getattr(call and call.token, "name", None) != fault.token:
            return False
        if fault.user is not None and getattr(call and call.user, "username", None) != fault.user:
            return False
        self.seen += 1
        due = fault.is_due(self.seen)
        self.struck += due
        return due

    def to_json(self) -> dict[str, Any]:
        """Return the fault as it was declared, and its counts."""
        return {**self.fault.given, "seen": self.seen, "struck": self.struck}


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

    def clear(self) -> int:
        """Remove all faults; returns how many there were."""
        number, self._active = len(self._active), []
        return number

    def meet(self, request: Request, operation: Any, *, of_somebody: bool) -> None:
        """Let the first fault that is due strike a request; raises ``Struck`` when it is not to be carried out."""
        if request.fault is not None:
            return
        now = self._store.clock.instant
        with self._lock:
            candidates = [one for one in self._active if one.fault.of_somebody is of_somebody]
            met = next((one.fault for one in candidates if one.meets(request, operation, now)), None)
        request.fault = met
        if met is not None and met.replaces:
            raise Struck


class Struck(Exception):
    """A fault comes in place of the request."""
