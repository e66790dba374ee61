"""How problems are told."""

import pickle
from pathlib import Path

import pytest

from mockgitlab.scenario.problems import (
    MAX_PROBLEMS,
    NEAREST_CANDIDATES,
    KeyPath,
    Location,
    Problem,
    Problems,
    ScenarioError,
    excerpt,
    nearest,
    path_text,
    shown,
)


class OneLine:
    """A locator for which the n-th key stands in line 1, its value five columns further."""

    def locate(self, path: KeyPath, *, of_key: bool = True) -> Location:
        column = len(path) if of_key else len(path) + 5
        return Location("world.yaml", 1, column, path=Path("world.yaml"))


def test_a_problem_names_file_line_column_key_what_is_wrong_and_what_may_have_been_meant() -> None:
    problem = Problem("world.yaml", 12, 9, "issues[3].titel", "unknown key", "title")
    assert str(problem) == "world.yaml:12:9: issues[3].titel: unknown key; did you mean 'title'?"


def test_a_problem_of_a_whole_file_has_no_position() -> None:
    assert str(Problem("world.yaml", 0, 0, "", "there is no file")) == "world.yaml: there is no file"


def test_a_problem_shows_the_line_with_a_caret() -> None:
    problem = Location("world.yaml", 12, 9, excerpt("      - titel: It explodes", 12, 9)).problem(
        "unknown key", "titel"
    )
    assert str(problem).splitlines() == [
        "world.yaml:12:9: titel: unknown key",
        "    12 |       - titel: It explodes",
        "       |         ^",
    ]


def test_a_tab_or_control_character_in_an_excerpt_is_one_blank_so_that_the_caret_stays_right() -> None:
    assert excerpt("\ta\x1b[31m: b", 1, 2).splitlines() == ["     1 |  a [31m: b", "       |  ^"]


def test_the_excerpt_of_a_long_line_is_the_part_around_the_caret() -> None:
    line, caret = excerpt("x" * 5000 + "Y" + "z" * 5000, 7, 5001).splitlines()
    assert line[caret.index("^")] == "Y"
    assert len(line) < 120


def test_an_error_tells_all_its_problems() -> None:
    error = ScenarioError([Problem("a.yaml", 1, 1, "x", "one"), Problem("b.yaml", 2, 2, "y", "two")])
    assert str(error) == "a.yaml:1:1: x: one\nb.yaml:2:2: y: two"


def test_an_error_survives_pickling_so_that_parallel_test_workers_can_report_it() -> None:
    error = ScenarioError([Problem("a.yaml", 1, 1, "x", "one", None, "excerpt")])
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_problems_are_collected_and_raised_together() -> None:
    problems = Problems(OneLine())
    problems.add(("users",), "unknown", suggestion="user")
    problems.add(("users", 0), "wrong", of_key=False)
    with pytest.raises(ScenarioError) as caught:
        problems.raise_if_any()
    assert str(caught.value).splitlines() == [
        "world.yaml:1:1: users: unknown; did you mean 'user'?",
        "world.yaml:1:7: users[0]: wrong",
    ]


def test_nothing_is_raised_when_nothing_was_found() -> None:
    problems = Problems(OneLine())
    problems.raise_if_any()
    assert len(problems) == 0


def test_too_many_problems_are_raised_at_once() -> None:
    problems = Problems(OneLine())
    for index in range(MAX_PROBLEMS - 1):
        problems.add(("users", index), "wrong")
    with pytest.raises(ScenarioError) as caught:
        problems.add(("users", MAX_PROBLEMS), "wrong")
    assert len(caught.value.problems) == len(list(problems)) == MAX_PROBLEMS


def test_a_path_is_written_as_people_do() -> None:
    assert path_text(("projects", 0, "issues", 3, "title")) == "projects[0].issues[3].title"


def test_keys_that_are_no_plain_names_are_quoted_in_a_path() -> None:
    assert path_text(("branches", "main", "src/a.py")) == "branches.main['src/a.py']"
    assert path_text(()) == ""


def test_a_long_value_is_cut_when_shown() -> None:
    assert shown("a" * 70) == "'" + "a" * 59 + "..."
    assert shown(250) == "250"


def test_a_location_is_written_as_editors_and_compilers_do() -> None:
    assert str(Location("world.yaml", 3, 4)) == "world.yaml:3:4"


@pytest.mark.parametrize(
    ("word", "expected"),
    [("titel", "title"), ("TITLE", "title"), ("label", "labels"), ("Merge-Requests", "merge_requests"), ("zzz", None)],
)
def test_the_nearest_candidate_is_found_whatever_its_case(word: str, expected: str | None) -> None:
    assert nearest(word, ["title", "labels", "merge_requests", "state"]) == expected


def test_the_nearest_candidate_is_given_as_it_is_written() -> None:
    assert nearest("readme.MD", iter(["README.md"])) == "README.md"


def test_no_candidates_means_nothing_near() -> None:
    assert nearest("title", []) is None


def test_only_so_many_candidates_are_looked_at() -> None:
    many = [str(number) for number in range(NEAREST_CANDIDATES)]
    assert nearest("title", [*many[:-1], "title"]) == "title"
    assert nearest("title", [*many, "title"]) is None
