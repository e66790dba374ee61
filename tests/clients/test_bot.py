"""A bot on python-gitlab with planted mistakes: strict mode or the sweep names each, and the mended bot passes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mockgitlab import MockGitLab, cli

HERE = Path(__file__).parent
SCENARIO, BOT = str(HERE / "bot.yaml"), str(HERE / "bot.py")


def sweep(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, fault: str, *only: str
) -> tuple[int, dict[str, Any]]:
    """Sweep the bot with a mistake, and return the exit code and the runs by trap."""
    monkeypatch.setenv("BOT_FAULTS", fault)
    monkeypatch.setattr("mockgitlab.web.gateway.sleep", lambda seconds: None)
    chosen = ["--only", ",".join(only)] if only else []
    code = cli.main(["sweep", "--json", "--user", "bot", *chosen, SCENARIO, "--", sys.executable, BOT])
    shown = json.loads(capsys.readouterr().out)
    assert shown["without"]["outcome"] == "passed", shown["without"]
    return code, {run["trap"]: run for run in shown["traps"]}


@pytest.fixture(params=["", "misspelt"])
def strictly(request: pytest.FixtureRequest) -> tuple[str, MockGitLab]:
    """Run the bot against a strict server, with the mistake or without."""
    with MockGitLab(SCENARIO, strict="fail") as gitlab:
        variables = {"BOT_FAULTS": request.param, **gitlab.env("bot")}
        done = subprocess.run([sys.executable, BOT], env=variables, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
    return request.param, gitlab


def test_strict_mode_names_the_misspelt_parameter_and_nothing_else(strictly: tuple[str, MockGitLab]) -> None:
    fault, gitlab = strictly
    if not fault:
        gitlab.verify()
        return
    text = "GET /projects/:id/issues has no parameter lables, GitLab ignores it; did you mean labels?"
    with pytest.raises(AssertionError) as raised:
        gitlab.verify()
    lines = str(raised.value).splitlines()
    assert [line.partition(" ")[2] for line in lines] == [text] * len(lines)


def test_the_sweep_names_the_counting_of_pages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, runs = sweep(capsys, monkeypatch, "totals", "no_totals", "small_pages", "lost_answers")
    assert (code, [name for name, run in runs.items() if run["broken"]]) == (1, ["no_totals"])
    assert runs["no_totals"]["outcome"] == "failed"
    assert "TypeError" in runs["no_totals"]["output"]


def test_the_sweep_names_the_thoughtless_second_try(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, runs = sweep(capsys, monkeypatch, "retry", "lost_answers", "bad_gateway_after_write", "bad_gateway")
    assert (code, [name for name, run in runs.items() if run["broken"]]) == (
        1,
        ["lost_answers", "bad_gateway_after_write"],
    )
    for name in ("lost_answers", "bad_gateway_after_write"):
        assert runs[name]["outcome"] == "passed"
        assert runs[name]["duplicates"][0] == 'created Issue "Triage report" 2 times'


def test_the_mended_bot_passes_in_every_trap(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, runs = sweep(capsys, monkeypatch, "")
    assert [(name, run["output"]) for name, run in runs.items() if run["broken"]] == []
    assert (code, len(runs) > 15) == (0, True)
