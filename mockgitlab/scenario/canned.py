"""Reading the canned answers of a scenario, under its key ``stubs``."""

from typing import Any
from urllib.parse import parse_qsl

from mockgitlab.dsl.encoding import encode
from mockgitlab.scenario.includes import Merged
from mockgitlab.scenario.problems import KeyPath, Problems, ScenarioError, nearest, shown
from mockgitlab.web.answer import JSON, Answer
from mockgitlab.web.worlds import Stub

_REQUEST = ("method", "path", "query")
_RESPONSE = ("status", "json", "body", "file", "headers")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")


def read_stubs(items: Any, merged: Merged, problems: Problems) -> tuple[Stub, ...]:
    """Return the stubs, and note what is wrong with them."""
    if not isinstance(items, list):
        problems.add(("stubs",), f"must be a list, not {shown(items)}", of_key=False)
        return ()
    found = [_read(item, merged, problems, ("stubs", index)) for index, item in enumerate(items)]
    return tuple(stub for stub in found if stub is not None)


def _read(item: Any, merged: Merged, problems: Problems, path: KeyPath) -> Stub | None:
    before = len(problems)
    parts = _mapping(item, ("request", "response"), problems, path)
    request = _mapping(parts.get("request"), _REQUEST, problems, (*path, "request"))
    response = _mapping(parts.get("response"), _RESPONSE, problems, (*path, "response"))
    if len(problems) > before:
        return None
    method = str(request.get("method", "GET")).upper()
    place, _, query = str(request.get("path", "")).partition("?")
    if not place.startswith("/"):
        problems.add(
            (*path, "request", "path"), f"must begin with a slash, not {shown(request.get('path'))}", of_key=False
        )
    if method not in METHODS:
        problems.add(
            (*path, "request", "method"),
            f"must be one of {', '.join(METHODS)}",
            suggestion=nearest(method, METHODS),
            of_key=False,
        )
    wanted = {**dict(parse_qsl(query)), **{str(key): str(value) for key, value in (request.get("query") or {}).items()}}
    return Stub(method, place, _answer(response, merged, problems, (*path, "response")), wanted)


def _mapping(value: Any, known: tuple[str, ...], problems: Problems, path: KeyPath) -> dict[str, Any]:
    if not isinstance(value, dict):
        problems.add(path, f"must be a mapping of {', '.join(known)}, not {shown(value)}", of_key=False)
        return {}
    for key in value:
        if key not in known:
            problems.unknown((*path, key), known)
    return value


def _answer(response: dict[str, Any], merged: Merged, problems: Problems, path: KeyPath) -> Answer:
    status = response.get("status", 200)
    if not isinstance(status, int) or not 200 <= status <= 599:
        problems.add((*path, "status"), f"must be a status from 200 to 599, not {shown(status)}", of_key=False)
        status = 200
    headers = {str(key): str(value) for key, value in (response.get("headers") or {}).items()}
    named = next((headers.pop(key) for key in list(headers) if key.lower() == "content-type"), None)
    is_json = "json" in response or str(response.get("file", "")).endswith(".json")
    return Answer(
        status, _body(response, merged, problems, path), named or (JSON if is_json else "text/plain"), headers
    )


def _body(response: dict[str, Any], merged: Merged, problems: Problems, path: KeyPath) -> bytes:
    if "json" in response:
        return encode(response["json"])
    if "file" not in response:
        return str(response.get("body", "")).encode()
    try:
        return merged.read_file(str(response["file"]), (*path, "file"))
    except ScenarioError as error:
        problems.extend(error.problems)
        return b""
