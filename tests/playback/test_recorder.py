import gzip
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from mockgitlab import MockGitLab, cli
from mockgitlab.playback.exchange import Body, Part
from mockgitlab.playback.upstream import Upstream
from tests.playback.rig import App, Rig, recorder


def answering(status: str, headers: list[tuple[str, str]], *pieces: bytes) -> App:
    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response(status, headers)
        return iter(pieces)

    return app


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """Answer with what came, and with a link and a body that point at this server."""
    base = f"http://{environ['HTTP_HOST']}"
    sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode("latin-1")
    headers = {key: value for key, value in environ.items() if key.startswith("HTTP_")}
    body = json.dumps({"uri": environ["RAW_URI"], "sent": sent, "headers": headers, "web_url": f"{base}/acme"}).encode()
    links = [("Link", f'<{base}/next?page=2>; rel="next"'), ("Location", f"{base}/there")]
    kind = ("Content-Type", "application/json")
    if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        body, kind = gzip.compress(body), ("Content-Type", "application/json; charset=utf-8")
        links.append(("Content-Encoding", "gzip"))
    start_response("201 Created", [*links, kind, ("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with recorder(echo, tmp_path / "echo.yaml") as running:
        yield running


def test_the_client_stays_on_the_recorder_and_the_recording_has_the_upstream(rig: Rig) -> None:
    answer = rig.call("GET", "/api/v4/projects/a%2Fb?x=a+b&y%5B%5D=%20&z")
    assert answer.json()["uri"] == "/api/v4/projects/a%2Fb?x=a+b&y%5B%5D=%20&z"
    assert answer.json()["web_url"] == f"{rig.url}/acme"
    assert answer.headers["Link"] == f'<{rig.url}/next?page=2>; rel="next"'
    assert answer.headers["Location"] == f"{rig.url}/there"
    [exchange] = rig.recording()
    assert exchange.request.path == "/api/v4/projects/a%2Fb"
    assert exchange.request.query == (("x", "a b"), ("y[]", " "), ("z", ""))
    assert exchange.response.body.value["web_url"] == f"{rig.upstream}/acme"
    assert dict(exchange.response.headers)["Link"] == f'<{rig.upstream}/next?page=2>; rel="next"'


def test_gzip_is_unpacked_for_both(rig: Rig) -> None:
    answer = rig.call("GET", "/a", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.json()["web_url"] == f"{rig.url}/acme"
    assert rig.recording()[0].response.body.kind == "json"
    rig.call(
        "POST",
        "/b",
        data=gzip.compress(b'{"a":1}'),
        headers={"Content-Encoding": "gzip", "Content-Type": "application/json"},
    )
    assert rig.recording()[1].request.body == Body("json", {"a": 1})


def test_urls_that_point_at_the_recorder_reach_the_upstream_as_its_own(rig: Rig) -> None:
    rig.call("POST", "/hooks", json={"url": f"{rig.url}/hook"})
    assert rig.recording()[0].response.body.value["sent"] == json.dumps({"url": f"{rig.upstream}/hook"})


def test_an_upload_is_kept_as_its_fields(rig: Rig) -> None:
    rig.call("POST", "/uploads", files={"file": ("a.png", b"\x89\0", "image/png")}, data={"title": "x"})
    request = rig.recording()[0].request
    assert request.body == Body("form", (("title", "x"), ("file", Part("a.png", "image/png", b"\x89\0"))))
    assert dict(request.headers)["Content-Type"] == "multipart/form-data"


def test_no_secret_of_the_client_is_in_the_file(rig: Rig) -> None:
    rig.call("GET", "/a?private_token=s3cret-in-query", headers={"PRIVATE-TOKEN": "s3cret-in-header"})
    text = rig.path.read_text()
    assert "s3cret" not in text
    assert rig.recording()[0].response.body.value["headers"]["HTTP_PRIVATE_TOKEN"].startswith("SCRUBBED-")


def test_a_client_may_keep_a_request_off_the_recording(rig: Rig) -> None:
    answer = rig.call("DELETE", "/a", headers={"X-Mockgitlab-Ignore": "true"})
    assert "HTTP_X_MOCKGITLAB_IGNORE" not in answer.json()["headers"]
    assert len(rig.recording()) == 0


def test_git_is_passed_on_and_recorded_only_when_asked(tmp_path: Path, rig: Rig) -> None:
    path = "/acme/rocket.git/info/refs?service=git-upload-pack"
    assert rig.call("GET", path).json()["uri"] == path
    assert len(rig.recording()) == 0
    with recorder(echo, tmp_path / "git.yaml", git=True) as other:
        other.call("GET", path)
        assert len(other.recording()) == 1


def test_the_recorder_says_that_it_is_ready(rig: Rig) -> None:
    assert rig.call("GET", "/_mockgitlab/ready").json() == {"ready": True, "recording": rig.upstream}
    assert len(rig.recording()) == 0


def test_an_upstream_below_a_path_is_asked_there(tmp_path: Path) -> None:
    with recorder(echo, tmp_path / "below.yaml", prefix="/gitlab") as rig:
        assert rig.call("GET", "/api/v4/user").json()["uri"] == "/gitlab/api/v4/user"
        assert rig.recording()[0].request.path == "/api/v4/user"


@pytest.mark.parametrize("status", ["404 Not Found", "302 Found", "304 Not Modified", "204 No Content", "503 Down"])
def test_every_status_is_passed_on_and_recorded(tmp_path: Path, status: str) -> None:
    with recorder(answering(status, []), tmp_path / "status.yaml") as rig:
        assert rig.call("GET", "/a").status_code == int(status[:3])
        assert rig.recording()[0].response.status == int(status[:3])


def test_head_has_headers_and_no_body(tmp_path: Path) -> None:
    headers = [("Content-Type", "application/json"), ("Content-Length", "1234"), ("X-Total", "7")]
    with recorder(answering("200 OK", headers), tmp_path / "head.yaml") as rig:
        answer = rig.call("HEAD", "/a")
        assert (answer.headers["X-Total"], answer.headers["Content-Length"]) == ("7", "1234")
        assert ("Content-Length", "1234") in rig.recording()[0].response.headers


def test_a_cookie_is_tied_to_the_recorder_for_the_client(tmp_path: Path) -> None:
    headers = [
        ("Set-Cookie", "a=abcdefgh; path=/; Domain=gitlab.example.com; Secure; HttpOnly"),
        ("Set-Cookie", "b=second"),
    ]
    with recorder(answering("200 OK", headers), tmp_path / "cookie.yaml") as rig:
        assert rig.call("GET", "/a").headers["Set-Cookie"] == "a=abcdefgh; path=/; HttpOnly, b=second"
        kept = [value for name, value in rig.recording()[0].response.headers if name == "Set-Cookie"]
        assert kept == ["a=SCRUBBED-1; path=/; Domain=gitlab.example.com; Secure; HttpOnly", "b=SCRUBBED-2"]


def test_a_binary_goes_through_unchanged_and_into_a_file(tmp_path: Path) -> None:
    data = bytes(range(256)) * 1_000
    with recorder(answering("200 OK", [("Content-Type", "application/zip")], data), tmp_path / "zip.yaml") as rig:
        assert rig.call("GET", "/a").content == data
        assert rig.recording()[0].response.body == Body("file", data)
        assert (tmp_path / "zip" / "0001.zip").read_bytes() == data


def test_a_stream_reaches_the_client_piece_by_piece_and_is_recorded_before_its_end(tmp_path: Path) -> None:
    go_on = threading.Event()

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        yield b"first" * 20_000
        yield b"second" * 20_000
        assert go_on.wait(10)
        yield b"last"

    path = tmp_path / "stream.yaml"
    with recorder(app, path) as rig, requests.get(f"{rig.url}/a", stream=True, timeout=10) as answer:
        pieces = answer.iter_content(10_000)
        assert next(pieces).startswith(b"first")
        assert len(rig.recording()) == 0
        go_on.set()
        rest = b"".join(pieces)
        assert rest.endswith(b"last")
        assert len(rig.recording()) == 1
        assert rig.recording()[0].response.body.value == b"first" * 20_000 + b"second" * 20_000 + b"last"


def test_an_answer_that_breaks_off_is_not_recorded(tmp_path: Path) -> None:
    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "100")])
        environ["mockgitlab.truncated"] = True
        return [b"{"]

    with recorder(app, tmp_path / "cut.yaml") as rig:
        answer = rig.call("GET", "/a")
        assert answer.status_code == 502
        assert "breaks off" in answer.headers["X-Mockgitlab-Reason"]
        assert len(rig.recording()) == 0


def test_an_upstream_that_is_not_there_is_a_bad_gateway(tmp_path: Path) -> None:
    with recorder(echo, tmp_path / "a.yaml") as rig:
        rig.server.stop()
        answer = rig.call("GET", "/a")
        assert (answer.status_code, answer.json()) == (502, {"message": "502 Bad Gateway"})
        assert "cannot be reached" in answer.headers["X-Mockgitlab-Reason"]
        assert len(rig.recording()) == 0


def test_writes_are_throttled_and_reads_are_not(tmp_path: Path) -> None:
    with recorder(echo, tmp_path / "slow.yaml", throttle=0.2) as rig:
        begin = time.monotonic()
        for method in ("POST", "GET", "GET", "PUT", "DELETE"):
            rig.call(method, "/a")
        assert time.monotonic() - begin >= 0.4


@pytest.mark.parametrize("url", ["gitlab.com", "ftp://gitlab.com", "https://u:p@gitlab.com", "https://gitlab.com?a=1"])
def test_an_upstream_must_be_a_plain_base_url(url: str) -> None:
    with pytest.raises(ValueError, match=r"base URL|credentials"):
        Upstream(url)


def test_many_clients_at_once_are_all_recorded(tmp_path: Path) -> None:
    with MockGitLab() as gitlab, recorder(gitlab.gateway, tmp_path / "many.yaml") as rig:
        threads = [threading.Thread(target=lambda n=n: rig.call("GET", f"/api/v4/version?n={n}")) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {dict(one.request.query)["n"] for one in rig.recording()} == {str(n) for n in range(20)}


def test_without_urllib3_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "urllib3", None)
    given = ["record", "--upstream", "https://gitlab.example.com", "-o", str(tmp_path / "a.yaml")]
    assert cli.main(given) == 2
    assert "pip install 'mockgitlab[record]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
