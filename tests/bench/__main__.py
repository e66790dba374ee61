"""Measures the figures of the README as ratios in one run, and prints them beside their budgets.

``python -m tests.bench`` prints the table; with ``--update`` it is written into README.md. Linux only.
"""

import argparse
import http.client
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from mockgitlab.server import MockGitLab
from tests.bench import git
from tests.bench.load import Request, medians, microseconds, resident_bytes

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "scenarios" / "quickstart.yaml"
TOKEN = "root-token"
MANY = "/api/v4/projects/root%2Fmany/issues"
ISSUES = 3_000
ROUNDS, CALLS = 3, 3_000
Row = tuple[str, str, str]


def scenario(issues: int, folder: str) -> tuple[str, str]:
    """Return the quickstart and a scenario that adds a project with so many issues."""
    path = Path(folder) / f"{issues}.yaml"
    item = f'{{title: "Ticket {{n}}", repeat: {issues}, description: {"word " * 60}}}'
    path.write_text(f"mockgitlab: 1\nprojects:\n  - path: root/many\n    issues:\n      - {item}\n")
    return str(QUICKSTART), str(path)


@contextmanager
def served(*command: str) -> Iterator[tuple[int, int]]:
    """Run a server and give its process id and port, read from its first line."""
    process = subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        yield process.pid, int(line.split("http://127.0.0.1:")[-1].split()[0])
    finally:
        process.terminate()
        process.wait()


def requests_rows(folder: str) -> list[Row]:
    """Compare the processor time per request with bare Flask on the same server, in turns."""
    kinds = {
        "one": Request("GET", lambda n: f"{MANY}/{n % ISSUES + 1}?n={n}"),
        "list": Request("GET", lambda n: f"{MANY}?page={n % (ISSUES // 20) + 1}&n={n}"),
        "post": Request("POST", lambda n: MANY, lambda n: b'{"title": "A new one", "description": "It explodes"}'),
        "repeat": Request("GET", lambda n: f"{MANY}/7"),
    }
    with served("mockgitlab", "serve", "-p", "0", *scenario(ISSUES, folder)) as (pid, port):
        sizes = [str(len(fetch(port, kinds[name].path(1)))) for name in ("one", "list")]
        with served("tests.bench.bare", *sizes) as (bare_pid, bare_port):
            bare = {
                "one": Request("GET", lambda n: "/one"),
                "list": Request("GET", lambda n: "/list"),
                "post": Request("POST", lambda n: "/one", kinds["post"].body),
            }
            ours, theirs = [], []
            for turn in range(ROUNDS):
                start = turn * CALLS
                ours.append({name: microseconds(pid, port, kind, start, CALLS, TOKEN) for name, kind in kinds.items()})
                theirs.append(
                    {name: microseconds(bare_pid, bare_port, kind, start, CALLS, TOKEN) for name, kind in bare.items()}
                )
    mine, flask = medians(ours), medians(theirs)
    flask["repeat"] = flask["one"]
    titles = {
        "one": ("GET one", 1.3),
        "list": ("list of 20", 1.5),
        "post": ("POST valid", 2.0),
        "repeat": ("repeated GET", 0.5),
    }
    return [
        (
            f"CPU per request, {title}, over bare Flask",
            f"{mine[name] / flask[name]:.2f} ({mine[name]:.0f} / {flask[name]:.0f} µs)",
            f"≤ {budget}",
        )
        for name, (title, budget) in titles.items()
    ]


