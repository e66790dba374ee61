"""In which order issues are listed.

Source: https://docs.gitlab.com/api/issues/#list-issues and GitLab's app/models/concerns/issuable.rb.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import LabelPriority
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.store import Query

ORDERS = (
    "created_at",
    "due_date",
    "label_priority",
    "milestone_due",
    "popularity",
    "priority",
    "relative_position",
    "title",
    "updated_at",
    "weight",
)
Value = Callable[[Issue], Any]


def _order(query: Query[Issue], name: str, call: dsl.Call) -> Query[Issue]:
    descending = call.given.get("sort") == "desc"
    if name in ("created_at", "updated_at"):
        return query.order_by(name, descending=descending)
    if name == "relative_position":
        descending = False
    value, depends = _VALUES[name](call.store, descending)
    return query.order_by(f"{name} {depends} {descending}", value=_nulls_last(value, descending), descending=descending)


def _nulls_last(value: Value, descending: bool) -> Value:
    """Return a sort key with which issues without the value come last both ways, and of equals the youngest first."""

    def key(issue: Issue) -> Any:
        found = value(issue)
        missing = found is None
        return (missing != descending, 0 if missing else found, issue.id if descending else -issue.id)

    return key


def _column(name: str) -> Callable[[dsl.Store, bool], tuple[Value, int]]:
    return lambda store, descending: (lambda issue: getattr(issue, name), 0)


def _title(store: dsl.Store, descending: bool) -> tuple[Value, int]:
    return lambda issue: issue.title.lower(), 0


def _popularity(store: dsl.Store, descending: bool) -> tuple[Value, int]:
    awards = store[AwardEmoji]
    votes = Counter(
        award.awardable_id for award in awards.having("name", "thumbsup") if award.awardable_type == "Issue"
    )
    return lambda issue: votes[issue.id], awards.stamp


def _milestone_due(store: dsl.Store, descending: bool) -> tuple[Value, int]:
    due = {milestone.id: milestone.due_date for milestone in store[Milestone].all()}
    return lambda issue: due.get(issue.milestone_id or 0), store[Milestone].stamp


def _label_priority(store: dsl.Store, descending: bool) -> tuple[Value, int]:
    priorities = {(one.project_id, one.label_id): one.priority for one in store[LabelPriority].all()}

    def value(issue: Issue) -> int | None:
        found = (priorities.get((issue.project_id, label_id)) for label_id in issue.label_ids)
        return min((one for one in found if one is not None), default=None)

    return value, store[LabelPriority].stamp


def _priority(store: dsl.Store, descending: bool) -> tuple[Value, str]:
    due, due_stamp = _milestone_due(store, descending)
    label, label_stamp = _label_priority(store, descending)

    def value(issue: Issue) -> tuple[Any, ...] | None:
        day, rank = due(issue), label(issue)
        if day is None and rank is None:
            return None
        return ((day is None) != descending, day or "", (rank is None) != descending, rank or 0)

    return value, f"{due_stamp} {label_stamp}"


_VALUES: dict[str, Callable[[dsl.Store, bool], tuple[Value, Any]]] = {
    "due_date": _column("due_date"),
    "label_priority": _label_priority,
    "milestone_due": _milestone_due,
    "popularity": _popularity,
    "priority": _priority,
    "relative_position": _column("relative_position"),
    "title": _title,
    "weight": _column("weight"),
}
ORDER = dsl.Filter(
    (
        dsl.param("order_by", str, "Order by one of these, default created_at", default="created_at", enum=ORDERS),
        dsl.param("sort", str, "Order ascending or descending, default desc", default="desc", enum=("asc", "desc")),
    ),
    _order,
)
