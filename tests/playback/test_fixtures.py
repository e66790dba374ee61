from pathlib import Path

import pytest
import requests

from mockgitlab import MockGitLab
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.scan import scan

ROOT = Path(__file__).parents[2]
RECORDINGS = sorted((ROOT / "fixtures" / "recordings").glob("*.yaml"))


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_every_recording_that_is_shipped_is_right_and_has_no_secret(path: Path) -> None:
    Recording(path).check()
    assert list(scan([path, path.with_suffix("")] if path.with_suffix("").exists() else [path])) == []


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_every_recording_that_is_shipped_can_be_played_to_its_end(path: Path) -> None:
    with MockGitLab(playback=path, strict="fail") as gitlab:
        for exchange in Recording(path):
            sent = exchange.request
            body = {"json": sent.body.value} if sent.body.kind == "json" else {}
            if sent.body.kind == "form" and dict(sent.headers)["Content-Type"].startswith("multipart/"):
                body = {
                    "files": {name: (part.filename, part.data, part.content_type) for name, part in sent.body.value}
                }
            elif sent.body.kind == "form":
                body = {"data": list(sent.body.value)}
            answer = requests.request(sent.method, gitlab.url + sent.target, timeout=5, **body)
            assert answer.status_code == exchange.response.status, answer.text
        gitlab.verify()


def test_the_scenario_plays_what_was_recorded_and_answers_the_rest() -> None:
    with MockGitLab(ROOT / "scenarios" / "playback.yaml") as gitlab:
        headers, api = {"PRIVATE-TOKEN": "ada-token"}, f"{gitlab.url}/api/v4"
        issue = f"{api}/projects/acme%2Frocket/issues/46"
        states = [requests.get(issue, headers=headers, timeout=5) for _ in range(3)]
        assert [one.status_code for one in states] == [200, 200, 404]
        assert [one.json().get("state") for one in states] == ["opened", "closed", None]
        assert states[0].json()["web_url"] == f"{gitlab.url}/acme/rocket/-/issues/46"
        [other] = requests.get(f"{api}/projects/ada%2Fnotes/issues", headers=headers, timeout=5).json()
        assert other["title"] == "Not recorded"
