"""The commands of recorded traffic: ``mockgitlab scan``."""

import argparse
from collections.abc import Callable
from typing import Any

Add = Callable[..., argparse.ArgumentParser]


def add_commands(commands: Any, command: Add, option: Callable[..., None]) -> None:
    """Add the commands; ``command`` and ``option`` are how the command line adds one."""
    text = "look for secrets in files and folders; exit code 1 when there are any"
    scan_parser = command(commands, "scan", scan, text)
    scan_parser.add_argument("paths", metavar="PATH", nargs="+", help="a file, or a folder with all that is below it")


def scan(given: argparse.Namespace) -> int:
    """Print every secret that stands in a file."""
    from mockgitlab.playback.scan import scan

    found = [print(leak) for leak in scan(given.paths)]
    if number := len(found):
        print(f"{number} secret{'s' * (number > 1)} found; a line with 'mockgitlab:allow' in it is passed over")
    return 1 if found else 0
