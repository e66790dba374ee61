"""When what was last written: the stamps by which remembered results are found to be still true."""

from collections.abc import Iterable
from typing import Any

WHOLE = "whole"
"""The column of the place that is a whole table: ``(WHOLE, None)``."""

STEADY = "steady"
"""That of the columns of a table that are not lively: ``(STEADY, None)``, or of one row ``(STEADY, id)``."""

_ALWAYS = {"id", STEADY, WHOLE}

Stamps = dict[tuple[str, Any], int]
"""When each place was last written; one without a stamp never was since loading."""


def values_of(row: Any, column: str) -> tuple[Any, ...]:
    """Return the values under which an index finds a row: the members of a tuple, or the one value."""
    value = getattr(row, column)
    return value if type(value) is tuple else (value,)


class Marks:
    """The stamps of one table by place, a column and a value: a row ``("id", 5)``, rows with one ``("project_id", 3)``.

    Columns are tracked from when they are first asked for.
    """

    def __init__(self, stamps: Stamps | None = None, columns: Iterable[str] = ()) -> None:
        self.stamps = stamps or {}
        self.columns = {*_ALWAYS, *columns}
        self._tracked = [*self.columns - _ALWAYS]

    def copy(self) -> "Marks":
        """Return marks of their own for a fork."""
        return Marks(dict(self.stamps), self.columns)

    def track(self, column: str, written: Iterable[Any]) -> None:
        """Begin to track a column; ``written`` are the rows that differ from the loaded ones, old and new."""
        self.columns.add(column)
        self._tracked.append(column)
        stamp = self.stamps.get((WHOLE, None), 0)
        for row in written:
            for value in values_of(row, column):
                self.stamps[(column, value)] = stamp

    def written(self, id: int, old: Any, new: Any, stamp: int) -> None:
        """Mark that a row was written: what it was, what it is, ``None`` for nothing."""
        stamps = self.stamps
        stamps[(WHOLE, None)] = stamps[("id", id)] = stamp
        if old is None or new is None or new.differs(old):
            stamps[(STEADY, None)] = stamps[(STEADY, id)] = stamp
        rows = [row for row in (old, new) if row is not None]
        for column in self._tracked:
            for row in rows:
                for value in values_of(row, column):
                    stamps[(column, value)] = stamp
