"""History: walking commits, what leads to what, and common ancestors, in the order of git itself.

dulwich's walker and graph are not used. Commits of the same second come in the order of their hashes there, and in a
scenario, whose clock stands still, most are of the same second; its topological order differs from git's now and then;
and it takes a commit for no ancestor where one between them has an earlier date.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from mockgitlab.git.changes import source_of
from mockgitlab.git.objects import Commit, read_commit
from mockgitlab.git.trees import at_path
from mockgitlab.store import Objects

Parents = Callable[[Commit], Iterable[str]]
LEFT, RIGHT, STALE = 1, 2, 4
"""What is known of a commit in the search for common ancestors; behind one, all are stale."""


def walk(
    objects: Objects, tips: Iterable[str], hidden: Iterable[str] = (), parents: Parents | None = None
) -> Iterator[Commit]:
    """Yield the commits that lead to the tips, newest first, without those that lead to hidden ones."""
    unwanted = ancestors(objects, hidden) if hidden else frozenset()
    follow = parents or (lambda commit: commit.parents)
    seen, order = set(unwanted), count()
    heap: list[tuple[int, int, Commit]] = []

    def push(shas: Iterable[str]) -> None:
        for sha in shas:
            if sha not in seen:
                seen.add(sha)
                commit = read_commit(objects, sha)
                heapq.heappush(heap, (-commit.committer.time, next(order), commit))

    push(tips)
    while heap:
        commit = heapq.heappop(heap)[2]
        yield commit
        push(follow(commit))


def ancestors(objects: Objects, tips: Iterable[str]) -> set[str]:
    """Return the commits that lead to the tips, and these."""
    seen: set[str] = set()
    left = list(tips)
    while left:
        sha = left.pop()
        if sha not in seen:
            seen.add(sha)
            left += read_commit(objects, sha).parents
    return seen


def first_parent(commit: Commit) -> tuple[str, ...]:
    """Return the first parent alone, as ``--first-parent`` follows it."""
    return commit.parents[:1]


def leads_to(objects: Objects, sha: str, tip: str) -> bool:
    """Tell whether a commit is another or leads to it."""
    return any(commit.sha == sha for commit in walk(objects, [tip]))


def topological(commits: list[Commit]) -> list[Commit]:
    """Return commits with no parent before all of its children, and lines of history not mixed."""
    children = dict.fromkeys((commit.sha for commit in commits), 0)
    for commit in commits:
        for parent in commit.parents:
            children[parent] = children.get(parent, 0) + 1
    by_sha = {commit.sha: commit for commit in commits}
    stack = [commit for commit in reversed(commits) if not children[commit.sha]]
    found = []
    while stack:
        commit = stack.pop()
        found.append(commit)
        for parent in commit.parents:
            children[parent] -= 1
            if not children[parent] and parent in by_sha:
                stack.append(by_sha[parent])
    return found


def touching(objects: Objects, tips: Iterable[str], path: str) -> Iterator[Commit]:
    """Yield the commits that changed what is at a path; history that changed nothing there is left aside."""

    def there(sha: str) -> object:
        return at_path(objects, read_commit(objects, sha).tree, path)

    def followed(commit: Commit) -> tuple[str, ...]:
        same = [parent for parent in commit.parents if there(parent) == there(commit.sha)]
        return tuple(same[:1]) or commit.parents

    def changed(commit: Commit) -> bool:
        here = there(commit.sha)
        return all(there(parent) != here for parent in commit.parents) if commit.parents else here is not None

    return (commit for commit in walk(objects, tips, parents=followed) if changed(commit))


def following(objects: Objects, commits: Iterable[Commit], path: str, *, merges: bool = False) -> Iterator[Commit]:
    """Yield those commits, given newest first, that changed what is at a path, as ``git log --follow`` does.

    A file that was renamed or copied is followed to the path that it had before. Merges are left out, unless ``merges``
    are compared with their first parents.
    """
    for commit in commits:
        if len(commit.parents) > 1 and not merges:
            continue
        before = read_commit(objects, commit.parents[0]).tree if commit.parents else ""
        old, new = at_path(objects, before, path) if before else None, at_path(objects, commit.tree, path)
        if old == new:
            continue
        yield commit
        if old is None and new is not None and new.kind == "blob" and before:
            path = source_of(objects, before, commit.tree, path) or path


def last_touching(objects: Objects, tip: str, path: str) -> Commit | None:
    """Return the last commit that changed what is at a path."""
    return next(touching(objects, [tip], path), None)


def merge_bases(objects: Objects, one: str, two: str) -> list[str]:
    """Return the best common ancestors of two commits, the newest first; none leads to another."""
    common = _common(objects, one, two) if one != two else [read_commit(objects, one)]
    shas = [commit.sha for commit in sorted(common, key=lambda commit: -commit.committer.time)]
    return [sha for sha in shas if not any(sha != other and leads_to(objects, sha, other) for other in shas)]


def _common(objects: Objects, one: str, two: str) -> list[Commit]:
    """Paint what leads to the two commits until all that is left leads to a common ancestor, as git does."""
    painted: dict[str, int] = {}
    found: dict[str, Commit] = {}
    heap: list[tuple[int, int, Commit]] = []
    order = count()

    def paint(sha: str, colours: int) -> None:
        if painted.get(sha, 0) & colours != colours:
            painted[sha] = painted.get(sha, 0) | colours
            commit = read_commit(objects, sha)
            heapq.heappush(heap, (-commit.committer.time, next(order), commit))

    paint(one, LEFT)
    paint(two, RIGHT)
    while any(painted[commit.sha] < STALE for *_, commit in heap):
        commit = heapq.heappop(heap)[2]
        colours = painted[commit.sha]
        if colours == LEFT | RIGHT:
            found.setdefault(commit.sha, commit)
            colours |= STALE
        for parent in commit.parents:
            paint(parent, colours)
    return [commit for sha, commit in found.items() if painted[sha] < STALE]


def merge_base(objects: Objects, shas: Iterable[str]) -> str | None:
    """Return the best common ancestor of commits, as far as there is one."""
    first, *others = shas
    found: str | None = first
    for other in others:
        found = next(iter(merge_bases(objects, found, other)), None) if found else None
    return found
