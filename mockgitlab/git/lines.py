"""Which lines differ between two texts: the differences that git finds, in git's places.

Myers' algorithm in linear space ("An O(ND) Difference Algorithm and Its Variations", 1986) with git's rules for what
may be chosen freely: lines that occur in one text only, or very often, are set aside first; of the places to which a
change may slide the one that reads best by indentation is taken. dulwich compares with difflib, which finds others.
"""

from collections import Counter
from collections.abc import Sequence

from mockgitlab.git.slides import slide

Hunk = tuple[int, int, int, int]
"""Lines ``[a, b)`` of the old text became lines ``[c, d)`` of the new one."""
WINDOW = 100


def compare(old: Sequence[bytes], new: Sequence[bytes]) -> list[Hunk]:
    """Return the changes that make the new lines of the old ones, in order."""
    gone, added = changed_flags(old, new)
    slide(old, gone, added)
    slide(new, added, gone)
    return hunks_of(gone, added)


def changed_flags(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[list[bool], list[bool]]:
    """Tell of each line of both texts whether it has no counterpart in the other."""
    start, end = _common_ends(old, new)
    gone, added = [False] * len(old), [False] * len(new)
    old_kept = _kept(old, new, start, end, gone)
    new_kept = _kept(new, old, start, end, added)
    left, right = [old[i] for i in old_kept], [new[i] for i in new_kept]
    boxes = [(0, len(left), 0, len(right))]
    while boxes:
        a, b, c, d = _shrunk(left, right, *boxes.pop())
        if a == b or c == d:
            for i in range(a, b):
                gone[old_kept[i]] = True
            for i in range(c, d):
                added[new_kept[i]] = True
        else:
            x, y = _split(left, right, a, b, c, d)
            boxes += [(a, x, c, y), (x, b, y, d)]
    return gone, added


def _common_ends(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[int, int]:
    shortest, start, end = min(len(old), len(new)), 0, 0
    while start < shortest and old[start] == new[start]:
        start += 1
    while end < shortest - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


def _shrunk(old: list[bytes], new: list[bytes], a: int, b: int, c: int, d: int) -> Hunk:
    while a < b and c < d and old[a] == new[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    return a, b, c, d


def _kept(lines: Sequence[bytes], other: Sequence[bytes], start: int, end: int, flags: list[bool]) -> list[int]:
    """Return the places of the lines to be compared; those set aside are flagged as changed."""
    stop = len(lines) - end
    matches = Counter(other)
    often = min(_rough_root(len(lines)), 1024)
    rank = [0 if not (n := matches[line]) else 2 if n >= often else 1 for line in lines[start:stop]]
    kept = []
    for i, found in enumerate(rank):
        if found == 1 or (found == 2 and not _lost(rank, i)):
            kept.append(start + i)
        else:
            flags[start + i] = True
    return kept


def _rough_root(number: int) -> int:
    root = 1
    while number > 0:
        number >>= 2
        root <<= 1
    return root


def _lost(rank: list[int], at: int) -> bool:
    """Tell whether a line that occurs very often stands among lines that occur in one text only."""
    runs: list[tuple[int, int]] = []
    for places in (range(at - 1, max(at - WINDOW, 0) - 1, -1), range(at + 1, min(at + WINDOW, len(rank) - 1) + 1)):
        alone, often = 0, 1
        for i in places:
            if rank[i] == 1:
                break
            alone, often = alone + (rank[i] == 0), often + (rank[i] == 2)
        if not alone:
            return False
        runs.append((alone, often))
    alone, often = (sum(run[part] for run in runs) for part in (0, 1))
    return often * 4 < often + alone


def _split(old: list[bytes], new: list[bytes], a: int, b: int, c: int, d: int) -> tuple[int, int]:
    """Return where a shortest way through the box crosses its middle, searched from both ends."""
    low, high = a - d, b - c
    first, last = a - c, b - d
    odd = (first - last) & 1 == 1
    ahead, back = {first: a}, {last: b}
    patience = max(_rough_root(len(old) + len(new) + 3), 256)
    ahead_low = ahead_high = first
    back_low = back_high = last
    while True:
        ahead_low, ahead_high = _wider(ahead, ahead_low, ahead_high, low, high, -1)
        for k in range(ahead_high, ahead_low - 1, -2):
            x = ahead[k - 1] + 1 if ahead[k - 1] >= ahead[k + 1] else ahead[k + 1]
            y = x - k
            while x < b and y < d and old[x] == new[y]:
                x, y = x + 1, y + 1
            ahead[k] = x
            if odd and back_low <= k <= back_high and back[k] <= x:
                return x, y
        back_low, back_high = _wider(back, back_low, back_high, low, high, 1 << 60)
        for k in range(back_high, back_low - 1, -2):
            x = back[k - 1] if back[k - 1] < back[k + 1] else back[k + 1] - 1
            y = x - k
            while x > a and y > c and old[x - 1] == new[y - 1]:
                x, y = x - 1, y - 1
            back[k] = x
            if not odd and ahead_low <= k <= ahead_high and x <= ahead[k]:
                return x, y
        patience -= 1
        if not patience:
            return _farthest(ahead, range(ahead_high, ahead_low - 1, -2), (a, b, c, d))


def _farthest(ahead: dict[int, int], diagonals: range, box: Hunk) -> tuple[int, int]:
    """Return the farthest place reached from the start, where a shortest way would take too long to find."""
    a, b, c, d = box
    reached = [(min(ahead[k], b, d + k), k) for k in diagonals]
    x, k = max(reached, key=lambda pair: 2 * pair[0] - pair[1])
    return (x, x - k) if (x, x - k) not in ((a, c), (b, d)) else (a, d)


def _wider(best: dict[int, int], least: int, most: int, low: int, high: int, outside: int) -> tuple[int, int]:
    """Extend the diagonals that are searched by one on each side, within the box."""
    if least > low:
        least -= 1
        best[least - 1] = outside
    else:
        least += 1
    if most < high:
        most += 1
        best[most + 1] = outside
    else:
        most -= 1
    return least, most


def hunks_of(gone: list[bool], added: list[bool]) -> list[Hunk]:
    """Return the changes by the lines that have no counterpart."""
    found, i, j = [], 0, 0
    while i < len(gone) or j < len(added):
        a, c = i, j
        while i < len(gone) and gone[i]:
            i += 1
        while j < len(added) and added[j]:
            j += 1
        if (a, c) != (i, j):
            found.append((a, i, c, j))
        i, j = i + 1, j + 1
    return found


def split_lines(data: bytes) -> list[bytes]:
    """Return the lines of a text, each with its newline; nothing else than a newline ends one."""
    if b"\r" not in data:
        return data.splitlines(keepends=True)
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
