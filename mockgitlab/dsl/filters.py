"""Filters and orders of lists, declared once and applied to whatever query an operation returns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mockgitlab.dsl.call import Call
from mockgitlab.dsl.fields import Timestamp
from mockgitlab.dsl.kinds import IdList
from mockgitlab.dsl.params import Param, param
from mockgitlab.store import Query

Narrow = Callable[["Query[Any]", Any, Call], "Query[Any]"]


@dataclass(frozen=True)
class Filter:
    """Parameters of a list, and how their values narrow the query; called when ``params[0]`` has a value.

    ``columns`` are those that it reads of the rows, checked when an operation is declared.
    """

    params: tuple[Param, ...]
    narrow: Narrow
    columns: tuple[str, ...] = ()

    def apply(self, query: "Query[Any]", call: Call) -> "Query[Any]":
        """Return the query narrowed by what the call gave."""
        value = call.given.get(self.params[0].name)
        return query if value is None else self.narrow(query, value, call)


def by(name: str, type: Any, description: str, narrow: Narrow, *, columns: Sequence[str] = (), **more: Any) -> Filter:
    """Declare a filter of its own kind: ``narrow(query, value, call)`` returns the narrower query."""
    return Filter((param(name, type, description, **more),), narrow, tuple(columns))


def eq(
    name: str, type: Any = str, description: str = "", *, column: str = "", ignore: Sequence[Any] = (), **more: Any
) -> Filter:
    """Declare a filter on a column that equals, or holds, the given value.

    ``ignore`` names values that filter nothing.
    """
    on = column or name
    return by(
        name,
        type,
        description or f"Only those whose {on} is this",
        lambda query, value, call: query if value in ignore else query.where(**{on: value}),
        columns=[on],
        **more,
    )


def ids(name: str, column: str, description: str = "") -> Filter:
    """Declare a filter on several ids: ``iids[]=42&iids[]=43``."""
    return by(
        name,
        IdList,
        description or f"Only those with one of these {column}s",
        lambda query, values, call: query.among(column, values),
        columns=[column],
    )


def search(*columns: str, name: str = "search", description: str = "") -> Filter:
    """Declare a case-insensitive search for a text in any of some columns; every word must occur, as in GitLab."""

    def narrow(query: "Query[Any]", text: str, call: Call) -> "Query[Any]":
        words = tuple(text.lower().split())
        return query.filter(lambda row: contains(row, columns, words), ("search", columns, words))

    return by(name, str, description or f"Search in {', '.join(columns)}", narrow, columns=columns)


def contains(row: Any, columns: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether every word occurs in one of the columns, letters' case aside."""
    texts = [str(getattr(row, column) or "").lower() for column in columns]
    return all(any(word in text for text in texts) for word in words)


def dates(stem: str) -> list[Filter]:
    """Declare ``created_after`` and ``created_before`` for the column ``created_at``, both inclusive."""
    column = f"{stem}_at"

    def after(query: "Query[Any]", value: str, call: Call) -> "Query[Any]":
        return query.filter(lambda row: (getattr(row, column) or "") >= value, (column, ">=", value))

    def before(query: "Query[Any]", value: str, call: Call) -> "Query[Any]":
        return query.filter(lambda row: "" < (getattr(row, column) or "") <= value, (column, "<=", value))

    return [
        by(f"{stem}_after", Timestamp, f"{stem.capitalize()} on or after this time", after, columns=[column]),
        by(f"{stem}_before", Timestamp, f"{stem.capitalize()} on or before this time", before, columns=[column]),
    ]


def order(
    *choices: str,
    default: str = "",
    sort: Literal["asc", "desc"] = "desc",
    columns: dict[str, str | Callable[[Any], Any]] | None = None,
    sort_of: dict[str, str] | None = None,
) -> Filter:
    """Declare ``order_by`` and ``sort``.

    ``columns`` maps a choice to another column or to a function of the row; ``sort_of`` gives choices a direction of
    their own when none is asked for.
    """
    read, first = columns or {}, default or choices[0]
    params = (
        param("order_by", str, f"Order by one of these, default {first}", default=first, enum=tuple(choices)),
        param("sort", str, f"Order ascending or descending, default {sort}", enum=("asc", "desc")),
    )

    def narrow(query: "Query[Any]", by: str, call: Call) -> "Query[Any]":
        way = call.given.get("sort") or (sort_of or {}).get(by, sort)
        column = read.get(by, by)
        value = None if isinstance(column, str) else column
        return query.order_by(column if isinstance(column, str) else by, descending=way == "desc", value=value)

    read_columns = [read.get(choice, choice) for choice in choices]
    return Filter(params, narrow, tuple(column for column in read_columns if isinstance(column, str)))
