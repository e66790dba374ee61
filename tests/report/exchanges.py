"""Exchanges for the tests of reports: made by calling a small world."""

from collections.abc import Iterable
from urllib.parse import parse_qsl

from mockgitlab.api.definitions import definitions
from mockgitlab.report.exchange import Exchange, exchange_of, lookup_in
from tests.support import Api


def exchanges(api: Api) -> list[Exchange]:
    """Return what was asked of an Api so far."""
    lookup = lookup_in(definitions().tables)
    return [exchange_of(entry.to_line(), lookup) for entry in api.server.journal]


def get(api: Api, *paths: str, as_: str = "ada") -> None:
    """Read paths, one after the other."""
    for path in paths:
        plain, _, query = path.partition("?")
        api.get(plain, as_, **dict(parse_qsl(query)))


def ids(found: Iterable[Exchange]) -> list[int]:
    """Return the ids of exchanges."""
    return [one.id for one in found]
