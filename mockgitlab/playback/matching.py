"""Whether a request fits a recorded one: criterion by criterion, with what differs."""

import difflib
import json
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import unquote

from mockgitlab.playback.bodies import read_body
from mockgitlab.playback.exchange import Body, Pairs, Part, Sent, header, pairs_of_query
from mockgitlab.playback.hosts import Rehost
from mockgitlab.playback.proxy import homeward
from mockgitlab.playback.secrets import MARK, PLACEHOLDER
from mockgitlab.report.matchers import Criterion
from mockgitlab.web.playing import Rules
from mockgitlab.web.request import Request

SHOWN = 300


class Asked:
    """A request as recordings have them, URLs of this server being those of the upstream."""

    def __init__(self, request: Request, body: bytes, upstream: str) -> None:
        self._request = request
        self._data = body
        self._upstream = upstream
        self.method = request.method
        self.path = request.path

    @cached_property
    def query(self) -> Pairs:
        """The decoded query."""
        return pairs_of_query(self._request.query)

    @cached_property
    def headers(self) -> Pairs:
        """The headers."""
        kind = self._request.environ.get("CONTENT_TYPE")
        named = ((name, self._request.headers[name]) for name in self._request.headers)
        return (*named, *((("Content-Type", kind),) if kind else ()))

    @cached_property
    def body(self) -> Body:
        """The body."""
        if not self._data:
            return Body()
        sent = Sent(self.method, self.path, (), self.headers)
        data = homeward(sent, self._data, Rehost(self._request.base, self._upstream)) if self._upstream else self._data
        return read_body(data, header(self.headers, "content-type"))


def fits(asked: Asked, sent: Sent, rules: Rules) -> bool:
    """Tell whether a request fits a recorded one."""
    return all(_TESTS[name](asked, sent, rules) for name in rules.on) and all(
        same(header(sent.headers, name.lower()), header(asked.headers, name.lower())) for name in rules.headers
    )


def _same_method(asked: Asked, sent: Sent, rules: Rules) -> bool:
    return asked.method == sent.method


def _same_path(asked: Asked, sent: Sent, rules: Rules) -> bool:
    return asked.path == sent.path or same(list(segments(sent.path)), list(segments(asked.path)))


def _same_query(asked: Asked, sent: Sent, rules: Rules) -> bool:
    if not rules.ignore and asked.query == sent.query:
        return True
    return same(of_query(sent.query, rules), of_query(asked.query, rules))


def _same_body(asked: Asked, sent: Sent, rules: Rules) -> bool:
    return same(of_body(sent.body, rules), of_body(asked.body, rules))


_TESTS = {"method": _same_method, "path": _same_path, "query": _same_query, "body": _same_body}


@lru_cache(maxsize=4096)
def segments(path: str) -> tuple[str, ...]:
    """Return the decoded segments of a path: ``%2f`` and ``%2F`` are one."""
    return tuple(unquote(one) for one in path.split("/"))


def of_query(query: Pairs, rules: Rules) -> dict[str, list[str]]:
    """Return the parameters that count, by name."""
    ignored = {one.partition(".")[2] for one in rules.ignore if one.startswith("query.")}
    found: dict[str, list[str]] = {}
    for name, value in query:
        if name not in ignored:
            found.setdefault(name, []).append(value)
    return found


def of_body(body: Body, rules: Rules) -> Any:
    """Return the value of a body as far as it counts; a form's fields by name."""
    value = body.value
    if body.kind == "form":
        value = {}
        for name, one in body.value:
            value.setdefault(name, []).append(list(one) if isinstance(one, Part) else one)
    for one in rules.ignore:
        if one.startswith("body."):
            value = _leaving_out(value, one.split(".")[1:])
    return value


def _leaving_out(value: Any, path: list[str]) -> Any:
    if isinstance(value, list):
        return [_leaving_out(one, path) for one in value]
    if not isinstance(value, dict) or path[0] not in value:
        return value
    if len(path) == 1:
        return {key: one for key, one in value.items() if key != path[0]}
    return {**value, path[0]: _leaving_out(value[path[0]], path[1:])}


def same(recorded: Any, came: Any) -> bool:
    """Tell whether values are equal; a placeholder in a recorded text stands for any text."""
    if isinstance(recorded, str) and isinstance(came, str):
        return recorded == came or (MARK in recorded and _wildcards(recorded).fullmatch(came) is not None)
    if isinstance(recorded, bytes) and isinstance(came, bytes):
        return same(recorded.decode("latin-1"), came.decode("latin-1"))
    if isinstance(recorded, dict) and isinstance(came, dict):
        return recorded.keys() == came.keys() and all(same(value, came[key]) for key, value in recorded.items())
    if isinstance(recorded, list) and isinstance(came, list):
        return len(recorded) == len(came) and all(map(same, recorded, came))
    return type(recorded) is type(came) and bool(recorded == came)


@lru_cache(maxsize=1024)
def _wildcards(text: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in PLACEHOLDER.sub("\0", text).split("\0")]
    return re.compile(".+?".join(parts), re.DOTALL)


# What is told when nothing fits


def criteria(asked: Asked, sent: Sent, rules: Rules) -> tuple[Criterion, ...]:
    """Return all that a request has to be, and whether it is."""
    found = [_criterion(name, asked, sent, rules) for name in rules.on]
    for name in rules.headers:
        wanted, came = header(sent.headers, name.lower()), header(asked.headers, name.lower())
        met = same(wanted, came)
        found.append(Criterion(f"header {name} {wanted}", met, "" if met else f"came {came or 'none'}"))
    return tuple(found)


def _criterion(name: str, asked: Asked, sent: Sent, rules: Rules) -> Criterion:
    met = _TESTS[name](asked, sent, rules)
    wanted, came = (_shown(name, one, rules) for one in (sent, asked))
    return Criterion(f"{name} {wanted}", met, "" if met else f"came {came}")


def _shown(name: str, one: Any, rules: Rules) -> str:
    if name == "query":
        return _cut(_json(of_query(one.query, rules))) if one.query else "none"
    if name == "body":
        return _cut(_json(of_body(one.body, rules))) if one.body.kind else "none"
    return str(getattr(one, name))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(
        value, ensure_ascii=False, indent=indent, sort_keys=True, default=lambda one: f"<{len(one)} bytes>"
    )


def diff(asked: Asked, sent: Sent, rules: Rules) -> Iterator[str]:
    """Yield how query and body differ, line by line."""
    for name, read in (
        ("query", lambda one: of_query(one.query, rules)),
        ("body", lambda one: of_body(one.body, rules)),
    ):
        if name in rules.on and not _TESTS[name](asked, sent, rules):
            wanted, came = (_json(read(one), 2).splitlines() for one in (sent, asked))
            lines = difflib.unified_diff(wanted, came, f"{name} expected", f"{name} that came", lineterm="", n=2)
            yield from (line for line in lines if not line.startswith("@@"))
