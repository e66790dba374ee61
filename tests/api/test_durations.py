import pytest

from mockgitlab.api.durations import human_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1w 4d 5h", 277_200),
        ("3h30m", 12_600),
        ("1.5h", 5_400),
        ("-1d", -28_800),
        ("2", 7_200),
        ("1mo2m", 576_120),
        ("1 month 2 weeks", 864_000),
        ("30min", 1_800),
        ("1hour30minutes", 5_400),
        ("45 seconds", 45),
        ("0h", 0),
    ],
)
def test_a_duration_is_read_in_any_of_its_spellings(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "-", "x", "1h x", "1 2", "h", "1hx", "--1h"])
def test_what_is_no_duration_cannot_be_read(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(277_200, "1w 4d 5h"), (604_800, "1mo 1d"), (61, "1m 1s"), (-3_600, "-1h"), (0, None)],
)
def test_seconds_are_told_in_the_largest_units(seconds: int, text: str | None) -> None:
    assert human_duration(seconds) == text
