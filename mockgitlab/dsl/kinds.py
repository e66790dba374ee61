"""The types that parameters may have: their JSON Schema, and how a value is read leniently, as Grape does."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import UnionType
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin

from mockgitlab.dsl.fields import Date, Timestamp
from mockgitlab.store import parse_instant, timestamp

CommaList = NewType("CommaList", list[str])
"""A list of strings, or strings in which commas separate them; anything else is an empty list."""

IdList = NewType("IdList", list[int])
"""The same of integers; a text counts as the number that it begins with, else as 0."""

OneOrMore = NewType("OneOrMore", list[str])
"""A list of strings, also sent as a single one, or as a hash of them."""

File = NewType("File", object)
"""An uploaded file."""

_TRUE = frozenset(("true", "t", "1", "on", "yes", "y"))
_FALSE = frozenset(("false", "f", "0", "off", "no", "n"))
_INTEGER = re.compile(r"\s*[+-]?\d{1,18}\s*\Z", re.ASCII)
LOST_PLUS = re.compile(r"(?<=\d) \d{2}:?\d{2}\s*\Z", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?\s*\Z", re.ASCII | re.IGNORECASE)
DAY = r"^\d{4}-\d{2}-\d{2}$"
INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"


def _members(kind: Any) -> tuple[Any, ...]:
    return tuple(member for member in get_args(kind) if member is not type(None))


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType)


def type_schema(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of a Python type; raises ``TypeError`` for one that no parameter can have."""
    if get_origin(kind) is Annotated:
        return type_schema(kind.__origin__)
    if _is_union(kind):
        schemas = [type_schema(member) for member in _members(kind)]
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    if get_origin(kind) in (list, tuple):
        return {"type": "array", "items": type_schema(get_args(kind)[0])}
    if get_origin(kind) is dict:
        return {"type": "object"}
    try:
        return _SCHEMAS[kind]
    except (KeyError, TypeError):
        raise TypeError(f"{kind!r} is no type for a parameter; take one of {', '.join(map(str, _SCHEMAS))}") from None


_SCHEMAS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dict: {"type": "object"},
    Timestamp: {"type": "string", "pattern": INSTANT},
    Date: {"type": "string", "pattern": DAY},
    CommaList: {"type": "array", "items": {"type": "string"}},
    IdList: {"type": "array", "items": {"type": "integer"}},
    OneOrMore: {"type": "array", "items": {"type": "string"}},
    File: {},
    Any: {},
}


def coercer(kind: Any) -> Callable[[Any], Any]:
    """Return the function that reads a value of a type leniently, and returns as it is what it cannot read."""
    if get_origin(kind) is Annotated:
        return coercer(kind.__origin__)
    if _is_union(kind):
        return _union_coercer([(coercer(member), fits(member)) for member in _members(kind)])
    if get_origin(kind) in (list, tuple):
        return _list_coercer(coercer(get_args(kind)[0]))
    if get_origin(kind) is Literal:
        return coercer(type(get_args(kind)[0]))
    return _COERCERS.get(kind, lambda value: value)


def fits(member: Any) -> Callable[[Any], bool]:
    """Return the test whether a read value is of a type."""
    if _is_union(member):
        tests = [fits(one) for one in _members(member)]
        return lambda value: any(test(value) for test in tests)
    if get_origin(member) is Literal:
        return lambda value: isinstance(value, (str, int)) and value in get_args(member)
    if get_origin(member) in (list, tuple):
        item = fits(get_args(member)[0])
        return lambda value: isinstance(value, (list, tuple)) and all(map(item, value))
    types = {bool: bool, int: int, Any: object, float: (int, float), str: str, dict: dict}
    expected: Any = types.get(get_origin(member) or member, (str, list))
    return lambda value: isinstance(value, expected)


def _union_coercer(members: list[tuple[Callable[[Any], Any], Callable[[Any], bool]]]) -> Callable[[Any], Any]:
    if len(members) == 1:
        return members[0][0]

    def coerce(value: Any) -> Any:
        for read, fits in members:
            if fits(read(value)):
                return read(value)
        return value

    return coerce


def _list_coercer(item: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def coerce(value: Any) -> Any:
        if isinstance(value, list):
            return [item(one) for one in value]
        return None if value == "" else value

    return coerce


def _split(item: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Return what reads lists as GitLab's CommaSeparatedToArray and CommaSeparatedToIntegerArray do."""

    def coerce(value: Any) -> Any:
        texts = [value] if isinstance(value, str) else map(_text, value) if isinstance(value, list) else ()
        return (
            None
            if value is None
            else [item(part.strip()) for text in texts for part in text.split(",") if part.strip()]
        )

    return coerce


def _one_or_more(value: Any) -> Any:
    if isinstance(value, dict):
        return list(value.values())
    return [_string(value)] if isinstance(value, (str, int, float)) and value != "" else _nothing(value)


def _text(value: Any) -> str:
    return "" if value is None else str(_string(value))


def _leading_integer(text: str) -> int:
    """Return the whole number that a text begins with, as Ruby's ``to_i`` does."""
    found = re.match(r"[+-]?\d{1,18}", text, re.ASCII)
    return int(found[0]) if found else 0


def _string(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


def _integer(value: Any) -> Any:
    if isinstance(value, str):
        return int(value) if _INTEGER.match(value) else value.strip() or None
    return int(value) if isinstance(value, float) else value


def _boolean(value: Any) -> Any:
    word = str(value).strip().lower() if isinstance(value, (str, int)) else "?"
    return None if word == "" else True if word in _TRUE else False if word in _FALSE else value


def _number(value: Any) -> Any:
    if isinstance(value, str):
        return float(value) if _NUMBER.match(value) else value.strip() or None
    return value


def _instant(value: Any) -> Any:
    try:
        return timestamp(_parsed(value)) if isinstance(value, str) and value else _nothing(value)
    except (ValueError, OverflowError):
        return value


def _parsed(text: str) -> datetime:
    """Read a date and time; an offset whose ``+`` was not written ``%2B`` and came as a space is nothing to Ruby."""
    return parse_instant(LOST_PLUS.sub("", text) if "T" in text else text)


def _day(value: Any) -> Any:
    try:
        return parse_instant(value).date().isoformat() if isinstance(value, str) and value else _nothing(value)
    except (ValueError, OverflowError):
        return value


def _nothing(value: Any) -> Any:
    return None if value == "" else value


_COERCERS: Mapping[Any, Callable[[Any], Any]] = {
    str: _string,
    int: _integer,
    float: _number,
    bool: _boolean,
    Timestamp: _instant,
    Date: _day,
    CommaList: _split(str),
    OneOrMore: _one_or_more,
    IdList: _split(_leading_integer),
}
