"""Reading the attributes of an item: which keys it may have, and what type each value must be."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from mockgitlab.dsl import Collection
from mockgitlab.dsl.fields import Field, Timestamp
from mockgitlab.dsl.kinds import coercer, fits, type_schema
from mockgitlab.store import parse_instant, timestamp


@dataclass(frozen=True)
class Reader:
    """Reads the value of one key into one column; ``relation`` names the kind of record it refers to.

    ``words`` are the values of which it must be one. Where null is no value, a key without one is as if not given.
    """

    column: str
    coerce: Callable[[Any], Any]
    fits: Callable[[Any], bool]
    expected: str
    relation: str = ""
    many: bool = False
    words: tuple[str, ...] = ()
    nullable: bool = True


@cache
def readers(collection: Collection) -> dict[str, Reader]:
    """Return the readers of a collection by key: every field by its name, every relation by its natural name too."""
    found: dict[str, Reader] = {}
    for field in collection.entity.fields.values():
        found[field.name] = _reader(field)
        if field.refers_to and field.name.endswith(("_id", "_ids")):
            found[natural_name(field.name)] = _relation(field)
    return found


def natural_name(column: str) -> str:
    """Return the key of a relation in scenarios: ``author`` for ``author_id``, ``labels`` for ``label_ids``."""
    if column.endswith("_ids"):
        return f"{column[:-4]}s"
    return column[:-3]


def _reader(field: Field) -> Reader:
    schema = type_schema(field.type)
    expected, words = _describe(schema), _words(schema)
    if field.name.endswith("_at") and "date" not in field.type.__class__.__name__:
        read = _instant if Timestamp in get_args(field.type) else _instant_or_day
        return Reader(field.name, read, lambda value: value is None or isinstance(value, str), "a date")
    kind_fits = fits(field.type)
    coerce = _tupled(coercer(field.type))
    nullable = field.type is Any or type(None) in get_args(field.type)
    return Reader(
        *(field.name, coerce, lambda value: value is None or kind_fits(value), expected),
        words=words,
        nullable=nullable,
    )


def _tupled(coerce: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        found = coerce(value)
        if isinstance(value, float) and isinstance(found, int):
            return value
        return tuple(found) if isinstance(found, list) else found

    return read


def _instant(value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value
    try:
        return timestamp(parse_instant(value))
    except ValueError:
        return 0


def _instant_or_day(value: Any) -> Any:
    read = _instant(value)
    return value if read and isinstance(value, str) and len(value) <= 10 else read


def _relation(field: Field) -> Reader:
    many = field.name.endswith("_ids")
    expected = f"the natural names of {field.refers_to}s" if many else f"the natural name of a {field.refers_to}"
    return Reader(
        field.name,
        lambda value: value,
        lambda value: not many or isinstance(value, list),
        expected,
        field.refers_to,
        many,
    )


def _words(schema: dict[str, Any]) -> tuple[str, ...]:
    """Return the texts of which a schema takes one."""
    return tuple(one for part in schema.get("anyOf", [schema]) for one in part.get("enum", ()) if isinstance(one, str))


def _describe(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_describe(one) for one in schema["anyOf"])
    if schema.get("type") == "array" and schema.get("items"):
        return f"a list, each of it {_describe(schema['items'])}"
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    return {
        "string": "a string",
        "integer": "a whole number",
        "boolean": "true or false",
        "array": "a list",
        "object": "a mapping",
        "number": "a number",
    }.get(schema.get("type", ""), "a value")
