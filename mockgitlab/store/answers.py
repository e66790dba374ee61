"""Answers to queries, kept current by what is written since they were first given."""

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mockgitlab.store.query import Query
from mockgitlab.store.row import Row

if TYPE_CHECKING:
    from mockgitlab.store.table import Table

R = TypeVar("R", bound=Row)
FEW = 16
"""Fresh rows are put in place one by one while they are fewer than one in so many; else all rows are sorted."""


class Answers(Generic[R]):
    """The sorted rows of queries to one changed table; a write costs each of them one search when it is next asked.

    ``written`` holds each write as (old row, new row); an answer remembers how many of them it has seen.
    """

    kept_at_most = 256
    writes_at_most = 4_096

    def __init__(self, table: "Table[R]") -> None:
        self._table = table
        self._written: list[tuple[R | None, R | None]] = []
        self._kept: dict[Any, tuple[int, list[R]]] = {}

    def note(self, old: R | None, new: R | None) -> None:
        """Note a write."""
        if not self._kept:
            return
        self._written.append((old, new))
        if len(self._written) > self.writes_at_most:
            self._forget()

    def _forget(self) -> None:
        self._written.clear()
        self._kept.clear()

    def ascending(self, query: Query[R]) -> list[R]:
        """Return the rows of a query by ascending key; the list is not to be changed, and good until the next write."""
        key = query.key()
        if key is None:
            return self._build(query)
        seen, rows = self._kept.get(key, (0, None))
        if rows is None:
            rows = self._build(query)
        else:
            self._catch_up(query, rows, seen)
        if key not in self._kept and len(self._kept) >= self.kept_at_most:
            self._forget()
        self._kept[key] = (len(self._written), rows)
        return rows

    def _build(self, query: Query[R]) -> list[R]:
        table = self._table
        rows = [row for row in table.layer.ascending(query) if row.id not in table.changed]
        fresh = [row for row in table.fresh_rows(query) if query.matches(row)]
        key = query.order.key()
        if len(fresh) > len(rows) // FEW:
            return sorted([*rows, *fresh], key=key)
        for row in fresh:
            insort(rows, row, key=key)
        return rows

    def _catch_up(self, query: Query[R], rows: list[R], seen: int) -> None:
        key = query.order.key()
        for old, new in self._written[seen:]:
            if old is not None and query.matches(old):
                del rows[bisect_left(rows, key(old), key=key)]
            if new is not None and query.matches(new):
                insort(rows, new, key=key)
