"""Requests that a client could have spared: small pages, one request for each item of a list, unchanged objects."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mockgitlab.dsl import Operation
from mockgitlab.report.exchange import Exchange

PER_PAGE, PER_PAGE_AT_MOST = 20, 100
"""How many records a page has unless told, and may have."""
EACH_FROM = 3
"""From so many items on, a request for each of them is told."""
SHOWN_AT_MOST = 20


@dataclass(frozen=True)
class Waste:
    """Requests of one operation that could be spared: ``kind`` is ``small pages``, ``one by one`` or ``unchanged``.

    ``requests`` are their ids, of many the first.
    """

    kind: str
    operation: str
    spared: int
    told: str
    requests: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the waste as JSON."""
        return {
            "kind": self.kind,
            "operation": self.operation,
            "spared": self.spared,
            "told": self.told,
            "requests": list(self.requests),
        }


def find_waste(exchanges: Iterable[Exchange]) -> list[Waste]:
    """Return what could be spared of the exchanges of one world, in the order in which they came."""
    reads = [one for one in exchanges if one.method == "GET" and one.passed and one.operation is not None]
    return [*_small_pages(reads), *_one_by_one(reads), *_unchanged(reads)]


def _grouped(exchanges: Iterable[Exchange], key: Any) -> dict[Any, list[Exchange]]:
    groups: dict[Any, list[Exchange]] = {}
    for one in exchanges:
        groups.setdefault(key(one), []).append(one)
    return groups


def _ids(exchanges: Sequence[Exchange]) -> tuple[int, ...]:
    return tuple(one.id for one in exchanges[:SHOWN_AT_MOST])


# Pages


def _small_pages(reads: list[Exchange]) -> Iterator[Waste]:
    """Tell lists of which more than one page was read, each of 20."""
    of_20 = [one for one in reads if _operation(one).listed and _per_page(one) == PER_PAGE]
    by_operation: dict[str, list[list[Exchange]]] = {}
    for pages in _grouped(of_20, _list_of).values():
        if len(pages) > 1 and len({_page(one) for one in pages}) > 1:
            by_operation.setdefault(pages[0].key, []).append(pages)
    for key, lists in by_operation.items():
        came = sum(map(len, lists))
        needed = sum(-(-len({_page(one) for one in pages}) * PER_PAGE // PER_PAGE_AT_MOST) for pages in lists)
        told = f"{came} pages of {PER_PAGE} were read: per_page={PER_PAGE_AT_MOST} would need {needed}"
        yield Waste("small pages", key, came - needed, told, _ids([one for pages in lists for one in pages]))


def _operation(one: Exchange) -> Operation:
    assert one.operation is not None, "only reads of operations are looked at"
    return one.operation


def _per_page(one: Exchange) -> int:
    given = str((one.query or {}).get("per_page", PER_PAGE))
    return int(given) if given.isdigit() else PER_PAGE


def _page(one: Exchange) -> tuple[str, ...]:
    query = one.query or {}
    return tuple(query.get(name, "") for name in ("page", "cursor", "id_after", "id_before"))


def _list_of(one: Exchange) -> tuple[Any, ...]:
    paging = ("page", "per_page", "cursor", "id_after", "id_before")
    query = {name: value for name, value in (one.query or {}).items() if name not in paging}
    return one.path, one.token, tuple(sorted(query.items()))


# Items


def _one_by_one(reads: list[Exchange]) -> Iterator[Waste]:
    """Tell operations called for item after item of a list that was read before."""
    for calls in _grouped(reads, lambda one: one.key).values():
        segments = _operation(calls[0]).path.split("/")
        for at in reversed([at for at, name in enumerate(segments) if at and name.startswith(":")]):
            items = {_up_to(one, at - len(segments) + 1): one for one in calls}
            source = _list_before(reads, segments[at - 1], calls[0]) if len(items) >= EACH_FROM else None
            if source is not None:
                told = f"called for each of {len(items)} items after {source.key} had listed them"
                yield Waste("one by one", calls[0].key, len(items) - 1, told, _ids(list(items.values())))
                break


def _up_to(one: Exchange, end: int) -> tuple[str, ...]:
    segments = one.path.split("/")
    return tuple(segments[:end] if end else segments)


def _list_before(reads: list[Exchange], name: str, item: Exchange) -> Exchange | None:
    """Return the last reading of a list of this name before an item of it was read."""
    lists = [one for one in reads if one.id < item.id and _operation(one).listed]
    return next((one for one in reversed(lists) if _operation(one).path.rpartition("/")[2] == name), None)


# Unchanged


def _unchanged(reads: list[Exchange]) -> Iterator[Waste]:
    """Tell what was read again and had the same body, and no ``If-None-Match`` was sent."""
    again: dict[str, list[Exchange]] = {}
    for calls in _grouped(reads, lambda one: (one.path, one.token, str(one.query))).values():
        for before, after in pairwise(calls):
            if after.etag and before.etag == after.etag and after.status == 200:
                again.setdefault(after.key, []).append(after)
    for key, repeated in again.items():
        told = f"read again in vain ({len(repeated)}): keep it, or send If-None-Match"
        yield Waste("unchanged", key, len(repeated), told, _ids(repeated))
