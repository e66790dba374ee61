"""A server that runs until the process is told to stop."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockgitlab.web.http import HttpServer


def run_server(server: "HttpServer", told: str, port_file: str | None = None) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit code; the first line of output says where, and ``told``."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())
    print(f"mockgitlab listening on {server.url} ({told})", flush=True)
    if port_file:
        _write_whole(Path(port_file), f"{server.port}\n")
    server.serve_forever()
    return 0


def _write_whole(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text)
    part.replace(path)
