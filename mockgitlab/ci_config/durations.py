"""Durations as ``start_in`` has them: ``30 minutes``, ``1 day 2h``, ``90``.

Source: https://docs.gitlab.com/ci/yaml/#start_in and the library ChronicDuration, which GitLab reads them with.
"""

import re
from typing import Any

WEEK = 604_800
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": WEEK, "mo": 2_592_000, "y": 31_557_600}
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(mo|[a-z])?[a-z]*[\s,]*(?:and\s+)?", re.IGNORECASE)


def seconds(given: Any) -> int | None:
    """Return how many seconds a duration has, a bare number as seconds; nothing for what is none."""
    if isinstance(given, bool) or not isinstance(given, (str, int)):
        return None
    text, place, total = str(given).strip(), 0, 0.0
    while place < len(text):
        part = _PART.match(text, place)
        unit = _UNITS.get((part[2] or "s").lower()) if part else None
        if part is None or unit is None:
            return None
        total, place = total + float(part[1]) * unit, part.end()
    return int(total) if text and total else None
