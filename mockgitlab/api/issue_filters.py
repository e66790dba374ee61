"""How lists of issues are narrowed and ordered; statistics take most of it too.

Source: https://docs.gitlab.com/api/issues/#list-issues and GitLab's app/finders/issues_finder.rb.
"""

from datetime import date
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.due_dates import due_days
from mockgitlab.api.issuable_filters import (
    WILDCARDS,
    by_assignee,
    by_assignee_names,
    by_labels,
    by_milestone,
    by_reaction,
    has,
    in_timebox,
    lacks,
    named,
    not_labels,
    not_milestone,
    not_named,
    not_of,
    number_or_word,
    search,
    without,
)
from mockgitlab.api.models.epic import EpicIssue
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.iteration import CURRENT, Iteration, state_on
from mockgitlab.errors import InvalidParameters
from mockgitlab.store import Query

Issues = Query[Issue]
SCOPES = ("created-by-me", "assigned-to-me", "created_by_me", "assigned_to_me", "all")
TYPES = ("issue", "incident", "test_case", "requirement", "task", "ticket")
HEALTH = ("on_track", "needs_attention", "at_risk", "none", "any")
DAYS = ("0", "any", "today", "tomorrow", "overdue", "week", "month", "next_month_and_previous_two_weeks", "")


# People


def _by_scope(query: Issues, scope: str, call: dsl.Call) -> Issues:
    if scope == "all":
        return query
    own = [call.user.id] if call.user else []
    return query.among("author_id" if scope.startswith("created") else "assignee_ids", own)


# Days and numbers


def _by_due_date(query: Issues, word: str, call: dsl.Call) -> Issues:
    if word == "0":
        return query.where(due_date=None)
    if word in ("", "any"):
        return has("due_date")(query) if word else query
    first, last = (day.isoformat() for day in due_days(word, date.fromisoformat(call.store.today)))
    return query.filter(lambda issue: first <= (issue.due_date or "") <= last, ("due_date", first, last))


def _by_weight(query: Issues, value: int | str, call: dsl.Call) -> Issues:
    word = number_or_word("weight", value)
    if isinstance(word, int):
        return query.where(weight=word)
    return (
        query.filter(lambda issue: (issue.weight is not None) == (word == "any"), ("weight", word)) if word else query
    )


def _by_health(query: Issues, value: str, call: dsl.Call) -> Issues:
    if value.lower() in ("none", "any"):
        return (lacks if value.lower() == "none" else has)("health_status")(query)
    return query.where(health_status=value)


def _by_epic(query: Issues, value: int | str, call: dsl.Call) -> Issues:
    word, ties = number_or_word("epic_id", value), call.store[EpicIssue]
    if word == "none":
        return without(query, "id", (one.issue_id for one in ties.all()))
    found = ties.having("epic_id", word) if isinstance(word, int) else ties.all()
    return query.among("id", [one.issue_id for one in found]) if word else query


# Iterations

PREDEFINED = ("none", "any", "current")


def _by_iteration(query: Issues, value: int | str, call: dsl.Call) -> Issues:
    word = number_or_word("iteration_id", value, PREDEFINED)
    if word in ("none", "any"):
        return (lacks if word == "none" else has)("iteration_id")(query)
    return query.among("iteration_id", _iterations(call, word)) if word else query


def _not_iteration(query: Issues, value: int | str, call: dsl.Call) -> Issues:
    word = number_or_word("not[iteration_id]", value, PREDEFINED)
    if word in ("none", "any"):
        return _by_iteration(query, "any" if word == "none" else "none", call)
    return without(query, "iteration_id", _iterations(call, word)) if word else query


def _iterations(call: dsl.Call, wanted: int | str) -> list[int]:
    """Return the id of an iteration, or the ids of those that go on now."""
    if isinstance(wanted, int):
        return [wanted]
    today = call.store.today
    return [one.id for one in call.store[Iteration].all() if state_on(one, today) == CURRENT]


def _titled(call: dsl.Call, title: str) -> list[int]:
    return [one.id for one in call.store[Iteration].having("title", title)]


def _by_iteration_title(query: Issues, title: str, call: dsl.Call) -> Issues:
    return query.among("iteration_id", _titled(call, title))


def _not_iteration_title(query: Issues, title: str, call: dsl.Call) -> Issues:
    return without(query, "iteration_id", _titled(call, title))


# The hash of what issues must not be


def _exclude(query: Issues, unwanted: dict[str, Any], call: dsl.Call) -> Issues:
    for name, value in unwanted.items():
        if value is not None and name in _EXCLUDE:
            query = _EXCLUDE[name](query, value, call)
    for one, other in _EXCLUSIVE:
        if one in unwanted and other in unwanted:
            raise InvalidParameters([f"not[{one}], not[{other}] are mutually exclusive"])
    return query


_EXCLUDE: dict[str, dsl.filters.Narrow] = {
    "labels": not_labels,
    "milestone": not_milestone,
    "milestone_id": in_timebox(not_milestone),
    "iids": not_of("iid"),
    "author_id": not_of("author_id"),
    "author_username": not_named("author_id"),
    "assignee_id": not_of("assignee_ids"),
    "assignee_username": not_named("assignee_ids"),
    "weight": not_of("weight"),
    "iteration_id": _not_iteration,
    "iteration_title": _not_iteration_title,
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
    dsl.param("iteration_id", int | str, "Not of this iteration, None, Any or Current"),
    dsl.param("iteration_title", str, "Not of the iteration with this title"),
)


STATE = dsl.eq(
    "state",
    str,
    "Issues that are opened, closed, or all",
    ignore=("all",),
    enum=("opened", "closed", "all"),
    default="all",
)
MINE = dsl.by("scope", str, "Issues of the user, or all", _by_scope, default="created_by_me", enum=SCOPES)
SCOPE = dsl.by("scope", str, "Issues of the user, or all", _by_scope, enum=SCOPES)
COUNTED = (
    dsl.by("labels", dsl.CommaList, "With all of these labels, None or Any", by_labels),
    dsl.by("milestone", str, "Of the milestone with this title, None or Any", by_milestone),
    dsl.by(
        "milestone_id",
        str,
        "Of no, any, the upcoming or the started milestone",
        in_timebox(by_milestone),
        enum=WILDCARDS,
    ),
    dsl.eq("author_id", int, "By the user with this ID"),
    dsl.by("author_username", str, "By the user with this username", named("author_id")),
    dsl.by("assignee_id", int | str, "Assigned to the user with this ID, None or Any", by_assignee),
    dsl.by("assignee_username", dsl.CommaList, "Assigned to the users with these usernames", by_assignee_names),
    dsl.by("my_reaction_emoji", str, "With this reaction of the user, None or Any", by_reaction),
    dsl.ids("iids", "iid"),
    dsl.by("search", str, "With these words in title or description", search),
    *dsl.dates("created"),
    *dsl.dates("updated"),
    dsl.eq("confidential", bool, "Confidential or public issues"),
    dsl.by("weight", int | str, "With this weight, None or Any", _by_weight),
    dsl.by("health_status", str, "With this health status, none or any", _by_health, enum=HEALTH),
    dsl.by("epic_id", int | str, "Part of this epic, of None or Any", _by_epic),
    dsl.by("iteration_id", int | str, "Of this iteration, None, Any or Current", _by_iteration),
    dsl.by("iteration_title", str, "Of the iteration with this title", _by_iteration_title),
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
