"""How far a sweep is: lines, or a bar on a terminal."""

import io

import pytest

from mockgitlab.sweep.progress import progress
from mockgitlab.sweep.runs import Run


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO) -> str:
    with progress(2, stream) as tell:
        for name, outcome in (("one", "passed"), ("two", "failed")):
            tell(name, None)
            tell(name, Run(name, outcome, 0, 1.0, 3, ""))
    return stream.getvalue()


def test_each_run_is_told_in_a_line_where_there_is_no_terminal() -> None:
    assert told(io.StringIO()) == "1/2 one: passed (1.0 s)\n2/2 two: failed (1.0 s)\n"


def test_a_terminal_gets_a_bar_and_what_broke() -> None:
    text = told(Terminal())
    assert "two: failed" in text
    assert "one: passed" not in text


def test_a_terminal_gets_lines_without_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockgitlab.sweep.progress.find_spec", lambda name: None)
    assert told(Terminal()).startswith("1/2 one: passed")
