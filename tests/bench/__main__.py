"""Measures the figures of the README as ratios in one run, and prints them beside their budgets.

``python -m tests.bench`` prints the table; with ``--update`` it is written into README.md. Linux only. ``--million``
measures, in place of the table and for some minutes, whether many requests leave the memory where it was.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from itertools import count
from statistics import median
from typing import Any

from mockgitlab.server import MockGitLab
from tests.bench import git, playback, requests
from tests.bench.endurance import endurance_row
from tests.bench.load import resident_bytes
from tests.bench.servers import ENVIRONMENT, MANY, QUICKSTART, ROOT, TOKEN, Row, fetch, scenario, served


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
    command = [sys.executable, "-c", code]
    times = [float(subprocess.check_output(command, cwd=ROOT, env=ENVIRONMENT)) for _ in range(5)]
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
    parser.add_argument("--million", type=int, nargs="?", const=1_000_000, metavar="N", help="send so many requests")
    given = parser.parse_args()
    if given.million:
        print(table([endurance_row(given.million)]))
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = [*requests.rows(folder), start_row(), first_test_row(), *size_rows(folder), *memory_rows(folder)]
        rows += [*git.rows(timed), *playback.rows(folder)]
    print(table(rows))
    if given.update:
        update_readme(table(rows))


main()
