import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from mockgitlab import MockGitLab, cli
from mockgitlab.playback.drift import compare
from mockgitlab.playback.exchange import Body, Got
from tests.playback.rig import Rig, recorder

SCENARIO = "scenarios/quickstart.yaml"
TOKEN = {"headers": {"PRIVATE-TOKEN": "ada-token"}}
JSON = (("Content-Type", "application/json"),)


def shown(value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = JSON) -> Got:
    return Got(status, headers, Body("json", value))


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (shown({"a": 1}), shown({"a": 2}), []),
        (shown({"a": 1}), shown({"a": 1.5}), []),
        (shown({"a": None}), shown({"a": {"b": 1}}), []),
        (shown({"a": 1, "b": 2}), shown({"a": 1}), ["field gone: body.b: is gone, was integer"]),
        (shown({"a": 1}), shown({"a": 1, "b": []}), ["field new: body.b: is new: array"]),
        (shown({"a": {"b": 1}}), shown({"a": {"b": "1"}}), ["type changed: body.a.b: was integer, is string"]),
        (shown({"a": True}), shown({"a": 1}), ["type changed: body.a: was boolean, is integer"]),
        (shown([{"a": 1}, {"a": 2}]), shown([{"a": 1, "b": 1}]), ["field new: body[].b: is new: integer"]),
        (shown([{"a": 1}, {"b": 2}]), shown([{"b": 1, "a": 1}]), []),
        (shown([{"a": 1}]), shown([]), []),
        (shown(["a"]), shown([1]), ["type changed: body[]: was string, is integer"]),
        (shown([]), shown({}), ["type changed: body: was array, is object"]),
        (shown({"Python": 91.0}), shown({"Ruby": 1.0}), []),
        (shown({}), shown({"message": "404 No"}, 404), ["status changed: status: was 200, is 404 (404 No)"]),
        (shown(1, headers=(*JSON, ("X-Total", "4"))), shown(1), ["header gone: header X-Total: is gone, was '4'"]),
        (shown(1), shown(1, headers=(*JSON, ("Link", "<x>"))), ["header new: header Link: is new: '<x>'"]),
        (shown(1), Got(200, (("Content-Type", "text/html"),), Body("text", "x")), [
            "header changed: header Content-Type: was 'application/json', is 'text/html'",
            "type changed: body: was json, is text",
        ]),
    ],
)  # fmt: skip
def test_drift_is_told_in_the_terms_of_the_api(was: Got, now: Got, told: list[str]) -> None:
    assert [f"{drift.kind}: {drift}" for drift in compare(was, now)] == told


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A recording of reads and writes, made of a GitLab."""
    with MockGitLab(SCENARIO) as gitlab, recorder(gitlab.gateway, tmp_path / "tape.yaml") as rig:
        rig.call("GET", "/api/v4/projects/acme%2Frocket", **TOKEN)
        rig.call("GET", "/api/v4/projects/acme%2Frocket/issues?per_page=1", **TOKEN)
        made = rig.call("POST", "/api/v4/projects/acme%2Frocket/issues", json={"title": "x"}, **TOKEN).json()["iid"]
        rig.call("GET", f"/api/v4/projects/acme%2Frocket/issues/{made}", **TOKEN)
        rig.call("PUT", f"/api/v4/projects/acme%2Frocket/issues/{made}", data={"state_event": "close"}, **TOKEN)
        rig.call("GET", "/api/v4/projects/no%2Fsuch", **TOKEN)
        yield rig


def check(rig: Rig, *options: str) -> int:
    return cli.main(["verify", str(rig.path), *options])


def test_an_unchanged_upstream_has_not_drifted(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    with MockGitLab(SCENARIO) as gitlab:
        assert check(rig, "--upstream", gitlab.url, "--token", "ada-token") == 0
        asked = {entry.method for entry in gitlab.journal}
    assert asked == {"GET"}
    assert "3 exchanges compared with http" in (out := capsys.readouterr().out)
    assert "0 have drifted; 3 left out" in out


def test_with_writes_everything_is_asked_and_follows_what_was_made(rig: Rig) -> None:
    with MockGitLab(SCENARIO) as gitlab:
        extra = Rig(gitlab.url, "", rig.path, rig.server)
        number = extra.call("POST", "/api/v4/projects/1/issues", json={"title": "y"}, **TOKEN).json()["iid"]
        assert check(rig, "--upstream", gitlab.url, "--token", "ada-token", "--writes") == 0
        states = {issue["title"]: issue["state"] for issue in gitlab.state()["Issue"]}
        assert (states["x"], states["y"]) == ("closed", "opened")
        assert any(entry.path.endswith(f"/issues/{number + 1}") for entry in gitlab.journal)


def test_a_changed_upstream_is_reported(rig: Rig, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with MockGitLab(SCENARIO) as gitlab:
        gitlab.fault("GET /projects/:id", nth=1, status=403)
        files = ["--json", "--junit", str(tmp_path / "drift.xml")]
        assert check(rig, "--upstream", gitlab.url, "--token", "ada-token", *files) == 3
    [found] = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert found["exchanges"][0]["drifts"][0]["told"] == "was 200, is 403 (403 Forbidden)"
    suite = ElementTree.parse(tmp_path / "drift.xml").getroot().find("testsuite")
    assert suite is not None
    assert {key: suite.get(key) for key in ("tests", "failures", "skipped")} == {
        "tests": "6", "failures": "1", "skipped": "3",
    }  # fmt: skip


def test_without_an_upstream_the_mock_itself_is_asked(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(rig, "--scenario", SCENARIO, "--token", "ada-token", "--writes") == 0
    assert check(rig, "--token", "root-token") == 3
    assert "status changed: status: was 200, is 404 (404 Project Not Found)" in capsys.readouterr().out


def test_a_recording_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(tmp_path / "none.yaml")]) == 2
    assert "there is no file" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["issues", "files", "tokens"])
def test_mockgitlab_answers_as_the_shipped_recordings_do(name: str) -> None:
    options = ["--scenario", "scenarios/team.yaml", "--token", "ada-token", "--writes"]
    assert cli.main(["verify", f"fixtures/recordings/{name}.yaml", *options]) == 0
