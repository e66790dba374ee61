"""How an exchange stands in a recording: as plain data, with keys in one order and binaries in files beside it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockgitlab.playback.exchange import Body, Exchange, Got, Pairs, Part, Sent

Keep = Callable[[bytes, str], str]
"""Keeps bytes of a content type in a file beside the recording, and returns its name."""
Fetch = Callable[[str], bytes]
"""Returns the bytes of a file beside the recording."""


def to_data(exchange: Exchange, keep: Keep) -> dict[str, Any]:
    """Return an exchange as the recording holds it."""
    sent, got = exchange.request, exchange.response
    request: dict[str, Any] = {"method": sent.method, "path": sent.path}
    request |= {"query": _mapping(sent.query)} if sent.query else {}
    request |= {"headers": _mapping(sent.headers)} if sent.headers else {}
    request |= _body_data(sent.body, _type(sent.headers), keep)
    response: dict[str, Any] = {"status": got.status}
    response |= {"headers": _mapping(got.headers)} if got.headers else {}
    return {"request": request, "response": response | _body_data(got.body, _type(got.headers), keep)}


def from_data(data: Mapping[str, Any], fetch: Fetch) -> Exchange:
    """Return the exchange that plain data say; raises ``LookupError``, ``TypeError`` or ``ValueError`` when none."""
    sent, got = data["request"], data["response"]
    if not isinstance(got["status"], int):
        raise TypeError(f"status must be a number, not {got['status']!r}")
    headers = _pairs(sent.get("headers"))
    request = Sent(str(sent["method"]), str(sent["path"]), _pairs(sent.get("query")), headers, _body(sent, fetch))
    return Exchange(request, Got(got["status"], _pairs(got.get("headers")), _body(got, fetch)))


def _type(headers: Pairs) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _mapping(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return pairs as a mapping; of a name that stands more than once, the values are a list."""
    found: dict[str, list[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _pairs(mapping: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name, _text(value)) for name, value in _unfolded(mapping))


def _unfolded(mapping: Any) -> Iterable[tuple[str, Any]]:
    for name, value in (mapping or {}).items():
        for one in value if isinstance(value, list) else [value]:
            yield str(name), one


def _text(value: Any) -> str:
    """Return a scalar as text: by hand one writes ``page: 2`` and ``confidential: true``."""
    if isinstance(value, (dict, list)):
        raise TypeError(f"a text was expected, not {value!r}")
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _body_data(body: Body, content_type: str, keep: Keep) -> dict[str, Any]:
    if body.kind == "form":
        return {"form": _mapping((name, _field_data(value, keep)) for name, value in body.value)}
    if body.kind == "file":
        return {"file": keep(body.value, content_type)}
    style = {"json_style": body.style} if body.style else {}
    return {body.kind: body.value, **style} if body.kind else {}


def _field_data(value: str | Part, keep: Keep) -> Any:
    if isinstance(value, str):
        return value
    about = {"filename": value.filename, "type": value.content_type}
    try:
        text = value.data.decode()
    except UnicodeDecodeError:
        text = "\0"
    return about | ({"file": keep(value.data, value.content_type)} if "\0" in text else {"text": text})


def _body(data: Mapping[str, Any], fetch: Fetch) -> Body:
    if "json" in data:
        return Body("json", data["json"], str(data.get("json_style", "")))
    if "form" in data:
        return Body("form", tuple((name, _field(value, fetch)) for name, value in _unfolded(data["form"])))
    if "text" in data:
        return Body("text", _text(data["text"]))
    return Body("file", fetch(str(data["file"]))) if "file" in data else Body()


def _field(value: Any, fetch: Fetch) -> str | Part:
    if not isinstance(value, dict):
        return _text(value)
    content = fetch(str(value["file"])) if "file" in value else _text(value.get("text")).encode()
    return Part(_text(value.get("filename")), _text(value.get("type")), content)


def file_names(data: Any) -> list[str]:
    """Return the names of the files that an exchange, as plain data, refers to."""
    request, response = data["request"], data["response"]
    found = [part["file"] for part in (request, response) if "file" in part]
    fields = [value for _, value in _unfolded(request.get("form"))]
    return [*found, *(value["file"] for value in fields if isinstance(value, dict) and "file" in value)]
