"""The filters and orders of every list of projects.

Source: https://docs.gitlab.com/api/projects/#list-projects and GitLab's app/finders/projects_finder.rb.
"""

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Visibility
from mockgitlab.api.models.project import Project, Star
from mockgitlab.api.models.project_statistics import statistics_of
from mockgitlab.api.models.topic import Topic
from mockgitlab.api.models.user import User
from mockgitlab.store import Query

Projects = Query[Project]
Level = Literal[10, 15, 20, 30, 40, 50]
PARTIAL_FROM = 3
"""Shorter words are found only as the whole text."""
SIZES = ("storage_size", "repository_size", "wiki_size", "packages_size")
COLUMNS = ("id", "name", "path", "created_at", "updated_at", "last_activity_at", "similarity", "star_count")


def authorized_ids(store: dsl.Store, user_id: int, least: int = access.GUEST) -> frozenset[int]:
    """Return the ids of the projects where a user has a level; being an administrator does not count."""

    def compute() -> frozenset[int]:
        projects, groups = access.project_levels(store, user_id), access.group_levels(store, user_id)
        inside = {group_id for group_id, level in groups.items() if level >= least}
        below = store.steady(Project).all().among("namespace_id", inside)
        return frozenset((*(one for one, level in projects.items() if level >= least), *(one.id for one in below)))

    return store.remember(("authorized projects", user_id, least), compute)


def _for_user(narrow: Callable[[Projects, Any, User], Projects]) -> Callable[[Projects, Any, dsl.Call], Projects]:
    """Return a filter that filters nothing for anonymous requests, and nothing when it is given as false."""

    def filtered(query: Projects, value: Any, call: dsl.Call) -> Projects:
        return narrow(query, value, access.me(call)) if call.user is not None and value else query

    return filtered


def _with_level(query: Projects, least: int, user: User) -> Projects:
    return query.among("id", authorized_ids(query.table.store, user.id, least))


def _starred(query: Projects, value: bool, user: User) -> Projects:
    return query.among("id", {star.project_id for star in query.table.store[Star].where(user_id=user.id)})


def _imported(query: Projects, value: bool, user: User) -> Projects:
    return query.where(creator_id=user.id).filter(lambda project: project.import_type is not None, "imported")


def _repository_storage(query: Projects, value: str, user: User) -> Projects:
    return query.where(repository_storage=value) if user.admin else query


def _attributes(query: Projects, wanted: dict[str, Any], user: User) -> Projects:
    pairs = tuple(sorted((key, str(value)) for key, value in wanted.items()))

    def test(project: Project) -> bool:
        return all((project.custom_attributes or {}).get(key) == value for key, value in pairs)

    return query.filter(test, ("custom attributes", pairs)) if user.admin else query


def _feature(feature: str) -> Callable[[Projects, Any, dsl.Call], Projects]:
    column = f"{feature}_access_level"

    def narrow(query: Projects, value: bool, call: dsl.Call) -> Projects:
        if not value:
            return query
        if access.is_admin(call):
            return query.among(column, ("enabled", "private"))
        own = authorized_ids(call.store, call.user.id) if call.user else frozenset()
        return query.filter(lambda one: _is_open(getattr(one, column), one.id in own), ("open", column, own))

    return narrow


def _is_open(setting: str, is_member: bool) -> bool:
    return setting == "enabled" or (setting == "private" and is_member)


def _search(query: Projects, text: str, call: dsl.Call) -> Projects:
    wide = call.given.get("search_namespaces") is True
    return matching(query, ("full_path" if wide else "path", "name", "description"), text)


def matching(query: "Query[Any]", columns: tuple[str, ...], text: str) -> "Query[Any]":
    """Keep what has all words of a text in one of some columns, or is a short text whole; blanks keep everything."""
    folded, words = text.lower().strip(), terms(text)
    return (
        query.filter(lambda row: _found(row, columns, folded, words), ("search", columns, folded)) if folded else query
    )


def terms(text: str) -> tuple[str, ...]:
    """Return the words of a search that are long enough to be found inside others; quotes hold words together."""
    parts = re.findall(r'"([^"]+)"|(\S+)', text.lower())
    return tuple(part for quoted, word in parts if len(part := quoted or word) >= PARTIAL_FROM)


def _found(row: Any, columns: Iterable[str], whole: str, words: tuple[str, ...]) -> bool:
    texts = [str(getattr(row, column) or "").lower() for column in columns]
    if not words:
        return whole in texts
    return any(all(word in text for word in words) for text in texts)


def _topics(query: Projects, names: list[str], call: dsl.Call) -> Projects:
    for name in names:
        query = query.where(topics=name)
    return query


def _topic_id(query: Projects, topic_id: int, call: dsl.Call) -> Projects:
    topic = call.store[Topic].get(topic_id)
    return query.where(topics=topic.name) if topic else query.among("id", ())


def _language(query: Projects, name: str, call: dsl.Call) -> Projects:
    folded = name.lower()
    return query.filter(
        lambda project: folded in {language.lower() for language in project.languages or {}}, ("language", folded)
    )


