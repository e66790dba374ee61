"""The rows of recorded traffic: the cost of a played request beside VCR.py's, and of opening a large recording."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import requests
import vcr

from mockgitlab.playback.exchange import Body, Exchange, Got, Sent
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.writer import write_recording
from mockgitlab.server import MockGitLab

UPSTREAM = "https://gitlab.example.com"
CALLS, ROUNDS, MANY = 200, 3, 10_000
HEADERS = (("Content-Type", "application/json"), ("X-Total", "1"))
ISSUE = {"title": "It explodes", "description": "word " * 60, "labels": ["bug"], "author": {"username": "ada"}}
Row = tuple[str, str, str]


def exchange(number: int) -> Exchange:
    """Return a GET of an issue and its answer."""
    sent = Sent("GET", f"/api/v4/projects/1/issues/{number}", (), (("Private-Token", "SCRUBBED-1"),))
    return Exchange(sent, Got(200, HEADERS, Body("json", {"iid": number, **ISSUE})))


def rows(folder: str) -> list[Row]:
    """Measure both with the same client in this process, in turns, and the opening."""
    path = Path(folder) / "played.yaml"
    write_recording(path, map(exchange, range(CALLS)), {"upstream": UPSTREAM})
    cassette = _cassette(path, Path(folder) / "cassette.yaml")
    ours, theirs = [], []
    for _ in range(ROUNDS):
        with MockGitLab(playback=path, intercept=UPSTREAM):
            ours.append(_microseconds(_session))
        with vcr.use_cassette(str(cassette), record_mode="none"):
            theirs.append(_microseconds(_session))
    mine, other = median(ours), median(theirs)
    cost = f"{mine / other:.2f} ({mine:.0f} / {other:.0f} µs)"
    return [
        ("CPU per request with its client, playback over VCR.py", cost, "≤ 1"),
        _opening(Path(folder) / "many.yaml"),
    ]


def _cassette(path: Path, cassette: Path) -> Path:
    """Have VCR.py record what is played."""
    with MockGitLab(playback=path) as gitlab, vcr.use_cassette(str(cassette)) as tape:
        for number in range(CALLS):
            requests.get(f"{gitlab.url}/api/v4/projects/1/issues/{number}", timeout=5)
        assert len(tape) == CALLS
        url = gitlab.url
    cassette.write_text(cassette.read_text().replace(url, UPSTREAM))
    return cassette


def _session() -> None:
    with requests.Session() as client:
        for number in range(CALLS):
            assert client.get(f"{UPSTREAM}/api/v4/projects/1/issues/{number}", timeout=5).json()["iid"] == number


def _microseconds(run: Callable[[], None]) -> float:
    begin = time.process_time()
    run()
    return (time.process_time() - begin) / CALLS * 1e6


def _opening(path: Path) -> Row:
    write_recording(path, map(exchange, range(MANY)), {"upstream": UPSTREAM})
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        recording = Recording(path)
        assert (len(recording), recording[MANY - 1].response.status) == (MANY, 200)
        times.append(time.perf_counter() - begin)
    size = path.stat().st_size / 1e6
    return (f"opening a recording of {MANY:,} exchanges ({size:.0f} MB)", f"{median(times):.2f} s", "≤ 2 s")
