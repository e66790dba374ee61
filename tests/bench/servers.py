"""The servers that are measured, and the scenarios that they serve."""

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "scenarios" / "quickstart.yaml"
TOKEN = "root-token"
MANY = "/api/v4/projects/root%2Fmany/issues"
EMPTY = "/api/v4/projects/root%2Fempty/issues"
Row = tuple[str, str, str]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Servers start from compiled modules, as they do for whoever has installed them."""


def scenario(issues: int, folder: str) -> tuple[str, str]:
    """Return the quickstart, and a scenario that adds a project with so many issues and one without any."""
    path = Path(folder) / f"{issues}.yaml"
    item = f'{{title: "Ticket {{n}}", repeat: {issues}, description: {"word " * 60}}}'
    many = f"  - path: root/many\n    issues:\n      - {item}\n"
    path.write_text(f"mockgitlab: 1\nprojects:\n{many}  - path: root/empty\n")
    return str(QUICKSTART), str(path)


@contextmanager
def served(*command: str) -> Iterator[tuple[int, int]]:
    """Run a server and give its process id and port, read from its first line."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=ENVIRONMENT
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        yield process.pid, int(line.split("http://127.0.0.1:")[-1].split()[0])
    finally:
        process.terminate()
        process.wait()


def fetch(port: int, path: str) -> bytes:
    """Return the body of a GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"PRIVATE-TOKEN": TOKEN})
    return connection.getresponse().read()
