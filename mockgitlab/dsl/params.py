"""Parameters: what an operation takes, read leniently as Grape does and judged by JSON Schema."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin

from mockgitlab.dsl.fields import MISSING, Constraints, Date, Field, Timestamp
from mockgitlab.store import parse_instant, timestamp

CommaList = NewType("CommaList", list[str])
"""A list of strings, or one string in which commas separate them."""

IdList = NewType("IdList", list[int])
"""A list of integers, or one string in which commas separate them."""

File = NewType("File", object)
"""An uploaded file."""

_TRUE = frozenset(("true", "t", "1", "on", "yes", "y"))
_FALSE = frozenset(("false", "f", "0", "off", "no", "n"))
_INTEGER = re.compile(r"\s*[+-]?\d{1,18}\s*\Z", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?\s*\Z", re.ASCII | re.IGNORECASE)
DAY = r"^\d{4}-\d{2}-\d{2}$"
INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"


class Given(dict[str, Any]):
    """The parameters of a request that were given or have a default, read and checked."""

    def only(self, *names: str) -> dict[str, Any]:
        """Return those of the named parameters that were given."""
        return {name: self[name] for name in names if name in self}

    def without(self, *names: str) -> dict[str, Any]:
        """Return what was given besides the named parameters."""
        return {name: value for name, value in self.items() if name not in names}


@dataclass(frozen=True)
class Param:
    """One parameter of an operation; ``nested`` declares the keys of a hash, or of each hash in a list."""

    name: str
    type: Any = str
    description: str = ""
    required: bool = False
    default: Any = MISSING
    constraints: Constraints = field(default_factory=Constraints)
    nested: tuple["Param", ...] = ()
    since: str = ""
    until: str = ""
    deprecated: str = ""

    @cached_property
    def coerce(self) -> Callable[[Any], Any]:
        """The function which reads a value; what it cannot read it leaves for the schema to refuse."""
        if self.nested:
            return self._coerce_nested
        return coercer(self.type)

    def _coerce_nested(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._coerce_nested(item) for item in value]
        if not isinstance(value, dict):
            return None if value == "" else value
        known = {param.name: param for param in self.nested}
        return {key: known[key].coerce(item) if key in known else item for key, item in value.items()}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the read value."""
        schema = self._nested_schema() if self.nested else dict(type_schema(self.type))
        limits = self.constraints
        bounds = {
            "minLength": 1 if limits.present else limits.min_length,
            "maxLength": limits.max_length,
            "minimum": limits.minimum,
            "maximum": limits.maximum,
        }
        schema |= {keyword: bound for keyword, bound in bounds.items() if bound is not None}
        if limits.pattern:
            schema["allOf"] = [{"pattern": limits.pattern}]
        if limits.enum and schema.get("type") == "array":
            schema["items"] = {**schema["items"], "enum": list(limits.enum)}
        elif limits.enum:
            schema["enum"] = list(limits.enum)
        return schema if limits.present or self.required else nullable(schema)

    def _nested_schema(self) -> dict[str, Any]:
        hash = {
            "type": "object",
            "properties": {param.name: param.schema() for param in self.nested},
            "required": [param.name for param in self.nested if param.required],
        }
        return {"type": "array", "items": hash} if get_origin(self.type) is list else hash


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that takes null as well."""
    return {"anyOf": [{"type": "null"}, schema]} if "anyOf" in schema else {**schema, **_with_null(schema)}


def _with_null(schema: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "type" in schema:
        changes["type"] = [*([schema["type"]] if isinstance(schema["type"], str) else schema["type"]), "null"]
    if "enum" in schema:
        changes["enum"] = [*schema["enum"], None]
    return changes


def param(
    name: str,
    type: Any = str,
    description: str = "",
    *,
    required: bool = False,
    default: Any = MISSING,
    nested: Iterable[Param] = (),
    since: str = "",
    until: str = "",
    deprecated: str = "",
    **constraints: Any,
) -> Param:
    """Declare a parameter: ``param("state_event", Literal["close", "reopen"], "Close or reopen")``."""
    return Param(
        name, type, description, required, default, Constraints(**constraints), tuple(nested), since, until, deprecated
    )


def of_field(field: Field, *, required: bool) -> Param:
    """Return the parameter that sets a field of an entity; the entity's default applies when it is not given."""
    limits = field.constraints
    return Param(field.name, field.type, field.description, required, MISSING, limits, (), field.since, field.until)


def of_signature(name: str, annotation: Any, default: Any) -> Param:
    """Return the parameter that a handler's argument declares: ``to: Annotated[int, "The ID of the new project"]``."""
    kind, notes = (
        (annotation.__origin__, annotation.__metadata__) if get_origin(annotation) is Annotated else (annotation, ())
    )
    limits = next((note for note in notes if isinstance(note, Constraints)), Constraints())
    description = next((note for note in notes if isinstance(note, str)), "")
    return Param(name, kind, description, default is MISSING, default, limits)


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
        return lambda value: value in get_args(member)
    types = {bool: bool, int: int, Any: object, tuple: (tuple, list), float: (int, float), str: str, dict: dict}
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


def _split(item: Callable[[Any], Any]) -> Callable[[Any], Any]:
    whole = _list_coercer(item)

    def coerce(value: Any) -> Any:
        if isinstance(value, str):
            return [item(part.strip()) for part in value.split(",") if part.strip()]
        return [] if isinstance(value, (int, float)) else whole(value)

    return coerce


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
        return timestamp(parse_instant(value)) if isinstance(value, str) and value else _nothing(value)
    except (ValueError, OverflowError):
        return value


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
    CommaList: _split(_string),
    IdList: _split(_integer),
}
