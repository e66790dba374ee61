"""From the items of a scenario to records in a store."""

from pathlib import Path
from typing import Any

from mockgitlab.dsl import Collection, Definitions
from mockgitlab.dsl.collections import Parents
from mockgitlab.scenario.includes import Merged
from mockgitlab.scenario.problems import KeyPath, Problems, ScenarioError, nearest, shown
from mockgitlab.scenario.readers import Reader, readers
from mockgitlab.scenario.repeat import REPEAT, expand
from mockgitlab.store import Row, Store


class Seeder:
    """Makes records of the items of one scenario; ``problems`` gathers what is wrong with them."""

    def __init__(self, store: Store, definitions: Definitions, merged: Merged, problems: Problems) -> None:
        self.store = store
        self.problems = problems
        self._merged = merged
        self._collections = definitions.collections
        self._path: KeyPath = ()

    def collections(self, parent: type[Row] | None) -> list[str]:
        """Return the keys of what may stand below a kind of record, in the order in which it is made."""
        return self._collections.names(parent.__name__ if parent else "")

    def seed_all(self, data: dict[str, Any], parents: Parents = (), path: KeyPath = ()) -> None:
        """Make the records of every collection in a mapping."""
        kind = type(parents[-1]) if parents else None
        for name in self.collections(kind):
            if data.get(name) is not None:
                collection = self._collections.below(kind.__name__ if kind else "", name)
                self._seed_collection(collection, data[name], parents, (*path, name))

    def _seed_collection(self, collection: Collection, items: Any, parents: Parents, path: KeyPath) -> None:
        if not isinstance(items, list):
            self.problems.add(path, f"must be a list of {collection.name}, not {shown(items)}", of_key=False)
            return
        ties = collection.under[type(parents[-1]) if parents else None](parents[-1] if parents else None)
        for index, item in expand(items, self.problems, path):
            self._seed_item(collection, item, ties, parents, (*path, index))

    def _seed_item(
        self, collection: Collection, item: Any, ties: dict[str, Any], parents: Parents, path: KeyPath
    ) -> None:
        if not isinstance(item, dict):
            self.problems.add(path, f"must be a mapping, not {shown(item)}", of_key=False)
            return
        before, self._path = len(self.problems), path
        columns, extras, children = self._read(collection, item, parents, path)
        if len(self.problems) == before and self.store[collection.entity].get(columns.get("id")) is not None:
            self.problem("id", f"is taken: another of the {collection.name} has {columns['id']}")
        if len(self.problems) > before:
            return
        row = self._make(collection, {**ties, **columns}, extras, parents)
        if children:
            self.seed_all(children, (*parents, row), path)

    def _make(self, collection: Collection, columns: dict[str, Any], extras: dict[str, Any], parents: Parents) -> Row:
        if collection.seed is not None:
            return self._seeded(collection, columns, extras, parents)
        for field in collection.entity.fields.values():
            if field.word == "required" and field.name not in columns:
                self.problem(field.name, f"is missing: {collection.name} need it")
        return self.store.insert(collection.entity(**columns))

    def _seeded(self, collection: Collection, columns: dict[str, Any], extras: dict[str, Any], parents: Parents) -> Row:
        """Return what a seed makes; where it cannot go on, that is one more thing wrong with the item."""
        before = len(self.problems)
        try:
            return collection.seed(self, columns, extras, parents)  # type: ignore[misc]
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as wrong:
            if len(self.problems) == before:
                told = f"cannot be made of what it says: {type(wrong).__name__}: {wrong}"
                self.problems.add(self._path, told, of_key=False)
            raise ScenarioError(self.problems) from wrong

    def _read(self, collection: Collection, item: dict[str, Any], parents: Parents, path: KeyPath) -> Any:
        columns: dict[str, Any] = {}
        extras: dict[str, Any] = {}
        children: dict[str, Any] = {}
        known, below = readers(collection), self.collections(collection.entity)
        for key, value in item.items():
            if key in collection.extras:
                extras[key] = value
            elif key in below:
                children[key] = value
            elif key in known:
                self._read_value(known[key], key, value, columns, parents, path)
            else:
                self.problems.unknown((*path, key), [*known, *below, *collection.extras, REPEAT])
        return columns, extras, children

    def _read_value(
        self, reader: Reader, key: str, value: Any, columns: dict[str, Any], parents: Parents, path: KeyPath
    ) -> None:
        if reader.relation and value is not None and reader.fits(value):
            names = value if reader.many else [value]
            rows = [self.resolve(reader.relation, name, parents, key) for name in names]
            ids = tuple(row.id for row in rows if row is not None)
            columns[reader.column] = ids if reader.many else next(iter(ids), None)
            return
        if value is None and not reader.nullable:
            return
        read = reader.coerce(value)
        if not reader.fits(read):
            near = nearest(str(value), reader.words)
            told = f"must be {reader.expected}, not {shown(value)}"
            self.problems.add((*path, key), told, suggestion=near, of_key=False)
        elif key in ("id", "iid") and isinstance(read, int) and read < 1:
            self.problems.add((*path, key), f"must be a whole number from 1, not {read}", of_key=False)
        columns[reader.column] = read

    # What seeds may use

    def problem(self, key: str | KeyPath, message: str, *, suggestion: str | None = None) -> None:
        """Note that something is wrong with a key of the item being seeded, or with what a path leads to in it."""
        self.problems.add(
            (*self._path, *((key,) if isinstance(key, str) else key)), message, suggestion=suggestion, of_key=False
        )

    def resolve(self, kind: str, name: Any, parents: Parents, key: str | KeyPath) -> Row | None:
        """Return the record of a kind that a natural name or an id means; notes a problem when there is none."""
        collection = self._collections.of(kind)
        if collection is None:
            raise KeyError(f"scenarios hold no {kind}, so nothing can refer to one")
        row = self._found(collection, name, parents)
        if row is None:
            candidates = [
                str(getattr(one, collection.entity.natural))
                for one in self.store[collection.entity].all().page(0, 1_000)
            ]
            self.problem(
                key,
                f"there is no {collection.entity.called().lower()} {shown(name)}",
                suggestion=nearest(str(name), [one for one in candidates if one != name]),
            )
        return row

    def _found(self, collection: Collection, name: Any, parents: Parents) -> Row | None:
        """Return the record that a name means; repeated items ask for the same ones again and again."""
        if type(name) not in (str, int):
            return _find(self.store, collection, name, parents)
        key = ("named", collection.name, name, *parents)
        return self.store.remember(key, lambda: _find(self.store, collection, name, parents))

    def read_file(self, reference: str, key: str) -> bytes:
        """Return the content of a file that the item refers to, relative to the scenario."""
        try:
            return self._merged.read_file(reference, (*self._path, key))
        except ScenarioError as error:
            self.problems.extend(error.problems)
            return b""

    def find_folder(self, reference: str, key: str) -> Path | None:
        """Return the folder that the item refers to, relative to the scenario; notes a problem when there is none."""
        try:
            return self._merged.find_folder(reference, (*self._path, key))
        except ScenarioError as error:
            self.problems.extend(error.problems)
            return None


def _find(store: Store, collection: Collection, name: Any, parents: Parents) -> Row | None:
    if collection.find is not None:
        return collection.find(store, name, parents)
    if isinstance(name, int):
        return store[collection.entity].get(name)
    return store[collection.entity].find(**{collection.entity.natural: name})
