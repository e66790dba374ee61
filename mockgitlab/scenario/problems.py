"""What is wrong with a scenario, where it stands, and how to say so."""

import difflib
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

KeyPath = tuple[str | int, ...]
"""The way to a value from the top of a scenario: keys of mappings and indexes of lists."""

MAX_PROBLEMS = 100
EXCERPT_WIDTH = 100
SHOWN_LENGTH = 60
NEAREST_CUTOFF = 0.6
LISTED_KEYS = 20
NEAREST_CANDIDATES = 10_000

_SIMPLE_KEY = re.compile(r"[\w-]{1,60}")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a scenario; `line` 0 means the file as a whole."""

    file: str
    line: int
    column: int
    key: str
    message: str
    suggestion: str | None = None
    excerpt: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        said = ": ".join(part for part in (where, self.key, self.message) if part)
        hint = f"; did you mean '{self.suggestion}'?" if self.suggestion else ""
        return f"{said}{hint}\n{self.excerpt}" if self.excerpt else f"{said}{hint}"


class ScenarioError(Exception):
    """A scenario that cannot be used; `problems` lists everything found wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@dataclass(frozen=True)
class Location:
    """A place in a scenario file: `file` as the user named it, line and column counted from 1.

    `path` is the real file, from which relative references are resolved.
    """

    file: str
    line: int = 0
    column: int = 0
    excerpt: str = field(default="", compare=False, repr=False)
    path: Path | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def problem(self, message: str, key: str = "", suggestion: str | None = None) -> Problem:
        """Say that `message` holds at this place."""
        return Problem(self.file, self.line, self.column, key, message, suggestion, self.excerpt)


class Locator(Protocol):
    """Whatever knows where its values come from: a source file, or several merged."""

    def locate(self, path: KeyPath, *, of_key: bool = True) -> Location:
        """Find the place of the key (or of the value) at `path`."""


class Problems:
    """Collects the problems of one scenario, so that all are told at once.

    After `MAX_PROBLEMS` it raises: nobody reads more, and each costs a search for its position.
    """

    def __init__(self, locator: Locator) -> None:
        self._locator = locator
        self._found: list[Problem] = []

    def add(self, path: KeyPath, message: str, *, suggestion: str | None = None, of_key: bool = True) -> None:
        """Note that `message` holds for the key (`of_key=False`: the value) at `path`."""
        location = self._locator.locate(path, of_key=of_key)
        self.extend([location.problem(message, path_text(path), suggestion)])

    def unknown(self, path: KeyPath, known: Iterable[str]) -> None:
        """Note that the last key of `path` is none of those known there, and which is near, or which there are."""
        names = list(known)
        near = nearest(str(path[-1]), names)
        there = f": there are {', '.join(names)}" if near is None and len(names) <= LISTED_KEYS else ""
        self.add(path, f"is not a key known here{there}", suggestion=near)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over problems found elsewhere."""
        for problem in problems:
            self._found.append(problem)
            if len(self._found) >= MAX_PROBLEMS:
                self.raise_if_any()

    def raise_if_any(self) -> None:
        """Raise a ScenarioError unless nothing was found."""
        if self._found:
            raise ScenarioError(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)


def path_text(path: KeyPath) -> str:
    """Write a path as people do: `projects[0].issues[3].title`."""
    return "".join(_step_text(step) for step in path).removeprefix(".")


def _step_text(step: str | int) -> str:
    if isinstance(step, str) and _SIMPLE_KEY.fullmatch(step):
        return f".{step}"
    return f"[{shown(step)}]"


def shown(value: object) -> str:
    """Show a value in a message: its repr, cut when long."""
    text = repr(value[:SHOWN_LENGTH] if isinstance(value, str) else value)
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}..."


def excerpt(text: str, line: int, column: int) -> str:
    """Show a line of a file with a caret under `column`; of a long line, the part around it."""
    start = max(0, column - 1 - EXCERPT_WIDTH // 2) if len(text) > EXCERPT_WIDTH else 0
    part = text[start : start + EXCERPT_WIDTH]
    printable = "".join(char if char.isprintable() else " " for char in part)
    margin = f"{line:6} | "
    return f"{margin}{printable}\n{'| ':>{len(margin)}}{' ' * (column - 1 - start)}^"


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Find the candidate most like `word`, whatever the case of letters; None if none is like it.

    Only the first `NEAREST_CANDIDATES` are looked at, so that a wrong name among a million stays cheap.
    """
    by_lower: dict[str, str] = {}
    for candidate in itertools.islice(candidates, NEAREST_CANDIDATES):
        by_lower.setdefault(candidate[:SHOWN_LENGTH].lower(), candidate)
    found = difflib.get_close_matches(word[:SHOWN_LENGTH].lower(), by_lower, n=1, cutoff=NEAREST_CUTOFF)
    return by_lower[found[0]] if found else None
