"""Recordings made by others: HAR files and the cassettes of VCR.py, read as exchanges."""

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml

from mockgitlab.playback.exchange import Exchange, Got, Pairs, Sent, pairs_of_query
from mockgitlab.playback.recorder import as_exchange


class Foreign(NamedTuple):
    """An exchange as another tool has it: the whole URL, and bodies as bytes."""

    method: str
    url: str
    headers: Pairs
    body: bytes
    status: int
    answer_headers: Pairs
    answer: bytes


class Imported(NamedTuple):
    """What was read: the base URL, its exchanges, and how many of other hosts were passed over."""

    upstream: str
    exchanges: list[Exchange]
    others: int


def import_har(path: str, upstream: str = "") -> Imported:
    """Read a HAR file; raises ``ValueError`` when it is none."""
    return _imported(path, upstream, _har_entries)


def import_vcr(path: str, upstream: str = "") -> Imported:
    """Read a cassette of VCR.py, YAML or JSON; raises ``ValueError`` when it is none."""
    return _imported(path, upstream, _vcr_entries)


def _imported(path: str, upstream: str, read: Callable[[str], Iterator[Foreign]]) -> Imported:
    """Read exchanges with one server: the one that is named, or else the one that has most of them."""
    try:
        found = list(read(Path(path).read_text(encoding="utf-8-sig")))
    except (yaml.YAMLError, LookupError, TypeError, AttributeError, ValueError) as wrong:
        raise ValueError(f"{path} cannot be imported: {type(wrong).__name__} {wrong}") from None
    origins = Counter(_origin(one.url) for one in found)
    base = upstream.rstrip("/") or (origins.most_common(1)[0][0] if origins else "")
    ours = [one for one in found if one.url == base or one.url.startswith((f"{base}/", f"{base}?"))]
    return Imported(base, [_exchange(one, base) for one in ours], len(found) - len(ours))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _exchange(one: Foreign, base: str) -> Exchange:
    path, _, query = one.url[len(base) :].partition("#")[0].partition("?")
    sent = Sent(one.method.upper(), path or "/", pairs_of_query(query), one.headers)
    return as_exchange(sent, one.body, Got(one.status, one.answer_headers), one.answer)


# HAR


def _har_entries(text: str) -> Iterator[Foreign]:
    for entry in json.loads(text)["log"]["entries"]:
        request, response = entry["request"], entry["response"]
        if 200 <= response["status"] <= 599:
            yield Foreign(
                request["method"],
                request["url"],
                _har_headers(request),
                _har_body(request.get("postData") or {}),
                response["status"],
                _har_headers(response),
                _har_content(response.get("content") or {}),
            )


def _har_headers(message: Any) -> Pairs:
    """Return headers; a HAR has bodies unpacked, their encoding is gone; HTTP/2's own begin with a colon."""
    pairs = ((one["name"], one["value"]) for one in message["headers"])
    return tuple(
        (_title(name), value) for name, value in pairs if name[0] != ":" and name.lower() != "content-encoding"
    )


def _title(name: str) -> str:
    return name.title() if name.islower() else name


def _har_body(data: Any) -> bytes:
    if data.get("text") or not data.get("params"):
        return str(data.get("text") or "").encode()
    from urllib.parse import urlencode

    return urlencode([(one["name"], one.get("value", "")) for one in data["params"]]).encode()


def _har_content(content: Any) -> bytes:
    text = str(content.get("text") or "")
    return base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()


# VCR.py


def _vcr_entries(text: str) -> Iterator[Foreign]:
    for one in _vcr_data(text)["interactions"]:
        request, response = one["request"], one["response"]
        answer = response["body"].get("string", response["body"].get("base64_string"))
        headers = _vcr_headers(response["headers"])
        if answer and _bytes(answer)[:2] != b"\x1f\x8b":  # decode_compressed_response unpacks and leaves the header
            headers = tuple(pair for pair in headers if pair[0].lower() != "content-encoding")
        sent = _vcr_headers(request["headers"])
        status = response["status"]["code"]
        yield Foreign(request["method"], request["uri"], sent, _bytes(request["body"]), status, headers, _bytes(answer))


def _vcr_data(text: str) -> Any:
    if text.lstrip().startswith("{"):
        return json.loads(text)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)


def _vcr_headers(headers: Any) -> Pairs:
    return tuple(
        (name, str(value))
        for name, values in (headers or {}).items()
        for value in (values if isinstance(values, list) else [values])
    )


def _bytes(value: Any) -> bytes:
    if isinstance(value, dict):
        return _bytes(value.get("string", value.get("base64_string")))
    return value if isinstance(value, bytes) else str(value or "").encode()
