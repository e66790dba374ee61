from datetime import datetime, timedelta, timezone

import pytest

from mockgitlab.store import Clock, duration_text, parse_duration, parse_instant, timestamp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-01", "2024-05-01T00:00:00.000Z"),
        ("2024-05-01T09:00:00Z", "2024-05-01T09:00:00.000Z"),
        ("2024-05-01t09:00:00z", "2024-05-01T09:00:00.000Z"),
        ("2024-05-01T09:00Z", "2024-05-01T09:00:00.000Z"),
        ("2024-05-01 09:00:00 UTC", "2024-05-01T09:00:00.000Z"),
        ("2024-05-01T09:00:00+02:00", "2024-05-01T07:00:00.000Z"),
        ("2024-05-01T09:00:00+0200", "2024-05-01T07:00:00.000Z"),
        ("2024-05-01T09:00:00-05", "2024-05-01T14:00:00.000Z"),
        ("2024-05-01T09:00:00.5Z", "2024-05-01T09:00:00.500Z"),
        ("2024-05-01T09:00:00.123456789Z", "2024-05-01T09:00:00.123Z"),
        (" 2024-05-01T09:00:00 ", "2024-05-01T09:00:00.000Z"),
    ],
)
def test_an_instant_is_read_in_every_common_form(text: str, expected: str) -> None:
    assert timestamp(parse_instant(text)) == expected


@pytest.mark.parametrize(
    "text", ["", "today", "2024-13-01", "2024-02-30", "20240501", "2024-W18", "2024-05-01T25:00:00Z", "1714552800"]
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_instant(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("1d12h", timedelta(days=1, hours=12)),
        ("1d 12h", timedelta(days=1, hours=12)),
        ("1.5h", timedelta(minutes=90)),
        ("250ms", timedelta(milliseconds=250)),
        ("2w", timedelta(weeks=2)),
    ],
)
def test_a_duration_is_read(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "2", "h", "2 hours", "-2h", "2h!", "2y"])
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"write 90s, 5m, 2h, 1d or 1d12h"):
        parse_duration(text)


def test_the_clock_stands_still_until_told_to_move() -> None:
    clock = Clock(datetime(2024, 5, 1, 9, tzinfo=timezone.utc))
    assert (clock.now, clock.today) == ("2024-05-01T09:00:00.000Z", "2024-05-01")
    clock.advance(timedelta(days=1))
    assert (clock.now, clock.today) == ("2024-05-02T09:00:00.000Z", "2024-05-02")


def test_a_move_beyond_all_dates_changes_nothing() -> None:
    clock = Clock(datetime(2024, 5, 1, 9, tzinfo=timezone.utc))
    with pytest.raises(OverflowError):
        clock.advance(timedelta(days=10_000 * 366))
    assert clock.today == "2024-05-01"


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(days=3, hours=2, minutes=5), "3d 2h"),
        (timedelta(minutes=5, seconds=2), "5m 2s"),
        (timedelta(days=1, seconds=1), "1d 1s"),
        (timedelta(milliseconds=20), "20ms"),
    ],
)
def test_a_duration_is_written_in_its_two_largest_units(duration: timedelta, text: str) -> None:
    assert duration_text(duration) == text
