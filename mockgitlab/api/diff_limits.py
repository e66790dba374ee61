"""How much of a difference GitLab shows: large files without their text, and only so many files, lines and bytes.

Source: https://docs.gitlab.com/administration/instance_limits/#diff-limits, GitLab's lib/gitlab/git/diff_collection.rb
and lib/gitlab/git/diff.rb, with the defaults of an instance.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PATCH_BYTES = 204_800
COLLAPSED_PATCH_BYTES = PATCH_BYTES // 10
BYTES_A_FILE = 5_120


@dataclass(frozen=True)
class Limits:
    """How many files, lines and bytes fit."""

    files: int
    lines: int

    @property
    def bytes(self) -> int:
        """How many bytes fit: so many a file on average."""
        return self.files * BYTES_A_FILE


ALL = Limits(1_000, 50_000)
"""Beyond it a difference overflows: it ends before the file that no longer fits."""
SAFE = Limits(100, 5_000)
"""Beyond it files are collapsed."""


@dataclass(frozen=True)
class Shown:
    """Whether the text of a file is withheld: for good, as too large, or until it is asked for, collapsed."""

    collapsed: bool = False
    too_large: bool = False


@dataclass(frozen=True)
class Limited:
    """How the files of a difference are shown, those that fit, and whether that were all."""

    files: tuple[Shown, ...]
    overflow: bool


def limited(patches: Iterable[bytes], *, expanded: bool = False) -> Limited:
    """Return how the files of a difference are shown; ``expanded`` collapses none, nor is one that is alone."""
    sizes = [(len(patch), _lines(patch)) for patch in patches]
    found: list[Shown] = []
    for shown, total in _taken(sizes, expanded=expanded or len(sizes) == 1):
        if len(found) >= ALL.files or total[0] >= ALL.bytes or total[1] >= ALL.lines:
            return Limited(tuple(found), overflow=True)
        found.append(shown)
    return Limited(tuple(found), overflow=False)


def _taken(sizes: Iterable[tuple[int, int]], *, expanded: bool) -> Iterator[tuple[Shown, tuple[int, int]]]:
    """Yield how each file is shown, and how many bytes and lines are shown with it."""
    taken, lines = 0, 0
    for number, (size, count) in enumerate(sizes):
        beyond = number >= SAFE.files or lines > SAFE.lines or taken >= SAFE.bytes
        large = size >= PATCH_BYTES
        collapsed = not large and not expanded and (size >= COLLAPSED_PATCH_BYTES or (beyond and count > 0))
        if not large and not collapsed:
            taken, lines = taken + size, lines + count
        yield Shown(collapsed, large), (taken, lines)


def _lines(patch: bytes) -> int:
    return patch.count(b"\n") + (not patch.endswith(b"\n") and patch != b"")
