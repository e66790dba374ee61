"""The only source of time: it stands still until it is told to move."""

import re
from datetime import datetime, timedelta, timezone

_INSTANT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[Tt ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?P<fraction>\.\d+)?"
    r" ?(?P<zone>[Zz]|UTC|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|w)")
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def timestamp(instant: datetime) -> str:
    """Return an instant as GitLab writes it: ``2024-05-01T09:00:00.000Z``."""
    return instant.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 date or date and time; without an offset it is UTC.

    Raises ``ValueError`` when the text is no date.
    """
    found = _INSTANT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text[:100]!r} is no date; write 2024-05-01 or 2024-05-01T09:00:00Z")
    zone = found["zone"] or "Z"
    offset = "+00:00" if zone in ("Z", "z", "UTC") else f"{zone[:3]}:{zone[3:].lstrip(':') or '00'}"
    fraction = (found["fraction"] or ".").ljust(7, "0")[:7]
    time = f"{found['time'] or '00:00'}:00"[:8]
    return datetime.fromisoformat(f"{found['day']}T{time}{fraction}{offset}")


def parse_duration(text: str) -> timedelta:
    """Read a duration such as ``90s``, ``2h``, ``1d12h``; raises ``ValueError`` when it is none."""
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text.replace(" ", ""):
        raise ValueError(f"{text!r} is no duration; write 90s, 5m, 2h, 1d or 1d12h")
    return sum((timedelta(**{_UNITS[unit]: float(number)}) for number, unit in parts), timedelta())


def duration_text(duration: timedelta) -> str:
    """Write a duration in its two largest units, ``3d 2h``; of less than a second the milliseconds."""
    left = int(duration.total_seconds())
    parts = []
    for unit, seconds in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        number, left = divmod(left, seconds)
        parts += [f"{number}{unit}"] if number else []
    return " ".join(parts[:2]) or f"{duration // timedelta(milliseconds=1)}ms"


class Clock:
    """A steerable clock; two clocks are never at two instants by accident."""

    __slots__ = ("_text", "instant")

    def __init__(self, instant: datetime) -> None:
        self.set(instant)

    def set(self, instant: datetime) -> None:
        """Stand at another instant, earlier or later."""
        self.instant = instant.astimezone(timezone.utc)
        self._text = timestamp(instant)

    def advance(self, by: timedelta) -> None:
        """Move forward by a duration."""
        self.set(self.instant + by)

    @property
    def now(self) -> str:
        """The instant as GitLab writes it."""
        return self._text

    @property
    def today(self) -> str:
        """The date, ``YYYY-MM-DD``, in UTC."""
        return self._text[:10]
