"""The page at ``/_mockgitlab/`` for a person: what came, what is to be said about it, what the world holds."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Response, request

from mockgitlab.dsl import Entity
from mockgitlab.report.account import Account
from mockgitlab.report.entry import Entry
from mockgitlab.report.exchange import exchange_of, lookup_in
from mockgitlab.report.page import render
from mockgitlab.report.summary import Summary, summarise
from mockgitlab.store import Row, Store
from mockgitlab.web.control import current_gateway, current_world
from mockgitlab.web.request import base_url
from mockgitlab.web.state import columns_of
from mockgitlab.web.worlds import World, Worlds

REQUESTS_AT_MOST = 100
JUDGED_AT_MOST = 500
"""The last so many requests are shown, and judged: the page is made anew whenever anything happens."""
RECORDS_AT_MOST = 100
SHOWN_AT_MOST = 4_000
"""Of an answer so many characters are shown."""
_NAMES = ("title", "name", "full_path", "path", "username", "body", "key", "filename", "message")


@dataclass(frozen=True)
class Kind:
    """A kind of records in the world, and how many there are."""

    name: str
    count: int
    records: tuple[tuple[str, Mapping[str, Any]], ...] = ()


def show() -> Response:
    """Show a page for people: the journal as it grows, findings, state, faults, sandboxes."""
    world, worlds = current_world(), current_gateway().worlds
    wanted = request.args.get("kind", "")
    stamp = hashlib.sha256(repr((_stamp(world, worlds), wanted)).encode()).hexdigest()[:32]
    if request.if_none_match.contains(stamp):
        return Response(status=304, headers={"ETag": f'"{stamp}"'})
    return Response(_page(world, worlds, wanted), headers={**_headers(), "ETag": f'"{stamp}"'})


def _stamp(world: World, worlds: Worlds) -> tuple[Any, ...]:
    """Return what changes whenever the page does."""
    last = world.journal[-1].id if len(world.journal) else 0
    faults = [(str(one.fault), one.seen, one.struck) for one in world.faults]
    others = [(one.name, len(one.journal)) for one in worlds.all()]
    return id(world), last, len(world.journal), world.store.version, world.traps.names, faults, others


@cache
def _headers() -> dict[str, str]:
    """Return the headers of the page: nothing but its own style and script is loaded or run."""
    digest = base64.b64encode(hashlib.sha256(render("live.js").encode()).digest()).decode()
    rules = ["default-src 'none'", "style-src 'unsafe-inline'", f"script-src 'sha256-{digest}'"]
    rules += ["connect-src 'self'", "img-src data:", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"]
    return {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "; ".join(rules)}


def _page(world: World, worlds: Worlds, wanted: str) -> bytes:
    below = request.environ.get("SCRIPT_NAME", "")
    root = below.removesuffix(f"/@{world.name}") if world.name else below
    page = render(
        "overview.html",
        name=world.name,
        root=root,
        url=f"{base_url(request.environ)}/api/v4",
        now=world.store.clock.now,
        settings=world.store.settings,
        worlds=[(one.name, len(one.journal)) for one in worlds.all()],
        journal=world.journal,
        entries=list(reversed(world.journal[-REQUESTS_AT_MOST:])),
        judged=JUDGED_AT_MOST,
        shown=SHOWN_AT_MOST,
        summary=_summary(world),
        kinds=_kinds(world.store, wanted),
        wanted=wanted,
        faults=list(world.faults),
        traps=list(worlds.known_traps.values()),
        traps_set=world.traps.names,
    )
    return page.encode("utf-8", "replace")


def _summary(world: World) -> Summary:
    """Return what is to be said of the last requests; which roles would be enough is left to the report."""
    tables = current_gateway().pipeline.definitions.tables
    entries: list[Entry] = world.journal[-JUDGED_AT_MOST:]
    lookup = lookup_in(tables)
    exchanges = tuple(exchange_of(entry.to_line(), lookup) for entry in entries)
    return summarise([Account(exchanges, "", world.verify().to_json())], tables)


def _kinds(store: Store, wanted: str) -> list[Kind]:
    with store.lock:
        kinds = sorted((one for one in store.kinds() if issubclass(one, Entity)), key=lambda one: one.__name__)
        found = [_kind(store, kind, kind.__name__ == wanted) for kind in kinds]
    return [kind for kind in found if kind.count]


def _kind(store: Store, kind: type[Row], shown: bool) -> Kind:
    rows = store[kind].all()
    records = [(_called(row), columns_of(row)) for row in rows.page(0, RECORDS_AT_MOST)] if shown else []
    return Kind(kind.__name__, rows.count(), tuple(records))


def _called(row: Row) -> str:
    named = (getattr(row, name, None) for name in _NAMES)
    return next((value for value in named if isinstance(value, str) and value), "")
