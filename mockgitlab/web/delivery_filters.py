"""Which deliveries are asked for, as the journal is asked for requests."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from mockgitlab.dsl import Delivery

Wanted = Callable[[Delivery], bool]
CRITERIA: dict[str, Callable[[Delivery, Any], bool]] = {
    "event": lambda one, value: one.event == value,
    "trigger": lambda one, value: one.trigger == value,
    "integration": lambda one, value: one.integration == value,
    "hook_id": lambda one, value: str(one.hook_id) == str(value),
    "url": lambda one, value: fnmatchcase(one.url, value),
    "status": lambda one, value: str(one.status or "none").startswith(str(value).rstrip("x")),
}


def as_wanted(**wanted: Any) -> Wanted:
    """Return the test whether a delivery is as wanted; raises ``ValueError`` for what no delivery has."""
    for name in wanted:
        if name not in CRITERIA:
            raise ValueError(f"deliveries cannot be filtered by {name!r}: take {', '.join(CRITERIA)}")
    given = {name: value for name, value in wanted.items() if value is not None}
    return lambda one: all(CRITERIA[name](one, value) for name, value in given.items())
