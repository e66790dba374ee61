"""The filters and orders of every list of groups.

Source: https://docs.gitlab.com/api/groups/#list-groups, GitLab's app/finders/groups_finder.rb and lib/api/groups.rb.
"""

from difflib import SequenceMatcher
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group, Visibility, descendants
from mockgitlab.api.project_filters import terms
from mockgitlab.store import Query

Groups = Query[Group]
Level = Literal[10, 15, 20, 30, 40, 50]


def _search(query: Groups, text: str, call: dsl.Call) -> Groups:
    whole, words = text.lower().strip(), terms(text)

    def test(group: Group) -> bool:
        texts = (group.name.lower(), group.path.lower())
        return any(all(word in one for word in words) for one in texts) if words else whole in texts

    return query.filter(test, ("search", whole)) if whole else query


def _skip(query: Groups, ids: list[int], call: dsl.Call) -> Groups:
    skipped = frozenset(ids)
    return query.filter(lambda group: group.id not in skipped, ("skip", skipped))


def _top_level(query: Groups, value: bool, call: dsl.Call) -> Groups:
    return query.where(parent_id=None) if value else query


def _attributes(query: Groups, wanted: dict[str, Any], call: dsl.Call) -> Groups:
    pairs = tuple(sorted((key, str(value)) for key, value in wanted.items()))

    def test(group: Group) -> bool:
        return all((group.custom_attributes or {}).get(key) == value for key, value in pairs)

    return query.filter(test, ("custom attributes", pairs)) if access.is_admin(call) else query


def _archived(query: Groups, value: bool, call: dsl.Call) -> Groups:
    return _among(query, _with_those_below(call.store, call.store[Group].where(archived=True)), value)


def _active(query: Groups, value: bool, call: dsl.Call) -> Groups:
    groups = call.store[Group]
    marked = groups.all().filter(lambda one: one.marked_for_deletion_on is not None, "marked")
    ended = _with_those_below(call.store, [*groups.where(archived=True), *marked])
    return _among(query, ended, not value)


def _with_those_below(store: dsl.Store, groups: Any) -> frozenset[int]:
    return frozenset(one.id for group in groups for one in (group, *descendants(store, group)))


def _among(query: Groups, ids: frozenset[int], value: bool) -> Groups:
    return query.filter(lambda group: (group.id in ids) is value, ("among", ids, value))


def _storage(query: Groups, name: str, call: dsl.Call) -> Groups:
    return query.among("id", []) if access.is_admin(call) else query


def _order(query: Groups, by: str, call: dsl.Call) -> Groups:
    search = call.given.get("search")
    descending = call.given.get("sort") == "desc"
    if by == "similarity" and search:
        return query.order_by(f"similarity to {search}", value=lambda group: -_similarity(group, search))
    if by == "id":
        return query.order_by("id", descending=descending)
    column = "name" if by == "similarity" else by
    if descending:
        return query.order_by(f"{column}, id", descending=True, value=lambda row: (_folded(row, column), -row.id))
    return query.order_by(column, value=lambda row: _folded(row, column))


def _folded(group: Group, column: str) -> str:
    return str(getattr(group, column)).lower()


def _similarity(group: Group, text: str) -> float:
    texts = (group.path, group.name)
    return max(SequenceMatcher(None, text.lower(), one.lower()).ratio() for one in texts)


SEARCH = dsl.by("search", str, "Groups whose name or path contains this", _search)
SKIP = dsl.by("skip_groups", dsl.IdList, "Leave out the groups with these IDs", _skip)
VISIBILITY = dsl.eq("visibility", Visibility, "Only those of this visibility")
ORDER = dsl.Filter(
    (
        dsl.param("order_by", Literal["name", "path", "id", "similarity"], "What to order by", default="name"),
        dsl.param("sort", Literal["asc", "desc"], "Direction, asc unless told", default="asc"),
    ),
    _order,
)
GROUP_FILTERS: list[dsl.Filter] = [
    SEARCH,
    SKIP,
    VISIBILITY,
    dsl.by("archived", bool, "Only archived groups, or only others", _archived),
    dsl.by("active", bool, "Only those neither archived nor marked for deletion, or only the others", _active),
    dsl.by("top_level_only", bool, "Only those without a parent", _top_level),
    dsl.eq("marked_for_deletion_on", dsl.Date, "Only those marked for deletion on this day"),
    dsl.by("repository_storage", str, "Only those whose wiki is in this storage: none", _storage, since="16.3"),
    dsl.by("custom_attributes", dict[str, Any], "Only those with these attributes, for administrators", _attributes),
    ORDER,
]
"""Every filter of ``GET /groups`` that does not depend on the user's memberships."""
