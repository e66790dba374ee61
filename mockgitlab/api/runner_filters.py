"""By what lists of runners are narrowed. Source: GitLab's lib/api/ci/runners.rb (``apply_filter``)."""

import re
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.runner import Runner, RunnerManager, is_offline, is_online, is_stale
from mockgitlab.errors import InvalidParameters
from mockgitlab.store import Query

TYPES = ("instance_type", "group_type", "project_type")
STATUSES = ("active", "paused", "online", "offline", "never_contacted", "stale")
SCOPES = ("specific", "shared", *TYPES, *STATUSES)
TESTS: dict[str, Any] = {
    **{kind: lambda one, store, kind=kind: one.runner_type == kind for kind in TYPES},
    "specific": lambda one, store: one.runner_type != "instance_type",
    "shared": lambda one, store: one.runner_type == "instance_type",
    "active": lambda one, store: one.active,
    "paused": lambda one, store: not one.active,
    "online": is_online,
    "offline": is_offline,
    "never_contacted": lambda one, store: one.contacted_at is None,
    "stale": is_stale,
}
"""What the values of ``scope``, ``type`` and ``status`` mean."""


def _being(query: Query[Runner], value: str, call: dsl.Call) -> Query[Runner]:
    ids = {one.id for one in call.store[Runner].all() if TESTS[value](one, call.store)}
    return query.among("id", ids)


def _paused(query: Query[Runner], value: bool, call: dsl.Call) -> Query[Runner]:
    return query.where(active=not value)


def _tagged(query: Query[Runner], tags: list[str], call: dsl.Call) -> Query[Runner]:
    wanted = frozenset(tags)
    return query.filter(lambda one: wanted <= set(one.tag_list), ("tagged", wanted))


def _of_version(query: Query[Runner], prefix: str, call: dsl.Call) -> Query[Runner]:
    if not re.match(r"[\d+.]", prefix):
        raise InvalidParameters(["version_prefix is invalid"], reason="a version begins with a digit")
    found = {one.runner_id for one in call.store[RunnerManager].all() if (one.version or "").startswith(prefix)}
    return query.among("id", found)


FILTERS = [
    dsl.by("type", str, "Only those of the instance, of groups, or of projects", _being, enum=TYPES),
    dsl.by("status", str, "Only those that stand so", _being, enum=STATUSES),
    dsl.by("paused", bool, "Only those that take no jobs, or only those that do", _paused, since="14.8"),
    dsl.by("tag_list", dsl.CommaList, "Only those with all these tags", _tagged),
    dsl.by("version_prefix", str, "Only those whose version begins so", _of_version, since="16.10"),
]


def scoped(scopes: tuple[str, ...]) -> dsl.Filter:
    """Return the filter by one word for type and status, where these are known."""
    return dsl.by("scope", str, "Another word for type and status", _being, enum=scopes)


SCOPED = [scoped(SCOPES), *FILTERS]
