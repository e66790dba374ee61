"""Cron expressions: which are valid, and when they are due."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from mockgitlab.api import cron

WEDNESDAY = datetime(2024, 5, 1, 9, 0, tzinfo=timezone.utc)


def due(text: str, zone: str = "UTC", after: datetime = WEDNESDAY) -> str:
    found = cron.next_time(text, zone, after)
    assert found is not None
    return found.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "next_run"),
    [
        ("* * * * *", "2024-05-01 09:01"),
        ("*/15 * * * *", "2024-05-01 09:15"),
        ("0 9 * * *", "2024-05-02 09:00"),
        ("5,10 9-10 * * *", "2024-05-01 09:05"),
        ("30 22-2 * * *", "2024-05-01 22:30"),
        ("3-59/10 * * * *", "2024-05-01 09:03"),
        ("50/3 * * * *", "2024-05-01 09:50"),
        ("0 1 * * 5", "2024-05-03 01:00"),
        ("0 1 * * fri", "2024-05-03 01:00"),
        ("0 1 * * Sunday", "2024-05-05 01:00"),
        ("0 1 * * 7", "2024-05-05 01:00"),
        ("0 1 * * 6-7", "2024-05-04 01:00"),
        ("0 1 * * sat-mon", "2024-05-04 01:00"),
        ("0 1 * * mon#2", "2024-05-13 01:00"),
        ("0 1 * * fri#last", "2024-05-31 01:00"),
        ("0 1 15 * mon", "2024-05-06 01:00"),
        ("0 1 L * *", "2024-05-31 01:00"),
        ("0 1 31 * *", "2024-05-31 01:00"),
        ("0 1 1 jan,sep *", "2024-09-01 01:00"),
        ("0 0 29 2 *", "2028-02-29 00:00"),
        ("0 24 * * *", "2024-05-02 00:00"),
        ("@daily", "2024-05-02 00:00"),
        ("@weekly", "2024-05-05 00:00"),
        ("@Monthly", "2024-06-01 00:00"),
    ],
)
def test_when_an_expression_is_next_due(text: str, next_run: str) -> None:
    assert cron.is_cron(text)
    assert due(text) == next_run


@pytest.mark.parametrize(
    "text",
    [
        "",
        "invalid-cron",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 25 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 8",
        "* * * * mon#6",
        "*/0 * * * *",
        "1- * * * *",
        "a * * * *",
        "² * * * *",
        "* * 30 2 *",
        "* * 31 4,6 *",
        "@often",
    ],
)
def test_what_is_no_expression(text: str) -> None:
    assert not cron.is_cron(text)


def test_expressions_go_by_the_clocks_of_a_zone() -> None:
    assert due("0 9 * * *", "Asia/Tokyo") == "2024-05-02 00:00"
    assert due("0 9 * * *", "Pacific Time (US & Canada)") == "2024-05-01 16:00"
    assert due("0 9 * * *", "America/Los_Angeles") == "2024-05-01 16:00"


def test_times_that_clocks_skip_are_no_times_and_those_shown_twice_are_two() -> None:
    before = datetime(2024, 3, 30, 12, 0, tzinfo=timezone.utc)
    assert due("30 2 * * *", "Europe/Berlin", before) == "2024-04-01 00:30"
    before = datetime(2024, 10, 26, 12, 0, tzinfo=timezone.utc)
    first = due("30 2 * * *", "Europe/Berlin", before)
    again = due("30 2 * * *", "Europe/Berlin", datetime(2024, 10, 27, 0, 30, tzinfo=timezone.utc))
    assert (first, again) == ("2024-10-27 00:30", "2024-10-27 01:30")


@pytest.mark.parametrize("name", ["Nowhere", "../etc/passwd", "America", "a\0b", "Europe/berlin "])
def test_what_is_no_zone(name: str) -> None:
    assert cron.find_zone(name) is None


def test_every_zone_of_rails_is_one_of_the_tz_database() -> None:
    zones = cron._named_zones()
    assert len(zones) > 140
    assert {name for name in zones if not isinstance(cron.find_zone(name), ZoneInfo)} == set()
