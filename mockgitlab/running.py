"""A server that runs until the process is told to stop."""

import argparse
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from mockgitlab import collector

if TYPE_CHECKING:
    from mockgitlab.web.http import HttpServer


PORT_AT_MOST = 65_535


def run_server(server: "HttpServer", told: str, port_file: str | None = None) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit code; the first line of output says where, and ``told``.

    The file with the port is there while requests are answered, not before and not afterwards.
    """
    file = Path(port_file) if port_file else None
    if file:
        file.unlink(missing_ok=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())
    print(f"mockgitlab listening on {server.url} ({told})", flush=True)
    text = f"{server.port}\n"
    if file:
        _write_whole(file, text)
    collector.settle()
    server.serve_forever()
    if file and file.exists() and file.read_text() == text:
        file.unlink()
    return 0


def port_number(text: str) -> int:
    """Read the number of a port from the command line."""
    if not (text.isascii() and text.isdigit() and int(text) <= PORT_AT_MOST):
        raise argparse.ArgumentTypeError(f"a whole number from 0 to {PORT_AT_MOST} is expected, not {text!r}")
    return int(text)


def _write_whole(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text)
    part.replace(path)
