"""What the forks of one world remember together, and when it ceases to be true."""

from collections.abc import Callable, Hashable
from itertools import count
from typing import Any

ENTRIES_AT_MOST = 32_768
PAGES_BYTES_AT_MOST = 16 * 1024 * 1024


Place = tuple[Any, Any]
"""A kind of rows and which of them: ``(User, ("id", 5))``."""


class Remembered:
    """A result, the places that were read for it, when the ``latest`` of them was written, and a version that it fits.

    One stamp is enough: stamps are never given twice, so two stores in which the latest is the same have a common past
    up to there, and since then none of the places was written in either.
    """

    __slots__ = ("held_at", "latest", "places", "value")

    def __init__(self, places: tuple[Place, ...], latest: int, value: Any, held_at: int) -> None:
        self.places, self.latest, self.value, self.held_at = places, latest, value, held_at


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
