"""Clients through the recorder and on what it recorded: the same answers, byte for byte."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mockgitlab import MockGitLab
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.scan import scan
from tests.clients import playback_rig as rig
from tests.clients.javascript_rig import javascript_available, run_javascript

SCENARIO = str(Path(__file__).parents[2] / "scenarios" / "team.yaml")


@pytest.fixture(scope="module")
def upstream() -> Iterator[MockGitLab]:
    """A GitLab of another version, at another time, that stands in for the real one."""
    later = {"mockgitlab": 1, "gitlab": {"version": "17.9.0", "clock": "2024-05-20T10:00:00Z"}}
    with MockGitLab(SCENARIO, later) as gl:
        yield gl


def javascript_session(url: str, token: str) -> rig.Seen:
    """Do fifty calls with the JavaScript client, and return the answers as they came."""
    seen = run_javascript(rig.JAVASCRIPT_SESSION, {"HOST": url, "TOKEN": token}, seconds=120)
    return [(status, headers, base64.b64decode(body)) for status, headers, body in seen]


@pytest.mark.parametrize("client", ["python", pytest.param("javascript", marks=pytest.mark.network)])
def test_what_a_client_saw_through_the_recorder_it_sees_again(
    upstream: MockGitLab, tmp_path: Path, client: str
) -> None:
    if client == "javascript" and (reason := javascript_available()):
        pytest.skip(reason)
    session = rig.python_session if client == "python" else javascript_session
    path, token = str(tmp_path / "session.yaml"), upstream.token("ada")
    upstream.reset()
    with rig.command("record", "--upstream", upstream.url, "-o", path) as recorder:
        live = rig.normalised(session(recorder.url, token), recorder.url)
    assert recorder.code == 0
    assert len(live) >= 50
    assert len(Recording(path)) == len(live)
    assert list(scan([tmp_path])) == []
    with rig.command("play", path, "--strict", "fail") as player:
        played = rig.normalised(session(player.url, "any-token"), player.url)
    for number, (first, second) in enumerate(zip(live, played, strict=True)):
        assert first == second, Recording(path)[number].request
    assert (player.code, player.err) == (0, "mockgitlab played every exchange\n")


def test_a_client_that_strays_is_told_and_the_player_fails(upstream: MockGitLab, tmp_path: Path) -> None:
    path = str(tmp_path / "session.yaml")
    with rig.command("record", "--upstream", upstream.url, "-o", path) as recorder:
        requests.get(f"{recorder.url}/api/v4/projects/1", timeout=5)
        requests.get(f"{recorder.url}/api/v4/projects/2", timeout=5)
    with rig.command("play", path) as player:
        answer = requests.get(f"{player.url}/api/v4/projects/2", timeout=5)
        assert answer.status_code == 400
        assert answer.json()["expected"].startswith("GET /api/v4/projects/1 (exchange 1 of 2")
    assert player.code == 1
    assert f"unused exchange: {path} #1 GET /api/v4/projects/1\n" in player.err


def test_a_wrong_recording_is_refused_before_anything_is_served(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("mockgitlab_recording: 1\nexchanges:\n- request: {method: GET, pat: /}\n")
    told = r"wrong\.yaml:3:26: exchanges\[0\]\.request\.pat: is not a key"
    with pytest.raises(AssertionError, match=told), rig.command("play", str(path)):
        raise RuntimeError("it was served")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["record"], "say where to record to"),
        (["record", "-o", "x.yaml"], "say what to record"),
        (["record", "-o", "x.yaml", "--upstream", "gitlab.com"], "is no base URL"),
        (["play", "none.yaml"], "there is no file 'none.yaml'"),
        (["play", __file__], "did not find expected <document start>"),
    ],
)
def test_a_command_that_cannot_run_says_why(arguments: list[str], told: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=told), rig.command(*arguments):
        raise RuntimeError("it ran")


def verified(path: str, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run ``mockgitlab verify`` against a server."""
    command = [sys.executable, "-m", "mockgitlab", "verify", path, "--upstream", url, "--token", "ada-token", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_an_older_upstream_is_reported_as_drift_and_an_unchanged_one_is_not(
    upstream: MockGitLab, tmp_path: Path
) -> None:
    path = str(tmp_path / "session.yaml")
    upstream.reset()
    with rig.command("record", "--upstream", upstream.url, "-o", path) as recorder:
        rig.python_session(recorder.url, upstream.token("ada"))
    upstream.reset()
    unchanged = verified(path, upstream.url)
    assert (unchanged.returncode, unchanged.stderr) == (0, "")
    upstream.reset()
    everything = verified(path, upstream.url, "--writes")
    assert everything.returncode == 0, everything.stdout
    with MockGitLab(SCENARIO, {"mockgitlab": 1, "gitlab": {"version": "14.0.0"}}) as older:
        drifted = verified(path, older.url)
    assert drifted.returncode == 3
    assert "field gone: body" in drifted.stdout
