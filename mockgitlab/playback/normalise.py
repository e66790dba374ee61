"""Making recordings alike: ids, iids, shas, dates, the host and temporary names become stable, and still refer.

Two passes: the first looks at all exchanges, so that dates keep their order; the second writes. Numbers are given in
the order in which a kind of record first appears, so that a session recorded again gives the same file.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from mockgitlab.playback.exchange import Body, Exchange, Got, Pairs, Part, Sent
from mockgitlab.playback.hosts import Rehost
from mockgitlab.playback.kinds import kind_of_field, kind_of_object, kind_of_path, segment_kinds
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.writer import remove_recording, write_recording

HOST = "https://gitlab.example.com"
BEGIN = datetime(2024, 1, 1, tzinfo=timezone.utc)
_SHA = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])")
_SHORT_SHA = re.compile(r"(?<![0-9a-zA-Z_.-])[0-9a-f]{7,11}(?![0-9a-zA-Z_.-])")
_DATE = re.compile(r"(?<!\d)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)(?!\d)")
_UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")
_MIXED = r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,39}"
_TEMPORARY = re.compile(rf"(?<=[A-Za-z0-9][-_])(?:\d{{8,}}|{_MIXED})(?![0-9A-Za-z])")
_WEB = re.compile(r"(/-/(?:issues|merge_requests|milestones|pipelines|jobs|epics)/)(\d+)")
_API = re.compile(r"(/api/v\d)(/[^\s?#\"'<>]*)")
_REFERENCE = re.compile(r"([#!%&])(\d+)\Z")
_TODAY = {"local_time": "12:00 AM", "last_activity_on": "2024-01-01", "current_sign_in_on": "2024-01-01"}
"""Fields that follow the day on which it was recorded."""
_CONSTANT = {
    "ratelimit-observed": "1",
    "ratelimit-remaining": "1999",
    "ratelimit-reset": "1704067260",
    "ratelimit-resettime": "Mon, 01 Jan 2024 00:01:00 GMT",
}


def normalise(exchanges: Sequence[Exchange], upstream: str) -> list[Exchange]:
    """Return exchanges with stable values; their upstream then is ``HOST``."""
    first = Normaliser(upstream, {})
    for exchange in exchanges:
        first.exchange(exchange)
    second = Normaliser(upstream, first.dates())
    return [second.exchange(exchange) for exchange in exchanges]


def normalise_file(path: Path, *, keep_raw: bool = False) -> None:
    """Put stable values into a recording; ``keep_raw`` keeps it as it was beside it, ``NAME.raw.yaml``."""
    recording = Recording(path)
    exchanges = list(recording)
    raw = path.with_name(f"{path.stem}.raw{path.suffix}")
    write_recording(raw, exchanges, recording.meta)
    meta = {**recording.meta, "upstream": HOST, "recorded_at": _text_of(BEGIN), "normalised": True}
    write_recording(path, normalise(exchanges, recording.upstream), meta)
    if not keep_raw:
        remove_recording(raw)


def _text_of(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


class Normaliser:
    """Replaces what differs from one session to the next; ``dates`` are known texts and what they become."""

    def __init__(self, upstream: str, dates: dict[str, str]) -> None:
        self._host = Rehost(upstream, HOST)
        netloc = upstream.partition("://")[2].partition("/")[0]
        self._bare = netloc.partition(":")[0]
        self._socket = re.compile(rf"(wss?)://{re.escape(netloc)}(?![\w:.-])")
        self._numbers: dict[str, dict[int, int]] = {}
        self._named: dict[str, dict[str, str]] = {}
        self._dates = dates
        self._seen: set[str] = set()

    def dates(self) -> dict[str, str]:
        """Return what the dates seen become: a minute lies between two, equal ones stay equal."""
        order = sorted({_instant(text) for text in self._seen})
        minutes = {instant: BEGIN + timedelta(minutes=number) for number, instant in enumerate(order)}
        return {text: _like(text, minutes[_instant(text)]) for text in self._seen}

    def exchange(self, exchange: Exchange) -> Exchange:
        """Return an exchange with stable values."""
        sent, got, kind = exchange.request, exchange.response, kind_of_path(exchange.request.path)
        request = Sent(
            sent.method,
            self._path(sent.path),
            self._pairs(sent.query, kind),
            self._headers(sent.headers),
            self._body(sent.body, kind),
        )
        return Exchange(request, Got(got.status, self._headers(got.headers), self._body(got.body, kind)))

    # What is replaced

    def number(self, kind: str, value: int) -> int:
        """Return the stable number of a record of a kind."""
        known = self._numbers.setdefault(kind, {})
        return known.setdefault(value, len(known) + 1) if value > 0 else value

    def _name(self, kind: str, text: str, make: Callable[[int], str]) -> str:
        known = self._named.setdefault(kind, {})
        return known.setdefault(text, make(len(known) + 1))

    def text(self, text: str) -> str:
        """Return a text with stable hosts, shas, dates, UUIDs, temporary names and numbers in URLs."""
        text = self._host.text(text)
        if self._bare and self._bare in text:
            text = text.replace(f"@{self._bare}:", "@gitlab.example.com:")
            text = self._socket.sub("wss://gitlab.example.com", text)
        text = _DATE.sub(self._date, text)
        text = _UUID.sub(lambda match: self._name("uuid", match[0], lambda n: f"00000000-0000-4000-8000-{n:012}"), text)
        text = _SHA.sub(self._sha, text)
        text = _SHORT_SHA.sub(self._short_sha, text)
        text = _TEMPORARY.sub(lambda match: self._name("name", match[0], lambda n: f"{n}"), text)
        text = _WEB.sub(lambda match: f"{match[1]}{self._web_number(match)}", text)
        return _API.sub(lambda match: match[1] + self._path(match[2]), text) if "/api/v" in text else text

    def _web_number(self, match: re.Match[str]) -> int:
        kind = match[1].strip("/-")
        return self.number(kind if kind == "jobs" or kind == "pipelines" else f"{kind} iid", int(match[2]))

    def _date(self, match: re.Match[str]) -> str:
        self._seen.add(match[0])
        return self._dates.get(match[0], match[0])

    def _sha(self, match: re.Match[str]) -> str:
        size = len(match[0])
        if set(match[0]) == {"0"}:
            return match[0]
        return self._name("sha", match[0], lambda n: hashlib.sha256(f"sha {n}".encode()).hexdigest()[:size])

    def _short_sha(self, match: re.Match[str]) -> str:
        known = self._named.get("sha", {})
        whole = next((new for old, new in known.items() if old.startswith(match[0])), None)
        return whole[: len(match[0])] if whole else match[0]

    # Where it stands

    def _path(self, path: str) -> str:
        return "/".join(self._segment(kind, raw) for raw, kind in segment_kinds(path))

    def _segment(self, kind: str, raw: str) -> str:
        if raw.isdigit():
            return str(self.number(kind, int(raw))) if kind else raw
        plain = unquote(raw)
        stable = self.text(plain)
        return raw if stable == plain else quote(stable, safe="@")

    def _pairs(self, pairs: Pairs, kind: str) -> Pairs:
        return tuple((name, str(self._field(name.removesuffix("[]"), value, kind))) for name, value in pairs)

    def _headers(self, headers: Pairs) -> Pairs:
        return tuple((name, self._header(name.lower(), value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        if name == "etag":
            return self._name("etag", value, lambda n: f'W/"{n:032x}"')
        if name == "if-none-match":
            return self._named.get("etag", {}).get(value, value)
        return _CONSTANT.get(name) or self.text(value)

    def _body(self, body: Body, kind: str) -> Body:
        if body.kind == "json":
            return replace(body, value=self._value(body.value, kind))
        if body.kind == "form":
            return replace(body, value=tuple(self._fields(body.value, kind)))
        return replace(body, value=self.text(body.value)) if body.kind == "text" else body

    def _fields(self, fields: Iterable[tuple[str, str | Part]], kind: str) -> Iterable[tuple[str, str | Part]]:
        for name, value in fields:
            yield name, value if isinstance(value, Part) else str(self._field(name.removesuffix("[]"), value, kind))

    def _value(self, value: Any, kind: str) -> Any:
        if isinstance(value, dict):
            return {self.text(key): self._field(key, one, kind) for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(one, kind) for one in value]
        return self.text(value) if isinstance(value, str) else value

    def _field(self, name: str, value: Any, kind: str) -> Any:
        if name in _TODAY and isinstance(value, str):
            return _TODAY[name]
        of = kind_of_field(name, kind)
        if of and isinstance(value, list):
            return [self._field(name, one, kind) if isinstance(one, (int, str)) else one for one in value]
        if of and isinstance(value, int) and not isinstance(value, bool):
            return self.number(of, value)
        if of and isinstance(value, str) and value.isdigit():
            return str(self.number(of, int(value)))
        if isinstance(value, str) and name in ("short", "relative", "full", "reference"):
            return _REFERENCE.sub(self._reference, self.text(value))
        return self._value(value, kind_of_object(name, kind))

    def _reference(self, match: re.Match[str]) -> str:
        kind = {"#": "issues iid", "!": "merge_requests iid", "%": "milestones iid", "&": "epics iid"}[match[1]]
        return f"{match[1]}{self.number(kind, int(match[2]))}"


def _instant(text: str) -> datetime:
    plain = re.sub(r"\.\d+", lambda match: f"{match[0]:0<7}"[:7], text.replace("Z", "+00:00"))
    return datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)\Z", r"\1:\2", plain))


def _like(text: str, instant: datetime) -> str:
    """Write an instant as a date was written."""
    fraction = re.search(r"\.\d+", text)
    zone = "Z" if text.endswith("Z") else "+00:00" if ":" in text[-4:] else "+0000"
    shown = instant.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{shown}{'.' + '0' * (len(fraction[0]) - 1) if fraction else ''}{zone}"
