"""The JSON Schema of recordings, and what is wrong with one by it, told as for scenarios.

``schema.json`` beside this module is it, written by ``python -m mockgitlab.playback.schema``.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from mockgitlab.playback.exchange import STYLES
from mockgitlab.scenario.problems import KeyPath, Problems, nearest, shown
from mockgitlab.scenario.source import Source

FORMAT = 1
PLACE = Path(__file__).with_name("schema.json")
_TEXT = {"type": "string"}
_SCALAR = {"type": ["string", "integer", "number", "boolean", "null"]}
_NAMED = {
    "type": ["object", "null"],
    "additionalProperties": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]},
}
_FILE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"filename": _TEXT, "type": _TEXT, "text": _SCALAR, "file": _TEXT},
}
_FIELD = {"anyOf": [_SCALAR, _FILE]}
_BODY: dict[str, Any] = {
    "json": {"description": "A JSON body, as a value"},
    "json_style": {"enum": list(STYLES), "description": "How the JSON was written, where not compactly"},
    "form": {
        "type": ["object", "null"],
        "additionalProperties": {"anyOf": [_FIELD, {"type": "array", "items": _FIELD}]},
        "description": "The fields of a form; a file is {filename, type, text or file}",
    },
    "text": {**_SCALAR, "description": "A body of text"},
    "file": {**_TEXT, "description": "A file that holds the body, relative to the recording"},
}
_REQUEST = {
    "type": "object",
    "additionalProperties": False,
    "required": ["method", "path"],
    "properties": {
        "method": {"type": "string", "pattern": "^[A-Z]+$"},
        "path": {
            "type": "string",
            "pattern": "^/",
            "description": "As it was sent, percent-encoded, below the upstream",
        },
        "query": {**_NAMED, "description": "Decoded; of a name that stands more than once, a list"},
        "headers": _NAMED,
        **_BODY,
    },
}
_RESPONSE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["status"],
    "properties": {"status": {"type": "integer", "minimum": 200, "maximum": 599}, "headers": _NAMED, **_BODY},
}
EXCHANGE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["request", "response"],
    "properties": {"request": _REQUEST, "response": _RESPONSE},
}
META = {
    "type": ["object", "null"],
    "additionalProperties": False,
    "properties": {
        "upstream": {"type": "string", "pattern": "^https?://", "description": "The server that was recorded"},
        "recorded_at": _TEXT,
        "recorded_by": _TEXT,
        "imported_from": _TEXT,
        "description": _TEXT,
        "normalised": {"type": "boolean"},
    },
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A recording of mockgitlab",
    "type": "object",
    "additionalProperties": False,
    "required": ["mockgitlab_recording"],
    "properties": {
        "mockgitlab_recording": {"const": FORMAT, "description": "The version of this format"},
        "meta": META,
        "exchanges": {"type": ["array", "null"], "items": EXCHANGE},
    },
}


def check(source: Source) -> None:
    """Raise ``ScenarioError`` with everything that is wrong with a recording."""
    problems = Problems(source)
    for error in sorted(_validator().iter_errors(source.data), key=lambda error: list(map(str, error.absolute_path))):
        for path, message, suggestion, of_key in _told(error):
            problems.add(path, message, suggestion=suggestion, of_key=of_key)
    problems.raise_if_any()


@lru_cache(maxsize=1)
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(SCHEMA)


def _told(error: Any) -> Iterator[tuple[KeyPath, str, str | None, bool]]:
    """Yield what an error of the schema means: where, what, the nearest right key, and whether it is of a key."""
    path = tuple(error.absolute_path)
    known = list(error.schema.get("properties", ()))
    if error.validator == "additionalProperties" and known:
        for key in [key for key in error.instance if key not in known]:
            yield (*path, key), "is not a key known here", nearest(str(key), known), True
    elif error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        yield path, f"needs {' and '.join(missing)}", None, True
    else:
        yield path, f"must be {_wanted(error)}, not {shown(error.instance)}", None, False


_PATTERNS = {"^[A-Z]+$": "a method in capitals", "^/": "a path that begins with a slash", "^https?://": "a URL"}


def _wanted(error: Any) -> str:
    value = error.validator_value
    if error.validator == "pattern":
        return _PATTERNS[value]
    if error.validator in ("minimum", "maximum"):
        return "a status from 200 to 599"
    if error.validator == "enum":
        return f"one of {', '.join(map(repr, value))}"
    if error.validator == "const":
        return str(value)
    if error.validator == "type":
        return " or ".join([value] if isinstance(value, str) else value)
    return "a text, or a list of texts"


def main() -> None:
    """Write ``schema.json``."""
    PLACE.write_text(json.dumps(SCHEMA, indent=1) + "\n")


if __name__ == "__main__":
    main()
