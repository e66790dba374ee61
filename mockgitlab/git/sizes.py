"""How large a repository is."""

from collections.abc import Iterable

from mockgitlab.git.objects import peeled, read_commit, read_tree
from mockgitlab.store import Objects


def reachable(objects: Objects, tips: Iterable[str]) -> set[str]:
    """Return the hashes of the commits that lead to the tips, and of all folders and files that they have."""
    seen: set[str] = set()
    commits = [sha for tip in tips if (sha := peeled(objects, tip))]
    while commits:
        sha = commits.pop()
        if sha not in seen:
            seen.add(sha)
            commit = read_commit(objects, sha)
            commits += commit.parents
            _add_tree(objects, commit.tree, seen)
    return seen


def _add_tree(objects: Objects, sha: str, seen: set[str]) -> None:
    left = [sha]
    while left:
        tree = left.pop()
        if tree and tree not in seen:
            seen.add(tree)
            entries = read_tree(objects, tree).values()
            left += [one.sha for one in entries if one.kind == "tree"]
            seen.update(one.sha for one in entries if one.kind == "blob")


def size(objects: Objects, tips: Iterable[str]) -> int:
    """Return how many bytes the objects have that the tips lead to."""
    found = (objects.get(sha) for sha in reachable(objects, tips))
    return sum(len(one[1]) for one in found if one is not None)