def _active(query: Projects, value: bool, call: dsl.Call) -> Projects:
    return query.filter(
        lambda project: value is not (project.archived or project.marked_for_deletion_on is not None), ("active", value)
    )


def _after(query: Projects, value: int, call: dsl.Call) -> Projects:
    return query.filter(lambda project: project.id > value, ("id >", value))


def _before(query: Projects, value: int, call: dsl.Call) -> Projects:
    return query.filter(lambda project: project.id < value, ("id <", value))


def _order(query: Projects, by: str, call: dsl.Call) -> Projects:
    descending = call.given.get("sort") != "asc"
    search = call.given.get("search")
    if by in SIZES and access.is_admin(call):
        return query.order_by(by, descending=descending, value=lambda one: statistics_of(call.store, one)[by])
    if by == "similarity" and search and call.user is not None:
        near = _with_level(query, access.GUEST, access.me(call))
        return near.order_by(f"similarity to {search}", descending=True, value=lambda one: similarity(one, search))
    if by in ("created_at", "similarity", *SIZES):
        return query.order_by("created_at", descending=descending, value=lambda one: one.id)
    return query.order_by(by, descending=descending)


def similarity(project: Project, text: str) -> float:
    """Return how near a text is to the name or path of a project, 1 for the same."""
    texts = (project.path, project.name)
    return max(SequenceMatcher(None, text.lower(), one.lower()).ratio() for one in texts)


def _unless_false(query: Projects, value: bool, call: dsl.Call) -> Projects:
    return query.among("id", ()) if value else query


def order(*choices: str) -> dsl.Filter:
    """Declare ``order_by`` and ``sort``; without ``order_by`` the newest come first."""
    by = dsl.param("order_by", str, "Order projects by one of these", default="created_at", enum=choices)
    return dsl.Filter((by, dsl.param("sort", str, "Direction", default="desc", enum=("asc", "desc"))), _order)


SEARCH = dsl.by("search", str, "Projects whose path, name or description holds these words", _search)
VISIBILITY = dsl.eq("visibility", Visibility, "Only those of this visibility")
ARCHIVED = dsl.eq("archived", bool, "Only archived projects, or only others")
OWNED = dsl.by(
    "owned",
    bool,
    "Only those that the user owns",
    _for_user(lambda q, _, user: _with_level(q, 50, user)),
    default=False,
)
STARRED = dsl.by("starred", bool, "Only those that the user starred", _for_user(_starred), default=False)
MEMBERSHIP = dsl.by(
    "membership", bool, "Only those with a role", _for_user(lambda q, _, user: _with_level(q, 5, user)), default=False
)
MIN_ACCESS_LEVEL = dsl.by("min_access_level", Level, "Only those where the user has this role", _for_user(_with_level))
ISSUES = dsl.by("with_issues_enabled", bool, "Only those with issues", _feature("issues"), default=False)
MERGE_REQUESTS = dsl.by(
    "with_merge_requests_enabled", bool, "Only those with merge requests", _feature("merge_requests"), default=False
)
ACTIVE = dsl.by("active", bool, "Only those neither archived nor marked for deletion, or only the others", _active)
ORDER = order(*COLUMNS, *SIZES)

PROJECT_FILTERS: list[dsl.Filter] = [
    ARCHIVED,
    VISIBILITY,
    SEARCH,
    dsl.Filter((dsl.param("search_namespaces", bool, "Search the full path too"),), lambda query, value, call: query),
    OWNED,
    STARRED,
    dsl.by("imported", bool, "Only those that the user imported", _for_user(_imported), default=False),
    MEMBERSHIP,
    ISSUES,
    MERGE_REQUESTS,
    dsl.by("with_programming_language", str, "Only those in this language", _language),
    MIN_ACCESS_LEVEL,
    dsl.by("id_after", int, "Only those with a greater ID", _after),
    dsl.by("id_before", int, "Only those with a smaller ID", _before),
    *dsl.dates("last_activity"),
    *dsl.dates("updated"),
    dsl.by("repository_storage", str, "Only those on this storage, for administrators", _for_user(_repository_storage)),
    dsl.by("topic", dsl.CommaList, "Only those with all of these topics", _topics),
    dsl.by("topic_id", int, "Only those with this topic", _topic_id),
    dsl.eq("marked_for_deletion_on", dsl.Date, "Only those marked for deletion on this day"),
    ACTIVE,
    dsl.by("wiki_checksum_failed", bool, "Only those whose wiki is damaged", _unless_false, default=False),
    dsl.by("repository_checksum_failed", bool, "Only those whose repository is damaged", _unless_false, default=False),
    dsl.by(
        "custom_attributes",
        dict[str, Any],
        "Only those with these attributes, for administrators",
        _for_user(_attributes),
    ),
    ORDER,
]
"""Every filter of ``GET /projects``; lists with fewer of them take theirs from the names above."""
