"""Shapes: which properties of a record an answer shows, in which order. GitLab calls them entities."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from mockgitlab.dsl.dialect import PLAIN, Dialect
from mockgitlab.dsl.encoding import Body, encode
from mockgitlab.dsl.fields import Computed, Field
from mockgitlab.store import Row, Settings, Store, release

if TYPE_CHECKING:
    from mockgitlab.dsl.entity import Entity

OMIT: Any = object()
"""What a computed field returns to be left out of this answer."""

Getter = Callable[[Any, "View"], Any]
_NO_OPTIONS: frozenset[Any] = frozenset()


@dataclass(frozen=True, eq=False)
class Shape:
    """An ordered choice of properties; ``members`` pairs each name with a field, a computed field or a function."""

    name: str
    members: tuple[tuple[str, Any], ...]

    def plus(self, *names: str, entity: "type[Entity] | None" = None, **functions: Getter) -> "Shape":
        """Return this shape with further fields of an entity, or properties computed as ``function(row, view)``."""
        taken = entity.shape(*names).members if entity is not None else ()
        added = dict((*taken, *functions.items()))
        kept = tuple((key, added.pop(key, member)) for key, member in self.members)
        return replace(self, members=(*kept, *added.items()))

    def without(self, *names: str) -> "Shape":
        """Return this shape without some properties; raises ``KeyError`` for one that it does not have."""
        for name in names:
            if name not in dict(self.members):
                raise KeyError(f"the shape {self.name} has no {name}")
        return replace(self, members=tuple(member for member in self.members if member[0] not in names))

    def only(self, *names: str) -> "Shape":
        """Return this shape with these properties alone, in this order; raises ``KeyError`` for one that it lacks."""
        members = dict(self.members)
        self.without(*(name for name in names if name not in members))
        return replace(self, members=tuple((name, members[name]) for name in names))

    def renaming(self, **names: str) -> "Shape":
        """Return this shape with properties under other names: ``renaming(jobs_enabled="builds_enabled")``."""
        return replace(self, members=tuple((names.get(name, name), member) for name, member in self.members))

    def called(self, name: str) -> "Shape":
        """Return this shape under another name."""
        return replace(self, name=name)

    def of(self, related: Getter) -> "Shape":
        """Return this shape for rows that show the properties of another row as theirs: a member those of the user."""
        return replace(self, members=tuple((name, _of(member, related)) for name, member in self.members))

    def compiled(self, settings: Settings) -> "Compiled":
        """Return the properties that this GitLab version and edition has, ready to be read from rows."""
        return _compiled(self, settings.release, settings.edition)

    def render(self, row: Any, view: "View") -> dict[str, Any]:
        """Return the JSON object of a row."""
        return view.compiled(self).read(row, view)


class Compiled:
    """A shape of one GitLab version, ``names`` its properties: columns are read all at once, the rest one by one."""

    def __init__(self, members: tuple[tuple[str, Any], ...]) -> None:
        columns = [(name, member.name) for name, member in members if isinstance(member, Field)]
        self.names = [name for name, _ in members]
        self._template = dict.fromkeys(self.names)
        self._own = [name for name, _ in columns]
        self._columns = _columns_getter([column for _, column in columns])
        self._computed = [(name, _getter(member)) for name, member in members if not isinstance(member, Field)]

    def read(self, row: Any, view: "View") -> dict[str, Any]:
        """Return the JSON object of a row."""
        shown: dict[str, Any] = self._template.copy()
        shown.update(zip(self._own, self._columns(row), strict=True))
        value = last = None
        for name, getter in self._computed:
            if getter is not last:  # neighbours by the same function have the same value
                value, last = getter(row, view), getter
            if value is OMIT:
                del shown[name]
            else:
                shown[name] = value
        return shown


def _columns_getter(columns: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(columns) > 1:
        return attrgetter(*columns)
    return lambda row: tuple(getattr(row, column) for column in columns)


@cache
def _compiled(shape: Shape, version: tuple[int, ...], edition: str) -> Compiled:
    return Compiled(tuple(pair for pair in shape.members if _exists(pair[1], version, edition)))


def _exists(member: Any, version: tuple[int, ...], own: str) -> bool:
    since, until, edition = (getattr(member, name, "") for name in ("since", "until", "edition"))
    if edition and edition != own:
        return False
    return (not since or version >= release(since)) and (not until or version < release(until))


def _of(member: Any, related: Getter) -> Computed:
    read = _getter(member)

    def method(row: Any, view: "View") -> Any:
        return read(related(row, view), view)

    return Computed(method, *(getattr(member, name, "") for name in ("since", "until", "edition")))


def _getter(member: Any) -> Getter:
    if isinstance(member, Field):
        read = attrgetter(member.name)
        return lambda row, view: read(row)
    if isinstance(member, Computed):
        return member.method
    return member  # type: ignore[no-any-return]


class View:
    """What a record is shown with: the store, the base of every URL, who looks, and the options of the request."""

    __slots__ = ("_compiled", "base", "dialect", "options", "store", "user_id")

    def __init__(
        self,
        store: Store,
        base: str,
        user_id: int | None = None,
        options: Hashable = None,
        dialect: Dialect = PLAIN,
    ) -> None:
        self.store = store
        self.base = base
        self.user_id = user_id
        self.options: Any = options or _NO_OPTIONS
        self.dialect = dialect
        self._compiled: dict[Shape, Compiled] = dialect.compiled(store.settings)

    def compiled(self, shape: Shape) -> Compiled:
        """Return the compiled shape, or the one that this API shows in its place."""
        found = self._compiled.get(shape)
        if found is None:
            found = self._compiled[shape] = self.dialect.shape(shape).compiled(self.store.settings)
        return found

    def option(self, name: str) -> bool:
        """Tell whether the request asked for an option such as ``with_labels_details``."""
        return name in self.options

    def one(self, shape: Shape, row: Row | None) -> dict[str, Any] | None:
        """Return the JSON of a related row, ``None`` when there is none."""
        return None if row is None else shape.render(row, self)

    def many(self, shape: Shape, rows: Any) -> list[dict[str, Any]]:
        """Return the JSON of related rows."""
        return [shape.render(row, self) for row in rows]

    def body(self, shape: Shape, row: Row) -> Body:
        """Return a row as JSON, remembered until something that it shows changes.

        What a write answers is not remembered: it is seldom asked for again before the next write.
        """
        if self.store.undo:
            return self._encoded(shape, row)
        key = (shape, row, self.base, self.user_id, self.options, self.dialect)
        return self.store.remember(key, lambda: self._encoded(shape, row))

    def _encoded(self, shape: Shape, row: Row) -> Body:
        return Body(encode(shape.render(row, self)))

    def page(self, shape: Shape, rows: tuple[Row, ...]) -> Body:
        """Return rows as a JSON list, remembered until something that it shows changes."""
        key = (shape, rows, self.base, self.user_id, self.options, self.dialect)
        return self.store.remember(key, lambda: self._listed(shape, rows), self.store.shared.pages)

    def _listed(self, shape: Shape, rows: tuple[Row, ...]) -> Body:
        return Body(b"[%b]" % b",".join([self.body(shape, row).data for row in rows]))
