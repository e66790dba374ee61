"""Three-way merges, of files by lines and of trees by files, as git merges them.

Changes that touch one another conflict unless they are the same. A file renamed on one side gets what the other side
changed in it. dulwich merges with the package merge3, which is under the GPL and finds other conflicts than git.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mockgitlab.git.changes import changes
from mockgitlab.git.histogram import compare_for_merge
from mockgitlab.git.history import merge_bases
from mockgitlab.git.lines import Hunk, split_lines
from mockgitlab.git.objects import EXECUTABLE, FILE, Entry, bytes_of, read_commit
from mockgitlab.git.trees import at_path, with_changes
from mockgitlab.git.unified import is_binary
from mockgitlab.store import Objects

Sides = dict[str, tuple[Entry | None, ...]]
"""By path: what there was, what there is on our side, and on theirs."""


@dataclass(frozen=True)
class Merged:
    """The merged tree, and the paths where both sides changed what cannot be reconciled; there ours stands."""

    tree: str
    conflicts: tuple[str, ...]


def merge_lines(
    base: list[bytes], ours: list[bytes], theirs: list[bytes], *, marked: bool = False
) -> list[bytes] | None:
    """Return the lines with the changes of both sides; where these conflict nothing, or ``marked`` both."""
    left, right = compare_for_merge(base, ours), compare_for_merge(base, theirs)
    merged: list[bytes] = []
    at = 0
    while left or right:
        hunks = _touching(left, right)
        start, end = min(hunk[0] for _, hunk in hunks), max(hunk[1] for _, hunk in hunks)
        texts = [_side(base, ours, [one for side, one in hunks if side == 0], start, end)]
        texts.append(_side(base, theirs, [one for side, one in hunks if side == 1], start, end))
        changed = [text for text in texts if text != base[start:end] or len({side for side, _ in hunks}) == 2]
        if len(changed) == 2 and changed[0] != changed[1]:
            if not marked:
                return None
            changed = [[b"<<<<<<< ours\n", *changed[0], b"=======\n", *changed[1], b">>>>>>> theirs\n"]]
        merged += base[at:start] + (changed[0] if changed else base[start:end])
        at = end
    return merged + base[at:]


def _touching(left: list[Hunk], right: list[Hunk]) -> list[tuple[int, Hunk]]:
    """Take the next changes that touch one another off both lists."""
    sides = (left, right)
    side = 0 if left and (not right or left[0][:2] <= right[0][:2]) else 1
    taken = [(side, sides[side].pop(0))]
    end = taken[0][1][1]
    while True:
        near = [number for number in (0, 1) if sides[number] and sides[number][0][0] <= end]
        if not near:
            return taken
        hunk = sides[near[0]].pop(0)
        taken.append((near[0], hunk))
        end = max(end, hunk[1])


def _side(base: list[bytes], lines: list[bytes], hunks: list[Hunk], start: int, end: int) -> list[bytes]:
    text, at = [], start
    for a, b, c, d in hunks:
        text += base[at:a] + lines[c:d]
        at = b
    return text + base[at:end]


def merge_blobs(objects: Objects, base: Entry | None, ours: Entry, theirs: Entry) -> Entry | None:
    """Return a file with the changes of both sides; nothing where these conflict."""
    mode = ours.mode if base is None or theirs.mode == base.mode else theirs.mode
    if base is None and ours.mode == theirs.mode in (FILE, EXECUTABLE):
        base = Entry(mode, objects.add("blob", b""))  # of two that are new, an empty one gets what is in the other
    if base is None or any(one.kind != "blob" or one.mode >> 12 != base.mode >> 12 for one in (base, ours, theirs)):
        return Entry(mode, ours.sha) if ours == theirs else None
    sha = next((two.sha for one, two in ((ours, theirs), (theirs, ours)) if one.sha in (base.sha, two.sha)), "")
    if sha:
        return Entry(mode, sha)
    texts = [objects.data(one.sha, "blob") for one in (base, ours, theirs)]
    if any(map(is_binary, texts)):
        return None
    lines = merge_lines(*map(split_lines, texts))
    return None if lines is None else Entry(mode, objects.add("blob", b"".join(lines)))


def merge_commits(objects: Objects, ours: str, theirs: str) -> Merged:
    """Return the tree with the changes of two commits since their best common ancestors."""
    trees = (read_commit(objects, sha).tree for sha in (ours, theirs))
    return merge_trees(objects, _base_tree(objects, merge_bases(objects, ours, theirs)[::-1]), *trees)


def _base_tree(objects: Objects, bases: Sequence[str]) -> str:
    """Return the tree of what commits have in common: of several ancestors, as of a criss-cross, those merged."""
    if not bases:
        return ""
    tree, last = read_commit(objects, bases[0]).tree, bases[0]
    for sha in bases[1:]:
        inner = _base_tree(objects, merge_bases(objects, last, sha)[::-1])
        theirs = read_commit(objects, sha).tree
        merged = merge_trees(objects, inner, tree, theirs)
        marked = {path: _marked(objects, path, (inner, tree, theirs)) for path in merged.conflicts}
        tree, last = with_changes(objects, merged.tree, marked), sha
    return tree


def _marked(objects: Objects, path: str, trees: Sequence[str]) -> Entry | None:
    """Return a file with both sides of its conflicts between marks, so that only what agrees on them agrees."""
    found = [at_path(objects, tree, path) if tree else None for tree in trees]
    texts = (objects.data(one.sha, "blob") if one and one.kind == "blob" else b"" for one in found)
    lines = merge_lines(*map(split_lines, texts), marked=True) or []
    first = found[1] or found[2]
    return Entry(first.mode, objects.add("blob", b"".join(lines))) if first else None


def merge_trees(objects: Objects, base: str, ours: str, theirs: str) -> Merged:
    """Return the tree with the changes of both sides since a common base."""
    if base == ours or ours == theirs:
        return Merged(theirs, ())
    if base == theirs:
        return Merged(ours, ())
    sides, conflicts = _sides(objects, base, ours, theirs)
    chosen: dict[str, Entry | None] = {}
    for path, (old, one, two) in sides.items():
        merged, fine = _choose(objects, old, one, two)
        chosen[path] = merged
        if not fine:
            conflicts.append(path)
    kept = [path for path, entry in chosen.items() if entry is not None]
    conflicts += [path for path in kept if _in_the_way(objects, path, chosen, ours, theirs)]
    tree = with_changes(objects, ours, {path: None for path, entry in chosen.items() if entry is None})
    tree = with_changes(objects, tree, {path: chosen[path] for path in kept})
    return Merged(tree, tuple(sorted(set(conflicts), key=bytes_of)))


def _choose(objects: Objects, old: Entry | None, ours: Entry | None, theirs: Entry | None) -> tuple[Entry | None, bool]:
    if ours == theirs or theirs == old:
        return ours, True
    if ours == old:
        return theirs, True
    if ours is None or theirs is None:
        return ours or theirs, False
    merged = merge_blobs(objects, old, ours, theirs)
    return merged or ours, merged is not None


def _in_the_way(objects: Objects, path: str, chosen: dict[str, Entry | None], ours: str, theirs: str) -> bool:
    """Tell whether one side has a file where the other has a folder in which this path lies."""
    parts = path.split("/")
    above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    return any(chosen.get(folder) is not None for folder in above)


def _sides(objects: Objects, base: str, ours: str, theirs: str) -> tuple[Sides, list[str]]:
    """Return what both sides have at every path that either changed, renamed files at their new paths."""
    left, right = changes(objects, base, ours), changes(objects, base, theirs)
    moves = [{one.old_path: one.new_path for one in side if one.renamed} for side in (left, right)]
    paths = {path for one in (*left, *right) for path in (one.old_path, one.new_path)}
    sides: Sides = {path: _three(objects, path, base, ours, theirs) for path in sorted(paths)}
    conflicts: list[str] = []
    for old in sorted({*moves[0], *moves[1]}):
        new = {side.get(old, old) for side in moves} - {old}
        if len(new) > 1:
            conflicts += new
        else:
            conflicts += _follow(sides, old, new.pop(), moves)
    return sides, conflicts


def _three(objects: Objects, path: str, base: str, ours: str, theirs: str) -> tuple[Entry | None, ...]:
    found = [at_path(objects, tree, path) for tree in (base, ours, theirs)]
    return tuple(entry if entry and entry.kind != "tree" else None for entry in found)


def _follow(sides: Sides, old: str, new: str, moves: list[dict[str, str]]) -> list[str]:
    """Put what a side that did not rename a file has of it at the file's new path.

    Returns the new path where that side deleted the file, turned it into another kind of thing, or has another there.
    """
    base, *here = sides.pop(old)
    there, clash = list(sides[new][1:]), False
    for number, (entry, side) in enumerate(zip(here, moves, strict=True)):
        if old not in side:
            stayed = entry is not None and base is not None and entry.mode >> 12 == base.mode >> 12
            same = entry == base and there[number] == there[1 - number]
            clash = clash or not stayed or not (there[number] is None or same)
            there[number], here[number] = (entry, None) if stayed else (None, entry)
    sides[new], sides[old] = (base, *there), (None, *here)
    return [new] if clash else []
