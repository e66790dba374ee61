"""The journal: the last requests of a world, kept raw and formatted when read, so that keeping them costs little."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from itertools import count
from typing import Any, overload

from mockgitlab.report.entry import Entry
from mockgitlab.report.record import Packed
from mockgitlab.report.target import anonymous

JOURNAL_MAX = 10_000
Kept = tuple[int, Packed, float, str | None]
Wanted = Callable[[Entry], bool]


class Journal:
    """The entries of one world, oldest first, to be read like a list; the oldest are dropped beyond ``limit``.

    Requests are added from many threads without a lock: a deque's ``append`` and a counter's ``next`` are atomic.
    """

    def __init__(self, limit: int = JOURNAL_MAX) -> None:
        if limit < 0:
            raise ValueError(f"the journal cannot keep {limit} requests: take 0, which switches it off, or more")
        self.limit = limit
        self._waiting = 0
        self._arrival = threading.Condition()
        self.reset()

    def reset(self) -> None:
        """Forget everything and count from 1 again."""
        self._kept: deque[Kept] = deque(maxlen=self.limit)
        self._ids = count(1)
        self._first = 1

    def clear(self) -> None:
        """Forget the entries; counting goes on."""
        self._first = next(self._ids)
        self._ids = count(self._first)
        self._kept.clear()

    def add(self, packed: Packed, seconds: float, agent: str | None = None) -> None:
        """Keep a record, or once more that of an earlier request for one like it, whose client is called ``agent``."""
        self._kept.append((next(self._ids), packed, seconds, agent))
        if self._waiting:
            with self._arrival:
                self._arrival.notify_all()

    # Reading

    @property
    def dropped(self) -> int:
        """How many entries had to go because there were more than ``limit``."""
        kept = list(self._kept)
        return min(one[0] for one in kept) - self._first if len(kept) == self.limit and kept else 0

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Entry]:
        return (Entry(*kept) for kept in list(self._kept))

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        found = list(self._kept)[index]
        return [Entry(*kept) for kept in found] if isinstance(found, list) else Entry(*found)

    def filter(self, **wanted: Any) -> list[Entry]:
        """Return the entries that are as wanted: ``filter(operation="POST /projects/:id/issues", status="4xx")``.

        Names: ``operation``, ``method``, ``status`` (a number, ``4xx``, or a list), ``path`` (with ``*``), ``user``,
        ``token``, ``since`` (an id: entries after it). Raises ``ValueError`` for other names.
        """
        fits = criteria(**wanted)
        return [entry for entry in self if fits(entry)]

    def refused(self) -> list[Entry]:
        """Return the entries whose answer is an error."""
        return [entry for entry in self if entry.refused()]

    def wait_for(self, number: int = 1, timeout: float = 5.0, **wanted: Any) -> list[Entry]:
        """Wait until there are so many entries as wanted, and return them.

        Raises ``TimeoutError`` after ``timeout`` seconds, which says what came instead.
        """
        with self._arrival:
            self._waiting += 1
            try:
                enough = self._arrival.wait_for(lambda: len(self.filter(**wanted)) >= number, timeout)
            finally:
                self._waiting -= 1
        found = self.filter(**wanted)
        if not enough:
            told = ", ".join(f"{name}={value!r}" for name, value in wanted.items()) or "any"
            came = "".join(f"\n  {entry}" for entry in self[-10:])
            raise TimeoutError(
                f"{len(found)} of {number} requests came in {timeout:g} s ({told}); the last of all:{came or ' none'}"
            )
        return found

    def __repr__(self) -> str:
        dropped = f", {self.dropped} dropped" if self.dropped else ""
        return f"<journal of {len(self)} requests{dropped}>"


def criteria(**wanted: Any) -> Wanted:
    """Return the test whether an entry is as wanted; raises ``ValueError`` for what no entry has."""
    for name in wanted:
        if name not in CRITERIA:
            raise ValueError(f"the journal cannot be filtered by {name!r}: take {', '.join(CRITERIA)}")
    tests = [CRITERIA[name](value) for name, value in wanted.items() if value is not None]
    return lambda entry: all(test(entry) for test in tests)


def _operation(value: str) -> Wanted:
    wanted = anonymous(value)
    return lambda entry: anonymous(entry.operation) == wanted


def _status(value: Any) -> Wanted:
    wanted = [str(one) for one in (value if isinstance(value, (list, tuple)) else str(value).split(","))]
    for one in wanted:
        if len(one) != 3 or not (one.isdigit() or (one[0].isdigit() and one[1:] == "xx")):
            raise ValueError(f"{one!r} is no status: write 404, 4xx, or several with commas between")
    return lambda entry: any(str(entry.status).startswith(one.rstrip("x")) for one in wanted)


def _since(value: Any) -> Wanted:
    number = int(value)
    return lambda entry: entry.id > number


CRITERIA: dict[str, Callable[[Any], Wanted]] = {
    "operation": _operation,
    "method": lambda value: lambda entry: entry.method == str(value).upper(),
    "status": _status,
    "path": lambda value: lambda entry: fnmatchcase(entry.path, value),
    "user": lambda value: lambda entry: entry.user == value,
    "token": lambda value: lambda entry: entry.token == value,
    "since": _since,
}


def json_lines(entries: list[Entry]) -> str:
    """Return entries as JSON Lines, with headers and bodies: what ``mockgitlab report`` reads."""
    return "".join(json.dumps(entry.to_line()) + "\n" for entry in entries)
