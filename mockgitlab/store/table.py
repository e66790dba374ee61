"""Tables: an immutable layer of loaded rows, and above it what changed since."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mockgitlab.store.answers import Answers
from mockgitlab.store.marks import STEADY, WHOLE, Marks, Stamps, values_of
from mockgitlab.store.query import Query
from mockgitlab.store.row import Row

if TYPE_CHECKING:
    from mockgitlab.store.store import Store

R = TypeVar("R", bound=Row)
Index = dict[Any, dict[int, None]]
NARROW = 4
"""Up to so many values of a column are noted one by one as read; with more, the whole table is."""

_MISSING: Any = object()


def index_rows(rows: Iterable[Any], column: str) -> Index:
    """Group the ids of rows by the value, or each of the values, of a column."""
    index: Index = {}
    for row in rows:
        for value in values_of(row, column):
            index.setdefault(value, {})[row.id] = None
    return index


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

    def ascending(self, query: Query[R]) -> list[R]:
        """Return the rows of a query by ascending key; they are remembered when its conditions have keys."""
        key = query.key()
        if key is None:
            return self._find(query)
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
        rows.sort(key=query.order.key())
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

    ``changed`` holds what differs from the layer below: new and changed rows, ``None`` for deleted ones. ``marks`` say
    when what was written; reading notes its place with the store, for what is being remembered.
    """

    def __init__(self, store: "Store", kind: type[R], layer: Layer[R], marks: Marks | None = None) -> None:
        self.store = store
        self.kind = kind
        self.layer = layer
        self.marks = marks or Marks()
        self.changed: dict[int, R | None] = {}
        self.counters: dict[Any, int] = {}
        self._indexes: dict[str, Index] = {}
        self._answers: Answers[R] = Answers(self)

    def fork(self, store: "Store") -> "Table[R]":
        """Return the same rows for another store, at the cost of what changed since loading."""
        table = Table(store, self.kind, self.layer, self.marks.copy())
        table.changed = dict(self.changed)
        table.counters = dict(self.counters)
        return table

    def freeze(self) -> Layer[R]:
        """Return everything in the table as a layer that never changes again."""
        rows = self.layer.rows | self.changed if self.layer.rows else self.changed
        return Layer({id: row for id, row in rows.items() if row is not None}, self.layer.counters | self.counters)

    # Reading

    def read(self, column: str, value: Any) -> None:
        """Note that a place was read."""
        if self.store.reads is not None:
            self.store.reads.add((self.kind, column, value))

    @property
    def stamp(self) -> int:
        """When anything in the table was last written: another number for every state of it."""
        return self.marks.whole.get(None, 0)

    def stamps(self, column: str) -> Stamps:
        """Return when the rows with each value of a column were last written."""
        return self.marks.of(column, self._written)

    def _written(self) -> list[R]:
        loaded, changed = self.layer.rows, self.changed
        rows = [*changed.values(), *(loaded.get(id) for id in changed)]
        return [row for row in rows if row is not None]

    def get(self, id: int | None) -> R | None:
        """Return the row with this id, or nothing; nothing has the id ``None``."""
        if id is None:
            return None
        if self.store.reads is not None:
            self.store.reads.add((self.kind, "id", id))
        row = self.changed.get(id, _MISSING)
        return self.layer.rows.get(id) if row is _MISSING else row

    def peek(self, id: int | None) -> R | None:
        """Return the row with this id, and note nothing."""
        row = self.changed.get(id, _MISSING)  # type: ignore[arg-type]
        return self.layer.rows.get(id) if row is _MISSING else row  # type: ignore[arg-type]

    def __getitem__(self, id: int) -> R:
        row = self.get(id)
        if row is None:
            raise KeyError(f"no {self.kind.__name__} has the id {id}")
        return row

    @property
    def untouched(self) -> bool:
        """Whether there is no row, nor ever was one."""
        return not (self.changed or self.layer.rows)

    def all(self) -> Query[R]:
        """Return every row, ordered by id."""
        return Query(self)

    def where(self, **equal: Any) -> Query[R]:
        """Return the rows whose columns equal these values."""
        return self.all().where(**equal)

    def having(self, column: str, value: Any) -> list[R]:
        """Return the rows whose column is, or holds, a value, oldest first.

        They come straight from the index: for the few rows that belong to another, where a query would cost more to
        remember than to ask.
        """
        if self.store.reads is not None:
            self.store.reads.add((self.kind, column, value))
        return self.peek_having(column, value) if self.changed or self.layer.rows else []

    def peek_having(self, column: str, value: Any) -> list[R]:
        """Do the same, and note nothing."""
        changed, rows = self.changed, self.layer.rows
        loaded = self.layer.index(column).get(value) if rows else None
        found: list[Any] = [rows[id] for id in loaded if id not in changed] if loaded else []
        fresh = self._index(column).get(value) if changed else None
        found += [changed[id] for id in fresh] if fresh else []
        return sorted(found, key=lambda row: row.id) if len(found) > 1 else found

    def find(self, **equal: Any) -> R | None:
        """Return the row with the lowest id whose columns equal these values, if any."""
        column, value = min(equal.items(), key=self._size) if len(equal) > 1 else next(iter(equal.items()))
        del equal[column]
        for row in self.having(column, value):
            if not equal or all(other in values_of(row, name) for name, other in equal.items()):
                return row
        return None

    def _size(self, pair: tuple[str, Any]) -> int:
        """Return how many rows at the most have a value in a column."""
        column, value = pair
        loaded = len(self.layer.index(column).get(value, ())) if self.layer.rows else 0
        return loaded + (len(self._index(column).get(value, ())) if self.changed else 0)

    def ascending(self, query: Query[R]) -> list[R]:
        """Return the rows of a query by ascending key; the list is not to be changed."""
        self._read_query(query)
        return self._answers.ascending(query) if self.changed else self.layer.ascending(query)

    def _read_query(self, query: Query[R]) -> None:
        if self.store.reads is None:
            return
        narrow = next((pair for pair in query.equal if len(pair[1]) <= NARROW), None)
        if query.steady or narrow is None:
            self.read(STEADY if query.steady else WHOLE, None)
        else:
            for value in narrow[1]:
                self.read(narrow[0], value)

    def fresh_rows(self, query: Query[R]) -> list[R]:
        """Return the changed rows that may belong to a query."""
        if not query.equal:
            return [row for row in self.changed.values() if row is not None]
        column, values = query.equal[0]
        index = self._index(column)
        wanted = values if len(values) < len(index) else [value for value in index if value in values]
        ids = dict.fromkeys(id for value in wanted for id in index.get(value, ()))
        return [row for id in ids if (row := self.changed[id]) is not None]

    def _index(self, column: str) -> Index:
        if column not in self._indexes:
            self._indexes[column] = index_rows((row for row in self.changed.values() if row is not None), column)
        return self._indexes[column]

    # Writing

    def put(self, id: int, row: R | None) -> None:
        """Write or delete a row; the store's transaction remembers what was there."""
        old = self.changed.get(id, _MISSING)
        if self.store.undo is not None:
            self.store.undo.append((self, True, id, old))
        self._write(id, row, old)

    def before(self, id: int, old: Any) -> R | None:
        """Return the row that was there before ``put``, of what it gave the transaction to remember."""
        found: R | None = self.layer.rows.get(id) if old is _MISSING else old
        return found

    def restore(self, id: int, old: Any) -> None:
        """Put back what was there before ``put``; part of rolling back."""
        self._write(id, self.before(id, old), self.changed[id])
        if old is _MISSING:
            self._place(self.changed.pop(id), None)

    def _write(self, id: int, row: R | None, old: Any) -> None:
        before = self.before(id, old)
        self._place(None if old is _MISSING else old, row)
        self.changed[id] = row
        self._answers.note(before, row)
        if not self.marks.whole:
            self.store.forget_watched()
        self.marks.written(id, before, row, self.store.next_stamp())

    def _place(self, old: R | None, new: R | None) -> None:
        for column, index in self._indexes.items():
            for value in values_of(old, column) if old is not None else ():
                index[value].pop(old.id, None)  # type: ignore[union-attr]
            for value in values_of(new, column) if new is not None else ():
                index.setdefault(value, {})[new.id] = None  # type: ignore[union-attr]

    # Counting

    def next_number(self, counter: Any, start: int) -> int:
        """Return the next number of a counter, from ``start`` on; numbers are never given twice."""
        number = self.counter(counter, start - 1) + 1
        self.set_counter(counter, number)
        return number

    def counter(self, counter: Any, default: int) -> int:
        """Return the number that a counter gave last."""
        number = self.counters.get(counter)
        return self.layer.counters.get(counter, default) if number is None else number

    def set_counter(self, counter: Any, number: int) -> None:
        """Let a counter go on after a number; a rolled back transaction takes it back."""
        if self.store.undo is not None:
            self.store.undo.append((self, False, counter, self.counters.get(counter, _MISSING)))
        self.counters[counter] = number

    def restore_counter(self, counter: Any, old: Any) -> None:
        """Put back what a counter was; part of rolling back."""
        if old is _MISSING:
            del self.counters[counter]
        else:
            self.counters[counter] = old
