"""What is checked of an operation when it is declared, so that a slip of the pen is told at import."""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Any, get_args, get_origin, get_type_hints

from mockgitlab.dsl.entity import DefinitionError, Entity
from mockgitlab.dsl.fields import Computed
from mockgitlab.dsl.filters import Filter
from mockgitlab.dsl.operations import Rule
from mockgitlab.dsl.params import Param
from mockgitlab.dsl.shapes import Shape
from mockgitlab.dsl.validation import Constraint
from mockgitlab.store import Query


def check_kind(handler: Callable[..., Any], word: str, value: Any, kind: type) -> None:
    """Raise ``DefinitionError`` unless a value given for a word of a declaration is of its kind."""
    if value is not None and not isinstance(value, kind):
        hint = f"; write *{word}, it is a list" if isinstance(value, (list, tuple)) else ""
        raise DefinitionError(f"{place(handler)}: {word} takes a dsl.{kind.__name__}, not {value!r}{hint}")


def check_words(
    handler: Callable[..., Any], rule: Any, shape: Any, params: Iterable[Param], filters: Sequence[Filter]
) -> None:
    """Raise ``DefinitionError`` unless what a declaration was given for its words is of their kinds."""
    check_kind(handler, "rule", rule, Rule)
    check_kind(handler, "shape", shape, Shape)
    check_params(handler, params)
    check_filters(handler, filters)


def check_filters(handler: Callable[..., Any], filters: Sequence[Filter]) -> None:
    """Raise ``DefinitionError`` where a filter or order reads a column that the listed entity does not have."""
    entity = listed_entity(handler)
    for one in filters:
        check_kind(handler, "filters", one, Filter)
        for column in one.columns if entity is not None else ():
            if not _has_column(entity, column):
                raise DefinitionError(f"{place(handler)} filters or orders by {_unknown(entity, column)}")


def check_params(handler: Callable[..., Any], params: Iterable[Param]) -> None:
    """Raise ``DefinitionError`` unless each is a parameter."""
    for one in params:
        check_kind(handler, "params", one, Param)


def check_constraints(handler: Callable[..., Any], constraints: Iterable[Constraint], names: Sequence[str]) -> None:
    """Raise ``DefinitionError`` where a constraint names a parameter that is not declared."""
    for one in constraints:
        check_kind(handler, "constraints", one, Constraint)
        for name in one.names:
            if name not in names:
                raise DefinitionError(f"{place(handler)} has no parameter {name!r} to constrain{_hint(name, names)}")


def listed_entity(handler: Callable[..., Any]) -> Any:
    """Return the entity that a handler says to return a query of; nothing when it says something else."""
    returned = getattr(handler, "__annotations__", {}).get("return")
    if isinstance(returned, str):
        returned = get_type_hints(handler).get("return")
    entity = get_args(returned)[0] if get_origin(returned) is Query else None
    return entity if isinstance(entity, type) and issubclass(entity, Entity) else None


def place(handler: Callable[..., Any]) -> str:
    """Return where a handler is defined, for messages."""
    return f"{handler.__module__}.{handler.__qualname__}"


def _has_column(entity: Any, column: str) -> bool:
    return hasattr(entity, column) and not isinstance(getattr(entity, column), Computed)


def _unknown(entity: Any, column: str) -> str:
    return f"{column!r}, which {entity.__name__} does not have as a column{_hint(column, list(entity.fields))}"


def _hint(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"
