"""What the forks of one world remember together, and when it ceases to be true."""

from collections.abc import Callable, Hashable
from itertools import count
from typing import Any

ENTRIES_AT_MOST = 32_768
PAGES_BYTES_AT_MOST = 16 * 1024 * 1024
GROUPS_AT_MOST = 16_384

Place = tuple[Any, str, Any]
"""A kind of rows, and which of them by a column and its value: ``(User, "id", 5)``."""
Group = frozenset[tuple[Any, str]]
"""Kinds and columns of places that have one value."""
Part = tuple[Group, Any]
"""Places that have one value; what is remembered of many records has the groups in common, so it keeps little more
than the values."""


class Reads(set[Place]):
    """The places that were read for a result; ``parts`` are those of the results that it is made of."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        self.parts: set[Part] = set()


class Remembered:
    """A result, the places that were read for it, when the ``latest`` of them was written, and a version that it fits.

    One stamp is enough: stamps are never given twice, so two stores in which the latest is the same have a common past
    up to there, and since then none of the places was written in either.
    """

    __slots__ = ("held_at", "latest", "parts", "value")

    def __init__(self, parts: tuple[Part, ...], latest: int, value: Any, held_at: int) -> None:
        self.parts, self.latest, self.value, self.held_at = parts, latest, value, held_at


class Memory:
    """Results by key; the half used longest ago goes when they weigh too much, each one unless told otherwise.

    What weighs more than a quarter of all is not kept.
    """

    def __init__(self, at_most: int, weigh: Callable[[Any], int] | None = None) -> None:
        self.at_most = at_most
        self.entries: dict[Hashable, Remembered] = {}
        self._weigh = weigh or (lambda value: 1)
        self._weight = 0

    def keep(self, key: Hashable, entry: Remembered) -> None:
        """Remember a result; forks in other threads may do the same at the same time."""
        weight = self._weigh(entry.value)
        if weight > self.at_most // 4:
            return
        if self._weight + weight > self.at_most:
            self._forget_half()
        self._weight += weight
        self.entries[key] = entry

    def _forget_half(self) -> None:
        """Forget the half whose last use is longest ago, and weigh the rest anew: what was replaced counted twice."""
        oldest = sorted(self.entries.items(), key=lambda item: item[1].held_at)
        for key, _ in oldest[: (len(oldest) + 1) // 2]:
            self.entries.pop(key, None)
        self._weight = sum(self._weigh(entry.value) for entry in list(self.entries.values()))


class Shared:
    """What all forks of one world share: the stamps, and what was remembered under them.

    Whole pages are remembered apart: they are large and made of what is remembered itself.
    """

    def __init__(self) -> None:
        self.stamps = count(1)
        self.results = Memory(ENTRIES_AT_MOST)
        self.pages = Memory(PAGES_BYTES_AT_MOST, len)
        self._groups: dict[Group, Group] = {}

    def parts(self, reads: Reads) -> tuple[Part, ...]:
        """Return all places that were read for a result, grouped by their values."""
        columns: dict[Any, set[tuple[Any, str]]] = {}
        for kind, column, value in reads:
            columns.setdefault(value, set()).add((kind, column))
        return tuple(reads.parts.union([(self._same(frozenset(found)), value) for value, found in columns.items()]))

    def _same(self, group: Group) -> Group:
        """Return a group as it came before, so that one copy is kept."""
        if len(self._groups) >= GROUPS_AT_MOST:
            self._groups.clear()
        return self._groups.setdefault(group, group)
