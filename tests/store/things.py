"""Two kinds of rows for the tests of the store, and a transaction that fails."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import ClassVar

from mockgitlab.store import Row, Serial, Store


class Thing(Row):
    id: int
    shelf: int | None = None
    name: str | None = None
    tags: tuple[str, ...] = ()
    created_at: str
    updated_at: str
    touched: int = 0
    _created: ClassVar[tuple[str, ...]] = ("created_at", "updated_at")
    _touched: ClassVar[tuple[str, ...]] = ("updated_at",)
    _lively: ClassVar[tuple[str, ...]] = ("touched", "updated_at")


class Ticket(Row):
    id: int
    iid: int
    project_id: int
    _serials: ClassVar[tuple[Serial, ...]] = (Serial("id", start=10_001), Serial("iid", within="project_id"))


class Failed(Exception):
    """What ends a transaction that is to be taken back."""


@contextmanager
def taken_back(store: Store) -> Iterator[None]:
    with suppress(Failed), store.transaction():
        yield
        raise Failed
