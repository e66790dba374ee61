"""Runs the command-line client curl from Python tests."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import Parser
from typing import Any

import pytest

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on the PATH")
ADA = ("-H", "PRIVATE-TOKEN: ada-token")


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


Curl = Callable[..., Answer]


def output_of(*args: str) -> str:
    """Return what curl prints; it must not fail."""
    done = subprocess.run(["curl", "-sS", *args], capture_output=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def call(url: str, *options: str) -> Answer:
    """Return the answer that curl gets and prints with ``-i``."""
    head, _, text = output_of("-i", *options, url).partition("\r\n\r\n")
    first, _, headers = head.partition("\r\n")
    return Answer(int(first.split()[1]), Parser().parsestr(headers), text)
