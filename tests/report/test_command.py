"""``mockgitlab report``, on a running server and on saved journals."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockgitlab import cli
from mockgitlab.report.formats import FORMATS
from mockgitlab.report.options import FORMAT_NAMES
from mockgitlab.server import MockGitLab
from tests.support import WORLD


@pytest.fixture
def server() -> Iterator[MockGitLab]:
    with MockGitLab(WORLD) as server:
        yield server


def ask(server: MockGitLab, path: str, prefix: str = "") -> None:
    request = urllib.request.Request(f"{server.url}{prefix}/api/v4/{path}", headers={"PRIVATE-TOKEN": "ada-token"})
    try:
        urllib.request.urlopen(request).close()
    except urllib.error.HTTPError as error:
        error.close()


def saved(server: MockGitLab, folder: Path) -> str:
    file = folder / "journal.jsonl"
    with urllib.request.urlopen(f"{server.url}/_mockgitlab/journal?format=jsonl") as answer:
        file.write_bytes(answer.read())
    return str(file)


def test_a_client_that_kept_the_contract_is_told_with_exit_code_0(
    server: MockGitLab, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(server, "projects/1")
    assert cli.main(["report", "--url", f"{server.url}/"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("The contract was kept. 1 request, 0 refused, 1 of ")
    assert "and guest suffice" in told


def test_a_broken_contract_is_exit_code_1_and_sandboxes_count(
    server: MockGitLab, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(server, "projects?serch=x", "/@box")
    assert cli.main(["report", "--url", server.url, "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["worlds"], found["findings"][0]["where"]) == (2, ["@box #1"])


def test_a_saved_journal_is_read_in_place_of_a_server(
    server: MockGitLab, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(server, "projects/1")
    journal = saved(server, tmp_path)
    output = [tmp_path / "report.xml", tmp_path / "report.html"]
    options = [option for file in output for option in ("-o", str(file))]
    assert cli.main(["report", journal, *options]) == 0
    assert capsys.readouterr().out == f"mockgitlab: The contract was kept ({output[0]}, {output[1]})\n"
    assert all(file.read_text().startswith("<") for file in output)


def test_only_what_is_not_in_the_baseline_fails(server: MockGitLab, tmp_path: Path) -> None:
    report = ["report", "--url", server.url, "--baseline", str(tmp_path / "known.json")]
    ask(server, "projects?serch=x")
    assert cli.main([*report, "--update-baseline"]) == 0
    assert cli.main(report) == 0
    ask(server, "projects?stat=x")
    assert cli.main(report) == 1


@pytest.mark.parametrize(
    ("options", "code"),
    [("--max-requests=2", 0), ("--max-requests=1", 1), ("--fail-on=waste", 1), ("--fail-on=", 0)],
)
def test_what_breaks_the_contract_may_be_chosen(server: MockGitLab, options: str, code: int) -> None:
    for _ in range(2):
        ask(server, "projects/1")
    assert cli.main(["report", "--url", server.url, options]) == code


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--fail-on=wast"], "--fail-on 'wast' is no kind of finding: take expectation, "),
        (["--update-baseline"], "--update-baseline needs --baseline FILE"),
        (["-o", "report.pdf"], "'report.pdf' has the suffix of no format"),
        (["--baseline=none.json"], "the baseline cannot be read"),
        (["--url=ftp://here"], "is no address of a server: write http://"),
        (["--url=http://127.0.0.1:9"], "http://127.0.0.1:9/_mockgitlab/sandboxes cannot be read"),
        (["none.jsonl"], "none.jsonl"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    server: MockGitLab, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", "--url", server.url, *options]) == 2
    assert told in capsys.readouterr().err


def test_a_file_that_is_no_journal_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.jsonl").write_text('{"a": 1}\n')
    assert cli.main(["report", str(tmp_path / "x.jsonl")]) == 2
    assert "x.jsonl: line 1: this is no line of a journal" in capsys.readouterr().err


def test_an_address_where_something_else_answers_is_told(
    server: MockGitLab, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", "--url", f"{server.url}/elsewhere"]) == 2
    assert "answers 404: is mockgitlab there?" in capsys.readouterr().err


def test_outputs_may_stand_in_the_environment(
    server: MockGitLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCKGITLAB_OUTPUT", f"{tmp_path}/a.md,{tmp_path}/b.json")
    assert cli.main(["report", "--url", server.url]) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"a.md", "b.json"}


def test_the_formats_of_the_option_are_those_that_there_are() -> None:
    assert tuple(FORMATS) == FORMAT_NAMES


def test_a_terminal_that_lacks_the_signs_gets_others(server: MockGitLab) -> None:
    ask(server, "projects?serch=x")
    command = [sys.executable, "-m", "mockgitlab", "report", "--url", server.url]
    told = subprocess.run(command, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, timeout=60)
    assert (told.returncode, b"  ? GET /projects has no parameter serch" in told.stdout) == (1, True)
