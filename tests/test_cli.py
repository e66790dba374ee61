import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mockgitlab import __version__, cli

SCENARIO = """
mockgitlab: 1
users: [{username: root, admin: true}, {username: ada}]
tokens: [{token: root-token, user: root, scopes: [api]}, {token: ada's token, user: ada, scopes: [api]}]
groups: [{path: acme}]
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "world.yaml"
    path.write_text(SCENARIO)
    return path


class Serving:
    """A `mockgitlab serve` in a process of its own."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mockgitlab", "serve", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        assert self.process.stdout is not None
        self.first = self.process.stdout.readline()

    @property
    def url(self) -> str:
        return self.first.split()[3]

    def get(self, path: str) -> Any:
        request = urllib.request.Request(f"{self.url}{path}", headers={"PRIVATE-TOKEN": "root-token"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        self.errors = self.process.communicate(timeout=20)[1]
        return self.process.returncode


Serve = Callable[..., Serving]


@pytest.fixture
def serve() -> Iterator[Serve]:
    started: list[Serving] = []

    def start(*arguments: str, **environment: str) -> Serving:
        started.append(Serving(*arguments, **environment))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.stop()
        for stream in (one.process.stdout, one.process.stderr):
            assert stream is not None
            stream.close()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


# serve


def test_the_first_line_says_where_and_with_which_tokens(serve: Serve, scenario: Path) -> None:
    served = serve("--port", "0", str(scenario))
    assert served.first.startswith("mockgitlab listening on http://127.0.0.1:")
    assert served.first.endswith(f" ({scenario}; tokens: ada's token of ada, root-token of root)\n")
    assert served.get("/api/v4/version")["version"] == "17.5.0-ee"


def test_the_port_is_written_to_a_file(serve: Serve, scenario: Path, tmp_path: Path) -> None:
    file = tmp_path / "port"
    served = serve("--port", "0", "--port-file", str(file), str(scenario))
    until(file.exists)
    assert file.read_text() == served.url.rpartition(":")[2] + "\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["port", "world.yaml"]
    assert served.stop() == 0
    assert not file.exists()


def test_the_file_of_a_port_that_another_server_took_over_is_left(serve: Serve, scenario: Path, tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("1\n")
    first, second = (serve("--port", "0", "--port-file", str(file), str(scenario)) for _ in range(2))
    until(lambda: file.exists() and file.read_text() == second.url.rpartition(":")[2] + "\n")
    assert first.stop() == 0
    assert file.exists()


def test_told_to_stop_just_before_it_waits_it_stops(scenario: Path, serve: Serve) -> None:
    for _ in range(8):
        assert serve("--port", "0", str(scenario)).stop() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_ends_well_and_in_silence(serve: Serve, scenario: Path, number: int) -> None:
    served = serve("--port", "0", str(scenario))
    served.get("/_mockgitlab/ready")
    assert served.stop(number) == 0
    assert served.errors == ""


def test_options_may_stand_in_the_environment(serve: Serve, scenario: Path, tmp_path: Path) -> None:
    file = tmp_path / "port"
    served = serve(str(scenario), MOCKGITLAB_PORT="0", MOCKGITLAB_PORT_FILE=str(file), MOCKGITLAB_HOST="localhost")
    assert served.url.startswith("http://localhost:")
    until(file.exists)


def test_scenarios_may_be_named_in_the_environment(serve: Serve, scenario: Path) -> None:
    served = serve("--port", "0", MOCKGITLAB_SCENARIOS=f"{scenario},{scenario.parent / 'more.yaml'}")
    assert served.first == ""
    served = serve("--port", "0", MOCKGITLAB_SCENARIOS=f"{scenario}")
    assert served.first.endswith(f" ({scenario}; tokens: ada's token of ada, root-token of root)\n")


def test_the_journal_keeps_as_many_requests_as_it_is_told(serve: Serve, scenario: Path) -> None:
    served = serve("--port", "0", "--journal-max", "2", "--strict", "fail", str(scenario))
    for _ in range(3):
        served.get("/api/v4/version")
    page = served.get("/_mockgitlab/journal")
    assert ([one["id"] for one in page["entries"]], page["dropped"]) == ([2, 3], 1)
    assert served.get("/_mockgitlab/verify")["strict"] == "fail"


def test_a_port_that_is_taken_is_told_with_what_to_do(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert cli.main(["serve", "--port", str(port), str(scenario)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"cannot listen on host 127.0.0.1 port {port}" in told.err
    assert "port 0 picks a free one" in told.err
    assert "Traceback" not in told.err


def test_a_wrong_scenario_is_not_served(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario.write_text("mockgitlab: 1\nprojcts: []\n")
    assert cli.main(["serve", "--port", "0", str(scenario)]) == 2
    assert f"{scenario}:2:1" in capsys.readouterr().err


def test_watching_loads_changed_scenarios_and_keeps_the_old_when_they_are_wrong(serve: Serve, scenario: Path) -> None:
    served = serve("--port", "0", "--watch", str(scenario))

    def groups() -> list[str]:
        return [one["path"] for one in served.get("/api/v4/namespaces") if one["kind"] == "group"]

    assert groups() == ["acme"]
    scenario.write_text(SCENARIO.replace("acme", "other"))
    until(lambda: groups() == ["other"])
    scenario.write_text("mockgitlab: 1\nprojcts: []\n")
    time.sleep(1)
    assert groups() == ["other"]
    scenario.write_text(SCENARIO.replace("acme", "third"))
    until(lambda: groups() == ["third"])
    assert served.stop() == 0
    assert "projcts" in served.errors


# lint


def test_lint_says_what_is_in_a_good_scenario(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lint", str(scenario)]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"{scenario}: no problems (")
    assert "2 User" in told


def test_lint_names_file_line_column_and_the_nearest_key(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario.write_text("mockgitlab: 1\nusers:\n  - {username: ada, nmae: Ada}\n")
    assert cli.main(["lint", str(scenario)]) == 2
    told = capsys.readouterr().err
    assert f"{scenario}:3:" in told
    assert "nmae" in told
    assert "name" in told


def test_lint_tells_ids_that_are_given_twice(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario.write_text("mockgitlab: 1\ngroups: [{id: 7, path: a}, {id: 7, path: b}]\n")
    assert cli.main(["lint", str(scenario)]) == 2
    assert "is taken: another of the groups has 7" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lint", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err


# wait


def test_wait_ends_once_a_server_is_ready(serve: Serve, scenario: Path) -> None:
    served = serve("--port", "0", str(scenario))
    assert cli.main(["wait", "--url", served.url, "--timeout", "10"]) == 0
    assert cli.main(["wait", "--url", f"{served.url}/", "--timeout", "10"]) == 0


def test_wait_gives_up_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert cli.main(["wait", "--url", f"http://127.0.0.1:{port}", "--timeout", "0.2"]) == 2
    assert f"http://127.0.0.1:{port} is not ready after 0.2 s" in capsys.readouterr().err


def test_wait_gives_up_on_what_speaks_no_http(capsys: pytest.CaptureFixture[str]) -> None:
    def greet() -> None:
        with contextlib.suppress(OSError):  # closed at the end of the test
            while True:
                with other.accept()[0] as connection:
                    connection.recv(1000)
                    connection.sendall(b"SSH-2.0-other\r\n")

    with socket.create_server(("127.0.0.1", 0)) as other:
        threading.Thread(target=greet, daemon=True).start()
        url = f"http://127.0.0.1:{other.getsockname()[1]}"
        assert cli.main(["wait", "--url", url, "--timeout", "0.3"]) == 2
    assert f"{url} is not ready after 0.3 s: SSH-2.0-other" in capsys.readouterr().err


# env


def test_env_prints_what_a_shell_reads(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["env", str(scenario), "--user", "ada", "--url", "http://here:1/"]) == 0
    text = capsys.readouterr().out
    shell = subprocess.run(["sh", "-c", f'{text}\nprintf "%s|%s" "$GITLAB_URL" "$GITLAB_TOKEN"'], capture_output=True)
    assert shell.stdout == b"http://here:1|ada's token"


def test_env_of_a_user_without_token_is_told(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["env", str(scenario), "--user", "bob"]) == 2
    assert "no usable token of bob" in capsys.readouterr().err


# coverage and the rest


def test_coverage_lists_every_operation_and_counts_the_built(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["coverage"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "v4 built GET /version" in lines
    assert any(line.startswith("v4 501   ") for line in lines)
    assert any(line.startswith("v4: ") and line.endswith(" operations built") for line in lines)


def test_traps_lists_every_trap_and_what_it_waits_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["traps"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "no_totals" in lines
    assert "repeated_webhooks (waits for webhooks)" in lines


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [(["--trap", "sparse", "--trap", "no_totals"], {}), ([], {"MOCKGITLAB_TRAP": "sparse,no_totals"})],
)
def test_traps_are_set_on_the_command_line_or_in_the_environment(
    serve: Serve, scenario: Path, arguments: list[str], environment: dict[str, str]
) -> None:
    served = serve("--port", "0", *arguments, str(scenario), **environment)
    assert {one["name"] for one in served.get("/_mockgitlab/traps")["traps"] if one["set"]} == {"sparse", "no_totals"}


def test_a_trap_that_there_is_not_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--port", "0", "--trap", "no_total"]) == 2
    assert capsys.readouterr().err == "mockgitlab: there is no trap 'no_total'; did you mean no_totals?\n"


def test_without_a_command_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "serve" in capsys.readouterr().out


def test_version_is_the_packages() -> None:
    done = subprocess.run([sys.executable, "-m", "mockgitlab", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["serve", "--prot", "1"], {}, "unrecognized arguments: --prot"),
        (["serve", "--port", "many"], {}, "a whole number from 0 to 65535 is expected, not 'many'"),
        (["serve", "--port", "65536"], {}, "a whole number from 0 to 65535 is expected, not '65536'"),
        (["play", "x.yaml", "--port", "-1"], {}, "a whole number from 0 to 65535 is expected, not '-1'"),
        (["serve"], {"MOCKGITLAB_PORT": "many"}, "a whole number from 0 to 65535 is expected, not 'many'"),
        (["lint"], {}, "the following arguments are required: SCENARIO"),
        (["sevre"], {}, "invalid choice: 'sevre'"),
    ],
)
def test_a_slip_on_the_command_line_ends_with_2(
    arguments: list[str],
    environment: dict[str, str],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_a_terminal_that_lacks_a_letter_is_shown_its_code(scenario: Path) -> None:
    path = scenario.rename(scenario.with_name("wörld.yaml"))
    command = [sys.executable, "-m", "mockgitlab", "lint", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "w\\xf6rld.yaml: no problems" in done.stdout


def test_lint_checks_recordings_like_scenarios(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text("mockgitlab_recording: 1\nexchanges:\n")
    assert cli.main(["lint", str(tmp_path / "a.yaml")]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/a.yaml: no problems (0 exchanges)\n"
    (tmp_path / "a.yaml").write_text("mockgitlab_recording: 1\nexchange:\n")
    assert cli.main(["lint", str(tmp_path / "a.yaml")]) == 2
    assert "a.yaml:2:1: exchange: is not a key known here; did you mean 'exchanges'?" in capsys.readouterr().err
