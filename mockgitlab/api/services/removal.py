"""Removing a record with everything that hangs on it, found by what the entities declare.

A record hangs on another when its column ``…_id`` names that as its parent, its author or its owner, or when a pair
``…_type``, ``…_id`` does. What merely mentions the removed record forgets it.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from mockgitlab import dsl
from mockgitlab.dsl.fields import Field

POLYMORPHIC_NAMES = {"Group": ("Group", "Namespace")}
"""What pairs ``…_type``, ``…_id`` call a kind, where that is not its own name alone."""
OF_USERS = ("owner_id", "author_id", "creator_id", "created_by_id", "subscriber_ids", "unsubscriber_ids")
"""Columns that always hold the ids of users, and need not say so."""
BELONGING = ("owner_id", "author_id", "parent_id", "user_id", "project_id", "group_id", "deploy_key_id")
Removed = TypeVar("Removed", bound=dsl.Entity)
_AFTER: dict[type[dsl.Entity], Callable[[dsl.Store, Any], None]] = {}
DECLARING = ("deploy_keys", "pipeline_schedules")
"""The services that declare what else is done; they are imported when the first record is removed."""


def when_removed(kind: type[Removed]) -> Callable[[Callable[[dsl.Store, Removed], None]], None]:
    """Declare what else is done once a record of a kind is removed."""

    def declare(after: Callable[[dsl.Store, Removed], None]) -> None:
        _AFTER[kind] = after

    return declare


def remove(store: dsl.Store, row: dsl.Entity) -> None:
    """Delete a record and all that hangs on it."""
    if store[type(row)].get(row.id) is None:
        return
    store.delete(row)
    for kind in entities(store):
        for field in ties(kind, type(row).__name__):
            _untie(store, kind, field, row.id)
        for stem in _polymorphic(kind):
            _remove_attached(store, kind, stem, row)
    if (after := _afterwards(type(row))) is not None:
        after(store, row)


@cache
def _afterwards(kind: type[dsl.Entity]) -> Callable[[dsl.Store, Any], None] | None:
    for name in DECLARING:
        import_module(f"{__package__}.{name}")
    return _AFTER.get(kind)


def entities(store: dsl.Store) -> list[type[dsl.Entity]]:
    """Return the kinds of records that a store holds."""
    return [kind for kind in store.kinds() if issubclass(kind, dsl.Entity)]


def _untie(store: dsl.Store, kind: type[dsl.Entity], field: Field, id: int) -> None:
    for row in list(store[kind].where(**{field.name: id})):
        if is_many(field):
            store.update(row, **{field.name: tuple(one for one in getattr(row, field.name) if one != id)})
        elif belongs(field):
            remove(store, row)
        else:
            store.update(row, **{field.name: None})


def _remove_attached(store: dsl.Store, kind: type[dsl.Entity], stem: str, row: dsl.Entity) -> None:
    names = POLYMORPHIC_NAMES.get(type(row).__name__, (type(row).__name__,))
    for one in list(store[kind].where(**{f"{stem}_id": row.id}).among(f"{stem}_type", names)):
        remove(store, one)


@cache
def ties(kind: type[dsl.Entity], owner: str) -> tuple[Field, ...]:
    """Return the columns of a kind that hold ids of another kind, such as ``User``."""
    names = {
        f"{owner.lower()}_id",
        *(OF_USERS if owner == "User" else ()),
        *(("parent_id",) if kind.__name__ == owner else ()),
    }
    return tuple(
        field
        for field in kind.fields.values()
        if field.refers_to == owner or (not field.refers_to and field.name in names and not _is_text(field))
    )


def _is_text(field: Field) -> bool:
    return str in (field.type, *get_args(field.type))


@cache
def _polymorphic(kind: type[dsl.Entity]) -> tuple[str, ...]:
    stems = (name.removesuffix("_type") for name in kind.fields if name.endswith("_type"))
    return tuple(stem for stem in stems if f"{stem}_id" in kind.fields)


def is_many(field: Field) -> bool:
    """Tell whether a column holds several ids."""
    return get_origin(field.type) is tuple


def belongs(field: Field) -> bool:
    """Tell whether a row goes with the record that a column names; otherwise it forgets it."""
    return field.word == "parent" or field.name in BELONGING or not is_optional(field.type)


def is_optional(hint: Any) -> bool:
    """Tell whether a column of this type may be empty."""
    return get_origin(hint) in (Union, UnionType) and type(None) in get_args(hint)
