"""The filters that lists of issues and of merge requests have in common.

Source: https://docs.gitlab.com/api/issues/#list-issues and GitLab's app/finders/issuable_finder.rb.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.label import Label
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.user import User
from mockgitlab.errors import InvalidParameters, Unauthorized
from mockgitlab.store import Query

Rows = Query[Any]
WILDCARDS = ("Any", "None", "Upcoming", "Started")
TIMEBOXES = {"Upcoming": "#upcoming", "Started": "#started"}
_WORDS = re.compile(r'"([^"]+)"|(\S+)')


def check_scope(call: dsl.Call) -> None:
    """Raise ``Unauthorized`` where nobody asks for what is somebody's own."""
    if call.user is None and call.given["scope"] != "all":
        raise Unauthorized(reason="without a token only scope=all can be asked for")


def has(column: str) -> Callable[[Rows], Rows]:
    """Return what keeps the rows with something in a column."""
    return lambda query: query.filter(lambda row: bool(getattr(row, column)), ("has", column))


def lacks(column: str) -> Callable[[Rows], Rows]:
    """Return what keeps the rows with nothing in a column."""
    return lambda query: query.filter(lambda row: not getattr(row, column), ("lacks", column))


def without(query: Rows, column: str, values: Iterable[Any]) -> Rows:
    """Keep the rows whose column is, and holds, none of the values."""
    wanted = frozenset(values)

    def keeps(row: Any) -> bool:
        value = getattr(row, column)
        return wanted.isdisjoint(value) if isinstance(value, tuple) else value not in wanted

    return query.filter(keeps, ("without", column, wanted))


# Labels and milestones


def _titles(names: Iterable[str]) -> list[str]:
    return [title.strip() for name in names for title in name.split(",") if title.strip()]


def _label_ids(call: dsl.Call, title: str) -> list[int]:
    return [label.id for label in call.store[Label].having("name", title)]


def by_labels(query: Rows, names: list[str], call: dsl.Call) -> Rows:
    """Keep what has all of these labels; ``None`` and ``Any`` mean what they say."""
    titles = _titles(names)
    words = {title.lower() for title in titles}
    if words & {"none", "no label"}:
        return lacks("label_ids")(query)
    if "any" in words:
        return has("label_ids")(query)
    for title in titles:
        query = query.among("label_ids", _label_ids(call, title))
    return query


def not_labels(query: Rows, names: list[str], call: dsl.Call) -> Rows:
    """Keep what has none of these labels."""
    return without(query, "label_ids", [id for title in _titles(names) for id in _label_ids(call, title)])


def milestones(call: dsl.Call, name: str) -> list[int]:
    """Return the ids of the milestones with a title, or of those that ``#upcoming`` or ``#started`` means."""
    milestones, today = call.store[Milestone], call.store.today
    if name == "#upcoming":
        return _next_due(one for one in milestones.where(state="active") if (one.due_date or "") > today)
    if name == "#started":
        return [one.id for one in milestones.where(state="active") if one.start_date and one.start_date <= today]
    return [one.id for one in milestones.having("title", name)]


def _next_due(milestones: Iterable[Milestone]) -> list[int]:
    soonest: dict[str, Milestone] = {}
    for one in milestones:
        best = soonest.setdefault(one.owner, one)
        if (one.due_date or "") < (best.due_date or ""):
            soonest[one.owner] = one
    return [one.id for one in soonest.values()]


def by_milestone(query: Rows, name: str, call: dsl.Call) -> Rows:
    """Keep what is of a milestone by its title, ``None`` or ``Any``."""
    if name.lower() in ("none", "no milestone"):
        return query.where(milestone_id=None)
    if name.lower() in ("any", "any milestone"):
        return has("milestone_id")(query)
    return query.among("milestone_id", milestones(call, name))


def not_milestone(query: Rows, name: str, call: dsl.Call) -> Rows:
    """Keep what is not of a milestone."""
    if name.lower() in ("none", "any"):
        return by_milestone(query, "Any" if name.lower() == "none" else "None", call)
    return without(query, "milestone_id", milestones(call, name))


