"""Parameters: what an operation takes, read leniently as Grape does and judged by JSON Schema."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, get_origin

from mockgitlab.dsl.fields import MISSING, Constraints, Field
from mockgitlab.dsl.kinds import coercer, type_schema

_INDEX = re.compile(r"\d{1,9}", re.ASCII)


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
        value = self.listed(value)
        if isinstance(value, list):
            return [self._coerce_nested(item) for item in value]
        if not isinstance(value, dict):
            return None if value == "" else value
        known = {param.name: param for param in self.nested}
        return {key: known[key].coerce(item) if key in known else item for key, item in value.items()}

    def listed(self, value: Any) -> Any:
        """Return a list of hashes that was sent as ``variables[0][key]=A&variables[1][key]=B``; else the value."""
        if get_origin(self.type) is not list or not isinstance(value, dict):
            return value
        numbered = value and all(_INDEX.fullmatch(key) for key in value)
        return [value[index] for index in sorted(value, key=int)] if numbered else value

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
