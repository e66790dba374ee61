"""Where each collection is declared, so that it is imported when a scenario first needs it.

``collections.txt`` lists them in the order of ``every``; ``python -m mockgitlab.api.index`` writes it.
"""

from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from mockgitlab import dsl

PLACE = Path(__file__).with_name("collections.txt")
_TOP = "-"


def collections() -> dsl.Collections:
    """Return all collections, none of them loaded yet."""
    lines = [line.split() for line in PLACE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return dsl.Collections(
        dsl.Listed(name, kind, tuple("" if one == _TOP else one for one in under.split(",")), partial(_load, place))
        for name, place, kind, under in lines
    )


def _load(place: str) -> dsl.Collection:
    module, _, name = place.partition(".")
    found: dsl.Collection = getattr(import_module(f"{__package__}.{module}"), name)
    return found


# Writing


def written() -> str:
    """Return the index of all collections."""
    from mockgitlab.api.seeds.every import COLLECTIONS

    modules = [one.name for one in iter_modules([str(PLACE.parent)]) if one.name not in ("every", "index")]
    places = {
        id(value): f"{module}.{name}"
        for module in modules
        for name, value in vars(import_module(f"{__package__}.{module}")).items()
        if isinstance(value, dsl.Collection)
    }
    head = "# Where each collection is declared: key, place, kind, below what. Written by mockgitlab.api.index."
    return "\n".join([head, *(f"{one.name} {places[id(one)]} {_kinds(one)}" for one in COLLECTIONS), ""])


def _kinds(collection: dsl.Collection) -> str:
    under: list[Any] = list(collection.under)
    return f"{collection.entity.__name__} {','.join(one.__name__ if one else _TOP for one in under)}"
