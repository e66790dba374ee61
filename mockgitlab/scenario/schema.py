"""The JSON Schema of scenarios, derived from the definitions, for editors to complete and check by.

``schema.json`` beside this module is it, written by ``python -m mockgitlab.scenario.schema``.
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from mockgitlab.dsl import Collection, Definitions
from mockgitlab.dsl.fields import Field
from mockgitlab.dsl.kinds import type_schema
from mockgitlab.dsl.params import nullable
from mockgitlab.report.expectations import COUNTS, PARTS
from mockgitlab.report.verification import STRICT
from mockgitlab.scenario.canned import METHODS
from mockgitlab.scenario.loader import FORMAT
from mockgitlab.scenario.readers import natural_name
from mockgitlab.store import Transitions
from mockgitlab.traps import TRAPS
from mockgitlab.web.faults import ANSWERS, PER
from mockgitlab.web.playing import CRITERIA, ORDERS

PLACE = Path(__file__).with_name("schema.json")
TEXTS = {"type": "array", "items": {"type": "string"}}
NAME_OR_ID = {"type": ["string", "integer"]}

TRANSITION: dict[str, Any] = {
    "anyOf": [
        {"enum": ["immediate", "manual"]},
        {"type": "object", "additionalProperties": False, "properties": {"after": {"type": "string"}}},
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {"reads": {"type": "integer", "minimum": 0}},
        },
    ]
}
SETTINGS: dict[str, Any] = {
    "version": {"type": "string", "description": "What /version says"},
    "edition": {"enum": ["ce", "ee"]},
    "api": {"type": "array", "items": {"enum": ["v3", "v4", "ci"]}, "description": "The APIs that are served"},
    "errors": {
        "enum": ["documented", "observed"],
        "description": "Error bodies as documented, or as a live GitLab sends them",
    },
    "clock": {"type": "string", "description": "The instant at which the world stands still until told to move"},
    "url": {
        "type": ["string", "null"],
        "description": "The base of every URL in answers; without it, what each client used",
    },
    "impersonation": {"type": "boolean", "description": "Whether impersonation tokens work"},
    "delayed_deletion": {
        "type": ["boolean", "null"],
        "description": "Whether projects are marked before they are deleted; without it as the version and edition do",
    },
    "settings": {"type": "object", "description": "The application settings, by the names of GitLab's API"},
    "transitions": {
        "type": "object",
        "additionalProperties": False,
        "description": "How long GitLab's background work takes",
        "properties": {field.name: TRANSITION for field in fields(Transitions)},
    },
    "webhooks": {
        "type": "object",
        "additionalProperties": False,
        "description": "Where webhooks may post besides this machine, and how many seconds they wait",
        "properties": {"hosts": TEXTS, "timeout": {"type": "number", "exclusiveMinimum": 0}},
    },
    "limits": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "requests_per_minute": {"type": ["integer", "null"], "minimum": 0},
            "totals_above": {"type": "integer", "minimum": 0},
            "body_bytes": {"type": "integer", "minimum": 0},
            "uri_bytes": {"type": "integer", "minimum": 0},
            "push_bytes": {"type": "integer", "minimum": 0, "description": "The most bytes of a push by git"},
            "file_bytes": {
                "type": ["integer", "null"],
                "minimum": 0,
                "description": "The most bytes of a file in a push by git",
            },
            "snippet_bytes": {
                "type": "integer",
                "minimum": 0,
                "description": "The most bytes of a snippet's repository when git pushes to it",
            },
            "webhook_tests_per_minute": {
                "type": ["integer", "null"],
                "minimum": 0,
                "description": "How often a user may test the webhooks of a project or group; GitLab's own is 5",
            },
            "per_page": {"type": "integer", "minimum": 1, "description": "The most records of a page"},
            "offset": {"type": "integer", "minimum": 0, "description": "How far lists with keyset pages go by offset"},
        },
    },
}
STUB: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["request", "response"],
    "properties": {
        "request": {
            "type": "object",
            "additionalProperties": False,
            "required": ["path"],
            "properties": {"method": {"enum": list(METHODS)}, "path": {"type": "string"}, "query": {"type": "object"}},
        },
        "response": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "status": {"type": "integer"},
                "json": {},
                "body": {"type": "string"},
                "file": {"type": "string"},
                "headers": {"type": "object"},
            },
        },
    },
}
NUMBER = {"type": "integer", "minimum": 0}
EXPECTED: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["on"],
    "properties": {
        "on": {"type": "string", "description": "An operation, POST /projects/:id/issues, or a path with *"},
        **dict.fromkeys(COUNTS, NUMBER),
        **{name: {} for name in PARTS},
    },
}
FAULT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["on"],
    "properties": {
        **{name: {"type": "string"} for name in ("on", "token", "user", "during")},
        **{name: {"type": "integer", "minimum": 1} for name in ("nth", "first", "after", "every")},
        "per": {"enum": list(PER), "description": "Count for each of them by itself"},
        "probability": {"type": "number", "minimum": 0, "maximum": 1},
        "seed": {"type": "integer", "minimum": 0},
        "status": {"type": "integer", "minimum": 200, "maximum": 599},
        "answer": {"enum": list(ANSWERS)},
        "latency": {"type": ["string", "number"], "description": "250ms, 100ms..2s, or seconds"},
        "drip": {"type": ["string", "number"], "description": "Send the body bit by bit over so long"},
        "body": {"type": "string", "description": "The text that is answered"},
        "lose": {"type": "boolean", "description": "Carry the request out and lose the answer"},
        "headers": {"type": "object"},
    },
}
PLAYBACK: dict[str, Any] = {
    "type": ["string", "object"],
    "description": "A recording, or a recording and the rules by which it is played",
    "additionalProperties": False,
    "required": ["file"],
    "properties": {
        "file": {"type": "string"},
        "order": {"enum": list(ORDERS), "description": "One after the other, or in any order"},
        "repeat": {"type": "boolean", "description": "The last exchange that fits may be played again and again"},
        "behind": {"type": "boolean", "description": "The API answers what fits no exchange"},
        "on": {"type": "array", "items": {"enum": list(CRITERIA)}, "description": "What must be as recorded"},
        "headers": {**TEXTS, "description": "Headers that must be as recorded"},
        "ignore": {**TEXTS, "description": "What does not matter: query.NAME, body.KEY"},
    },
}


def scenario_schema(definitions: Definitions) -> dict[str, Any]:
    """Return the JSON Schema of a scenario."""
    top = [one for one in definitions.collections if None in one.under]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of mockgitlab",
        "type": "object",
        "additionalProperties": False,
        "required": ["mockgitlab"],
        "properties": {
            "mockgitlab": {"const": FORMAT, "description": "The version of this format"},
            "include": {**TEXTS, "description": "Files merged in before this one, relative to it"},
            "gitlab": {"type": "object", "additionalProperties": False, "properties": SETTINGS},
            **{one.name: _list_of(one) for one in top},
            "expect": {"type": "array", "items": EXPECTED, "description": "Requests that the client is to make"},
            "max_requests": {"type": "integer", "minimum": 0, "description": "How many requests the client may make"},
            "strict": {"enum": list(STRICT), "description": "What GitLab would ignore is told, or fails"},
            "faults": {"type": "array", "items": FAULT, "description": "What a bad day does to requests"},
            "traps": {
                "type": "array",
                "items": {"enum": [name for name, trap in TRAPS.items() if not trap.waits_for]},
                "description": "Ways of the real GitLab that break clients",
            },
            "playback": {"type": "array", "items": PLAYBACK, "description": "Recordings, played before the API"},
            "stubs": {"type": "array", "items": STUB, "description": "Canned answers, tried before the API"},
        },
        "$defs": {one.name: _item(one, definitions) for one in definitions.collections},
    }


def _list_of(collection: Collection) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/$defs/{collection.name}"}}


def _item(collection: Collection, definitions: Definitions) -> dict[str, Any]:
    below = {one.name: _list_of(one) for one in definitions.collections if collection.entity in one.under}
    fields = [pair for field in collection.entity.fields.values() for pair in _properties(field)]
    repeat = {"repeat": {"type": "integer", "minimum": 0, "description": "So many of it, {n} in strings being 1, 2, 3"}}
    properties = {**dict(fields), **collection.extras, **below, **repeat}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _properties(field: Field) -> list[tuple[str, dict[str, Any]]]:
    own = nullable(type_schema(field.type)) | ({"description": field.description} if field.description else {})
    if field.name.endswith("_at"):
        own = {**own, "type": ["string", "null"]}
    own.pop("pattern", None)
    if not field.refers_to or not field.name.endswith(("_id", "_ids")):
        return [(field.name, own)]
    relation = (
        {"type": ["array", "null"], "items": NAME_OR_ID}
        if field.name.endswith("_ids")
        else {"type": ["string", "integer", "null"]}
    )
    return [
        (field.name, own),
        (natural_name(field.name), {**relation, "description": f"The natural name of a {field.refers_to}"}),
    ]


def main() -> None:
    """Write ``schema.json``."""
    from mockgitlab.api.definitions import definitions

    PLACE.write_text(json.dumps(scenario_schema(definitions()), indent=1) + "\n")


if __name__ == "__main__":
    main()
