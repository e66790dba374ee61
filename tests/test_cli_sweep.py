"""Sweeping a command through the traps from the command line."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mockgitlab import cli

WORLD = """
mockgitlab: 1
tokens: [{token: t, user: root, scopes: [api]}]
projects: [{path: root/notes}]
"""
CLIENT = """
import json, os, sys, time, urllib.request

def call(path, body=None):
    data = json.dumps(body).encode() if body else None
    headers = {"PRIVATE-TOKEN": os.environ["GITLAB_TOKEN"], "Content-Type": "application/json"}
    return urllib.request.urlopen(urllib.request.Request(os.environ["CI_API_V4_URL"] + path, data, headers))

"""


def ended(pid: int) -> bool:
    """Tell whether a process that was killed ends within ten seconds."""
    status = Path(f"/proc/{pid}/stat")
    for _ in range(100):
        try:
            if status.read_text().split()[2] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def sweep(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that sweeps a script and returns the exit code, the JSON and what was told beside it."""
    scenario, script = tmp_path / "world.yaml", tmp_path / "client.py"
    scenario.write_text(WORLD)

    def run(source: str, *options: str) -> tuple[int, Any, str]:
        script.write_text(CLIENT + source)
        code = cli.main(["sweep", "--json", *options, str(scenario), "--", sys.executable, str(script)])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


def outcomes(shown: Any) -> dict[str, str]:
    return {run["trap"]: run["outcome"] for run in shown["traps"]}


def test_a_client_that_is_broken_by_a_trap_ends_with_1_and_one_that_is_not_with_0(sweep: Any) -> None:
    source = "print(call('/projects').headers['X-Total'] + ' projects')"
    code, shown, told = sweep(source, "--only", "no_totals,sparse")
    assert (code, outcomes(shown)) == (1, {"no_totals": "failed", "sparse": "passed"})
    assert "TypeError" in shown["traps"][0]["output"]
    assert "2/3 no_totals: failed" in told
    code, shown, told = sweep("call('/projects')", "--only", "no_totals", "--only", "sparse")
    assert (code, shown["ok"], outcomes(shown)) == (0, True, {"no_totals": "passed", "sparse": "passed"})


def test_every_run_begins_with_the_scenario_and_meets_its_trap(sweep: Any) -> None:
    source = """
call("/projects/1/issues", {"title": "x"})
assert json.load(call("/projects/1/issues"))[-1]["iid"] == 1
print(os.environ["MOCKGITLAB_TRAP"], os.environ["GITLAB_URL"].rpartition("/")[2])
"""
    code, shown, _ = sweep(source, "--only", "no_totals,sparse")
    runs = [shown["without"], *shown["traps"]]
    assert [run["output"] for run in runs] == ["@sweep", "no_totals @sweep-no_totals", "sparse @sweep-sparse"]
    assert (code, [run["requests"] for run in runs]) == (0, [2, 2, 2])


def test_what_hangs_is_ended_with_all_that_it_started(sweep: Any, tmp_path: Path) -> None:
    source = f"""
import subprocess
if os.environ["MOCKGITLAB_TRAP"]:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open({str(tmp_path / "pid")!r}, "w").write(str(child.pid))
    time.sleep(600)
"""
    code, shown, _ = sweep(source, "--only", "sparse", "--timeout", "3")
    assert (code, outcomes(shown), shown["traps"][0]["exit_code"]) == (1, {"sparse": "hung"}, None)
    assert ended(int((tmp_path / "pid").read_text()))


def test_data_that_is_lost_or_doubled_breaks_what_exits_with_0(sweep: Any) -> None:
    source = """
from http.client import RemoteDisconnected
for _ in range(2):
    try:
        call("/projects/1/issues", {"title": "x"})
        break
    except OSError:
        continue
if call("/projects").headers["X-Total"]:
    call("/projects/1/issues", {"title": "y"})
"""
    code, shown, _ = sweep(source, "--only", "lost_answers,no_totals")
    lost_answers, no_totals = shown["traps"]
    assert (code, lost_answers["outcome"], lost_answers["duplicates"]) == (1, "failed", ['created Issue "x" 2 times'])
    assert (no_totals["outcome"], no_totals["lost"]) == ("passed", ['created Issue "y"'])


def test_a_command_that_fails_without_traps_is_not_swept(sweep: Any) -> None:
    code, shown, told = sweep("sys.exit(3)", "--only", "sparse")
    assert (code, shown["without"]["exit_code"], shown["traps"]) == (2, 3, [])
    assert "the command failed without traps: mend that first" in told


def test_without_only_every_trap_is_tried_but_the_style_of_errors_that_there_is(sweep: Any) -> None:
    code, shown, told = sweep("pass")
    names = outcomes(shown)
    assert ("no_totals" in names, "observed_errors" in names, "documented_errors" in names) == (True, True, False)
    assert (code, "early_webhooks" in names) == (0, False)
    assert "the command asked nothing of GITLAB_URL" in told


def test_tests_with_the_fixture_are_swept_too(sweep: Any, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import urllib.request\n"
        "def test_it(mockgitlab):\n"
        "    answer = urllib.request.urlopen(mockgitlab.url + '/api/v4/projects')\n"
        "    assert answer.headers['X-Total'] == '0'\n"
    )
    options = ["-q", "-c", os.devnull, "-p", "no:cacheprovider", str(tmp_path / "test_it.py")]
    source = f"import subprocess; sys.exit(subprocess.call([sys.executable, '-m', 'pytest', *{options!r}]))"
    code, shown, told = sweep(source, "--only", "no_totals,sparse")
    assert (code, outcomes(shown)) == (1, {"no_totals": "failed", "sparse": "passed"})
    assert "MOCKGITLAB_TRAP" in told


def test_a_matrix_is_printed_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sweep", "--only", "sparse", "--", sys.executable, "-c", "pass"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0].split()[0], lines[-1]) == ("trap", "passed in all of 1 traps")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["sweep"], "say which command to run"),
        (["sweep", "--"], "say which command to run"),
        (["sweep", "--only", "sparce", "--", "true"], "there is no trap 'sparce'; did you mean sparse?"),
        (["sweep", "--only", "early_webhooks", "--", "true"], "waits for webhooks"),
        (["sweep", "--user", "nobody", "--", "true"], "no usable token of nobody"),
        (["sweep", "--only", "sparse", "--", "no-such-command-anywhere"], "no-such-command-anywhere"),
        (["sweep", "missing.yaml", "--", "true"], "missing.yaml"),
    ],
)
def test_a_slip_ends_with_2(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    assert told in capsys.readouterr().err
