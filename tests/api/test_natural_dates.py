import pytest

from mockgitlab.api.natural_dates import parse_day

WEDNESDAY = "2024-05-01"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-06-07", "2024-06-07"),
        ("Today", "2024-05-01"),
        ("tomorrow", "2024-05-02"),
        ("yesterday", "2024-04-30"),
        ("in 2 days", "2024-05-03"),
        ("a week from now", "2024-05-08"),
        ("in 1 month", "2024-06-01"),
        ("in 8 months", "2025-01-01"),
        ("in 2 years", "2026-05-01"),
        ("this Friday", "2024-05-03"),
        ("next wednesday", "2024-05-08"),
        ("Monday", "2024-05-06"),
        ("December 31st", "2024-12-31"),
        ("Jan 2", "2025-01-02"),
        ("March 3, 2026", "2026-03-03"),
        ("1st of June", "2024-06-01"),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, expected: str) -> None:
    assert parse_day(text, WEDNESDAY) == expected


@pytest.mark.parametrize("text", ["", "whenever", "2024-13-01", "Smarch 3", "someday", "February 30", "9999-99-99"])
def test_what_is_no_day_is_not_read(text: str) -> None:
    assert parse_day(text, WEDNESDAY) is None


def test_a_month_later_stays_within_the_month() -> None:
    assert parse_day("in 1 month", "2024-01-31") == "2024-02-29"
