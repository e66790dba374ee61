"""Durations of work, as time tracking reads and writes them: ``1w 4d 5h``.

A week has five days and a day eight hours; a month has four weeks.

Source: https://docs.gitlab.com/user/project/time_tracking/#available-time-units.
"""

import re

HOUR = 3_600
UNITS = (("mo", 160 * HOUR), ("w", 40 * HOUR), ("d", 8 * HOUR), ("h", HOUR), ("m", 60), ("s", 1))
_SECONDS = dict(UNITS)
_NAMES = {
    "mo": "mo|mos|months?",
    "w": "w|wks?|weeks?",
    "d": "d|days?",
    "h": "h|hrs?|hours?",
    "m": "m|mins?|minutes?",
    "s": "s|secs?|seconds?",
}
_NUMBER = r"\d{1,9}(?:\.\d{1,9})?"
_TERM = re.compile(rf"({_NUMBER})\s*(?:{'|'.join(f'(?P<{unit}>{names})' for unit, names in _NAMES.items())})(?![a-z])")
_BARE = re.compile(_NUMBER)


def parse_duration(text: str) -> int | None:
    """Return the seconds that a duration such as ``3h30m``, ``1.5h`` or ``-1d`` means, nothing when it cannot be read.

    A number alone counts hours.
    """
    wanted = text.strip().lower()
    sign, rest = (-1, wanted[1:].strip()) if wanted.startswith("-") else (1, wanted)
    if _BARE.fullmatch(rest):
        return sign * round(float(rest) * HOUR)
    terms = list(_TERM.finditer(rest))
    if not terms or _TERM.sub("", rest).strip():
        return None
    return sign * round(sum(float(term[1]) * _SECONDS[term.lastgroup or "h"] for term in terms))


def human_duration(seconds: int) -> str | None:
    """Return seconds as the units that make them up, the largest first: ``1w 4d 5h``; nothing for zero."""
    if not seconds:
        return None
    left, parts = abs(seconds), []
    for unit, length in UNITS:
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count}{unit}")
    return f"{'-' if seconds < 0 else ''}{' '.join(parts)}"
