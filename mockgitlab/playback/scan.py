"""Looking for secrets in files: what ``mockgitlab scan`` reports, and a pre-commit hook refuses."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from mockgitlab.playback.recording import Recording, ScenarioError, is_recording
from mockgitlab.playback.scrub import Scrubber
from mockgitlab.playback.secrets import ALLOW, find

PASSED_OVER = {".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"}
LARGEST = 64 * 1024 * 1024
RECORDINGS = (".yaml", ".yml", ".json")
SHOWN = 6


class Leak(NamedTuple):
    """A secret in a file; ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int
    kind: str
    secret: str

    def __str__(self) -> str:
        shown = f"{self.secret[:SHOWN]}…" if len(self.secret) > 2 * SHOWN else "…"
        return f"{self.file}:{self.line}:{self.column}: {self.kind}: {shown}"


def scan(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Leak]:
    """Yield the secrets in files, those in folders included.

    In a recording everything counts that a recorder would have scrubbed; in other files only what has the form of a
    secret. Raises ``OSError`` for a path that cannot be read.
    """
    for path in paths:
        for file in _files(Path(path)):
            yield from _scan_file(file)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(set(folders) - PASSED_OVER)
        yield from (Path(folder) / name for name in sorted(names) if (Path(folder) / name).is_file())


def _scan_file(path: Path) -> Iterator[Leak]:
    with path.open("rb") as stream:
        content = stream.read(LARGEST)
    text = content.decode("utf-8", "replace")
    known: set[str] = set()
    for found in find(text, sure=True):
        if ALLOW not in _line_of(text, found.start):
            known.add(found.secret)
            yield Leak(str(path), *_place(text, found.start), found.kind, found.secret)
    if path.suffix in RECORDINGS and is_recording(path):
        yield from _scan_recording(path, text, known)


def _scan_recording(path: Path, text: str, known: set[str]) -> Iterator[Leak]:
    """Yield what a recorder would have scrubbed and the patterns of a text have not found."""
    try:
        recording = Recording(path)
        scrubber = Scrubber()
        for exchange in recording:
            scrubber.exchange(exchange)
    except ScenarioError as error:
        yield Leak(str(path), 1, 1, f"cannot be read as a recording: {error}", "")
        return
    for secret in scrubber.placeholders:
        at = text.find(secret.splitlines()[0])
        if not any(one in secret for one in known) and ALLOW not in _line_of(text, max(at, 0)):
            yield Leak(str(path), *_place(text, max(at, 0)), "secret in a recording", secret)


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _line_of(text: str, offset: int) -> str:
    end = text.find("\n", offset)
    return text[text.rfind("\n", 0, offset) + 1 : end if end >= 0 else len(text)]
