"""Tables: an immutable layer of loaded rows, and above it what changed since."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mockgitlab.store.query import Query
from mockgitlab.store.row import Row
from mockgitlab.store.selection import Selection

if TYPE_CHECKING:
    from mockgitlab.store.store import Store

R = TypeVar("R", bound=Row)
Index = dict[Any, dict[int, None]]
_MISSING: Any = object()


def index_rows(rows: Iterable[Any], column: str) -> Index:
    """Group the ids of rows by the value, or each of the values, of a column."""
    index: Index = {}
    for row in rows:
        for value in values_of(row, column):
            index.setdefault(value, {})[row.id] = None
    return index


def values_of(row: Any, column: str) -> tuple[Any, ...]:
    """Return the values under which an index finds a row: the members of a tuple, or the one value."""
    value = getattr(row, column)
    return value if type(value) is tuple else (value,)


class Layer(Generic[R]):
    """Rows that never change again, with their indexes and remembered answers, shared by every fork."""

    answers_at_most = 512
    rows_at_most = 4_000_000

    def __init__(self, rows: dict[int, R], counters: dict[Any, int]) -> None:
        self.rows = rows
        self.counters = counters
        self._indexes: dict[str, Index] = {}
        self._answers: dict[Any, list[R]] = {}
        self._remembered_rows = 0

    def index(self, column: str) -> Index:
        """Return the index of a column, made when first asked for."""
        if column not in self._indexes:
            self._indexes[column] = index_rows(self.rows.values(), column)
        return self._indexes[column]

    def select(self, query: Query[R]) -> list[R]:
        """Return the sorted rows of a query; it is remembered when its conditions have keys."""
        keys = tuple(condition.key for condition in query.conditions)
        if None in keys:
            return self._find(query)
        order = query.order
        key = (query.equal, keys, order.by, order.descending, order.nulls_first)
        found = self._answers.get(key)
        if found is None:
            found = self._find(query)
            self._keep(key, found)
        return found

    def _keep(self, key: Any, rows: list[R]) -> None:
        """Remember an answer; forks in other threads may do the same at the same time."""
        self._remembered_rows += len(rows)
        if len(self._answers) >= self.answers_at_most or self._remembered_rows > self.rows_at_most:
            self._answers.clear()
            self._remembered_rows = len(rows)
        self._answers[key] = rows

    def _find(self, query: Query[R]) -> list[R]:
        rows = [row for row in self._candidates(query) if query.matches(row)]
        rows.sort(key=query.order.key(), reverse=query.order.descending)
        return rows

    def _candidates(self, query: Query[R]) -> Iterable[R]:
        if not query.equal:
            return self.rows.values()
        found = [[index.get(value, {}) for value in values] for index, values in self._lookups(query)]
        smallest = min(found, key=lambda parts: sum(map(len, parts)))
        ids = smallest[0] if len(smallest) == 1 else dict.fromkeys(id for part in smallest for id in part)
        return [self.rows[id] for id in ids]

    def _lookups(self, query: Query[R]) -> list[tuple[Index, frozenset[Any]]]:
        return [(self.index(column), values) for column, values in query.equal]


class Table(Generic[R]):
    """The rows of one kind in one store.

    ``changed`` holds what differs from the layer below: new and changed rows, ``None`` for deleted ones; ``hidden`` the
    loaded rows which these replace. ``stamp`` is another number after every change, never used twice in a process for
    two states; ``steady_stamp`` stays the same when only lively columns of a row change.
    """

    def __init__(self, store: "Store", kind: type[R], layer: Layer[R], stamp: int, steady_stamp: int) -> None:
        self.store = store
        self.kind = kind
        self.layer = layer
        self.stamp = stamp
        self.steady_stamp = steady_stamp
        self.changed: dict[int, R | None] = {}
        self.hidden: dict[int, R] = {}
        self.counters: dict[Any, int] = {}
        self._indexes: dict[str, Index] = {}

    def fork(self, store: "Store") -> "Table[R]":
        """Return the same rows for another store, at the cost of what changed since loading."""
        table = Table(store, self.kind, self.layer, self.stamp, self.steady_stamp)
        table.changed, table.hidden = dict(self.changed), dict(self.hidden)
        table.counters = dict(self.counters)
        return table

    def freeze(self) -> Layer[R]:
        """Return everything in the table as a layer that never changes again."""
        rows = self.layer.rows | self.changed if self.layer.rows else self.changed
        return Layer({id: row for id, row in rows.items() if row is not None}, self.layer.counters | self.counters)

    def get(self, id: int | None) -> R | None:
        """Return the row with this id, or nothing."""
        row = self.changed.get(id, _MISSING)  # type: ignore[arg-type]
        return self.layer.rows.get(id) if row is _MISSING else row  # type: ignore[arg-type]

    def __getitem__(self, id: int) -> R:
        row = self.get(id)
        if row is None:
            raise KeyError(f"no {self.kind.__name__} has the id {id}")
        return row

    def all(self) -> Query[R]:
        """Return every row, ordered by id."""
        return Query(self)

    def where(self, **equal: Any) -> Query[R]:
        """Return the rows whose columns equal these values."""
        return Query(self).where(**equal)

    def having(self, column: str, value: Any) -> list[R]:
        """Return the rows whose column is, or holds, a value, oldest first.

        They come straight from the index: for the few rows that belong to another, where a query would cost more to
        remember than to ask.
        """
        changed, rows = self.changed, self.layer.rows
        loaded = self.layer.index(column).get(value) if rows else None
        found: list[Any] = [rows[id] for id in loaded if id not in changed] if loaded else []
        fresh = self._index(column).get(value) if changed else None
        found += [changed[id] for id in fresh] if fresh else []
        return sorted(found, key=lambda row: row.id) if len(found) > 1 else found

    def find(self, **equal: Any) -> R | None:
        """Return the row with the lowest id whose columns equal these values, if any."""
        column, value = next(iter(equal.items()))
        if len(equal) > 1:
            return self.where(**equal).first()
        ids = [*self._index(column).get(value, ())]
        if self.layer.rows:
            ids += [id for id in self.layer.index(column).get(value, ()) if id not in self.changed]
        return self.get(min(ids)) if ids else None

    def select(self, query: Query[R]) -> "Selection[R]":
        """Return what a query finds among the loaded and among the changed rows."""
        loaded = self.layer.select(query) if self.layer.rows else []
        if not self.changed:
            return Selection(query.order, loaded, [], [])
        fresh = [row for row in self._candidates(query) if query.matches(row)]
        fresh.sort(key=query.order.key(), reverse=query.order.descending)
        return Selection(query.order, loaded, self._gone(query) if loaded else [], fresh)

    def _gone(self, query: Query[R]) -> list[R]:
        return [row for row in self.hidden.values() if query.matches(row)]

    def count(self, query: Query[R]) -> int:
        """Return how many rows a query finds, at the cost of what changed since loading."""
        loaded = len(self.layer.select(query)) if self.layer.rows else 0
        if not self.changed:
            return loaded
        gone = len(self._gone(query)) if loaded else 0
        return loaded - gone + sum(query.matches(row) for row in self._candidates(query))

    def _candidates(self, query: Query[R]) -> list[R]:
        if not query.equal:
            return [row for row in self.changed.values() if row is not None]
        column, values = query.equal[0]
        index = self._index(column)
        ids = (
            dict.fromkeys(id for value in values for id in index.get(value, ()))
            if len(values) < len(index)
            else {id: None for value, part in index.items() if value in values for id in part}
        )
        return [row for id in ids if (row := self.changed[id]) is not None]

    def _index(self, column: str) -> Index:
        if column not in self._indexes:
            self._indexes[column] = index_rows((row for row in self.changed.values() if row is not None), column)
        return self._indexes[column]

    def put(self, id: int, row: R | None) -> None:
        """Write or delete a row; the store's transaction remembers what was there."""
        old, before = self.changed.get(id, _MISSING), self.get(id)
        self.store.note(self, id, old)
        self._place(id, None if old is _MISSING else old, row)
        self.changed[id] = row
        if id in self.layer.rows:
            self.hidden[id] = self.layer.rows[id]
        self.stamp = self.store.next_stamp()
        if row is None or before is None or row.differs(before):
            self.steady_stamp = self.stamp

    def restore(self, id: int, old: Any) -> None:
        """Put back what was there before ``put``; part of rolling back."""
        self._place(id, self.changed[id], None if old is _MISSING else old)
        if old is _MISSING:
            del self.changed[id]
            self.hidden.pop(id, None)
        else:
            self.changed[id] = old

    def _place(self, id: int, old: R | None, new: R | None) -> None:
        for column, index in self._indexes.items():
            for value in values_of(old, column) if old is not None else ():
                index[value].pop(id, None)
            for value in values_of(new, column) if new is not None else ():
                index.setdefault(value, {})[id] = None

    def next_number(self, counter: Any, start: int) -> int:
        """Return the next number of a counter, from ``start`` on; numbers are never given twice."""
        number = self.counter(counter, start - 1) + 1
        self.set_counter(counter, number)
        return number

    def counter(self, counter: Any, default: int) -> int:
        """Return the number that a counter gave last."""
        return self.counters.get(counter, self.layer.counters.get(counter, default))

    def set_counter(self, counter: Any, number: int) -> None:
        """Let a counter go on after a number; a rolled back transaction takes it back."""
        self.store.note_counter(self, counter, self.counters.get(counter, _MISSING))
        self.counters[counter] = number

    def restore_counter(self, counter: Any, old: Any) -> None:
        """Put back what a counter was; part of rolling back."""
        if old is _MISSING:
            del self.counters[counter]
        else:
            self.counters[counter] = old
