"""The store: all state of one world, forked and reset at the cost of what changed."""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

from mockgitlab.store.clock import Clock, parse_instant
from mockgitlab.store.marks import Stamps
from mockgitlab.store.memory import Group, Memory, Part, Reads, Remembered, Shared
from mockgitlab.store.objects import Objects
from mockgitlab.store.row import Row, Serial
from mockgitlab.store.settings import Settings
from mockgitlab.store.steady import Steady
from mockgitlab.store.table import Layer, Table
from mockgitlab.store.transaction import Transaction, Undo, written

R = TypeVar("R", bound=Row)
T = TypeVar("T")
_TIME: Any = object()
_CLOCK = (_TIME, "", None)
"""The place that the clock is."""
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


class Store:
    """Typed tables of rows, a clock, and the settings of the instance.

    Everything that happens goes through ``insert``, ``update`` and ``delete`` inside a ``transaction``: it happens
    wholly or not at all. ``lock`` is held for the length of a request.
    """

    def __init__(
        self, settings: Settings | None = None, *, shared: Shared | None = None, objects: Objects | None = None
    ) -> None:
        self.settings = settings or Settings()
        self.clock = Clock(parse_instant(self.settings.clock))
        self.lock = threading.RLock()
        self.shared = shared or Shared()
        self.objects = objects or Objects()
        self.version = self.next_stamp()
        self._moved: Stamps = {None: self.version}
        self._tables: dict[type[Row], Table[Any]] = {}
        self._steady: dict[type[Row], Steady[Any]] = {}
        self.undo: Undo | None = None
        self.reads: Reads | None = None
        self._watched: dict[Group, list[Stamps]] = {}
        self.asked: Counter[int] = Counter()

    def next_stamp(self) -> int:
        """Mark that something changed: the store's version becomes a number never used before."""
        self.version = next(self.shared.stamps)
        return self.version

    # Tables

    def __getitem__(self, kind: type[R]) -> Table[R]:
        try:
            return self._tables[kind]
        except KeyError:
            table = self._tables[kind] = Table(self, kind, Layer({}, {}))
            return table

    def steady(self, kind: type[R]) -> Steady[R]:
        """Return a table of which only changes of columns that are not lively matter to what is being remembered."""
        try:
            return self._steady[kind]
        except KeyError:
            steady = self._steady[kind] = Steady(self[kind])
            return steady

    def kinds(self) -> list[type[Row]]:
        """Return the kinds of which there is a table."""
        return list(self._tables)

    def insert(self, row: R) -> R:
        """Write a new row: numbers it, dates it, and returns it.

        Raises ``ValueError`` when it brings an id that is taken.
        """
        table = self[type(row)]
        columns = row.__dict__
        for serial in row._serials:
            self._number(table, serial, row)
        for name in row._created:
            if columns.get(name) is None:
                columns[name] = self.clock.now
        if table.peek(row.id) is not None:
            raise ValueError(f"there is a {type(row).__name__} with the id {row.id} already")
        table.put(row.id, row)
        return row

    def _number(self, table: Table[Any], serial: Serial, row: Row) -> None:
        columns = row.__dict__
        counter, given = serial.counter(row), columns.get(serial.column)
        if given is None:
            columns[serial.column] = table.next_number(counter, serial.start)
        elif given > table.counter(counter, serial.start - 1):
            table.set_counter(counter, given)

    def update(self, row: R, **changes: Any) -> R:
        """Write changes to a row and return it as it is now; without any difference nothing is written.

        Only the named columns change, whatever was written since ``row`` was read. Raises ``KeyError`` when it was
        deleted, ``AttributeError`` for a column that there is not.
        """
        table = self[type(row)]
        current = table[row.id]
        if all(getattr(current, name) == value for name, value in changes.items()):
            return current
        touched = {name: self.clock.now for name in current._touched if name not in changes}
        changed = current.replaced({**changes, **touched})
        table.put(row.id, changed)
        return changed

    def delete(self, row: Row) -> None:
        """Delete a row."""
        self[type(row)].put(row.id, None)

    def fresh(self, row: R) -> R:
        """Return the row as it is now."""
        return self[type(row)][row.id]

    # Transactions

    def transaction(self) -> Transaction:
        """Write wholly or not at all: an exception takes back every write made inside. Inner ones join the outer."""
        return Transaction(self)

    def written(self) -> tuple[tuple[Row | None, Row | None], ...]:
        """Return what the transaction wrote so far: each row as it was before, and as it is now."""
        return written(self.undo) if self.undo else ()

    # Forks

    def fork(self) -> "Store":
        """Return an independent store in the same state, at the cost of what changed since it was frozen."""
        with self.lock:
            store = Store(self.settings, shared=self.shared, objects=self.objects.fork())
            store._tables = {kind: table.fork(store) for kind, table in self._tables.items()}
            store.clock.set(self.clock.instant)
            store.version, store._moved = self.version, dict(self._moved)
            return store

    def freeze(self) -> "Store":
        """Return a store in the same state whose forks cost nothing: all its rows lie in immutable layers."""
        with self.lock:
            store = self.fork()
            store.shared = Shared()
            store.version = store._clock_moved()
            store._tables = {kind: Table(store, kind, table.freeze()) for kind, table in self._tables.items()}
            return store

    # Time

    @property
    def now(self) -> str:
        """The instant as GitLab writes it, ``2024-05-01T09:00:00.000Z``."""
        if self.reads is not None:
            self.reads.add(_CLOCK)
        return self.clock.now

    @property
    def today(self) -> str:
        """The date, ``2024-05-01``."""
        return self.now[:10]

    def set_clock(self, instant: str) -> None:
        """Move the clock to an instant (ISO 8601)."""
        with self.lock:
            self.clock.set(parse_instant(instant))
            self._clock_moved()

    def advance_clock(self, by: timedelta) -> None:
        """Move the clock forward."""
        with self.lock:
            self.clock.advance(by)
            self._clock_moved()

    def _clock_moved(self) -> int:
        stamp = self._moved[None] = self.next_stamp()
        return stamp

    # Remembering

    def remember(self, key: Hashable, compute: Callable[[], T], memory: Memory | None = None) -> T:
        """Return ``compute()``, or what it gave before while nothing that it read has changed.

        What it reads is noticed by itself: the tables it asks for, and the clock. ``key`` must name all else that the
        result depends on. ``memory`` is where it is kept, among all other results unless told.
        """
        memory = self.shared.results if memory is None else memory
        entry = memory.entries.get(key)
        if entry is not None and (entry.held_at == self.version or self._holds(entry)):
            if self.reads is not None:
                self.reads.parts.update(entry.parts)
            found: T = entry.value
            return found
        outer, self.reads = self.reads, Reads()
        try:
            value = compute()
        finally:
            parts = self.shared.parts(self.reads)
            self.reads = outer
            if outer is not None:
                outer.parts.update(parts)
        memory.keep(key, Remembered(parts, self._latest(parts), value, self.version))
        return value

    def _holds(self, entry: Remembered) -> bool:
        if self._latest(entry.parts) != entry.latest:
            return False
        entry.held_at = self.version
        return True

    def _latest(self, parts: Iterable[Part]) -> int:
        """Return when any of these places was last written, 0 for never since loading."""
        latest = 0
        for group, value in parts:
            watched = self._watched.get(group)
            for stamps in self._watch(group) if watched is None else watched:
                stamp = stamps.get(value, 0)
                if stamp > latest:
                    latest = stamp
        return latest

    def _watch(self, group: Group) -> list[Stamps]:
        """Return where it stands when the places of a group were written, tables that never were left out."""
        watched = self._watched[group] = [self._moved for kind, _ in group if kind is _TIME]
        for kind, column in group:
            table = self._tables.get(kind)
            if table is not None and table.marks.whole:
                watched.append(table.stamps(column))
        return watched

    def forget_watched(self) -> None:
        """Find out anew what is to be watched, as a table is written for the first time."""
        self._watched.clear()

    # Secrets

    def mint_hex(self, purpose: str, length: int = 40) -> str:
        """Return new hexadecimal digits, such as the id of a discussion.

        They are the same for the same calls in the same world.
        """
        number = self[Minted].next_number(("hex", purpose), 1)
        return hashlib.sha512(f"{self.settings.clock}/{purpose}/{number}".encode()).hexdigest()[:length]

    def mint(self, prefix: str = "", length: int = 20) -> str:
        """Return a new secret, the same for the same calls in the same world: ``glpat-…``."""
        number = self[Minted].next_number(("minted", prefix), 1)
        digest = hashlib.sha256(f"{self.settings.clock}/{prefix}/{number}".encode()).digest()
        big = int.from_bytes(digest + hashlib.sha256(digest).digest(), "big")
        letters = []
        for _ in range(length):
            big, rest = divmod(big, len(_ALPHABET))
            letters.append(_ALPHABET[rest])
        return prefix + "".join(letters)


class Minted(Row):
    """A table without rows, whose counters count the secrets given out."""
