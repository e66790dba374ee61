"""Where a change is shown that may stand in several places: the one that reads best, as git chooses it.

A run of changed lines may slide up or down where the line before it equals its last, or the line after it its first.
Git takes a place at which the other text has a change as well, else the one with the best score by indentation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FARTHEST = 100
INDENT_AT_MOST = 200
BLANKS_AT_MOST = 20


@dataclass
class Run:
    """Changed lines ``[start, end)`` of one text; empty between two unchanged lines."""

    start: int
    end: int


class Runs:
    """The runs of one text, one before, between and after all unchanged lines, walked one by one."""

    def __init__(self, flags: list[bool]) -> None:
        self.flags = flags
        self.run = Run(0, self._end(0))

    def _end(self, at: int) -> int:
        while at < len(self.flags) and self.flags[at]:
            at += 1
        return at

    def next(self) -> bool:
        """Go to the next run; tells whether there is one."""
        if self.run.end == len(self.flags):
            return False
        start = self.run.end + 1
        self.run = Run(start, self._end(start))
        return True

    def previous(self) -> bool:
        """Go to the previous run; tells whether there is one."""
        if self.run.start == 0:
            return False
        end = start = self.run.start - 1
        while start > 0 and self.flags[start - 1]:
            start -= 1
        self.run = Run(start, end)
        return True

    def up(self, lines: Sequence[bytes]) -> bool:
        """Slide the run up by a line and join it with a run that it meets; tells whether it could."""
        run, flags = self.run, self.flags
        if run.start == 0 or lines[run.start - 1] != lines[run.end - 1]:
            return False
        run.start, run.end = run.start - 1, run.end - 1
        flags[run.start], flags[run.end] = True, False
        while run.start > 0 and flags[run.start - 1]:
            run.start -= 1
        return True

    def down(self, lines: Sequence[bytes]) -> bool:
        """Slide the run down by a line and join it with a run that it meets; tells whether it could."""
        run, flags = self.run, self.flags
        if run.end >= len(flags) or lines[run.start] != lines[run.end]:
            return False
        flags[run.start], flags[run.end] = False, True
        run.start, run.end = run.start + 1, self._end(run.end + 1)
        return True


def slide(lines: Sequence[bytes], flags: list[bool], others: list[bool], *, by_indent: bool = True) -> None:
    """Slide every run of changed lines to where it is shown, or as far down as it goes where not ``by_indent``.

    ``others`` are the flags of the other text.
    """
    own, other = Runs(flags), Runs(others)
    while True:
        if own.run.start != own.run.end:
            _place(lines, own, other, by_indent)
        if not own.next():
            return
        other.next()


def _place(lines: Sequence[bytes], own: Runs, other: Runs, by_indent: bool) -> None:
    while True:
        size = own.run.end - own.run.start
        matching = -1
        while own.up(lines):
            other.previous()
        earliest = own.run.end
        if other.run.end > other.run.start:
            matching = own.run.end
        while own.down(lines):
            other.next()
            if other.run.end > other.run.start:
                matching = own.run.end
        if size == own.run.end - own.run.start:
            break
    if own.run.end == earliest or not (by_indent or matching != -1):
        return
    target = _best(lines, own.run, earliest, size) if matching == -1 else matching
    while own.run.end > target and (matching == -1 or other.run.end == other.run.start):
        own.up(lines)
        other.previous()


def _best(lines: Sequence[bytes], run: Run, earliest: int, size: int) -> int:
    lowest = max(earliest, run.end - size - 1, run.end - FARTHEST)
    best, best_score = -1, (0, 0)
    for end in range(lowest, run.end + 1):
        one, two = _score(lines, end), _score(lines, end - size)
        score = (one[0] + two[0], one[1] + two[1])
        if best == -1 or _compare(score, best_score) <= 0:
            best, best_score = end, score
    return best


def _compare(one: tuple[int, int], two: tuple[int, int]) -> int:
    return 60 * ((one[0] > two[0]) - (one[0] < two[0])) + one[1] - two[1]


def _indent(line: bytes) -> int:
    """Return how far a line is indented, -1 for a blank one."""
    width = 0
    for byte in line:
        if byte not in b" \t\n\v\f\r":
            return width
        width += 1 if byte == 32 else 8 - width % 8 if byte == 9 else 0
        if width >= INDENT_AT_MOST:
            return INDENT_AT_MOST
    return -1


def _near(lines: Sequence[bytes], places: range) -> tuple[int, int]:
    """Return how many blank lines come first at some places, and the indentation of the line after them."""
    for blanks, at in enumerate(places):
        indent = _indent(lines[at])
        if indent != -1:
            return blanks, indent
        if blanks + 1 == BLANKS_AT_MOST:
            return BLANKS_AT_MOST, 0
    return len(places), -1


def _score(lines: Sequence[bytes], at: int) -> tuple[int, int]:
    """Return how bad it is to split a text before a line: its indentation, and a penalty."""
    at_end = at >= len(lines)
    indent = -1 if at_end else _indent(lines[at])
    before, before_indent = _near(lines, range(at - 1, -1, -1))
    after, after_indent = _near(lines, range(at + 1, len(lines)))
    penalty = (1 if before_indent == -1 and before == 0 else 0) + (21 if at_end else 0)
    after = after + 1 if indent == -1 else 0
    blanks = before + after
    penalty += -30 * blanks + 6 * after
    effective = indent if indent != -1 else after_indent
    return effective, penalty + _relative(effective, before_indent, after_indent, blanks > 0)


def _relative(indent: int, before: int, after: int, blanks: bool) -> int:
    if indent == -1 or before == -1 or indent == before:
        return 0
    if indent > before:
        return 10 if blanks else -4
    if after != -1 and after > indent:
        return 17 if blanks else 24
    return 17 if blanks else 23