def in_timebox(narrow: dsl.filters.Narrow) -> dsl.filters.Narrow:
    """Return a filter on milestones that takes ``Upcoming`` and ``Started``, which are titles like any elsewhere."""
    return lambda query, name, call: narrow(query, TIMEBOXES.get(name, name), call)


# People


def user_ids(call: dsl.Call, names: Iterable[str]) -> list[list[int]]:
    """Return for each name the id of the user with it, or nothing."""
    users = {user.username.lower(): user.id for user in call.store[User].all()} if names else {}
    return [[users[name.lower()]] if name.lower() in users else [] for name in names]


def by_person(name: str, column: str) -> dsl.filters.Narrow:
    """Return the filter on a column that must hold a user: the id, ``None`` or ``Any``; ``name`` is the parameter's."""

    def narrow(query: Rows, value: int | str, call: dsl.Call) -> Rows:
        word = number_or_word(name, value)
        if isinstance(word, int):
            return query.where(**{column: word}) if word else lacks(column)(query)
        return (lacks if word == "none" else has)(column)(query) if word else query

    return narrow


def number_or_word(name: str, value: int | str, words: Sequence[str] = ("none", "any")) -> int | str:
    """Return the number, or the word in small letters, that a filter is given; raises ``InvalidParameters``.

    Source: GitLab's lib/api/validations/validators/integer_or_custom_value.rb.
    """
    if isinstance(value, int) or value.lower() in ("", *words):
        return value if isinstance(value, int) else value.lower()
    known = ", ".join(("an integer", *words[:-1]))
    raise InvalidParameters(
        [f"{name} should be {known}, or {words[-1]}, however got {value}"], reason=f"{name} was {value!r}"
    )


by_assignee = by_person("assignee_id", "assignee_ids")


def by_assignee_names(query: Rows, names: list[str], call: dsl.Call) -> Rows:
    """Keep what is assigned to all of these users; the Community Edition takes one."""
    if len(names) > 1 and call.settings.edition == "ce":
        told = f"assignee_username allows one value, but found {len(names)}: {', '.join(names)}"
        raise InvalidParameters([told], reason="several assignees need edition: ee")
    for ids in user_ids(call, names):
        query = query.among("assignee_ids", ids)
    return query


def by_reaction(query: Rows, name: str, call: dsl.Call) -> Rows:
    """Keep what the user reacted to with an emoji, with ``None`` or ``Any``."""
    if call.user is None:
        return query
    kind = query.table.kind.__name__
    awards = [one for one in call.store[AwardEmoji].having("user_id", call.user.id) if one.awardable_type == kind]
    if name.lower() == "none":
        return without(query, "id", (one.awardable_id for one in awards))
    wanted = awards if name.lower() == "any" else [one for one in awards if one.name == name]
    return query.among("id", [one.awardable_id for one in wanted])


# Text, days and numbers


def search(query: Rows, text: str, call: dsl.Call) -> Rows:
    """Keep what has all words in the title or the description, or where ``in`` says."""
    asked = [name.strip() for name in str(call.given.get("in") or "").split(",")]
    columns = tuple(name for name in ("title", "description") if name in asked) or ("title", "description")
    words = tuple((phrase or word).lower() for phrase, word in _WORDS.findall(text))
    return query.filter(lambda row: dsl.contains(row, columns, words), ("search", columns, words))


# What must not be


def not_of(column: str) -> dsl.filters.Narrow:
    """Return the filter on what a column must not be."""
    return lambda query, value, call: without(query, column, value if isinstance(value, list) else [value])


def not_named(column: str) -> dsl.filters.Narrow:
    """Return the filter on users whom a column must not hold, by their names."""

    def narrow(query: Rows, value: Any, call: dsl.Call) -> Rows:
        names = value if isinstance(value, list) else [value]
        return without(query, column, [id for ids in user_ids(call, names) for id in ids])

    return narrow


def named(column: str) -> dsl.filters.Narrow:
    """Return the filter on the user whom a column must hold, by name."""
    return lambda query, name, call: query.among(column, [id for ids in user_ids(call, [name]) for id in ids])
