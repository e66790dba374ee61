"""How lists of issues are narrowed and ordered; statistics take most of it too.

Source: https://docs.gitlab.com/api/issues/#list-issues and GitLab's app/finders/issues_finder.rb.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.due_dates import due_days
from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import Label
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.user import User
from mockgitlab.errors import InvalidParameters
from mockgitlab.store import Query

Issues = Query[Issue]
SCOPES = ("created-by-me", "assigned-to-me", "created_by_me", "assigned_to_me", "all")
TYPES = ("issue", "incident", "test_case", "requirement", "task", "ticket")
WILDCARDS = ("Any", "None", "Upcoming", "Started")
HEALTH = ("on_track", "needs_attention", "at_risk", "none", "any")
DAYS = ("0", "any", "today", "tomorrow", "overdue", "week", "month", "next_month_and_previous_two_weeks", "")
_WORDS = re.compile(r'"([^"]+)"|(\S+)')


def _has(column: str) -> Callable[[Issues], Issues]:
    return lambda query: query.filter(lambda issue: bool(getattr(issue, column)), ("has", column))


def _lacks(column: str) -> Callable[[Issues], Issues]:
    return lambda query: query.filter(lambda issue: not getattr(issue, column), ("lacks", column))


def _without(query: Issues, column: str, values: Iterable[Any]) -> Issues:
    wanted = frozenset(values)

    def keeps(issue: Issue) -> bool:
        value = getattr(issue, column)
        return wanted.isdisjoint(value) if isinstance(value, tuple) else value not in wanted

    return query.filter(keeps, ("without", column, wanted))


# Labels and milestones


def _titles(names: Iterable[str]) -> list[str]:
    return [title.strip() for name in names for title in name.split(",") if title.strip()]


def _label_ids(call: dsl.Call, title: str) -> list[int]:
    return [label.id for label in call.store[Label].having("name", title)]


def _by_labels(query: Issues, names: list[str], call: dsl.Call) -> Issues:
    titles = _titles(names)
    words = {title.lower() for title in titles}
    if words & {"none", "no label"}:
        return _lacks("label_ids")(query)
    if "any" in words:
        return _has("label_ids")(query)
    for title in titles:
        query = query.among("label_ids", _label_ids(call, title))
    return query


def _not_labels(query: Issues, names: list[str], call: dsl.Call) -> Issues:
    return _without(query, "label_ids", [id for title in _titles(names) for id in _label_ids(call, title)])


def _milestones(call: dsl.Call, name: str) -> list[int]:
    """Return the ids of the milestones with a title, or of those that ``Upcoming`` or ``Started`` means."""
    milestones, today = call.store[Milestone], call.store.today
    if name in ("#upcoming", "Upcoming"):
        return _next_due(one for one in milestones.where(state="active") if (one.due_date or "") > today)
    if name in ("#started", "Started"):
        return [one.id for one in milestones.where(state="active") if one.start_date and one.start_date <= today]
    return [one.id for one in milestones.having("title", name)]


def _next_due(milestones: Iterable[Milestone]) -> list[int]:
    soonest: dict[str, Milestone] = {}
    for one in milestones:
        best = soonest.setdefault(one.owner, one)
        if (one.due_date or "") < (best.due_date or ""):
            soonest[one.owner] = one
    return [one.id for one in soonest.values()]


def _by_milestone(query: Issues, name: str, call: dsl.Call) -> Issues:
    if name.lower() == "none":
        return query.where(milestone_id=None)
    if name.lower() == "any":
        return _has("milestone_id")(query)
    return query.among("milestone_id", _milestones(call, name))


def _not_milestone(query: Issues, name: str, call: dsl.Call) -> Issues:
    if name.lower() in ("none", "any"):
        return _by_milestone(query, "Any" if name.lower() == "none" else "None", call)
    return _without(query, "milestone_id", _milestones(call, name))


# People


def _user_ids(call: dsl.Call, names: Iterable[str]) -> list[list[int]]:
    """Return for each name the id of the user with it, or nothing."""
    users = {user.username.lower(): user.id for user in call.store[User].all()} if names else {}
    return [[users[name.lower()]] if name.lower() in users else [] for name in names]


def _by_scope(query: Issues, scope: str, call: dsl.Call) -> Issues:
    if scope == "all":
        return query
    own = [call.user.id] if call.user else []
    return query.among("author_id" if scope.startswith("created") else "assignee_ids", own)


def _by_assignee(query: Issues, value: int | str, call: dsl.Call) -> Issues:
    if isinstance(value, int):
        return query.where(assignee_ids=value) if value else _lacks("assignee_ids")(query)
    if value.lower() in ("none", "any", ""):
        narrowed = {"none": _lacks("assignee_ids")(query), "any": _has("assignee_ids")(query)}
        return narrowed.get(value.lower(), query)
    reason = f"assignee_id was {value!r}"
    raise InvalidParameters(["assignee_id should be an integer, 'None' or 'Any'"], reason=reason)


def _by_assignee_names(query: Issues, names: list[str], call: dsl.Call) -> Issues:
    if len(names) > 1 and call.settings.edition == "ce":
        told = f"assignee_username allows one value, but found {len(names)}: {', '.join(names)}"
        raise InvalidParameters([told], reason="several assignees need edition: ee")
    for ids in _user_ids(call, names):
        query = query.among("assignee_ids", ids)
    return query


def _by_reaction(query: Issues, name: str, call: dsl.Call) -> Issues:
    if call.user is None:
        return query
    awards = [one for one in call.store[AwardEmoji].having("user_id", call.user.id) if one.awardable_type == "Issue"]
    if name.lower() == "none":
        return _without(query, "id", (one.awardable_id for one in awards))
    wanted = awards if name.lower() == "any" else [one for one in awards if one.name == name]
    return query.among("id", [one.awardable_id for one in wanted])


# Text, days and numbers


def _search(query: Issues, text: str, call: dsl.Call) -> Issues:
    asked = [name.strip() for name in str(call.given.get("in") or "").split(",")]
    columns = tuple(name for name in ("title", "description") if name in asked) or ("title", "description")
    words = tuple((phrase or word).lower() for phrase, word in _WORDS.findall(text))
    return query.filter(lambda issue: dsl.contains(issue, columns, words), ("search", columns, words))


def _by_due_date(query: Issues, word: str, call: dsl.Call) -> Issues:
    if word == "0":
        return query.where(due_date=None)
    if word in ("", "any"):
        return _has("due_date")(query) if word else query
    first, last = (day.isoformat() for day in due_days(word, date.fromisoformat(call.store.today)))
    return query.filter(lambda issue: first <= (issue.due_date or "") <= last, ("due_date", first, last))


def _by_weight(query: Issues, value: int | str, call: dsl.Call) -> Issues:
    if isinstance(value, str) and value.lower() in ("none", "any"):
        kept = value.lower() == "any"
        return query.filter(lambda issue: (issue.weight is not None) == kept, ("has weight", kept))
    return query.where(weight=value)


def _by_health(query: Issues, value: str, call: dsl.Call) -> Issues:
    if value.lower() in ("none", "any"):
        return (_lacks if value.lower() == "none" else _has)("health_status")(query)
    return query.where(health_status=value)


def _planned(query: Issues, value: Any, call: dsl.Call) -> Issues:
    return query if str(value).lower() in ("none", "") else query.among("id", [])


def _not_planned(query: Issues, value: Any, call: dsl.Call) -> Issues:
    return query.among("id", []) if str(value).lower() == "none" else query


# The hash of what issues must not be


def _exclude(query: Issues, unwanted: dict[str, Any], call: dsl.Call) -> Issues:
    for name, value in unwanted.items():
        if value is not None and name in _EXCLUDE:
            query = _EXCLUDE[name](query, value, call)
    for one, other in _EXCLUSIVE:
        if one in unwanted and other in unwanted:
            raise InvalidParameters([f"not[{one}], not[{other}] are mutually exclusive"])
    return query


def _not_of(column: str) -> dsl.filters.Narrow:
    return lambda query, value, call: _without(query, column, value if isinstance(value, list) else [value])


def _not_named(column: str) -> dsl.filters.Narrow:
    def narrow(query: Issues, value: Any, call: dsl.Call) -> Issues:
        names = value if isinstance(value, list) else [value]
        return _without(query, column, [id for ids in _user_ids(call, names) for id in ids])

    return narrow


_EXCLUDE: dict[str, dsl.filters.Narrow] = {
    "labels": _not_labels,
    "milestone": _not_milestone,
    "milestone_id": _not_milestone,
    "iids": _not_of("iid"),
    "author_id": _not_of("author_id"),
    "author_username": _not_named("author_id"),
    "assignee_id": _not_of("assignee_ids"),
    "assignee_username": _not_named("assignee_ids"),
    "weight": _not_of("weight"),
    "iteration_id": _not_planned,
    "iteration_title": _not_planned,
}
_EXCLUSIVE = (
    ("milestone", "milestone_id"),
    ("author_id", "author_username"),
    ("assignee_id", "assignee_username"),
    ("iteration_id", "iteration_title"),
)

# Declarations

_NOT = (
    dsl.param("labels", dsl.CommaList, "With none of these labels"),
    dsl.param("milestone", str, "Not of the milestone with this title"),
    dsl.param("milestone_id", str, "Not of these milestones", enum=WILDCARDS),
    dsl.param("iids", dsl.IdList, "Without these internal IDs"),
    dsl.param("author_id", int, "Not by this user"),
    dsl.param("author_username", str, "Not by the user with this username"),
    dsl.param("assignee_id", int, "Not assigned to this user"),
    dsl.param("assignee_username", dsl.CommaList, "Assigned to none of these users"),
    dsl.param("weight", int, "Without this weight"),
    dsl.param("iteration_id", int | str, "Not of this iteration; no issue has one"),
    dsl.param("iteration_title", str, "Not of the iteration with this title; no issue has one"),
)


def _named(column: str) -> dsl.filters.Narrow:
    return lambda query, name, call: query.among(column, [id for ids in _user_ids(call, [name]) for id in ids])


STATE = dsl.eq(
    "state", str, "Issues that are opened, closed, or all", ignore=("all",), enum=("opened", "closed", "all")
)
MINE = dsl.by("scope", str, "Issues of the user, or all", _by_scope, default="created_by_me", enum=SCOPES)
SCOPE = dsl.by("scope", str, "Issues of the user, or all", _by_scope, enum=SCOPES)
COUNTED = (
    dsl.by("labels", dsl.CommaList, "With all of these labels, None or Any", _by_labels),
    dsl.by("milestone", str, "Of the milestone with this title, None or Any", _by_milestone),
    dsl.by("milestone_id", str, "Of no, any, the upcoming or the started milestone", _by_milestone, enum=WILDCARDS),
    dsl.eq("author_id", int, "By the user with this ID"),
    dsl.by("author_username", str, "By the user with this username", _named("author_id")),
    dsl.by("assignee_id", int | str, "Assigned to the user with this ID, None or Any", _by_assignee),
    dsl.by("assignee_username", dsl.CommaList, "Assigned to the users with these usernames", _by_assignee_names),
    dsl.by("my_reaction_emoji", str, "With this reaction of the user, None or Any", _by_reaction),
    dsl.ids("iids", "iid"),
    dsl.by("search", str, "With these words in title or description", _search),
    *dsl.dates("created"),
    *dsl.dates("updated"),
    dsl.eq("confidential", bool, "Confidential or public issues"),
    dsl.by("weight", int | str, "With this weight, None or Any", _by_weight),
    dsl.by("health_status", str, "With this health status, none or any", _by_health, enum=HEALTH),
    dsl.by("epic_id", int | str, "In this epic, None or Any; no issue is in one", _planned),
    dsl.by("iteration_id", int | str, "Of this iteration, None or Any; no issue has one", _planned),
    dsl.by("iteration_title", str, "Of the iteration with this title; no issue has one", _planned),
    dsl.by("not", dict, "What issues must not have", _exclude, nested=_NOT),
)
LISTED = (
    STATE,
    *COUNTED,
    dsl.eq("closed_by_id", int, "Closed by the user with this ID"),
    dsl.by("due_date", str, "Without a due date, or due in this time", _by_due_date, enum=DAYS),
    dsl.eq("issue_type", str, "Of this type", enum=TYPES),
)
IN = dsl.param("in", str, "Where to search: title, description, or both separated by a comma")
EXCLUSIVE = tuple(dsl.mutually_exclusive(one, other) for one, other in _EXCLUSIVE)
