"""Which page declares each operation, so that a page is imported when a request first needs it.

There are a hundred pages, and the first test of a session would wait for all of them. ``pages.txt`` in the package of
an API says what the router must know; ``python -m mockgitlab.api.index`` writes it from the pages themselves.
"""

import sys
from collections.abc import Iterator
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from threading import RLock
from typing import Any, NamedTuple

from mockgitlab import dsl
from mockgitlab.api.seeds import index as seeds

INDEXED = ("v4",)
LOCATOR = "LOCATOR"
_NOTHING = "-"
_lock = RLock()


class Line(NamedTuple):
    """An operation, or with ``LOCATOR`` as its method how a path names a record; ``plain`` ones take no ``.json``."""

    method: str
    path: str
    page: str
    since: str = ""
    until: str = ""
    edition: str = ""
    plain: str = ""

    def __str__(self) -> str:
        return " ".join(word or _NOTHING for word in self).rstrip(f" {_NOTHING}")


def place_of(name: str) -> Path:
    """Return where the index of an API is."""
    return Path(__file__).with_name(name) / "pages.txt"


@cache
def lines_of(name: str) -> list[Line]:
    """Return the lines of the index of an API."""
    text = place_of(name).read_text("utf-8")
    words = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return [Line(*["" if word == _NOTHING else word for word in one]) for one in words]


def known(name: str) -> list[tuple[str, str]]:
    """Return the method and path of all operations that an API is known to have."""
    return dsl.known_operations(
        Path(__file__).with_name(name).joinpath("operations.txt").read_text("utf-8").splitlines()
    )


def declared(name: str) -> list[dsl.Declared]:
    """Return what the router must know of the operations of an API, those that are not built last."""
    lines = [line for line in lines_of(name) if line.method != LOCATOR]
    lines += [Line(method, path, "") for method, path in known(name)]
    first: dict[tuple[str, str], Line] = {}
    for line in lines:
        first.setdefault((line.method, dsl.anonymous(line.path)), line)
    return [
        dsl.Declared(one.method, one.path, partial(_load, name, one), *one[3:6], json_suffix=not one.plain)
        for one in first.values()
    ]


def _load(name: str, line: Line) -> dsl.Operation:
    """Return an operation, once the pages are imported that declare it and what its path names."""
    api = base_of(name)
    with _lock:
        if not line.page:
            api.known([f"{line.method} {line.path}"])
        for page in (line.page, *_locating(name, line.path)):
            _import(name, page)
        return api.at(line.method, line.path)


def _locating(name: str, path: str) -> Iterator[str]:
    segments, locators = dsl.anonymous(path).split("/"), _locators(name)
    for end in range(1, len(segments) + 1):
        yield locators.get("/".join(segments[:end]), "")


@cache
def _locators(name: str) -> dict[str, str]:
    return {line.path: line.page for line in lines_of(name) if line.method == LOCATOR}


def base_of(name: str) -> dsl.Api:
    """Return an API with the operations of the pages that were imported so far."""
    api: dsl.Api = getattr(import_module(f"mockgitlab.api.{name}.base"), name)
    return api


def load(name: str) -> dsl.Api:
    """Return an API with the operations of all its pages."""
    package = f"mockgitlab.api.{name}"
    for page in iter_modules(import_module(package).__path__):
        import_module(f"{package}.{page.name}")
    return base_of(name)


def import_page(name: str, method: str, path: str) -> None:
    """Import the page of an API that declares an operation, if one does."""
    _import(name, _pages(name).get((method, dsl.anonymous(path)), ""))


def _import(name: str, page: str) -> None:
    if page:
        import_module(f"mockgitlab.api.{name}.{page}")


@cache
def _pages(name: str) -> dict[tuple[str, str], str]:
    return {(line.method, dsl.anonymous(line.path)): line.page for line in lines_of(name)}


# Writing


class _Noted(dict[Any, Any]):
    """What an API holds, and which page put each of it there."""

    def __init__(self, held: dict[Any, Any], package: str) -> None:
        super().__init__(held)
        self.package = package
        self.pages = dict.fromkeys(held, "base")

    def __setitem__(self, key: Any, value: Any) -> None:
        self.pages.setdefault(key, self._page())
        super().__setitem__(key, value)

    def _page(self) -> str:
        """Return the page whose import is going on: the innermost one."""
        frame = sys._getframe(2)
        while frame.f_code.co_name != "<module>" or not frame.f_globals["__name__"].startswith(self.package):
            assert frame.f_back is not None
            frame = frame.f_back
        return str(frame.f_globals["__name__"].rpartition(".")[2])


def written(name: str) -> str:
    """Return the index of an API, in a process that has imported none of its pages."""
    api = base_of(name)
    operations, locators = (_Noted(held, f"mockgitlab.api.{name}.") for held in (api._operations, api._locators))
    api._operations, api._locators = operations, locators
    load(name)
    lines = [
        Line(
            one.method,
            one.path,
            operations.pages[key],
            one.since,
            one.until,
            one.edition,
            "" if one.json_suffix else "plain",
        )
        for key, one in operations.items()
    ]
    lines += [Line(LOCATOR, path, page) for path, page in locators.pages.items()]
    head = (
        "# Which page declares what: method, path, page, since, until, edition, plain. Written by mockgitlab.api.index."
    )
    return "\n".join([head, *sorted(map(str, lines)), ""])


if __name__ == "__main__":
    for _name in INDEXED:
        place_of(_name).write_text(written(_name), "utf-8")
    seeds.PLACE.write_text(seeds.written(), "utf-8")
