"""Which objects a client lacks, and where the history ends that it wants.

dulwich's finder of missing objects is not used: it finds the same, but reads every object anew, which takes 15 times as
long for a clone of 1,000 commits.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from mockgitlab.git.history import ancestors, walk
from mockgitlab.git.objects import FOLDER, SUBMODULE, Commit, peeled, read_commit, read_tree, tagged
from mockgitlab.git.protocol import ProtocolError
from mockgitlab.git.wanted import ENDLESS, Filter, Wanted
from mockgitlab.store import Objects


@dataclass(frozen=True)
class Ends:
    """Where a fetch begins, which commits both sides have, and behind which commits the client has no history."""

    starts: list[str]
    common: list[str]
    stops: set[str]


def reach(objects: Objects, tips: Iterable[str], stops: set[str]) -> dict[str, None]:
    """Return the commits that lead to the tips, not going behind some."""
    seen: dict[str, None] = {}
    left = list(tips)
    while left:
        sha = left.pop()
        if sha not in seen:
            seen[sha] = None
            left += () if sha in stops else read_commit(objects, sha).parents
    return seen


def leads_to_any(objects: Objects, start: str, known: Collection[str]) -> bool:
    """Tell whether one of some commits leads to another."""
    return any(one.sha in known for one in walk(objects, [start]))


def boundary(objects: Objects, starts: list[str], wanted: Wanted, refs: Mapping[str, str]) -> set[str]:
    """Return the commits behind which the history ends that a client wants; raises ``ProtocolError``."""
    if wanted.depth and (wanted.since or wanted.excluded):
        raise ProtocolError("git upload-pack: deepen and deepen-since (or deepen-not) cannot be used together")
    if wanted.depth and "deepen-relative" in wanted.can and wanted.shallow:
        return _at_depth(objects, sorted(wanted.shallow), wanted.depth + 1)
    if wanted.depth:
        return _at_depth(objects, starts, wanted.depth)
    hidden = ancestors(objects, [_named(objects, refs, name) for name in wanted.excluded])
    inside = _inside(objects, starts, wanted.since, hidden)
    if not inside:
        raise ProtocolError("no commits selected for shallow requests")
    return {sha for sha, commit in inside.items() if any(parent not in inside for parent in commit.parents)}


def _at_depth(objects: Objects, starts: list[str], depth: int) -> set[str]:
    level, seen = dict.fromkeys(starts), set(starts)
    for _ in range(depth - 1):
        parents = [parent for sha in level for parent in read_commit(objects, sha).parents]
        level = dict.fromkeys(parent for parent in parents if parent not in seen)
        seen |= level.keys()
        if not level:
            return set()
    return set(level)


def _inside(objects: Objects, starts: list[str], since: int, hidden: set[str]) -> dict[str, Commit]:
    def fits(sha: str) -> bool:
        return sha not in hidden and read_commit(objects, sha).committer.time >= since

    found = walk(objects, filter(fits, starts), parents=lambda commit: filter(fits, commit.parents))
    return {commit.sha: commit for commit in found}


def _named(objects: Objects, refs: Mapping[str, str], name: str) -> str:
    found = next((refs[f"{prefix}{name}"] for prefix in ("", "refs/tags/", "refs/heads/") if prefix + name in refs), "")
    commit = peeled(objects, found)
    if commit is None:
        raise ProtocolError(f"git upload-pack: ambiguous deepen-not: deepen-not {name}")
    return commit


def everything(objects: Objects, commits: Iterable[str]) -> dict[str, int]:
    """Return all folders and files of some commits, each with its least depth."""
    seen: dict[str, int] = {}
    for sha in commits:
        _add_tree(objects, read_commit(objects, sha).tree, seen, Filter())
    return seen


def missing(objects: Objects, wanted: Wanted, ends: Ends) -> dict[str, None]:
    """Return what a client lacks: tags, commits, then what is in their trees as far as no filter leaves it out."""
    had = reach(objects, ends.common, wanted.shallow)
    commits = [sha for sha in reach(objects, ends.starts, ends.stops) if sha not in had]
    edges = {parent for sha in commits for parent in read_commit(objects, sha).parents if parent in had}
    known = everything(objects, {*ends.common, *edges})
    found = dict.fromkeys([*(one for sha in wanted.wants for one in tagged(objects, sha)[:-1]), *commits])
    seen: dict[str, int] = {}
    for sha in commits:
        _add_tree(objects, read_commit(objects, sha).tree, seen, wanted.filter)
    for sha in wanted.wants:
        found |= dict.fromkeys(_alone(objects, tagged(objects, sha)[-1]))
    return found | {sha: None for sha in seen if sha not in known}


def _alone(objects: Objects, sha: str) -> list[str]:
    """Return a file or a folder that is wanted by itself, as a partial clone wants what it left out."""
    kind, _ = objects.get(sha) or ("", b"")
    below: dict[str, int] = {}
    if kind == "tree":
        _add_tree(objects, sha, below, Filter())
    return [sha] if kind == "blob" else list(below)


def _add_tree(objects: Objects, sha: str, seen: dict[str, int], kept: Filter, depth: int = 0) -> None:
    if depth >= kept.depth or seen.get(sha, kept.depth) <= depth:
        return
    seen[sha] = depth
    for entry in read_tree(objects, sha).values():
        if entry.mode == FOLDER:
            if seen.get(entry.sha, ENDLESS) > depth + 1:
                _add_tree(objects, entry.sha, seen, kept, depth + 1)
        elif entry.mode != SUBMODULE and entry.sha not in seen and _fits(objects, entry.sha, kept, depth + 1):
            seen[entry.sha] = depth + 1


def _fits(objects: Objects, sha: str, kept: Filter, depth: int) -> bool:
    return depth < kept.depth and (kept.size == ENDLESS or len(objects.data(sha, "blob")) < kept.size)
