"""The words for when something is due. Source: https://docs.gitlab.com/api/issues/#list-issues."""

from datetime import date, timedelta


def due_days(word: str, today: date) -> tuple[date, date]:
    """Return the first and the last day that a word such as ``week`` or ``overdue`` means."""
    monday, day = today - timedelta(today.weekday()), timedelta(1)
    return {
        "today": (today, today),
        "tomorrow": (today + day, today + day),
        "overdue": (date.min, today - day),
        "week": (monday, monday + timedelta(6)),
        "month": (today.replace(day=1), _month_after(today, 1) - day),
        "next_month_and_previous_two_weeks": (today - timedelta(14), _month_after(today, 2) - day),
    }[word]


def _month_after(today: date, months: int) -> date:
    years, month = divmod(today.month - 1 + months, 12)
    return date(today.year + years, month + 1, 1)
