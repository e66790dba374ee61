"""Items that stand for many."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgitlab.scenario.problems import Problems, ScenarioError
from mockgitlab.scenario.repeat import MAX_REPEAT, expand
from mockgitlab.scenario.source import loads


def expanded(*items: Any) -> list[Any]:
    problems = Problems(loads(b"issues: []\n", "world.yaml"))
    found = [item for _, item in expand(items, problems, ("issues",))]
    problems.raise_if_any()
    return found


def rendered(value: Any, number: int) -> Any:
    """What a value is in the copy of that number."""
    return expanded({"value": value, "repeat": number})[-1]["value"]


def test_an_item_is_repeated_with_its_number_in_the_text() -> None:
    issues = expanded({"title": "Old ticket {n}", "repeat": 250, "state": "closed"})
    assert len(issues) == 250
    assert issues[0] == {"title": "Old ticket 1", "state": "closed"}
    assert issues[-1] == {"title": "Old ticket 250", "state": "closed"}


def test_other_items_are_passed_as_they_are_and_in_order() -> None:
    plain = {"title": "It {n} explodes"}
    assert expanded(plain, {"title": "{n}", "repeat": 2}, "text", 3) == [
        plain,
        {"title": "1"},
        {"title": "2"},
        "text",
        3,
    ]


def test_each_copy_comes_with_the_index_of_the_item_as_written() -> None:
    items = ["a", {"title": "x", "repeat": 2}, "b"]
    indexes = [index for index, _ in expand(items, Problems(loads(b"a: 1", "world.yaml")), ())]
    assert indexes == [0, 1, 1, 2]


def test_zero_times_is_not_at_all() -> None:
    assert expanded({"title": "x", "repeat": 0}) == []


def test_copies_without_a_number_are_still_separate_mappings() -> None:
    first, second = expanded({"title": "x", "repeat": 2})
    assert first == second == {"title": "x"}
    assert first is not second


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{n}", "7"),
        ("{n}/{n}", "7/7"),
        ("{n:03}", "007"),
        ("{n:3}", "  7"),
        ("{n:x}{n:04X}{n:d}", "700077"),
        ("{{n}}", "{7}"),
        ("{n} {name} {} { } {0} %d \\1 {{}}", "7 {name} {} { } {0} %d \\1 {{}}"),
        ("{n", "{n"),
        ("n}", "n}"),
        ("{ n }", "{ n }"),
        ("{n:}", "7"),
        ("{n:999999999}", "{n:999999999}"),
        ("{n.real}{n[0]}{n!r}{n:>3}", "{n.real}{n[0]}{n!r}{n:>3}"),
    ],
)
def test_only_the_number_is_replaced(text: str, expected: str) -> None:
    assert rendered(text, 7) == expected


def test_the_number_is_replaced_in_values_at_any_depth_but_not_in_keys() -> None:
    value = {"notes": [{"body": "note {n}"}, "{n}", ["{n:02}"], 3, None], "{n}": "{n}"}
    assert rendered(value, 2) == {"notes": [{"body": "note 2"}, "2", ["02"], 3, None], "{n}": "2"}


def test_an_item_inside_with_its_own_repeat_keeps_its_numbers() -> None:
    notes = [{"body": "{n}", "repeat": 2}, {"body": "{n}"}]
    (copy,) = expanded({"title": "{n}", "notes": notes, "repeat": 1})
    assert copy == {"title": "1", "notes": [{"body": "{n}", "repeat": 2}, {"body": "1"}]}
    assert expanded(*copy["notes"]) == [{"body": "1"}, {"body": "2"}, {"body": "1"}]


def test_the_written_item_is_not_changed() -> None:
    item = {"title": "{n}", "notes": [{"body": "{n}"}], "repeat": 3}
    expanded(item)
    assert item == {"title": "{n}", "notes": [{"body": "{n}"}], "repeat": 3}


def test_copies_are_made_when_they_are_asked_for() -> None:
    problems = Problems(loads(b"a: 1", "world.yaml"))
    millions = expand(itertools.repeat({"title": "{n}", "repeat": MAX_REPEAT}), problems, ())
    assert next(millions) == (0, {"title": "1"})


WORLD = b"""\
issues:
  - title: One
    repeat: many
  - {title: Two, repeat: 1}
  - {title: Three, repeat: 1000001}
"""


def test_wrong_repeats_are_told_with_their_places_and_left_out() -> None:
    source = loads(WORLD, "world.yaml")
    problems = Problems(source)
    assert [item for _, item in expand(source.data["issues"], problems, ("issues",))] == [{"title": "Two"}]
    assert [str(problem).splitlines()[0] for problem in problems] == [
        "world.yaml:3:13: issues[0].repeat: must be a whole number from 0 to 1,000,000, not 'many'",
        "world.yaml:5:28: issues[2].repeat: must be a whole number from 0 to 1,000,000, not 1000001",
    ]


@pytest.mark.parametrize("value", [True, -1, 1.0, "3", None, [], MAX_REPEAT + 1])
def test_only_whole_numbers_within_bounds_are_counts(value: object) -> None:
    with pytest.raises(ScenarioError, match="must be a whole number from 0 to 1,000,000"):
        expanded({"title": "x", "repeat": value})


@given(st.text("{}n:03x a", max_size=20), st.integers(1, 9))
def test_braces_in_any_arrangement_do_no_harm(text: str, number: int) -> None:
    assert rendered(text.replace("{n", "{m"), number) == text.replace("{n", "{m")
    assert rendered(f"{{n}}{text.replace('{n', '{m')}", number) == f"{number}{text.replace('{n', '{m')}"
