"""Which lines differ between two texts as git's merges see it: by the lines that occur least often.

Git merges by this "histogram" comparison, while it shows differences by that of ``lines``. Of the stretches that both
texts have, the one whose rarest line occurs least often in the old text is taken, the longest of several; what lies
before and behind it is compared in the same way. Source: git's xdiff/xhistogram.c.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mockgitlab.git.lines import Hunk, changed_flags, hunks_of
from mockgitlab.git.slides import slide

OFTEN = 65
"""Lines that occur as often as this say nothing; where all are such, the other comparison has to do."""
Box = tuple[int, int, int, int]
ELSE = (-1, -1, -1, -1)


def compare_for_merge(old: Sequence[bytes], new: Sequence[bytes]) -> list[Hunk]:
    """Return the changes that make the new lines of the old ones, in order, as git's merges take them."""
    gone, added = [False] * len(old), [False] * len(new)
    boxes = [(0, len(old), 0, len(new))]
    while boxes:
        a, b, c, d = boxes.pop()
        found = _Search(old, new, (a, b, c, d)).best() if a < b and c < d else None
        if found is None:
            gone[a:b], added[c:d] = [True] * (b - a), [True] * (d - c)
        elif found == ELSE:
            gone[a:b], added[c:d] = changed_flags(old[a:b], new[c:d])
        else:
            x, y, z, w = found
            boxes += [(a, x, c, z), (y, b, w, d)]
    slide(old, gone, added, by_indent=False)
    slide(new, added, gone, by_indent=False)
    return hunks_of(gone, added)


@dataclass
class _Search:
    """Looks for the best stretch in a box: lines ``[a, b)`` of the old text, ``[c, d)`` of the new one."""

    old: Sequence[bytes]
    new: Sequence[bytes]
    box: Box
    places: dict[bytes, list[int]] = field(default_factory=dict)
    rarest: int = OFTEN
    found: Box | None = None
    shared: bool = False

    def best(self) -> Box | None:
        """Return the best stretch of both texts; nothing where they share none, ``ELSE`` where all occurs too often."""
        a, b, c, d = self.box
        for at in range(a, b):
            self.places.setdefault(self.old[at], []).append(at)
        at = c
        while at < d:
            at = self._look(at)
        return ELSE if self.shared and self.rarest >= OFTEN else self.found

    def _look(self, at: int) -> int:
        """Look for stretches around a line of the new text, and return the next line to look at."""
        there, following = self.places.get(self.new[at], []), at + 1
        self.shared = self.shared or bool(there)
        if not there or len(there) > self.rarest:
            return following
        passed = -1
        for place in there:
            if place > passed:
                start, passed, other = self._stretch(place, at)
                following = max(following, other + passed - start + 1)
        return following

    def _stretch(self, place: int, at: int) -> tuple[int, int, int]:
        """Take a stretch if it is the best so far; return its ends in the old text, and where it begins in the new."""
        (a, b, c, d), old, new = self.box, self.old, self.new
        start, end, other, often = place, place, at, len(self.places[old[place]])
        while start > a and other > c and old[start - 1] == new[other - 1]:
            start, other = start - 1, other - 1
            often = min(often, len(self.places[old[start]]))
        while end + 1 < b and other + end + 1 - start < d and old[end + 1] == new[other + end + 1 - start]:
            end += 1
            often = min(often, len(self.places[old[end]]))
        longest = self.found[1] - self.found[0] - 1 if self.found else 0
        if longest < end - start or often < self.rarest:
            self.found = (start, end + 1, other, other + end + 1 - start)
            self.rarest = often
        return start, end, other
