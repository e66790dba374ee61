"""Whole patches as ``git diff --full-index`` writes them: for each file the names, modes and hashes, then the hunks."""

from collections.abc import Iterable, Iterator

from mockgitlab.git.changes import Change, patch, similarity
from mockgitlab.git.objects import Entry, bytes_of
from mockgitlab.store import Objects

NOTHING = "0" * 40
_ESCAPES = {0x07: b"a", 0x08: b"b", 0x09: b"t", 0x0A: b"n", 0x0B: b"v", 0x0C: b"f", 0x0D: b"r", 0x22: b'"', 0x5C: b"\\"}


def whole_patch(objects: Objects, found: Iterable[Change]) -> bytes:
    """Return the patch that makes all of some changes."""
    return b"".join(line for change in found for line in _file(objects, change))


def _file(objects: Objects, change: Change) -> Iterator[bytes]:
    old, new = quoted(f"a/{change.old_path}"), quoted(f"b/{change.new_path}")
    yield b"diff --git %b %b\n" % (old, new)
    yield from _modes(change)
    if change.renamed:
        yield b"similarity index %d%%\n" % similarity(objects, change)
        yield b"rename from %b\nrename to %b\n" % (quoted(change.old_path), quoted(change.new_path))
    if _sha(change.old) != _sha(change.new):
        yield b"index %b..%b%b\n" % (_sha(change.old), _sha(change.new), _kept_mode(change))
    hunks = patch(objects, change)
    if hunks.startswith(b"@@"):
        names = (old if change.old else b"/dev/null", new if change.new else b"/dev/null")
        yield b"--- %b\n+++ %b\n" % tuple(b"%b\t" % name if b" " in name else name for name in names)
    yield hunks


def _modes(change: Change) -> Iterator[bytes]:
    if change.old is None and change.new is not None:
        yield b"new file mode %o\n" % change.new.mode
    elif change.new is None and change.old is not None:
        yield b"deleted file mode %o\n" % change.old.mode
    elif change.old is not None and change.new is not None and change.old.mode != change.new.mode:
        yield b"old mode %o\nnew mode %o\n" % (change.old.mode, change.new.mode)


def _sha(entry: Entry | None) -> bytes:
    return (entry.sha if entry else NOTHING).encode()


def _kept_mode(change: Change) -> bytes:
    both = change.old is not None and change.new is not None and change.old.mode == change.new.mode
    return b" %o" % change.old.mode if both and change.old is not None else b""


def quoted(path: str) -> bytes:
    """Return a path as git writes it in patches: in quotes where it has letters that need some."""
    data = bytes_of(path)
    if all(0x20 <= one < 0x7F and one not in _ESCAPES for one in data):
        return data
    return b'"%b"' % b"".join(_escaped(one) for one in data)


def _escaped(one: int) -> bytes:
    if one in _ESCAPES:
        return b"\\" + _ESCAPES[one]
    return bytes([one]) if 0x20 <= one < 0x7F else b"\\%03o" % one
