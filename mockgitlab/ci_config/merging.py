"""Merging parts of configurations: mappings into one another, everything else in place of what was there."""

from collections.abc import Mapping
from typing import Any


def merged(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return a mapping with another merged into it, which wins."""
    found = dict(one)
    for key, value in other.items():
        known = found.get(key)
        found[key] = merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return found
