"""When what was last written: the stamps by which remembered results are found to be still true."""

from collections.abc import Callable, Iterable
from typing import Any

WHOLE = "whole"
"""The column of the place that is a whole table; its value is ``None``."""

STEADY = "steady"
"""That of the columns of a table that are not lively, all together: of one row its id, of the table ``None``."""

Stamps = dict[Any, int]
"""When the rows with each value of a column were last written; a value without a stamp never was since loading."""


def values_of(row: Any, column: str) -> tuple[Any, ...]:
    """Return the values under which an index finds a row: the members of a tuple, or the one value."""
    value = getattr(row, column)
    return value if type(value) is tuple else (value,)


class Marks:
    """The stamps of one table by columns: those of ``id``, and of the columns that were asked for."""

    def __init__(self) -> None:
        self.whole: Stamps = {}
        self._ids: Stamps = {}
        self._steady: Stamps = {}
        self._others: dict[str, Stamps] = {}

    def copy(self) -> "Marks":
        """Return marks of their own for a fork."""
        marks = Marks()
        marks.whole, marks._ids, marks._steady = dict(self.whole), dict(self._ids), dict(self._steady)
        marks._others = {column: dict(stamps) for column, stamps in self._others.items()}
        return marks

    def of(self, column: str, written: Callable[[], Iterable[Any]]) -> Stamps:
        """Return the stamps of a column, tracked from now on.

        ``written`` gives the rows that differ from the loaded ones, old and new, where it was not tracked yet.
        """
        known = {WHOLE: self.whole, "id": self._ids, STEADY: self._steady}.get(column, self._others.get(column))
        if known is None:
            stamp = self.whole.get(None, 0)
            known = self._others[column] = {value: stamp for row in written() for value in values_of(row, column)}
        return known

    def written(self, id: int, old: Any, new: Any, stamp: int) -> None:
        """Mark that a row was written: what it was, what it is, ``None`` for nothing."""
        self.whole[None] = self._ids[id] = stamp
        if old is None or new is None or new.differs(old):
            self._steady[None] = self._steady[id] = stamp
        for column, stamps in self._others.items():
            for row in (old, new):
                if row is not None:
                    for value in values_of(row, column):
                        stamps[value] = stamp
