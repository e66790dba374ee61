"""What a client is expected to send, and how it is told when it did not."""

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockgitlab.report.entry import Entry
from mockgitlab.report.matchers import Criterion, check_matchers, compare
from mockgitlab.report.target import Target

PARTS = ("json", "query", "params", "user", "token", "status")
"""What of a request and its answer may be expected, beside the operation."""
COUNTS = ("times", "at_least", "at_most")
LISTED_AT_MOST = 10


@dataclass(frozen=True)
class Expectation:
    """Requests that are expected: which, how many, and what they have.

    ``parts`` are expected values or matchers by name: ``json`` (the body's parameters), ``query``, ``params`` (both),
    ``user``, ``token`` (its name), ``status``. Without any number, at least one request is expected.
    """

    target: Target
    times: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    parts: dict[str, Any] = field(default_factory=dict)

    def criteria(self, entry: Entry) -> list[Criterion]:
        """Return all that an entry has to be, and whether it is."""
        found = [
            _criterion("method", self.target.has_method(entry.method), self.target.method, entry.method),
            _criterion("path", self.target.has_path(entry.path, entry.record.operation), self.target.path, entry.path),
        ]
        for name, wanted in self.parts.items():
            found += compare(wanted, getattr(entry, _SOURCES.get(name, name)), name)
        return found

    def fits(self, entry: Entry) -> bool:
        """Tell whether an entry is as expected."""
        record = entry.record
        if not self.target.fits(record.method, entry.path, record.operation):
            return False
        return all(criterion.met for criterion in self.criteria(entry))

    def allows(self, number: int) -> bool:
        """Tell whether so many requests are as expected."""
        if self.times is not None:
            return number == self.times
        least = self.at_least if self.at_least is not None else 0 if self.at_most is not None else 1
        return number >= least and (self.at_most is None or number <= self.at_most)

    def wanted(self) -> str:
        """Say how many requests are expected."""
        if self.times is not None:
            return "never" if self.times == 0 else "once" if self.times == 1 else f"{self.times} times"
        least = [f"at least {_times(self.at_least)}"] if self.at_least is not None else []
        most = [f"at most {_times(self.at_most)}"] if self.at_most is not None else []
        return " and ".join([*least, *most]) or "at least once"

    def __str__(self) -> str:
        having = f" with {json.dumps(self.parts, ensure_ascii=False)}" if self.parts else ""
        return f"{self.target.on}{having}, {self.wanted()}"


_SOURCES = {"params": "parameters"}


def _times(number: int | None) -> str:
    return "once" if number == 1 else f"{number} times"


def _criterion(name: str, met: bool, wanted: str, came: str) -> Criterion:
    return Criterion(f"{name} {wanted}", met, "" if met else f"came {came}")


def expectation(on: str, **wanted: Any) -> Expectation:
    """Return an expectation; raises ``ValueError`` for names, numbers or matchers that make no sense."""
    parts = {name: value for name, value in wanted.items() if name in PARTS and value is not None}
    counts = {name: value for name, value in wanted.items() if name in COUNTS and value is not None}
    for name in wanted.keys() - {*PARTS, *COUNTS}:
        raise ValueError(f"{name!r} cannot be expected: take {', '.join((*COUNTS, *PARTS))}")
    for name, value in counts.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ValueError(f"{name} must be a whole number, not {value!r}")
    if "times" in counts and len(counts) > 1:
        raise ValueError("times says how many requests there must be: leave at_least and at_most out")
    check_matchers(parts)
    return Expectation(Target(on), parts=parts, **counts)


@dataclass(frozen=True)
class Verdict:
    """Whether an expectation was met, and by which requests."""

    expectation: Expectation
    met: bool
    fitting: list[Entry]
    told: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as JSON."""
        told = {"told": self.told} if self.told else {}
        return {
            "on": self.expectation.target.on,
            "expected": str(self.expectation),
            "met": self.met,
            "count": len(self.fitting),
            "requests": [entry.id for entry in self.fitting],
            **told,
        }


def judge(expected: Expectation, entries: Sequence[Entry], dropped: int = 0) -> Verdict:
    """Compare what came with an expectation."""
    fitting = [entry for entry in entries if expected.fits(entry)]
    met = expected.allows(len(fitting))
    return Verdict(expected, met, fitting, "" if met else "\n".join(_told(expected, fitting, entries, dropped)))


def _told(expected: Expectation, fitting: list[Entry], entries: Sequence[Entry], dropped: int) -> Iterator[str]:
    yield f"expected {expected}; it came {_times(len(fitting)) if fitting else 'never'}"
    yield from (f"  {entry}" for entry in fitting[:LISTED_AT_MOST])
    others = [entry for entry in entries if entry not in fitting]
    if others and not (expected.times == 0 or expected.at_most is not None):
        yield from _nearest(expected, others)
    if not entries:
        yield "no request came at all"
    if dropped:
        yield f"the journal had to drop {dropped} requests, which are not counted: raise journal_max"


def _nearest(expected: Expectation, others: list[Entry]) -> Iterator[str]:
    nearest = max(others, key=lambda entry: _likeness(expected, entry))
    yield f"nearest request: {nearest}"
    yield from (f"  {criterion}" for criterion in expected.criteria(nearest))
    for name in ("json", "params", "query"):
        if name in expected.parts:
            yield from _diff(name, expected.parts[name], getattr(nearest, _SOURCES.get(name, name)))
    yield "all requests:"
    yield from (f"  {entry}" for entry in others[-LISTED_AT_MOST:])


def _likeness(expected: Expectation, entry: Entry) -> tuple[int, float, int]:
    criteria = expected.criteria(entry)
    alike = difflib.SequenceMatcher(None, expected.target.path, entry.path).ratio()
    return 2 * criteria[1].met + criteria[0].met, sum(one.met for one in criteria) + alike, entry.id


def _diff(name: str, wanted: Any, came: Any) -> Iterator[str]:
    lines = [json.dumps(one, indent=2, ensure_ascii=False, sort_keys=True).splitlines() for one in (wanted, came)]
    found = list(difflib.unified_diff(lines[0], lines[1], f"{name} expected", f"{name} that came", lineterm="", n=99))
    yield from (f"  {line}" for line in found if not line.startswith("@@"))


def judge_order(expected: Sequence[Expectation], entries: Sequence[Entry]) -> str:
    """Return why requests did not come in this order, others between allowed; empty when they did."""
    rest = list(entries)
    told: list[str] = []
    for number, one in enumerate(expected, 1):
        index = next((index for index, entry in enumerate(rest) if one.fits(entry)), None)
        if index is None:
            earlier = [entry for entry in entries if one.fits(entry)]
            why = f"it came only before: {earlier[-1]}" if earlier else "it never came"
            lines = [f"expected as number {number}: {one.target.on}; {why}", *told]
            return "\n".join([*lines, "all requests:", *(f"  {entry}" for entry in entries[-LISTED_AT_MOST:])])
        told.append(f"  ✓ {number}. {one.target.on}: {rest[index]}")
        rest = rest[index + 1 :]
    return ""
