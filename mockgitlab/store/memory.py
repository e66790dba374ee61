"""What the forks of one world remember together, and when it ceases to be true."""

from collections.abc import Callable, Hashable
from itertools import count
from typing import Any

ENTRIES_AT_MOST = 32_768
PAGES_BYTES_AT_MOST = 8 * 1024 * 1024


class Remembered:
    """A result, when each place that was read for it was last written, and a version of the store at which it held."""

    __slots__ = ("held_at", "stamps", "value")

    def __init__(self, stamps: tuple[tuple[Any, Any, int], ...], value: Any, held_at: int) -> None:
        self.stamps, self.value, self.held_at = stamps, value, held_at


class Memory:
    """Results by key; the older half of them goes when they weigh too much, each one unless told otherwise.

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
        """Forget the older half, and weigh the rest anew: what was replaced was counted twice."""
        for key in list(self.entries)[: (len(self.entries) + 1) // 2]:
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
