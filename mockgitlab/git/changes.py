"""What changed between two trees, renamed files found as git finds them.

dulwich's comparison of trees and its finding of renames are not used: the first takes ten times as long, as it reads
every tree anew, the second takes files for renamed or copied that git does not, in a third of random comparisons.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mockgitlab.git.lines import split_lines
from mockgitlab.git.objects import FILE, FOLDER, SUBMODULE, Entry, bytes_of, read_tree
from mockgitlab.git.trees import at_path, files
from mockgitlab.git.unified import counts, hunks_text, is_binary
from mockgitlab.store import Objects

ALIKE = 0.5
"""How much of a file must be in another for git to take it for renamed; ``GITLAB_ALIKE`` is what GitLab asks for."""
GITLAB_ALIKE = 0.3
PAIRS_AT_MOST = 40_000
CHUNK = 64


@dataclass(frozen=True, slots=True)
class Change:
    """A file that was added (no ``old``), deleted (no ``new``), changed or renamed."""

    old_path: str
    new_path: str
    old: Entry | None
    new: Entry | None

    @property
    def path(self) -> str:
        """The path by which changes are ordered."""
        return self.new_path if self.new else self.old_path

    @property
    def renamed(self) -> bool:
        """Whether the path changed."""
        return self.old_path != self.new_path


def changes(objects: Objects, old: str, new: str, *, alike: float | None = ALIKE) -> list[Change]:
    """Return what changed from one tree to another, in the order of paths; without ``alike`` nothing is renamed."""
    found = list(_walk(objects, old, new, ""))
    if alike is not None:
        found = _with_renames(objects, found, alike)
    return sorted(found, key=lambda change: bytes_of(change.path))


def former_path(objects: Objects, old: str, new: str, path: str) -> str | None:
    """Return the path of a deleted file that a new one resembles, whatever else it was renamed to."""
    found = _with_renames(objects, list(_walk(objects, old, new, "")), ALIKE, only=path)
    return next((one.old_path for one in found if one.new_path == path != one.old_path), None)


def source_of(objects: Objects, old: str, new: str, path: str) -> str | None:
    """Return the path of a file in the old tree of which a new one is a copy or nearly one, deleted ones before others.

    It is what ``git log --follow`` finds.
    """
    target, there = at_path(objects, new, path), files(objects, old)
    gone = {name: one for name, one in there.items() if at_path(objects, new, name) is None}
    same = [name for name, one in there.items() if one == target]
    if same:
        return max(same, key=lambda name: (name in gone) + (_name(name) == _name(path)))
    return _most_alike(objects, gone, target, path) or _most_alike(objects, there, target, path)


def _most_alike(objects: Objects, sources: dict[str, Entry], target: Entry | None, path: str) -> str | None:
    fitting = [name for name, one in sources.items() if target and one.mode >> 12 == target.mode >> 12 == FILE >> 12]
    scores = {name: _alikeness(*contents(objects, Change(name, path, sources[name], target))) for name in fitting}
    found = [name for name, score in scores.items() if score >= ALIKE]
    return max(found, key=lambda name: (scores[name], _name(name) == _name(path)), default=None)


def _walk(objects: Objects, old: str, new: str, prefix: str) -> Iterator[Change]:
    if old == new:
        return
    before, after = read_tree(objects, old), read_tree(objects, new)
    for name in {**before, **after}:
        one, two = before.get(name), after.get(name)
        if one is not two and one != two:
            yield from _differing(objects, one, two, prefix + name)


def _differing(objects: Objects, old: Entry | None, new: Entry | None, path: str) -> Iterator[Change]:
    left = old.sha if old and old.mode == FOLDER else ""
    right = new.sha if new and new.mode == FOLDER else ""
    if left or right:
        yield from _walk(objects, left, right, f"{path}/")
    before, after = None if left else old, None if right else new
    if before and after and before.mode >> 12 == after.mode >> 12:
        yield Change(path, path, before, after)
    else:
        yield from [Change(path, path, before, None)] if before else []
        yield from [Change(path, path, None, after)] if after else []


# Renames


def _with_renames(objects: Objects, found: list[Change], alike: float, only: str = "") -> list[Change]:
    """Return changes with deleted and added files that are alike as renamed ones, or ``only`` what a path was."""
    gone = {one.old_path: one for one in found if one.new is None and one.old}
    come = {one.new_path: one for one in found if one.old is None and one.new}
    turned = gone.keys() & come.keys()
    come = {path: one for path, one in come.items() if only in ("", path)}
    gone, come = (
        {path: one for path, one in half.items() if path not in turned and _kind(one) != SUBMODULE >> 12}
        for half in (gone, come)
    )
    if not gone or not come:
        return found
    pairs = dict(_exact(gone, come))
    left = {path: one for path, one in gone.items() if path not in pairs.values()}
    wanted = {path: one for path, one in come.items() if path not in pairs}
    pairs.update(_similar(objects, left, wanted, alike))
    kept = [one for one in found if not (_is_half(one, gone, pairs.values()) or _is_half(one, come, pairs))]
    return kept + [replace(come[new], old_path=old, old=gone[old].old) for new, old in pairs.items()]


def _is_half(change: Change, halves: dict[str, Change], paired: object) -> bool:
    return halves.get(change.path) is change and change.path in paired  # type: ignore[operator]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _kind(change: Change) -> int:
    entry = change.new or change.old
    return entry.mode >> 12 if entry else 0


def _exact(gone: dict[str, Change], come: dict[str, Change]) -> Iterator[tuple[str, str]]:
    """Yield (new path, old path) of files with the same content, those of the same name first."""
    by_sha: dict[tuple[str, int], list[str]] = {}
    for path, one in gone.items():
        by_sha.setdefault((one.old.sha if one.old else "", _kind(one)), []).append(path)
    for path, one in come.items():
        sources = by_sha.get((one.new.sha if one.new else "", _kind(one)), [])
        if sources:
            source = next((old for old in sources if _name(old) == _name(path)), sources[0])
            sources.remove(source)
            yield path, source


def _similar(
    objects: Objects, gone: dict[str, Change], come: dict[str, Change], alike: float
) -> Iterator[tuple[str, str]]:
    if len(gone) * len(come) > PAIRS_AT_MOST:
        return
    old = {path: _content(objects, one.old) for path, one in gone.items() if _kind(one) == FILE >> 12}
    new = {path: _content(objects, one.new) for path, one in come.items() if _kind(one) == FILE >> 12}
    old_chunks = {path: _chunks(data) for path, data in old.items()}
    new_chunks = {path: _chunks(data) for path, data in new.items()}
    scored = []
    for target, data in new.items():
        for source, other in old.items():
            biggest = max(len(data), len(other))
            if biggest and min(len(data), len(other)) >= biggest * alike:
                score = _shared(old_chunks[source], new_chunks[target]) / biggest
                scored.append((score >= alike, _named_alike(source, target, score, alike), score, target, source))
    scored.sort(key=lambda one: (not one[0], not one[1], -one[2], one[3], one[4]))
    taken: set[str] = set()
    for fine, _, _, target, source in scored:
        if fine and target not in taken and source not in taken:
            taken |= {target, source}
            yield target, source


def similarity(objects: Objects, change: Change) -> int:
    """Return how many percent of a file are what the other was."""
    old, new = contents(objects, change)
    return 100 if old == new else _shared(_chunks(old), _chunks(new)) * 100 // max(len(old), len(new))


def _alikeness(old: bytes, new: bytes) -> float:
    """Return how much of a file is what the other was; nothing where their sizes alone tell that it is too little."""
    smaller, bigger = sorted([len(old), len(new)])
    return _shared(_chunks(old), _chunks(new)) / bigger if bigger and smaller >= bigger * ALIKE else 0


def _named_alike(source: str, target: str, score: float, alike: float) -> bool:
    return _name(source) == _name(target) and score >= (1 + alike) / 2


def _chunks(data: bytes) -> Counter[bytes]:
    found: Counter[bytes] = Counter()
    for line in split_lines(data if is_binary(data) else data.replace(b"\r\n", b"\n")):
        for start in range(0, len(line), CHUNK):
            chunk = line[start : start + CHUNK]
            found[chunk] += len(chunk)
    return found


def _shared(old: Counter[bytes], new: Counter[bytes]) -> int:
    return sum(min(size, new[chunk]) for chunk, size in old.items() if chunk in new)


# Contents


def _content(objects: Objects, entry: Entry | None) -> bytes:
    if entry is None:
        return b""
    if entry.mode == SUBMODULE:
        return f"Subproject commit {entry.sha}\n".encode()
    return objects.data(entry.sha, "blob")


def contents(objects: Objects, change: Change) -> tuple[bytes, bytes]:
    """Return what was in a file and what is."""
    return _content(objects, change.old), _content(objects, change.new)


def patch(objects: Objects, change: Change) -> bytes:
    """Return the hunks of a change; a sentence for binary files, nothing where only the path or the mode differs."""
    if change.old and change.new and change.old.sha == change.new.sha:
        return b""
    old, new = contents(objects, change)
    if is_binary(old) or is_binary(new):
        names = [bytes_of(f"a/{change.old_path}") if change.old else b"/dev/null"]
        names.append(bytes_of(f"b/{change.new_path}") if change.new else b"/dev/null")
        return b"Binary files %b and %b differ\n" % tuple(names)
    return hunks_text(old, new)


def stats(objects: Objects, found: list[Change]) -> tuple[int, int]:
    """Return how many lines some changes add and delete, in what became another kind of thing too."""
    come = {one.path: one for one in found if one.old is None}
    turned = {one.path: replace(one, new=come[one.path].new) for one in found if one.new is None and one.path in come}
    kept = [one for one in found if one.path not in turned]
    pairs = [counts(*contents(objects, one)) for one in (*kept, *turned.values())]
    return sum(one for one, _ in pairs), sum(two for _, two in pairs)
