"""In which order issues and merge requests are listed.

Source: https://docs.gitlab.com/api/issues/#list-issues and GitLab's app/models/concerns/issuable.rb.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.label import LabelPriority
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.store import Query

Value = Callable[[Any], Any]


def ordered(*choices: str) -> dsl.Filter:
    """Declare ``order_by`` and ``sort``, by default the newest first."""
    names = tuple(choices)
    return dsl.Filter(
        (
            dsl.param("order_by", str, "Order by one of these, default created_at", default="created_at", enum=names),
            dsl.param("sort", str, "Order ascending or descending, default desc", default="desc", enum=("asc", "desc")),
        ),
        _order,
    )


def _order(query: Query[Any], name: str, call: dsl.Call) -> Query[Any]:
    descending = call.given.get("sort") == "desc"
    if name in ("created_at", "updated_at"):
        return query.order_by(name, descending=descending)
    if name == "relative_position":
        descending = False
    value, depends = _VALUES[name](call.store, query.table.kind.__name__, descending)
    return query.order_by(f"{name} {depends} {descending}", value=_nulls_last(value, descending), descending=descending)


def _nulls_last(value: Value, descending: bool) -> Value:
    """Return a sort key with which rows without the value come last both ways, and of equals the youngest first."""

    def key(row: Any) -> Any:
        found = value(row)
        missing = found is None
        return (missing != descending, 0 if missing else found, row.id if descending else -row.id)

    return key


def _column(name: str) -> Callable[[dsl.Store, str, bool], tuple[Value, int]]:
    return lambda store, kind, descending: (lambda row: getattr(row, name), 0)


def _title(store: dsl.Store, kind: str, descending: bool) -> tuple[Value, int]:
    return lambda row: row.title.lower(), 0


def _popularity(store: dsl.Store, kind: str, descending: bool) -> tuple[Value, int]:
    awards = store[AwardEmoji]
    votes = Counter(award.awardable_id for award in awards.having("name", "thumbsup") if award.awardable_type == kind)
    return lambda row: votes[row.id], awards.stamp


def _milestone_due(store: dsl.Store, kind: str, descending: bool) -> tuple[Value, int]:
    due = {milestone.id: milestone.due_date for milestone in store[Milestone].all()}
    return lambda row: due.get(row.milestone_id or 0), store[Milestone].stamp


def _label_priority(store: dsl.Store, kind: str, descending: bool) -> tuple[Value, int]:
    priorities = {(one.project_id, one.label_id): one.priority for one in store[LabelPriority].all()}

    def value(row: Any) -> int | None:
        found = (priorities.get((row.project_id, label_id)) for label_id in row.label_ids)
        return min((one for one in found if one is not None), default=None)

    return value, store[LabelPriority].stamp


def _priority(store: dsl.Store, kind: str, descending: bool) -> tuple[Value, str]:
    due, due_stamp = _milestone_due(store, kind, descending)
    label, label_stamp = _label_priority(store, kind, descending)

    def value(row: Any) -> tuple[Any, ...] | None:
        day, rank = due(row), label(row)
        if day is None and rank is None:
            return None
        return ((day is None) != descending, day or "", (rank is None) != descending, rank or 0)

    return value, f"{due_stamp} {label_stamp}"


_VALUES: dict[str, Callable[[dsl.Store, str, bool], tuple[Value, Any]]] = {
    "due_date": _column("due_date"),
    "label_priority": _label_priority,
    "merged_at": _column("merged_at"),
    "milestone_due": _milestone_due,
    "popularity": _popularity,
    "priority": _priority,
    "relative_position": _column("relative_position"),
    "title": _title,
    "weight": _column("weight"),
}
