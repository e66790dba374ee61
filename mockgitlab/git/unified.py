"""Differences of two files as git writes them: unified hunks, with the function that each stands in."""

from collections.abc import Iterator, Sequence

from mockgitlab.git.lines import Hunk, compare, split_lines

CONTEXT = 3
"""How many lines that stay are shown around those that change."""
NO_NEWLINE = b"\\ No newline at end of file\n"
FUNCTION_AT_MOST = 80
SEARCHED_FOR_NUL = 8_000


def is_binary(data: bytes) -> bool:
    """Tell whether git takes a file for binary: it has a NUL near its start."""
    return b"\0" in data[:SEARCHED_FOR_NUL]


def hunks_text(old: bytes, new: bytes) -> bytes:
    """Return the hunks that make a new text of an old one, without any header for the file."""
    before, after = split_lines(old), split_lines(new)
    groups = _groups(compare(before, after))
    return b"".join(part for group in groups for part in _hunk(before, after, group))


def counts(old: bytes, new: bytes) -> tuple[int, int]:
    """Return how many lines were added and deleted; none of binary files."""
    if is_binary(old) or is_binary(new):
        return 0, 0
    found = compare(split_lines(old), split_lines(new))
    return sum(d - c for _, _, c, d in found), sum(b - a for a, b, _, _ in found)


def _groups(hunks: Sequence[Hunk]) -> list[list[Hunk]]:
    groups: list[list[Hunk]] = []
    for hunk in hunks:
        if groups and hunk[0] - groups[-1][-1][1] <= 2 * CONTEXT:
            groups[-1].append(hunk)
        else:
            groups.append([hunk])
    return groups


def _hunk(old: list[bytes], new: list[bytes], group: list[Hunk]) -> Iterator[bytes]:
    a, c = max(group[0][0] - CONTEXT, 0), max(group[0][2] - CONTEXT, 0)
    b, d = min(group[-1][1] + CONTEXT, len(old)), min(group[-1][3] + CONTEXT, len(new))
    yield b"@@ -%b +%b @@%b\n" % (_range(a, b), _range(c, d), _function(old, a))
    at = a
    for start, end, begin, stop in group:
        yield from (_line(b" ", line) for line in old[at:start])
        yield from (_line(b"-", line) for line in old[start:end])
        yield from (_line(b"+", line) for line in new[begin:stop])
        at = end
    yield from (_line(b" ", line) for line in old[at:b])


def _line(sign: bytes, line: bytes) -> bytes:
    return sign + line if line.endswith(b"\n") else sign + line + b"\n" + NO_NEWLINE


def _range(start: int, end: int) -> bytes:
    count = end - start
    first = start + 1 if count else start
    return b"%d" % first if count == 1 else b"%d,%d" % (first, count)


def _function(lines: list[bytes], before: int) -> bytes:
    for line in reversed(lines[:before]):
        if line[:1].isalpha() or line[:1] in (b"_", b"$"):
            return b" " + line[:FUNCTION_AT_MOST].rstrip()
    return b""
