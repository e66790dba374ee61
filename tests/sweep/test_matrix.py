"""The outcome of a sweep, for people and machines."""

from typing import Any

from mockgitlab.sweep.matrix import matrix, to_json
from mockgitlab.sweep.runs import Run
from mockgitlab.traps import TRAPS


def run(trap: str, outcome: str = "passed", **more: Any) -> Run:
    code = {"passed": 0, "failed": 1}.get(outcome)
    return Run(trap, outcome, code, 0.25, 7, more.pop("output", ""), **more)


def test_each_trap_has_a_row_and_each_broken_one_what_broke() -> None:
    lost = ('created Note "x"',)
    runs = [run(""), run("no_totals", "failed", output="oh\n" * 20 + "no" * 200), run("sparse", lost=lost)]
    lines = matrix([*runs, run("html_429", "hung")], TRAPS).splitlines()
    assert [line.split() for line in lines[:3]] == [
        ["trap", "outcome", "took", "requests"],
        ["-" * 13, "-" * 17, "-" * 5, "-" * 8],
        ["without", "traps", "passed", "0.2", "s", "7"],
    ]
    assert lines[4].startswith("sparse         passed, lost data")
    assert f"no_totals: {TRAPS['no_totals'].told}" in lines
    assert lines.count("  | oh") == 11
    assert f"  | {'no' * 100}" in lines
    assert '  lost: created Note "x"' in lines
    assert lines[-1] == "3 of 3 traps break what passes without them: no_totals, sparse, html_429"


def test_of_many_things_the_first_are_listed() -> None:
    text = matrix([run(""), run("sparse", duplicates=tuple(f"created Issue {n} 2 times" for n in range(9)))], TRAPS)
    assert text.count("  twice: ") == 6
    assert "  twice: 4 more" in text


def test_when_all_pass_that_is_said() -> None:
    assert matrix([run(""), run("sparse")], TRAPS).endswith("\n\npassed in all of 1 traps")


def test_json_has_each_run() -> None:
    shown = to_json(["a", "b c"], [run(""), run("sparse", "hung", output="x")])
    assert (shown["command"], shown["ok"], shown["without"]["trap"]) == ("a 'b c'", False, None)
    assert shown["traps"] == [
        {
            "trap": "sparse",
            "outcome": "hung",
            "broken": True,
            "exit_code": None,
            "seconds": 0.25,
            "requests": 7,
            "duplicates": [],
            "lost": [],
            "output": "x",
        }
    ]
