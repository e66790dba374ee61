"""When what was last written: the stamps by which remembered results are found to be still true."""

from collections.abc import Hashable, Iterable
from typing import Any

WHOLE = "whole"
"""The place of a whole table."""

STEADY = "steady"
"""The place of all columns of a table that are not lively; ``(STEADY, id)`` is that of one row."""

_ALWAYS = {"id", STEADY}


def values_of(row: Any, column: str) -> tuple[Any, ...]:
    """Return the values under which an index finds a row: the members of a tuple, or the one value."""
    value = getattr(row, column)
    return value if type(value) is tuple else (value,)


class Marks:
    """The stamps of one table, by place: the whole, a row ``("id", 5)``, the rows with a value ``("project_id", 3)``.

    A place without a stamp was never written since loading. Columns are tracked from when they are first asked for.
    """

    def __init__(self, stamps: dict[Hashable, int] | None = None, columns: Iterable[str] = ()) -> None:
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
        stamp = self.stamps.get(WHOLE, 0)
        for row in written:
            for value in values_of(row, column):
                self.stamps[(column, value)] = stamp

    def written(self, id: int, old: Any, new: Any, stamp: int) -> None:
        """Mark that a row was written: what it was, what it is, ``None`` for nothing."""
        stamps = self.stamps
        stamps[WHOLE] = stamps[("id", id)] = stamp
        if old is None or new is None or new.differs(old):
            stamps[STEADY] = stamps[(STEADY, id)] = stamp
        rows = [row for row in (old, new) if row is not None]
        for column in self._tracked:
            for row in rows:
                for value in values_of(row, column):
                    stamps[(column, value)] = stamp
