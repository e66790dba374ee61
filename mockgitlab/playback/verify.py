"""Asking again what was recorded, and telling where the answers have drifted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from mockgitlab.playback.bodies import decompressed, read_body
from mockgitlab.playback.drift import Drift, compare
from mockgitlab.playback.exchange import Body, Exchange, Got, Part, Sent, header
from mockgitlab.playback.recorder import READS
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.secrets import MARK, PLACEHOLDER

Ask = Callable[[Sent, bytes], tuple[int, tuple[tuple[str, str], ...], bytes]]
"""Sends a request with its body, and returns status, headers and body of the answer."""
_CREDENTIALS = {"private-token", "authorization", "job-token", "deploy-token", "cookie", "x-nuget-apikey"}
_BOUNDARY = "mockgitlab-verify-9f86d081884c7d65"


@dataclass
class Checked:
    """One recorded exchange and what became of it: ``drifts``, or why it was left out."""

    number: int
    request: str
    drifts: list[Drift] = field(default_factory=list)
    left_out: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        drifts = [{"kind": one.kind, "place": one.place, "told": one.told} for one in self.drifts]
        return {"exchange": self.number, "request": self.request, "drifts": drifts, "left_out": self.left_out or None}


@dataclass
class Report:
    """What was found for a whole recording."""

    file: str
    against: str
    checked: list[Checked]

    @property
    def ok(self) -> bool:
        """Whether nothing has drifted."""
        return not any(one.drifts for one in self.checked)

    def __str__(self) -> str:
        lines = [
            f"{self.file} #{one.number} {one.request}\n" + "\n".join(f"  {drift.kind}: {drift}" for drift in one.drifts)
            for one in self.checked
            if one.drifts
        ]
        asked = [one for one in self.checked if not one.left_out]
        left = len(self.checked) - len(asked)
        told = f"{self.file}: {len(asked)} exchanges compared with {self.against}, {len(lines)} have drifted"
        return "\n".join([*lines, told + (f"; {left} left out" if left else "")])

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON."""
        checked = [one.to_json() for one in self.checked]
        return {"file": self.file, "against": self.against, "ok": self.ok, "exchanges": checked}

    def to_junit(self, root: ElementTree.Element) -> None:
        """Add the report to JUnit's XML, a test case for each exchange."""
        counts = {"tests": len(self.checked), "failures": sum(bool(one.drifts) for one in self.checked)}
        counts["skipped"] = sum(bool(one.left_out) for one in self.checked)
        numbers = {key: str(value) for key, value in counts.items()}
        suite = ElementTree.SubElement(root, "testsuite", {"name": self.file, **numbers})
        for one in self.checked:
            case = ElementTree.SubElement(suite, "testcase", classname=self.file, name=f"#{one.number} {one.request}")
            if one.drifts:
                told = "\n".join(f"{drift.kind}: {drift}" for drift in one.drifts)
                ElementTree.SubElement(case, "failure", message=one.drifts[0].kind).text = told
            elif one.left_out:
                ElementTree.SubElement(case, "skipped", message=one.left_out)


