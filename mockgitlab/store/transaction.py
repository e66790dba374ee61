"""Transactions: what is written in one is written wholly or not at all."""

from types import TracebackType
from typing import TYPE_CHECKING, Any

from mockgitlab.store.row import Row

if TYPE_CHECKING:
    from mockgitlab.store.store import Store
    from mockgitlab.store.table import Table

Undo = list[tuple["Table[Any]", bool, Any, Any]]
"""What was there before each write: the table, whether it is a row or a counter, its key, and the old value."""


class Transaction:
    """A block whose writes are taken back when it raises; one inside another belongs to that. It holds the lock."""

    __slots__ = ("_inner", "_store", "_version")

    def __init__(self, store: "Store") -> None:
        self._store = store

    def __enter__(self) -> None:
        store = self._store
        store.lock.acquire()
        self._inner = store.undo is not None
        self._version = store.version
        if not self._inner:
            store.undo = []

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        store = self._store
        try:
            if not self._inner:
                if error is not None:
                    self._roll_back(store.undo or [])
                store.undo = None
        finally:
            store.lock.release()

    def _roll_back(self, undo: Undo) -> None:
        for table, is_row, key, old in reversed(undo):
            (table.restore if is_row else table.restore_counter)(key, old)
        self._store.version = self._version


def written(undo: Undo) -> tuple[tuple[Row | None, Row | None], ...]:
    """Return what a transaction wrote so far: each row as it was before, and as it is now."""
    first: dict[tuple[Table[Any], int], Any] = {}
    for table, is_row, key, old in undo:
        if is_row:
            first.setdefault((table, key), old)
    changes = [(table.before(id, old), table.peek(id)) for (table, id), old in first.items()]
    return tuple([change for change in changes if change[0] is not change[1]])
