"""From the parameters of a request to the columns of an issue: names to ids, and what the caller may set.

Source: GitLab's app/services/issuable_base_service.rb and lib/api/issues.rb.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.issue_access import issues_open, manages, may_create_incidents
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import Label, find_or_create_labels, owners_of
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.errors import ValidationFailed
from mockgitlab.store import parse_instant

PLANNED = (
    *("assignee_ids", "milestone_id", "label_ids", "due_date", "discussion_locked", "time_estimate"),
    *("weight", "health_status", "iteration_id"),
)
"""What only those may set who plan the work; members may in an issue of their own making."""

LABELS = ("labels", "add_labels", "remove_labels", "label_ids", "add_label_ids", "remove_label_ids")
"""Parameters, and changes of quick actions, that say which labels it has."""


def of_new(call: dsl.Call, project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a new issue."""
    columns = _columns(call, project, None, given)
    if access.level(call, project) < access.GUEST:
        columns = {name: value for name, value in columns.items() if name not in PLANNED}
    return {name: value for name, value in columns.items() if value is not None}


def of_known(call: dsl.Call, project: Project, issue: Issue, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of an issue that change."""
    columns = _columns(call, project, issue, given)
    if manages(call, project):
        return columns
    return {name: value for name, value in columns.items() if name not in (*PLANNED, "confidential")}


def _columns(call: dsl.Call, project: Project, issue: Issue | None, given: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: given[name] for name in ("description", "time_estimate") if name in given}
    columns |= {name: given[name] for name in ("confidential", "discussion_locked") if given.get(name) is not None}
    if given.get("title") is not None:
        columns["title"] = title_of(given["title"])
    if given.get("issue_type") and (given["issue_type"] != "incident" or may_create_incidents(call, project)):
        columns["issue_type"] = given["issue_type"]
    if call.settings.edition == "ee":
        columns |= {name: given[name] for name in ("weight", "health_status", "iteration_id") if name in given}
    if "due_date" in given:
        columns["due_date"] = _day(given["due_date"])
    return columns | _relations(call, project, issue, given)


def _relations(call: dsl.Call, project: Project, issue: Issue | None, given: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    ids = wanted_assignees(given)
    if ids is not None:
        columns |= chosen("assignee_ids", ids, _assignees(call, project, ids))
    if "milestone_id" in given:
        columns["milestone_id"] = milestone_of(call.store, project, given["milestone_id"])
    label_ids = labels_of(call, project, issue.label_ids if issue else (), given)
    return columns if label_ids == (issue.label_ids if issue else ()) else {**columns, "label_ids": label_ids}


def title_of(text: str) -> str:
    """Return a title without the blanks around it; raises ``ValidationFailed`` where nothing is left."""
    title = text.strip()
    if not title:
        raise ValidationFailed({"title": ["can't be blank"]}, reason="title was blank")
    return title


def _day(text: str | None) -> str | None:
    try:
        return parse_instant(text).date().isoformat() if text else None
    except ValueError:
        return None


def wanted_assignees(given: Mapping[str, Any]) -> list[int] | None:
    """Return the ids of the assignees that parameters ask for, ``None`` where they do not say.

    An empty ``assignee_id`` says nothing. Source: GitLab's lib/api/helpers/common_helpers.rb.
    """
    if given.get("assignee_id") is not None:
        return [given["assignee_id"]]
    return list(dict.fromkeys(given["assignee_ids"] or ())) if "assignee_ids" in given else None


def chosen(column: str, wanted: Sequence[int], able: Sequence[int]) -> dict[str, Any]:
    """Return a column of users as it changes: not at all where somebody is wanted and none of them is able."""
    return {column: tuple(able)} if able or list(wanted) in ([], [0]) else {}


def that_count(call: dsl.Call, ids: Sequence[int]) -> Sequence[int]:
    """Return those of the wanted users who count: in the Community Edition only the first."""
    return ids if call.settings.edition == "ee" else ids[:1]


def _assignees(call: dsl.Call, project: Project, ids: Sequence[int]) -> list[int]:
    users = [call.store[User].get(user_id) for user_id in that_count(call, ids)]
    return [user.id for user in users if user is not None and _sees(call.store, user, project)]


def _sees(store: dsl.Store, user: User, project: Project) -> bool:
    return access.can_read(store, user, project) and issues_open(store, user, project)


def milestone_of(store: dsl.Store, project: Project, milestone_id: int | None) -> int | None:
    """Return the id of a milestone that the project, or a group above, has; none otherwise."""
    milestone = store[Milestone].get(milestone_id)
    return milestone.id if milestone and milestone.owner in owners_of(store, project) else None


def labels_of(
    call: dsl.Call, at: Project | Group, before: tuple[int, ...], given: Mapping[str, Any]
) -> tuple[int, ...]:
    """Return the ids of the labels that a record has then: those given, those added, without those removed."""
    if given.keys().isdisjoint(LABELS):
        return before
    ids = before if given.get("label_ids") is None else tuple(given["label_ids"])
    if given.get("labels") is not None:
        ids = find_or_create_labels(call, at, names_in(given["labels"]))
    added = find_or_create_labels(call, at, names_in(given.get("add_labels") or ()))
    gone = {*_named(call.store, given.get("remove_labels") or ()), *(given.get("remove_label_ids") or ())}
    wanted = dict.fromkeys((*ids, *added, *(given.get("add_label_ids") or ())))
    kept = tuple(label_id for label_id in wanted if label_id not in gone)
    return _one_of_each_scope(call.store, before, kept) if call.settings.edition == "ee" else kept


def _one_of_each_scope(store: dsl.Store, before: tuple[int, ...], ids: tuple[int, ...]) -> tuple[int, ...]:
    """Return label ids without those whose place another one of their scope takes: ``size::big``, ``size::small``."""
    scopes = {label_id: _scope(store[Label].get(label_id)) for label_id in ids}
    newest = {scopes[label_id]: label_id for label_id in ids if label_id not in before and scopes[label_id]}
    return tuple(label_id for label_id in ids if newest.get(scopes[label_id], label_id) == label_id)


def _scope(label: Label | None) -> str:
    return label.name.rpartition("::")[0] if label else ""


def names_in(given: Iterable[str]) -> list[str]:
    """Return the names in a list of names, each of which may hold several with commas between."""
    return [name.strip() for item in given for name in item.split(",") if name.strip()]


def _named(store: dsl.Store, names: Iterable[str]) -> list[int]:
    return [label.id for name in names_in(names) for label in store[Label].having("name", name)]
