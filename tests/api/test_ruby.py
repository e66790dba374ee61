import pytest

from mockgitlab.api.ruby import humanize, inspect, titleize


@pytest.mark.parametrize(
    ("name", "title", "sentence"),
    [
        ("fly-home_now", "Fly Home Now", "Fly home now"),
        ("feature/addFlight", "Feature/Add Flight", "Feature/add flight"),
        ("HTTPServer", "Http Server", "Http server"),
        ("add-user-id", "Add User", "Add user"),
        ("_private", "Private", "Private"),
        ("mend--it", "Mend  It", "Mend  it"),
        ("12", "12", "12"),
    ],
)
def test_names_become_titles_and_sentences(name: str, title: str, sentence: str) -> None:
    assert titleize(name) == title
    assert humanize(titleize(name)) == sentence


def test_values_are_written_down_as_ruby_does() -> None:
    assert inspect({"note": ["can't be blank", None, True]}) == '{:note=>["can\'t be blank", nil, true]}'
    assert inspect("#{x} # y") == '"\\#{x} # y"'
