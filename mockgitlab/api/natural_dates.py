"""Days as people write them in quick actions: ``tomorrow``, ``in 2 days``, ``this Friday``, ``December 31st``."""

import re
from calendar import day_name, month_abbr, month_name, monthrange
from datetime import date, timedelta

_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(day_name)}
_MONTHS = {name.lower(): number for names in (month_name, month_abbr) for number, name in enumerate(names) if name}
_IN = re.compile(r"(?:in )?(\d{1,4}|an?) (day|week|month|year)s?(?: from (?:now|today))?")
_WEEKDAY = re.compile(r"(?:(this|next|on) )?([a-z]+day)")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?(?:,? (\d{4}))?")


def parse_day(text: str, today: str) -> str | None:
    """Return the day that a text means, seen from a day, as ``2024-05-01``; nothing when it cannot be read."""
    wanted, now = " ".join(text.lower().split()), date.fromisoformat(today)
    try:
        for read in (_named, _iso, _ahead, _weekday, _month_day, _day_month):
            found = read(wanted, now)
            if found is not None:
                return found.isoformat()
    except (ValueError, OverflowError):
        return None
    return None


def _named(text: str, now: date) -> date | None:
    return now + timedelta(days=_DAYS[text]) if text in _DAYS else None


def _iso(text: str, now: date) -> date | None:
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None


def _ahead(text: str, now: date) -> date | None:
    found = _IN.fullmatch(text)
    if not found:
        return None
    count = int(found[1]) if found[1].isdigit() else 1
    if found[2] in ("day", "week"):
        return now + timedelta(days=count * (7 if found[2] == "week" else 1))
    return _months_later(now, count * (12 if found[2] == "year" else 1))


def _months_later(now: date, count: int) -> date:
    years, month = divmod(now.month - 1 + count, 12)
    year = now.year + years
    return date(year, month + 1, min(now.day, monthrange(year, month + 1)[1]))


def _weekday(text: str, now: date) -> date | None:
    found = _WEEKDAY.fullmatch(text)
    if not found or found[2] not in _WEEKDAYS:
        return None
    return now + timedelta(days=(_WEEKDAYS[found[2]] - now.weekday() - 1) % 7 + 1)


def _month_day(text: str, now: date) -> date | None:
    found = _MONTH_DAY.fullmatch(text)
    return _of_month(now, found[1], found[2], found[3]) if found else None


def _day_month(text: str, now: date) -> date | None:
    found = _DAY_MONTH.fullmatch(text)
    return _of_month(now, found[2], found[1], found[3]) if found else None


def _of_month(now: date, month: str, day: str, year: str | None) -> date | None:
    if month not in _MONTHS:
        return None
    wanted = date(int(year or now.year), _MONTHS[month], int(day))
    return wanted.replace(year=now.year + 1) if year is None and wanted < now else wanted
