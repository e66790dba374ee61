"""Tables for what is remembered long: only changes of columns that are not lively matter to it."""

from typing import Any, Generic, TypeVar

from mockgitlab.store.marks import STEADY
from mockgitlab.store.query import Query
from mockgitlab.store.row import Row
from mockgitlab.store.table import Table

R = TypeVar("R", bound=Row)


class Steady(Generic[R]):
    """A table of which only changes of columns that are not lively matter to what is being remembered."""

    def __init__(self, table: Table[R]) -> None:
        self._table = table
        self._store = table.store

    def get(self, id: int | None) -> R | None:
        """Return the row with this id, or nothing."""
        if self._store.reads is not None:
            self._store.reads.add((self._table.kind, STEADY, id))
        return self._table.peek(id)

    def __getitem__(self, id: int) -> R:
        row = self.get(id)
        if row is None:
            raise KeyError(f"no {self._table.kind.__name__} has the id {id}")
        return row

    def all(self) -> Query[R]:
        """Return every row, ordered by id."""
        return Query(self._table, steady=True)

    def where(self, **equal: Any) -> Query[R]:
        """Return the rows whose columns equal these values."""
        return self.all().where(**equal)

    def having(self, column: str, value: Any) -> list[R]:
        """Return the rows whose column is, or holds, a value, oldest first."""
        self._table.read(STEADY, None)
        return self._table.peek_having(column, value)
