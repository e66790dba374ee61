"""What a query finds: the loaded rows without those changed since, and the fresh ones, in one order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mockgitlab.store.query import Order
from mockgitlab.store.row import Row

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Selection(Generic[R]):
    """Sorted rows in three lists: ``loaded`` ones, of them those ``gone`` (in any order), and ``fresh`` ones.

    All three stay as they are, so a selection can be walked through while rows are written.
    """

    order: Order
    loaded: Sequence[R]
    gone: Sequence[R]
    fresh: Sequence[R]

    def all(self) -> Sequence[R]:
        """Return every row."""
        if not self.gone and not self.fresh:
            return self.loaded
        return [row for rows, start, stop in self._runs() for row in rows[start:stop]]

    def page(self, offset: int, limit: int) -> list[R]:
        """Return ``limit`` rows from ``offset`` on; rows before them are counted, not walked through."""
        found: list[R] = []
        for rows, start, stop in self._runs():
            begin = min(start + offset, stop)
            found += rows[begin : min(begin + limit - len(found), stop)]
            offset = max(offset - (stop - start), 0)
        return found

    def _runs(self) -> Iterator[tuple[Sequence[R], int, int]]:
        """Yield the rows in order: stretches of the loaded ones between what is gone, and the fresh ones."""
        key = self.order.key()
        gone = [(self._place(key(row), key), -1) for row in self.gone]
        fresh = [(self._place(key(row), key), rank) for rank, row in enumerate(self.fresh)]
        at = 0
        for place, rank in sorted(gone + fresh):
            if at < place:
                yield self.loaded, at, place
            if rank >= 0:
                yield self.fresh, rank, rank + 1
            at = max(at, place if rank >= 0 else place + 1)
        yield self.loaded, at, len(self.loaded)

    def _place(self, wanted: Any, key: Callable[[Any], Any]) -> int:
        """Return how many loaded rows come before a sort key; new rows mostly come before or after them all."""
        loaded, descending = self.loaded, self.order.descending

        def before(index: int) -> bool:
            return bool(key(loaded[index]) > wanted if descending else key(loaded[index]) < wanted)

        if not loaded or not before(0):
            return 0
        if before(len(loaded) - 1):
            return len(loaded)
        low, high = 1, len(loaded) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if before(middle) else (low, middle)
        return low
