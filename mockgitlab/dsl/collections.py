"""Collections: what a scenario may hold, below what, and how its items become records."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from mockgitlab.dsl.call import Call, Credential, Raw
from mockgitlab.dsl.declared import Declared
from mockgitlab.dsl.deliveries import NONE, Deliveries
from mockgitlab.dsl.entity import Entity
from mockgitlab.dsl.operations import Operation
from mockgitlab.store import Row, Settings, Store

Parents = Sequence[Any]
"""The records around an item, outermost first; the last is its parent."""


class Seeding(Protocol):
    """What a ``seed`` function may use besides the store."""

    store: Store

    def problem(self, key: str | tuple[str | int, ...], message: str, *, suggestion: str | None = None) -> None:
        """Note that something is wrong with a key of the item being seeded, or with what a path leads to in it."""

    def resolve(self, kind: str, name: Any, parents: Parents, key: str | tuple[str | int, ...]) -> Row | None:
        """Return the record of a kind that a natural name or an id means; notes a problem when there is none."""

    def read_file(self, reference: str, key: str) -> bytes:
        """Return the content of a file that the item refers to, relative to the scenario."""

    def find_folder(self, reference: str, key: str) -> Path | None:
        """Return the folder that the item refers to, relative to the scenario; notes a problem when there is none."""


Seed = Callable[[Seeding, dict[str, Any], dict[str, Any], Parents], Row]
"""``seed(seeding, columns, extras, parents)`` makes the record from its columns and the item's other keys."""


@dataclass(frozen=True, eq=False)
class Collection:
    """Records of one kind in a scenario: the key, what they are kept below, and how they are made.

    ``under`` maps each kind of parent (``None`` is the top level) to the columns that tie a record to it. ``extras``
    are keys beyond the entity's fields, each with its JSON Schema, which ``seed`` gets as they are. ``find`` looks a
    record up by its natural name; without it, the entity's ``natural`` column is compared.
    """

    name: str
    entity: type[Entity]
    under: Mapping[type[Entity] | None, Callable[[Any], dict[str, Any]]]
    seed: Seed | None = None
    find: Callable[[Store, Any, Parents], Row | None] | None = None
    extras: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    description: str = ""


class Listed(NamedTuple):
    """A collection as an index lists it: its key, the kind of its records and those around them; empty is the top."""

    name: str
    kind: str
    under: tuple[str, ...]
    load: Callable[[], Collection]


class Collections:
    """What scenarios may hold, in the order in which it is made; each collection is loaded when it is needed."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        self._listed = list(listed)
        self._of_kind = {one.kind: one for one in self._listed}
        self._below: dict[str, dict[str, Listed]] = {}
        for one in self._listed:
            for parent in one.under:
                self._below.setdefault(parent, {})[one.name] = one

    def names(self, parent: str) -> list[str]:
        """Return the keys of what may stand below a kind of record."""
        return list(self._below.get(parent, ()))

    def below(self, parent: str, name: str) -> Collection:
        """Return what stands under a key below a kind of record."""
        return self._below[parent][name].load()

    def of(self, kind: str) -> Collection | None:
        """Return where the records of a kind are found by their names."""
        found = self._of_kind.get(kind)
        return found and found.load()

    def __iter__(self) -> Iterator[Collection]:
        return (one.load() for one in self._listed)


class Tables(Mapping[str, tuple[Operation, ...]]):
    """The tables of operations by API, each made when it is first asked for: most instances serve one API.

    ``indexes`` give what the router must know of an API's operations where that can be had without making its table.
    """

    def __init__(
        self,
        makers: Mapping[str, Callable[[], tuple[Operation, ...]]],
        indexes: Mapping[str, Callable[[], list[Declared]]] | None = None,
    ) -> None:
        self._makers = makers
        self._indexes = indexes or {}
        self._made: dict[str, tuple[Operation, ...]] = {}

    def declared(self, api: str) -> list[Declared]:
        """Return what the router must know of the operations of an API."""
        index = self._indexes.get(api)
        return index() if index else [Declared.of(one) for one in self[api]]

    def __getitem__(self, api: str) -> tuple[Operation, ...]:
        if api not in self._made:
            self._made[api] = self._makers[api]()
        return self._made[api]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@dataclass(frozen=True)
class Standing:
    """The roles that a user may have, lowest first, for trying out what a lower one would have refused.

    ``of(store, id)`` returns the highest that a user has anywhere, empty when there is no such user;
    ``limit(store, id, role)`` takes away what is above a role.
    """

    roles: tuple[str, ...]
    of: Callable[[Store, int], str]
    limit: Callable[[Store, int, str], None]


@dataclass(frozen=True)
class Background:
    """Work that operations leave to the background: ``settle(store)`` finishes what the clock makes due.

    ``finish(store, kind, id)`` finishes it by hand and returns how much there was, ``listed(store)`` tells what waits.
    """

    settle: Callable[[Store], None]
    finish: Callable[[Store, str | None, int | None], int]
    listed: Callable[[Store], list[dict[str, Any]]]


@dataclass(frozen=True)
class Throttle:
    """How many requests a caller may make in a period of so many seconds, and what is said to those who make more."""

    requests: int
    period: int
    text: str
    name: str


@dataclass(frozen=True)
class InstanceSettings:
    """What administrators set for the instance.

    ``names(settings)`` are those that a GitLab has; ``problems(given, settings)`` tells what is wrong with those of a
    scenario, nothing for a name that is unknown; ``kept(given)`` returns them under the names that they are kept under;
    ``throttle(store, known)`` returns the limit for those of whom it is known who they are, and for others.
    """

    names: Callable[[Settings], list[str]]
    problems: Callable[[Mapping[str, Any], Settings], Iterable[tuple[str, str]]]
    kept: Callable[[Mapping[str, Any]], dict[str, Any]]
    throttle: Callable[[Store, bool], Throttle | None]


@dataclass(frozen=True, eq=False)
class Definitions:
    """Everything that the definitions of all APIs say; immutable, and shared by all worlds.

    ``identify`` finds out who asks, from the credentials in the order in which they are to be tried; ``admitted`` is
    told of each call about to be carried out; ``prepare`` fills a fresh store before any scenario is read; ``git``
    answers what git asks of a project: ``git(call, path, service, credentials, body)``; ``standing`` knows the roles,
    ``background`` the work that waits, ``deliveries`` what is to be posted, ``settings`` what administrators set.
    ``addresses`` are the operations outside every API, where its answers lead to: at their own paths, always there.
    """

    tables: Tables
    bases: Mapping[str, tuple[str, ...]]
    collections: Collections
    identify: Callable[[Call, Iterable[Credential]], None]
    admitted: Callable[[Call], None]
    prepare: Callable[[Store], None]
    git: Callable[[Call, str, str, Iterable[Credential], bytes | None], Raw] | None = None
    standing: Standing | None = None
    addresses: Callable[[], tuple[Operation, ...]] = tuple
    background: Background | None = None
    deliveries: Deliveries = NONE
    settings: InstanceSettings | None = None

    def operation(self, api: str, key: str) -> Operation | None:
        """Return an operation by its key, ``POST /projects/:id/issues``."""
        return next((one for one in self.tables[api] if one.key == key), None)
