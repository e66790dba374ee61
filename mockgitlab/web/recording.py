"""From a request and its answer to what the journal keeps of them."""

from functools import lru_cache
from typing import Any

from mockgitlab.report.record import PARAMETERS_AT_MOST, Packed, beginning, compact, pack
from mockgitlab.web.answer import Answer
from mockgitlab.web.request import Request
from mockgitlab.web.worlds import World

CHANGES_AT_MOST = 100


def record_of(request: Request, world: World, answer: Answer, headers: list[tuple[str, str]]) -> Packed:
    """Return what is kept of a request and its answer, the fields of ``Record``; nothing is formatted yet."""
    call, environ = request.call, request.environ
    sent: Any = request.sent
    if request.size > PARAMETERS_AT_MOST:
        sent = compact(sent)
    told = (
        request.method,
        request.base,
        f"{request.path}?{request.query}" if request.query else request.path,
        sent,
        call.path if call else {},
        answer.status,
        headers,
        len(answer.body),
        answer.reason,
        world.store.clock.now,
        answer.stub,
        str(request.fault) if request.fault is not None else "",
        request.unread,
    )
    shared = (
        _headers(keys := _keys(tuple(environ)), tuple(map(environ.get, keys))),
        call.operation if call else None,
        call.user if call else None,
        call.token if call else None,
        _kept(answer),
        request.changes[:CHANGES_AT_MOST],
        world.store.settings,
    )
    return pack(told, shared)


def _kept(answer: Answer) -> bytes:
    """Return what is kept of a body; of one that answers share, the same bytes for all of them."""
    shared = answer.shared
    if shared is None or shared.data is not answer.body:
        return beginning(answer.body)
    if shared.kept is None:
        shared.kept = beginning(shared.data)
    return shared.kept


@lru_cache(maxsize=256)
def _keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return which keys of an environ are headers; a client has the same ones in all its requests."""
    return tuple(key for key in keys if key.startswith("HTTP_") or key == "CONTENT_TYPE")


@lru_cache(maxsize=256)
def _headers(keys: tuple[str, ...], values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return headers by name: a client sends the same ones again and again, so one copy is kept."""
    names = (key.removeprefix("HTTP_").replace("_", "-").title() for key in keys)
    return tuple(pair for pair in zip(names, values, strict=True) if pair != ("Content-Type", ""))
