"""Reading a fault as it is declared: ``fault("GET /user", nth=2, status=503)``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

from mockgitlab.report.target import Target
from mockgitlab.store import parse_duration
from mockgitlab.web.faults import ANSWERS, PER, Fault

WHEN = ("nth", "first", "after", "every", "probability")
WHAT = ("status", "answer", "body", "latency", "drip", "lose")
SECONDS_AT_MOST = 3_600
_NO_OPTIONS = ("target", "given", "latency_at_most", "trap")
OPTIONS = ("on", *(one.name for one in fields(Fault) if one.name not in _NO_OPTIONS))
_TOKEN = re.compile(r"[\w-]+", re.ASCII)


def fault(on: str, **options: Any) -> Fault:
    """Return a fault; durations are written ``250ms``. Raises ``ValueError`` for what makes no sense."""
    given = {name: value for name, value in options.items() if value is not None}
    declared = {"on": on, **given}
    for name in given:
        if name not in OPTIONS:
            raise ValueError(f"{name!r} is nothing that a fault has: take {', '.join(OPTIONS)}")
    for name, check in _CHECKS.items():
        if name in given and not check[0](given[name]):
            raise ValueError(f"{name} must be {check[1]}, not {given[name]!r}")
    if sum(name in given for name in WHEN) > 1:
        raise ValueError(f"take one of {', '.join(WHEN)}")
    if not any(given.get(name) or (name == "body" and name in given) for name in WHAT):
        raise ValueError(f"say what happens: {', '.join(WHAT)}")
    if "latency" in given:
        given["latency"], given["latency_at_most"] = _latency(given["latency"])
    read = {name: _READERS.get(name, _as_it_is)(value) for name, value in given.items()}
    return Fault(Target(on), **read, given=declared)


def _latency(value: Any) -> tuple[float, float]:
    """Return the least and the most of ``100ms..2s``, zero as the most where there is one latency only."""
    least, dots, most = value.partition("..") if isinstance(value, str) else (value, "", 0)
    found = _seconds("latency", least), _seconds("latency", most) if dots else 0.0
    if dots and found[0] > found[1]:
        raise ValueError(f"latency must be from less to more, not {value!r}")
    return found


def _as_it_is(value: Any) -> Any:
    return value


def _seconds(name: str, value: Any) -> float:
    seconds = float(value) if isinstance(value, (int, float)) else _duration(value).total_seconds()
    if not 0 <= seconds <= SECONDS_AT_MOST:
        raise ValueError(f"{name} must be from 0 to {SECONDS_AT_MOST} seconds, not {value!r}")
    return seconds


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
    "drip": lambda value: _seconds("drip", value),
    "during": _duration,
    "headers": _headers,
}


def _whole(least: int, most: int = 10**9) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(("nth", "first", "after", "every"), (_whole(1), "a whole number from 1")),
    "probability": (lambda value: isinstance(value, (int, float)) and 0 <= value <= 1, "a number from 0 to 1"),
    "seed": (_whole(0), "a whole number"),
    "status": (_whole(200, 599), "a status from 200 to 599"),
    "answer": (lambda value: value in ANSWERS, f"one of {', '.join(ANSWERS)}"),
    "per": (lambda value: value in PER, f"one of {', '.join(PER)}"),
    "body": (lambda value: isinstance(value, str), "a text"),
    "lose": (lambda value: isinstance(value, bool), "true or false"),
    "headers": (lambda value: isinstance(value, Mapping), "a mapping"),
    "token": (lambda value: isinstance(value, str), "the name of a token"),
    "user": (lambda value: isinstance(value, str), "a username"),
}
