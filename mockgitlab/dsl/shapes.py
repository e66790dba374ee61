"""Shapes: which properties of a record an answer shows, in which order. GitLab calls them entities."""

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from mockgitlab.dsl.fields import Computed, Field
from mockgitlab.store import Row, Settings, Store, release

if TYPE_CHECKING:
    from mockgitlab.dsl.entity import Entity

OMIT: Any = object()
"""What a computed field returns to be left out of this answer."""

Getter = Callable[[Any, "View"], Any]
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


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

    def called(self, name: str) -> "Shape":
        """Return this shape under another name."""
        return replace(self, name=name)

    def of(self, related: Getter) -> "Shape":
        """Return this shape for rows that show the properties of another row as theirs: a member those of the user."""
        return replace(self, members=tuple((name, _of(member, related)) for name, member in self.members))

    def compiled(self, settings: Settings) -> tuple[tuple[str, Getter], ...]:
        """Return the properties that this GitLab version has, each with the function that reads it."""
        return _compiled(self, settings.release, settings.edition)

    def render(self, row: Any, view: "View") -> dict[str, Any]:
        """Return the JSON object of a row."""
        shown = {}
        for name, getter in view.getters(self):
            value = getter(row, view)
            if value is not OMIT:
                shown[name] = value
        return shown


@cache
def _compiled(shape: Shape, version: tuple[int, ...], edition: str) -> tuple[tuple[str, Getter], ...]:
    return tuple((name, _getter(member)) for name, member in shape.members if _exists(member, version, edition))


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

    __slots__ = ("_getters", "base", "options", "store", "user_id")

    def __init__(
        self,
        store: Store,
        base: str,
        user_id: int | None = None,
        options: Hashable = None,
        getters: dict[Shape, tuple[tuple[str, Getter], ...]] | None = None,
    ) -> None:
        self.store = store
        self.base = base
        self.user_id = user_id
        self.options: Any = options or frozenset()
        self._getters = {} if getters is None else getters

    def getters(self, shape: Shape) -> tuple[tuple[str, Getter], ...]:
        """Return the compiled shape."""
        found = self._getters.get(shape)
        if found is None:
            found = self._getters[shape] = shape.compiled(self.store.settings)
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

    def text(self, shape: Shape, row: Row) -> str:
        """Return the encoded JSON of a row, remembered until something that it shows changes."""
        key = (shape, row, self.base, self.user_id, self.options)
        return self.store.remember(key, lambda: encode(shape.render(row, self)))
