"""Which tags of images a deletion in bulk takes.

Source: https://docs.gitlab.com/api/container_registry/#delete-registry-repository-tags-in-bulk and GitLab's
app/services/projects/container_repository/cleanup_tags_base_service.rb.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.container_repository import ContainerTag
from mockgitlab.api.services.push_rules import WrongPattern, pattern
from mockgitlab.errors import InvalidParameters
from mockgitlab.store import timestamp

LATEST = "latest"
DAYS = {"s": 1 / 86_400, "mi": 1 / 1_440, "h": 1 / 24, "d": 1, "w": 7, "mo": 30, "m": 1 / 1_440, "y": 365.25}
"""How many days a unit has, by how its name begins; the first that fits counts."""
_PART = re.compile(r"(\d{1,9})\s*([a-z]+)")


def doomed(store: dsl.Store, tags: Sequence[ContainerTag], given: Mapping[str, Any]) -> list[ContainerTag]:
    """Return the tags that go: those of the names asked for, but the newest ones and those not old enough."""
    delete = _regex(given, "name_regex_delete") or _regex(given, "name_regex")
    keep = _regex(given, "name_regex_keep")
    found = [one for one in tags if one.name != LATEST and delete and delete.fullmatch(one.name)]
    found = [one for one in found if keep is None or not keep.fullmatch(one.name)]
    found = sorted(found, key=lambda one: (one.created_at, one.id), reverse=True)[max(given.get("keep_n") or 0, 0) :]
    age = _age(given.get("older_than") or "")
    if age is None:
        return found
    before = timestamp(store.clock.instant - age)
    return [one for one in found if one.created_at < before]


def _regex(given: Mapping[str, Any], name: str) -> re.Pattern[str] | None:
    if not given.get(name):
        return None
    try:
        return pattern(given[name])
    except WrongPattern as error:
        raise InvalidParameters([f"{name} is an invalid regexp"], reason=str(error)) from None


def _age(text: str) -> timedelta | None:
    """Return a time such as ``1h``, ``7d`` or ``1month``; nothing for what is none."""
    parts = [(int(number), _days(unit)) for number, unit in _PART.findall(text.lower())]
    if not parts or not all(days for _, days in parts):
        return None
    days = sum(number * (days or 0) for number, days in parts)
    return timedelta(days=min(days, 100_000))


def _days(unit: str) -> float | None:
    return next((days for name, days in DAYS.items() if unit.startswith(name)), None)
