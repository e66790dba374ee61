"""Who wrote which line of a file last.

dulwich's annotation is not used: it compares with difflib and goes through merges in one line, so that every second
file of a random history has lines with another author than git says.
"""

import heapq

from mockgitlab.git.changes import former_path
from mockgitlab.git.lines import compare, split_lines
from mockgitlab.git.objects import Commit, Entry, read_commit
from mockgitlab.git.trees import at_path
from mockgitlab.store import Objects

Lines = dict[int, list[int]]
"""Lines whose author is looked for: from their place in a version of the file to their places in the last one.

Several places come from one where each side of a merge has the line elsewhere.
"""


def blame(objects: Objects, sha: str, path: str) -> list[Commit]:
    """Return, for every line of a file, the commit that it comes from; the file is followed through renames."""
    last = _lines(objects, read_commit(objects, sha), path)
    found: dict[int, Commit] = {}
    waiting: dict[tuple[str, str], Lines] = {(sha, path): {at: [at] for at in range(len(last))}}
    heap = [(-read_commit(objects, sha).committer.time, 0, sha, path)]
    while heap:
        _, turn, here, name = heapq.heappop(heap)
        wanted = waiting.pop((here, name), {})
        commit = read_commit(objects, here)
        for parent, old_name in _former(objects, commit, name) if wanted else ():
            passed = _passed(objects, parent, old_name, commit, name, wanted)
            if passed:
                there = waiting.setdefault((parent.sha, old_name), {})
                for at, places in passed.items():
                    there[at] = there.get(at, []) + places
                heapq.heappush(heap, (-parent.committer.time, turn + 1, parent.sha, old_name))
        found.update((at, commit) for places in wanted.values() for at in places)
    return [found[at] for at in range(len(last))]


def _former(objects: Objects, commit: Commit, path: str) -> list[tuple[Commit, str]]:
    """Return the parents that have the file, each with its path there; just one that has it unchanged, if any."""
    parents = [read_commit(objects, sha) for sha in commit.parents]
    here = at_path(objects, commit.tree, path)
    named = [(parent, _former_path(objects, parent, commit, path, here)) for parent in parents]
    found = [(parent, name) for parent, name in named if name is not None]
    same = [pair for pair in found if at_path(objects, pair[0].tree, pair[1]) == here]
    return same[:1] or found


def _lines(objects: Objects, commit: Commit, path: str) -> list[bytes]:
    entry = at_path(objects, commit.tree, path)
    return split_lines(objects.data(entry.sha, "blob")) if entry else []


def _former_path(objects: Objects, parent: Commit, commit: Commit, path: str, here: Entry | None) -> str | None:
    entry = at_path(objects, parent.tree, path)
    if entry is not None and here is not None and entry.kind == "blob":
        return path if entry.mode >> 12 == here.mode >> 12 else None
    return former_path(objects, parent.tree, commit.tree, path)


def _passed(objects: Objects, parent: Commit, old: str, commit: Commit, new: str, wanted: Lines) -> Lines:
    """Return the lines that a parent has too, taken away from those wanted of the commit."""
    before, after = _lines(objects, parent, old), _lines(objects, commit, new)
    passed: Lines = {}
    moved = start = 0
    for _, b, c, d in [*compare(before, after), (len(before), len(before), len(after), len(after))]:
        for at in range(start, c):
            if at in wanted:
                passed[at - moved] = wanted.pop(at)
        start, moved = d, d - b
    return passed
