"""A recorder that is killed at any moment: its file is valid and has every exchange that the client saw end."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from mockgitlab import MockGitLab
from mockgitlab.playback.recording import Recording

MOMENTS = 50
FORKS = """
import os, sys
from mockgitlab import cli
from mockgitlab.playback import imports, proxy, upstream
import urllib3, mockgitlab.web.http
for line in sys.stdin:
    if os.fork() == 0:
        print(os.getpid(), end=" ")
        os._exit(cli.main(["record", "--port", "0", *line.split()]))
"""
"""Starts a recorder for each line, from a process that has imported everything already."""
Start = Callable[[Path], tuple[int, str]]


@pytest.fixture(scope="module")
def upstream() -> Iterator[MockGitLab]:
    with MockGitLab(str(Path(__file__).parents[2] / "scenarios" / "team.yaml")) as gl:
        yield gl


@pytest.fixture(scope="module")
def start(upstream: MockGitLab) -> Iterator[Start]:
    """Return a function that starts a recorder and gives its process id and URL."""
    command, pipe = [sys.executable, "-c", FORKS], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as forks:
        stdin, stdout = forks.stdin, forks.stdout
        assert stdin is not None
        assert stdout is not None

        def started(path: Path) -> tuple[int, str]:
            stdin.write(f"--upstream {upstream.url} -o {path}\n")
            stdin.flush()
            pid, *_, url = stdout.readline().split()[:5]
            return int(pid), url

        yield started


def test_a_killed_recorder_leaves_a_valid_file_with_all_that_was_finished(
    upstream: MockGitLab, start: Start, tmp_path: Path
) -> None:
    moments = random.Random(50)
    for number in range(MOMENTS):
        path = tmp_path / f"{number}.yaml"
        pid, url = start(path)
        killer = threading.Timer(moments.uniform(0.02, 0.15), os.kill, (pid, signal.SIGKILL))
        killer.start()
        finished = session(url, upstream.token("ada"))
        killer.join()
        recording = Recording(path)
        recording.check()
        kept = [dict(one.request.query)["n"] for one in recording]
        assert kept[: len(finished)] == finished
        assert len(kept) - len(finished) in (0, 1), "at most the one on its way"


def session(url: str, token: str) -> list[str]:
    """Call until there is nobody to answer, and return the numbers of the calls that were answered."""
    finished: list[str] = []
    with requests.Session() as client, suppress(requests.RequestException):
        client.headers["PRIVATE-TOKEN"] = token
        end = time.monotonic() + 10
        while time.monotonic() < end:
            number = str(len(finished))
            answer = client.get(f"{url}/api/v4/issues?scope=all&per_page=20&n={number}", timeout=5)
            assert answer.status_code == 200
            assert answer.json()
            finished.append(number)
    return finished
