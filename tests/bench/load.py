"""A client that keeps its connections alive, and what a server's process used meanwhile (Linux)."""

import http.client
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CONNECTIONS = 4
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Request:
    """A request to send many times: ``path`` is given the number of the call."""

    method: str
    path: Callable[[int], str]
    body: Callable[[int], bytes | None] = lambda number: None


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, all its threads together: see clock_getcpuclockid(3)."""
    return time.clock_gettime((~pid << 3) | 2)


def resident_bytes(pid: int) -> int:
    """Return the memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def send(port: int, request: Request, numbers: range, token: str) -> None:
    """Send a share of the requests over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"PRIVATE-TOKEN": token, "Content-Type": "application/json"}
    for number in numbers:
        connection.request(request.method, request.path(number), request.body(number), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{request.method} {request.path(number)} answered {answer.status}")
    connection.close()


def microseconds(pid: int, port: int, request: Request, start: int, count: int, token: str) -> float:
    """Return the processor time of the server's process for each request, over four connections."""
    step = count // CONNECTIONS
    shares = [range(start + step * part, start + step * (part + 1)) for part in range(CONNECTIONS)]
    threads = [threading.Thread(target=send, args=(port, request, share, token)) for share in shares]
    before = cpu_seconds(pid)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (cpu_seconds(pid) - before) / (step * CONNECTIONS) * 1e6


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure over rounds."""
    return {name: median(one[name] for one in rounds) for name in rounds[0]}
