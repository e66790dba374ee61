"""The journal as a HAR file (HTTP Archive 1.2), which browsers' developer tools and many programs read.

Source: http://www.softwareishard.com/blog/har-12-spec/.
"""

from http import HTTPStatus
from typing import Any

from mockgitlab import __version__
from mockgitlab.dsl.encoding import encode
from mockgitlab.report.entry import Entry

_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def to_har(entries: list[Entry]) -> dict[str, Any]:
    """Return entries as a HAR; what mockgitlab knows besides is under keys that begin with an underscore."""
    creator = {"name": "mockgitlab", "version": __version__}
    return {"log": {"version": "1.2", "creator": creator, "entries": [_entry(entry) for entry in entries]}}


def _entry(entry: Entry) -> dict[str, Any]:
    milliseconds = round(entry.seconds * 1000, 3)
    own = {f"_{name}": value for name, value in entry.to_json().items() if name in ("operation", "user", "changes")}
    return {
        "startedDateTime": entry.record.now,
        "time": milliseconds,
        "request": _request(entry),
        "response": _response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        **own,
        **({"_reason": entry.reason} if entry.reason else {}),
    }


def _pairs(pairs: Any) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _request(entry: Entry) -> dict[str, Any]:
    body = encode(entry.json).decode() if entry.json else ""
    return {
        "method": entry.method,
        "url": entry.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(entry.headers),
        "queryString": _pairs(entry.query.items()),
        "headersSize": -1,
        "bodySize": -1,
        **({"postData": {"mimeType": "application/json", "text": body}} if body else {}),
    }


def _response(entry: Entry) -> dict[str, Any]:
    headers = dict(entry.answer_headers)
    return {
        "status": entry.status,
        "statusText": _PHRASES.get(entry.status, ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(entry.answer_headers),
        "content": {"size": entry.record.size, "mimeType": headers.get("Content-Type", ""), "text": entry.text},
        "redirectURL": headers.get("Location", ""),
        "headersSize": -1,
        "bodySize": entry.record.size,
    }
