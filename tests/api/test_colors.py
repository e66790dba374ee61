import pytest

from mockgitlab.api.colors import NAMES, old_text_color_on, read_color, text_color_on


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("#FFAABB", "#FFAABB"),
        (" #abc ", "#abc"),
        ("red", "#FF0000"),
        (" RebeccaPurple ", "#663399"),
        ("cyan", None),
        ("#FFAABBCC", None),
        ("FFAABB", None),
        ("#ggg", None),
        ("", None),
    ],
)
def test_a_color_is_hexadecimal_or_a_css_name(given: str, kept: str | None) -> None:
    assert read_color(given) == kept


def test_every_name_is_a_color() -> None:
    assert len(NAMES) == 146
    assert all(read_color(value) == value for value in NAMES.values())


@pytest.mark.parametrize(
    ("background", "text", "old"),
    [
        ("#FFFFFF", "#1F1E24", "#333333"),
        ("#fff", "#1F1E24", "#333333"),
        ("#D9534F", "#FFFFFF", "#FFFFFF"),
        ("#000", "#FFFFFF", "#FFFFFF"),
        ("#FFF400", "#1F1E24", "#FFFFFF"),
        ("#f0ad4e", "#1F1E24", "#FFFFFF"),
        ("#428bca", "#FFFFFF", "#FFFFFF"),
        ("#00ff00", "#1F1E24", "#FFFFFF"),
    ],
)
def test_text_is_dark_where_white_would_not_be_readable(background: str, text: str, old: str) -> None:
    assert (text_color_on(background), old_text_color_on(background)) == (text, old)