def junit(reports: Iterable[Report]) -> str:
    """Return reports as JUnit's XML."""
    root = ElementTree.Element("testsuites", name="mockgitlab verify")
    for report in reports:
        report.to_junit(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def verify(recording: Recording, ask: Ask, against: str, *, writes: bool = False, headers: Mapping[str, str]) -> Report:
    """Ask what was recorded again and compare the answers; ``headers`` go in place of the scrubbed credentials.

    Only reads are asked, in their order; after a write that is left out they may show another state, in which only the
    form of an answer is compared. With ``writes`` everything is asked; then ids of records that were made in the course
    of it are those of the new ones, and so are tokens.
    """
    asker = _Asker(ask, headers)
    checked = []
    for number, exchange in enumerate(recording, 1):
        one = Checked(number, str(exchange.request))
        if exchange.request.method not in READS and not writes:
            one.left_out = "a write: ask for writes"
        elif exchange.response.status == 401:
            one.left_out = "its credentials, which were refused, were scrubbed"
        elif exchange.request.method in READS and not writes and asker.depends(exchange):
            one.left_out = "it is about what a write made that was left out"
        else:
            came = asker.ask(exchange)
            one.drifts = compare(exchange.response, came)
            if one.drifts and asker.may_follow(exchange, came):
                one.drifts, one.left_out = [], "it may show what a write that was left out did"
        asker.note_left_out(exchange, bool(one.left_out))
        checked.append(one)
    return Report(recording.file, against, checked)


class _Asker:
    """Asks with what the answers said in the course: new ids in the paths, new tokens."""

    def __init__(self, ask: Ask, headers: Mapping[str, str]) -> None:
        self._ask = ask
        self._headers = dict(headers)
        self._secrets: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        self._not_made: set[str] = set()
        self._written: set[str] = set()
        self._changed: set[str] = set()

    def depends(self, exchange: Exchange) -> bool:
        """Tell whether a request is about what was not made, changed or deleted because the write was left out."""
        path = exchange.request.path
        return any(path == one or path.startswith(f"{one}/") for one in self._not_made | self._written)

    def may_follow(self, exchange: Exchange, came: Got) -> bool:
        """Tell whether a record may be there, or gone, because a write in the same project or group was left out."""
        return 404 in (exchange.response.status, came.status) and _root(exchange.request.path) in self._changed

    def note_left_out(self, exchange: Exchange, left_out: bool) -> None:
        """Remember what a write that was left out would have made."""
        sent, got = exchange.request, exchange.response
        if not left_out or sent.method in READS or got.status >= 400:
            return
        self._changed.add(_root(sent.path))
        if sent.method == "POST" and (key := _key(got.body)):
            self._not_made.add(f"{sent.path}/{key}")
        elif sent.method != "POST":
            self._written.add(sent.path)

    def ask(self, exchange: Exchange) -> Got:
        """Send the request of an exchange, and learn from the answer."""
        sent = self._translated(exchange.request)
        body, sent = encoded(sent)
        status, headers, data = self._ask(sent, body)
        plain = decompressed(data, header(headers, "content-encoding"))
        read = read_body(data if plain is None else plain, header(headers, "content-type"))
        got = Got(status, headers, Body() if sent.method == "HEAD" else read)
        self._learn(exchange, got)
        return got

    def _translated(self, sent: Sent) -> Sent:
        headers = [(name, value) for name, value in sent.headers if name.lower() not in _CREDENTIALS]
        own = [(name, self._secret(value)) for name, value in sent.headers if name.lower() in _CREDENTIALS]
        known = [(name, value) for name, value in own if MARK not in value]
        query = tuple((name, self._secret(value)) for name, value in sent.query)
        body = Body(sent.body.kind, self._value(sent.body.value), sent.body.style)
        return Sent(sent.method, self._path(sent.path), query, (*headers, *(known or self._headers.items())), body)

    def _secret(self, text: str) -> str:
        return PLACEHOLDER.sub(lambda match: self._secrets.get(match[0], match[0]), text) if MARK in text else text

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._secret(value)
        if isinstance(value, dict):
            return {key: self._value(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)) and not isinstance(value, Part):
            return type(value)(self._value(one) for one in value)
        return value

    def _path(self, path: str) -> str:
        for old in sorted(self._paths, key=len, reverse=True):
            if path == old or path.startswith(f"{old}/"):
                return self._paths[old] + path[len(old) :]
        return path

    def _learn(self, exchange: Exchange, came: Got) -> None:
        """Note the number of a record that was made now, and the secrets that stand in place of placeholders."""
        self._secrets |= dict(_pairs(exchange.response.body.value, came.body.value))
        was, now = _key(exchange.response.body), _key(came.body)
        if exchange.request.method == "POST" and was and now and was != now:
            path = exchange.request.path
            self._paths[f"{path}/{was}"] = f"{self._path(path)}/{now}"


def _root(path: str) -> str:
    """Return the path of the project, group or user that a path begins with."""
    return "/".join(path.split("/")[:5])


def _key(body: Body) -> str:
    """Return by what the record that an answer shows is found below the path of its collection."""
    value = body.value if body.kind == "json" and isinstance(body.value, dict) else {}
    return str(value.get("iid") or value.get("id") or "")


def _pairs(recorded: Any, came: Any) -> Iterator[tuple[str, str]]:
    if isinstance(recorded, str) and isinstance(came, str):
        if PLACEHOLDER.fullmatch(recorded):
            yield recorded, came
    elif isinstance(recorded, dict) and isinstance(came, dict):
        for key in recorded.keys() & came.keys():
            yield from _pairs(recorded[key], came[key])
    elif isinstance(recorded, list) and isinstance(came, list):
        for one, other in zip(recorded, came, strict=False):
            yield from _pairs(one, other)


def encoded(sent: Sent) -> tuple[bytes, Sent]:
    """Return the bytes of a body, and the request with the type that belongs to them."""
    parts = sent.body.value if sent.body.kind == "form" else ()
    multipart = header(sent.headers, "content-type").startswith("multipart/")
    if not multipart and not any(isinstance(one, Part) for _, one in parts):
        return sent.body.encoded(), sent
    headers = tuple(pair for pair in sent.headers if pair[0].lower() != "content-type")
    kind = ("Content-Type", f"multipart/form-data; boundary={_BOUNDARY}")
    return _multipart(parts), Sent(sent.method, sent.path, sent.query, (*headers, kind), sent.body)


def _multipart(fields: Iterable[tuple[str, str | Part]]) -> bytes:
    pieces = []
    for name, value in fields:
        head = f'Content-Disposition: form-data; name="{name}"'
        if isinstance(value, Part):
            head += f'; filename="{value.filename}"\r\nContent-Type: {value.content_type or "application/octet-stream"}'
        data = value.data if isinstance(value, Part) else value.encode()
        pieces.append(f"--{_BOUNDARY}\r\n{head}\r\n\r\n".encode() + data + b"\r\n")
    return b"".join(pieces) + f"--{_BOUNDARY}--\r\n".encode()
