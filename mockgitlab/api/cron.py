"""Cron expressions: whether they are valid, and when they are next due in a time zone.

Source: GitLab's lib/gitlab/ci/cron_parser.rb, which reads them with the gem fugit: five fields, ``@daily`` and the
like, names of months and weekdays, ``L`` for the last day, ``mon#2`` for the second Monday, ranges that begin anew.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LAST = -1
"""The last day of a month, or the last of a weekday in it."""
ALIASES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@noon": "0 12 * * *",
    "@hourly": "0 * * * *",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MOST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
YEARS = 9
"""The 29th of February is there again in so many years at the latest."""
_PART = re.compile(r"(?:(?P<all>\*)|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[0-9]{1,4}))?")
_NUMBER = re.compile(r"[0-9]{1,2}")
_NTH = re.compile(r"(\w+)#(-1|l|last|[1-5])")


class WrongCron(ValueError):
    """A text is no cron expression."""


@dataclass(frozen=True)
class Cron:
    """When something is due: on the days of the month or of the week, where both are given."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[tuple[int, int]] | None
    """Days of the week, Sunday first, each with its place in the month, 0 for any."""

    def on(self, day: date) -> bool:
        """Tell whether something is due on a day."""
        if day.month not in self.months:
            return False
        if self.days is None and self.weekdays is None:
            return True
        return self._on_day(day) or self._on_weekday(day)

    def _on_day(self, day: date) -> bool:
        last = monthrange(day.year, day.month)[1]
        return self.days is not None and (day.day in self.days or (day.day == last and LAST in self.days))

    def _on_weekday(self, day: date) -> bool:
        weekday, nth = day.isoweekday() % 7, (day.day - 1) // 7 + 1
        is_last = day.day + 7 > monthrange(day.year, day.month)[1]
        places = {0, nth, *((LAST,) if is_last else ())}
        return self.weekdays is not None and any((weekday, place) in self.weekdays for place in places)

    def next_after(self, instant: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when it is next due after an instant; nothing where it never is."""
        first = instant.astimezone(zone).date()
        for day in (first + timedelta(days=number) for number in range(366 * YEARS)):
            later = (one for one in self._instants(day, zone) if one > instant) if self.on(day) else ()
            if (found := min(later, default=None)) is not None:
                return found
        return None

    def _instants(self, day: date, zone: ZoneInfo) -> Iterator[datetime]:
        """Yield the instants of a day, none for times that clocks skip and two for those that they show twice."""
        for hour in self.hours:
            for minute in self.minutes:
                shown = datetime(day.year, day.month, day.day, hour, minute)
                for fold in (0, 1):
                    found = shown.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc)
                    if found.astimezone(zone).replace(tzinfo=None) == shown:
                        yield found


@lru_cache(maxsize=256)
def read_cron(text: str) -> Cron:
    """Return what a cron expression says; raises ``WrongCron``."""
    fields = ALIASES.get(text.strip().lower(), text).lower().split()
    if len(fields) != 5:
        raise WrongCron(text)
    minutes, hours, days, months, weekdays = fields
    found = Cron(
        _numbers(minutes, 0, 59),
        frozenset(hour % 24 for hour in _numbers(hours, 0, 24 if "24" in hours else 23)),
        None if days == "*" else _numbers(days.replace("last", "l"), 1, 31),
        _numbers(months, 1, 12, MONTHS),
        None if weekdays == "*" else frozenset(_weekdays(weekdays)),
    )
    _check_there_is_one(found)
    return found


def _numbers(field: str, least: int, most: int, names: tuple[str, ...] = ()) -> frozenset[int]:
    return frozenset(number for part in field.split(",") for number in _part(part, least, most, names))


def _part(part: str, least: int, most: int, names: tuple[str, ...]) -> Iterator[int]:
    if part == "l" and most == 31:
        yield LAST
        return
    found = _PART.fullmatch(part)
    step = int((found and found["step"]) or 1)
    if found is None or not step:
        raise WrongCron(part)
    first = least if found["all"] else _number(found["first"], least, most, names)
    last = most if found["all"] or (found["step"] and not found["last"]) else first
    last = _number(found["last"], least, most, names) if found["last"] else last
    size = most - least + 1
    yield from ((one - least) % size + least for one in range(first, last + (size if last < first else 0) + 1, step))


def _number(text: str, least: int, most: int, names: tuple[str, ...]) -> int:
    number = int(text) if _NUMBER.fullmatch(text) else -2
    if text[:3] in names:
        number = names.index(text[:3]) + least
    if not least <= number <= most:
        raise WrongCron(text)
    return number


def _weekdays(field: str) -> Iterator[tuple[int, int]]:
    for part in field.split(","):
        nth = _NTH.fullmatch(part)
        if nth:
            yield _number(nth[1], 0, 7, WEEKDAYS) % 7, int(nth[2]) if nth[2].isdigit() else LAST
        else:
            most = 7 if "7" in part.partition("/")[0] else 6
            yield from ((number % 7, 0) for number in _part(part, 0, most, WEEKDAYS))


def _check_there_is_one(cron: Cron) -> None:
    """Refuse days that none of the months has, such as the 30th of February."""
    most = max(MOST_DAYS[month - 1] for month in cron.months)
    if cron.days is not None and cron.weekdays is None and min(cron.days) > most:
        raise WrongCron("no month has such a day")


def is_cron(text: str) -> bool:
    """Tell whether a text is a cron expression."""
    try:
        read_cron(text)
    except WrongCron:
        return False
    return True


@cache
def _named_zones() -> dict[str, str]:
    lines = Path(__file__).with_name("time_zones.txt").read_text("utf-8").splitlines()
    return {name: zone for name, _, zone in (line.partition("|") for line in lines)}


def find_zone(name: str) -> ZoneInfo | None:
    """Return the time zone of a name of Rails or of the tz database; nothing where neither has it."""
    try:
        return ZoneInfo(_named_zones().get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def next_time(text: str, zone: str, instant: datetime) -> datetime | None:
    """Return when a valid expression is next due after an instant, by the clocks of a valid time zone."""
    return read_cron(text).next_after(instant, find_zone(zone) or ZoneInfo("UTC"))
