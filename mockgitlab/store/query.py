"""Questions to a table: which rows, in which order, which page of them.

A query is immutable and costs nothing until it is asked. What it finds among the loaded rows is remembered, so that
only rows changed since are looked at again.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from mockgitlab.store.row import Row
    from mockgitlab.store.table import Table

R = TypeVar("R", bound="Row")


@dataclass(frozen=True)
class Condition:
    """A test of one row; equal keys mean equal tests, a key of ``None`` that nothing may be remembered."""

    key: Hashable
    test: Callable[[Any], bool]


class Order(NamedTuple):
    """By which value rows are sorted; the id decides between equals.

    A row without the value comes last, unless told.
    """

    by: str = "id"
    descending: bool = False
    nulls_first: bool = False
    value: Callable[[Any], Any] | None = None

    def key(self) -> Callable[[Any], Any]:
        """Return the sort key of a row, to be reversed when descending."""
        by, value, flag = self.by, self.value, self.descending != self.nulls_first
        if by == "id" and value is None:
            return lambda row: row.id
        read = value or (lambda row: getattr(row, by))

        def key(row: Any) -> Any:
            found = read(row)
            return (not flag, 0, row.id) if found is None else (flag, found, row.id)

        return key


BY_ID = Order()


@dataclass(eq=False)
class Query(Generic[R]):
    """Rows of one table that meet every condition; it is never changed, but narrowed or ordered into another.

    ``equal`` holds (column, values) pairs: a row belongs when its column is, or holds, one of the values. They are
    answered from indexes; ``conditions`` are tested row by row. To what is remembered of a ``steady`` query, changes of
    lively columns do not matter.
    """

    table: "Table[R]"
    equal: tuple[tuple[str, frozenset[Any]], ...] = ()
    conditions: tuple[Condition, ...] = ()
    order: Order = BY_ID
    steady: bool = False

    def key(self) -> Hashable:
        """Return all that the answer depends on besides the rows, or nothing when a condition has no key."""
        keys = tuple(condition.key for condition in self.conditions)
        order = self.order
        return None if None in keys else (self.equal, keys, order.by, order.descending, order.nulls_first)

    def where(self, **equal: Any) -> "Query[R]":
        """Keep rows whose columns equal these values."""
        return self._but(equal=self.equal + tuple((name, frozenset((value,))) for name, value in equal.items()))

    def among(self, column: str, values: Iterable[Any]) -> "Query[R]":
        """Keep rows whose column is, or holds, one of the values."""
        return self._but(equal=(*self.equal, (column, frozenset(values))))

    def filter(self, test: Callable[[R], bool], key: Hashable = None) -> "Query[R]":
        """Keep rows that pass a test; ``key`` names all the test depends on besides the row."""
        return self._but(conditions=(*self.conditions, Condition(key, test)))

    def order_by(
        self, by: str, *, descending: bool = False, nulls_first: bool = False, value: Callable[[R], Any] | None = None
    ) -> "Query[R]":
        """Sort by a column, or by a value computed from the row and named ``by``."""
        return self._but(order=Order(by, descending, nulls_first, value))

    def _but(self, equal: Any = None, conditions: Any = None, order: Order | None = None) -> "Query[R]":
        """Return the query with another part; ``dataclasses.replace`` would take three times as long."""
        return Query(self.table, equal or self.equal, conditions or self.conditions, order or self.order, self.steady)

    def matches(self, row: R) -> bool:
        """Tell whether a row belongs."""
        return all(_holds(getattr(row, name), values) for name, values in self.equal) and all(
            condition.test(row) for condition in self.conditions
        )

    def __iter__(self) -> Iterator[R]:
        rows = self.table.ascending(self)
        return iter(rows[::-1] if self.order.descending else rows[:])

    def page(self, offset: int, limit: int) -> list[R]:
        """Return ``limit`` rows from ``offset`` on, at the cost of the page."""
        return self._slice(self.table.ascending(self), offset, limit)

    def page_of_all(self, offset: int, limit: int) -> tuple[list[R], int]:
        """Return a page, and how many rows there are."""
        rows = self.table.ascending(self)
        return self._slice(rows, offset, limit), len(rows)

    def _slice(self, rows: list[R], offset: int, limit: int) -> list[R]:
        if not self.order.descending:
            return rows[offset : offset + limit]
        stop = max(len(rows) - offset, 0)
        return rows[max(stop - limit, 0) : stop][::-1]

    def first(self) -> R | None:
        """Return the first row, if any."""
        return next(iter(self.page(0, 1)), None)

    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.table.ascending(self))

    def exists(self) -> bool:
        """Tell whether there is any row."""
        return self.first() is not None


def _holds(value: Any, values: frozenset[Any]) -> bool:
    return not values.isdisjoint(value) if type(value) is tuple else value in values
