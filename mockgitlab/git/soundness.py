"""Whether objects that came from outside are what git makes, so that everything else may rely on it."""

from collections.abc import Iterable

from mockgitlab.git.names import LEVELS_AT_MOST, is_sha, path_problem
from mockgitlab.git.objects import (
    EXECUTABLE,
    FILE,
    FOLDER,
    LINK,
    SUBMODULE,
    parse_commit,
    parse_tree,
    read_tag,
    read_tree,
)
from mockgitlab.store import Objects

MODES = (FILE, EXECUTABLE, LINK, FOLDER, SUBMODULE)


class Unsound(Exception):
    """An object is malformed, or what it names is missing."""


def check(objects: Objects, shas: Iterable[str]) -> None:
    """Raise ``Unsound`` where one of some objects is malformed, or one that it names is missing."""
    roots: list[str] = []
    for sha in shas:
        kind, data = objects.get(sha) or ("", b"")
        if kind == "tree":
            _check_tree(objects, sha, data)
        elif kind == "commit":
            commit = parse_commit(sha, data)
            _check_there(objects, sha, [(commit.tree, "tree"), *((one, "commit") for one in commit.parents)])
            roots.append(commit.tree)
        elif kind == "tag":
            tag = read_tag(objects, sha)
            _check_there(objects, sha, [(tag.target, tag.kind)] if tag else [("", "commit")])
    _check_depth(objects, roots)


def _check_depth(objects: Objects, roots: Iterable[str]) -> None:
    depths: dict[str, int] = {}
    left = [(sha, 1) for sha in roots]
    while left:
        sha, depth = left.pop()
        if depths.get(sha, 0) < depth:
            depths[sha] = depth
            if depth > LEVELS_AT_MOST:
                raise Unsound(f"object {sha}: folders lie deeper than {LEVELS_AT_MOST} levels")
            left += [(one.sha, depth + 1) for one in read_tree(objects, sha).values() if one.mode == FOLDER]


def _check_tree(objects: Objects, sha: str, data: bytes) -> None:
    try:
        entries = parse_tree(data)
    except ValueError:
        raise Unsound(f"object {sha}: badTree") from None
    for name, entry in entries.items():
        if not name or "/" in name or path_problem(name) or entry.mode not in (*MODES, 0o100664):
            raise Unsound(f"object {sha}: bad entry {name[:100]!r}")
        if entry.mode != SUBMODULE:
            _check_there(objects, sha, [(entry.sha, entry.kind)])


def _check_there(objects: Objects, sha: str, named: Iterable[tuple[str, str]]) -> None:
    for one, kind in named:
        found = objects.get(one) if is_sha(one) else None
        if found is None or found[0] != kind:
            raise Unsound(f"object {sha}: missing {kind} {one[:40]}")