def fetch(port: int, path: str) -> bytes:
    """Return the body of a GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"PRIVATE-TOKEN": TOKEN})
    return connection.getresponse().read()


def start_row() -> Row:
    """Measure from the start of the process to the first 200."""
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        with served("mockgitlab", "serve", "-p", "0", str(QUICKSTART)) as (_, port):
            fetch(port, "/api/v4/version")
            times.append(time.perf_counter() - begin)
    return ("`mockgitlab serve` to the first 200, quickstart", f"{median(times):.2f} s", "≤ 0.35 s")


def first_test_row() -> Row:
    """Measure what the first test of a session waits for: import, load, listen, answer."""
    code = (
        "import time; t = time.perf_counter(); from mockgitlab import MockGitLab; import http.client\n"
        f"with MockGitLab({str(QUICKSTART)!r}) as gl:\n"
        "    connection = http.client.HTTPConnection(gl.url[7:])\n"
        "    connection.request('GET', '/api/v4/version', headers={'PRIVATE-TOKEN': 'root-token'})\n"
        "    assert connection.getresponse().status == 200\n"
        "    print(time.perf_counter() - t)"
    )
    times = [float(subprocess.check_output([sys.executable, "-c", code], cwd=ROOT)) for _ in range(5)]
    return ("first test of a session", f"{median(times) * 1000:.0f} ms", "≤ 300 ms")


def timed(action: Callable[[], Any], times: int = 200) -> float:
    """Return the median seconds of an action."""
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        took.append(time.perf_counter() - begin)
    return median(took)


def sizes_of(issues: int, folder: str) -> dict[str, float]:
    """Return the seconds that loading, page 1, reset and a fresh sandbox take in a world of so many issues."""
    begin = time.perf_counter()
    gitlab = MockGitLab(*scenario(issues, folder))
    load = time.perf_counter() - begin
    client = gitlab.app.test_client()
    numbers = count()

    def page() -> None:
        answer = client.get(f"{MANY}?n={next(numbers)}", headers={"Private-Token": TOKEN})
        assert answer.status_code == 200

    page()
    return {
        "load": load,
        "page": timed(page),
        "reset": timed(gitlab.reset) * 1000,
        "sandbox": timed(lambda: gitlab.worlds.reset(f"box {next(numbers)}")) * 1000,
    }


def size_rows(folder: str) -> list[Row]:
    """Compare worlds of 100 and of 100,000 issues."""
    few, many = sizes_of(100, folder), sizes_of(100_000, folder)
    return [
        ("page 1 of 100,000 issues over page 1 of 100", f"{many['page'] / few['page']:.2f}", "≤ 1.2"),
        ("reset, 100 and 100,000 issues", f"{few['reset']:.2f} and {many['reset']:.2f} ms", "≤ 1 ms"),
        ("a fresh sandbox, 100 and 100,000 issues", f"{few['sandbox']:.2f} and {many['sandbox']:.2f} ms", "≤ 1 ms"),
        ("loading a scenario of 100,000 issues", f"{many['load']:.1f} s", "seconds"),
    ]


def memory_rows(folder: str) -> list[Row]:
    """Measure the memory of the quickstart, and what each further issue adds."""
    with served("mockgitlab", "serve", "-p", "0", str(QUICKSTART)) as (pid, port):
        fetch(port, "/api/v4/version")
        small = resident_bytes(pid)
    with served("mockgitlab", "serve", "-p", "0", *scenario(100_000, folder)) as (pid, port):
        fetch(port, "/api/v4/version")
        large = resident_bytes(pid)
    return [
        ("RSS, quickstart", f"{small / 1e6:.0f} MB", "≤ 60 MB"),
        ("RSS, each further issue of 100,000", f"{(large - small) / 100_000 / 1000:.1f} KB", "≤ 2 KB"),
    ]


def table(rows: list[Row]) -> str:
    """Return the figures as a Markdown table."""
    head = ["| what | measured | budget |", "|---|---|---|"]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)])


def update_readme(text: str) -> None:
    """Write the table into the README, with its date."""
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text().partition("<!-- bench -->\n")
    after = rest.partition("<!-- /bench -->")[2]
    note = f"Measured on {date.today()} with `python -m tests.bench --update` on a machine with 2 cores."
    readme.write_text(f"{before}<!-- bench -->\n{note}\n\n{text}\n<!-- /bench -->{after}")


def main() -> None:
    """Measure, print, and with ``--update`` write the README's table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the table into README.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [*requests_rows(folder), start_row(), first_test_row(), *size_rows(folder), *memory_rows(folder)]
        rows += git.rows(timed)
    print(table(rows))
    if given.update:
        update_readme(table(rows))


main()
