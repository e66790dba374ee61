"""What a parameter was expected to be, in words for the developer of the client."""

import difflib
from collections.abc import Mapping
from typing import Any

from mockgitlab.dsl.kinds import DAY, INSTANT

_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "a boolean",
    "string": "a text",
    "array": "a list",
    "object": "a hash",
}
_PATTERNS = {INSTANT: "a date and time such as 2024-05-01T09:00:00Z", DAY: "a date such as 2024-05-01"}
_LIMITS = {
    "minLength": "a length of at least {}",
    "maxLength": "a length of at most {}",
    "minimum": "at least {}",
    "maximum": "at most {}",
}


def expected(problem: Any) -> str:
    """Say what a value should have been, by the keyword of JSON Schema that it breaks, and which value is near."""
    keyword, wanted = problem.validator, problem.validator_value
    if keyword in _LIMITS:
        return f"expected {_LIMITS[keyword].format(wanted)}"
    return f"expected {_described({keyword: wanted})}" + _nearest(problem.instance, wanted if keyword == "enum" else ())


def _described(schema: Mapping[str, Any]) -> str:
    """Say what fits a schema, by the keyword that says most."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(filter(None, map(_described, schema["anyOf"]))))
    if "enum" in schema:
        return f"one of {', '.join(_shown(one) for one in schema['enum'] if one is not None)}"
    if "pattern" in schema:
        return _PATTERNS.get(schema["pattern"], f"a text like {schema['pattern']}")
    types = schema.get("type", ())
    return " or ".join(_TYPES[one] for one in ([types] if isinstance(types, str) else types) if one in _TYPES)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) and value else repr(value)


def _nearest(value: Any, wanted: Any) -> str:
    known = [one for one in wanted if isinstance(one, str)]
    near = difflib.get_close_matches(value[:100], known, 1) if isinstance(value, str) else []
    return f"; the nearest is {near[0]}" if near else ""
