"""The rig which runs JavaScript clients, tried on a server that only echoes."""

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.clients import javascript_rig
from tests.clients.javascript_rig import JavaScriptError, javascript_available, run_javascript

SHOW_PROJECT = """
import { Gitlab } from "@gitbeaker/rest";
const gitlab = new Gitlab({ host: process.env.HOST, token: "secret" });
console.log(JSON.stringify(await gitlab.Projects.show("acme/rocket")));
"""


class Echo(BaseHTTPRequestHandler):
    """Answers every GET with the path and the token it was asked with."""

    def do_GET(self) -> None:
        body = json.dumps({"path": self.path, "token": self.headers["PRIVATE-TOKEN"]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: pytest's output is for failures."""


@pytest.fixture
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def node() -> None:
    if reason := javascript_available():
        pytest.skip(reason)


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Forgets what is known about this machine, before and after."""
    javascript_available.cache_clear()
    yield
    javascript_available.cache_clear()


@pytest.mark.network
@pytest.mark.usefixtures("node")
def test_gitbeaker_reaches_the_server_and_its_answer_comes_back(host: str) -> None:
    assert run_javascript(SHOW_PROJECT, {"HOST": host}) == {
        "path": "/api/v4/projects/acme%2Frocket",
        "token": "secret",
    }


@pytest.mark.network
@pytest.mark.usefixtures("node")
def test_a_script_sees_only_the_environment_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_TOKEN", "the developer's own")
    seen = run_javascript("console.log(JSON.stringify(process.env))", {"HOST": "here"})
    assert set(seen) == {"PATH", "HOST"}


@pytest.mark.network
@pytest.mark.usefixtures("node")
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('throw new Error("out of fuel")', "out of fuel"),
        ('console.log("no JSON")', "no JSON"),
        ("", "expected one JSON value"),
        ('console.log(1); import "@gitbeaker/nowhere"', "@gitbeaker/nowhere"),
    ],
)
def test_a_script_that_fails_says_what_it_printed(source: str, message: str) -> None:
    with pytest.raises(JavaScriptError, match=message):
        run_javascript(source)


@pytest.mark.network
@pytest.mark.usefixtures("node")
def test_a_script_that_never_ends_is_given_up() -> None:
    with pytest.raises(JavaScriptError, match=r"still running after 0\.5 s"):
        run_javascript("setInterval(() => {}, 1000)", seconds=0.5)


@pytest.mark.usefixtures("forgotten")
def test_without_node_the_reason_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "install Node.js 20" in str(javascript_available())
    with pytest.raises(RuntimeError, match=r"node is not on the PATH"):
        run_javascript("console.log(1)")


@pytest.mark.usefixtures("forgotten")
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not on the PATH")
def test_a_registry_out_of_reach_is_a_reason_to_skip_and_leaves_nothing_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setattr(javascript_rig, "INSTALL", (*javascript_rig.INSTALL, "--offline"))
    assert "npm could not install what javascript pins" in str(javascript_available())
    assert not list(tmp_path.rglob("installed"))
