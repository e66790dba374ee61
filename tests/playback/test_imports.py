import base64
import json
from pathlib import Path
from typing import Any

import pytest
import requests
import vcr

from mockgitlab import MockGitLab, cli
from mockgitlab.playback.exchange import Body
from mockgitlab.playback.imports import import_har, import_vcr
from mockgitlab.playback.recording import Recording


def har_entry(url: str, **response: Any) -> dict[str, Any]:
    headers = [{"name": "content-type", "value": "application/json"}, {"name": ":authority", "value": "x"}]
    content = {"text": '{"id":1}', "mimeType": "application/json"}
    return {
        "request": {
            "method": "POST",
            "url": url,
            "headers": headers,
            "postData": {"text": '{"title":"x"}', "mimeType": "application/json"},
        },
        "response": {"status": 201, "headers": headers, "content": content, **response},
    }


def test_a_har_file_is_imported(tmp_path: Path) -> None:
    binary = {"text": base64.b64encode(b"\0\1").decode(), "encoding": "base64"}
    entries = [
        har_entry("https://gitlab.com/api/v4/projects/a%2Fb/issues?x=1#top"),
        har_entry("https://gitlab.com/a.bin", headers=[], content=binary),
        har_entry("https://other.com/"),
        har_entry("https://gitlab.com/blocked", status=0),
    ]
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": entries}}))
    found = import_har(str(tmp_path / "a.har"))
    assert (found.upstream, len(found.exchanges), found.others) == ("https://gitlab.com", 2, 1)
    first, second = found.exchanges
    assert str(first.request) == "POST /api/v4/projects/a%2Fb/issues?x=1"
    assert (first.request.body, first.response.body) == (Body("json", {"title": "x"}), Body("json", {"id": 1}))
    assert second.response.body == Body("file", b"\0\1")


@pytest.mark.parametrize("serializer", ["yaml", "json"])
def test_a_cassette_of_vcr_is_imported_as_what_was_said(tmp_path: Path, serializer: Any) -> None:
    path = str(tmp_path / f"cassette.{serializer}")
    with MockGitLab("scenarios/quickstart.yaml") as gl, vcr.use_cassette(path, serializer=serializer):
        headers = {"PRIVATE-TOKEN": gl.token("ada")}
        one = requests.get(f"{gl.url}/api/v4/projects/1/issues?per_page=2&x=ä", headers=headers, timeout=5).json()
        requests.post(f"{gl.url}/api/v4/projects/1/issues", data={"title": "x y"}, headers=headers, timeout=5)
        url = gl.url
    found = import_vcr(path)
    assert (found.upstream, found.others) == (url, 0)
    read, write = found.exchanges
    assert read.request.query == (("per_page", "2"), ("x", "ä"))
    assert read.response.body.value == one
    assert (write.request.body, write.response.status) == (Body("form", (("title", "x y"),)), 201)


def test_the_command_imports_without_secrets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = har_entry("https://gitlab.com/api/v4/user?private_token=s3cr3t-t0ken")
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    assert cli.main(["record", "--from-har", str(tmp_path / "a.har"), "-o", str(tmp_path / "a.yaml")]) == 0
    assert "imported 1 exchanges with https://gitlab.com" in capsys.readouterr().out
    [exchange] = Recording(tmp_path / "a.yaml")
    assert exchange.request.query == (("private_token", "SCRUBBED-1"),)


@pytest.mark.parametrize("text", ["", "{}", "[1]", "interactions: [{}]", "log: ["])
def test_what_is_no_archive_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    for read in (import_har, import_vcr):
        with pytest.raises(ValueError, match=r"a\.yaml cannot be imported"):
            read(str(tmp_path / "a.yaml"))


def test_what_is_imported_can_be_normalised(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text(
        json.dumps({"log": {"entries": [har_entry("https://gitlab.com/api/v4/projects/4711")]}})
    )
    given = ["record", "--from-har", str(tmp_path / "a.har"), "-o", str(tmp_path / "a.yaml"), "--normalise"]
    assert cli.main(given) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.har", "a.yaml"]
    assert cli.main([*given, "--keep-raw", "--overwrite"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.har", "a.raw.yaml", "a.yaml"]
    assert Recording(tmp_path / "a.yaml")[0].request.path == "/api/v4/projects/1"


def test_an_imported_recording_says_what_it_was_made_of_and_nothing_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [har_entry("https://gitlab.com/api/v4/user")]}}))
    assert cli.main(["record", "--from-har", str(tmp_path / "a.har"), "-o", str(tmp_path / "a.yaml")]) == 0
    assert Recording(tmp_path / "a.yaml").meta["imported_from"] == "a.har"
    assert str(tmp_path) not in (tmp_path / "a.yaml").read_text()
