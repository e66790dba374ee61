"""Whether objects that came from outside are what git makes, so that everything else may rely on it.

dulwich checks commits and tags. Its check of trees is not used: it refuses modes with a leading zero, which git lets
pass, and lets names pass that are ``.git`` on some systems.
"""

from collections.abc import Iterable

from mockgitlab.git.names import LEVELS_AT_MOST, path_problem
from mockgitlab.git.objects import (
    EXECUTABLE,
    FILE,
    FOLDER,
    LINK,
    SHA_BYTES,
    SUBMODULE,
    parse_commit,
    read_tag,
    read_tree,
    text_of,
)
from mockgitlab.store import Objects

MODES = (FILE, EXECUTABLE, LINK, FOLDER, SUBMODULE, 0o100664)


class Unsound(Exception):
    """An object is malformed, or what it names is missing."""


def check(objects: Objects, shas: Iterable[str]) -> set[str]:
    """Return what some objects name; raises ``Unsound`` where one is malformed, or one that it names is missing."""
    named: set[str] = set()
    roots: list[str] = []
    for sha in shas:
        kind, data = objects.get(sha) or ("", b"")
        if kind == "tree":
            named |= _check_tree(objects, sha, data)
        elif kind in ("commit", "tag"):
            _check_form(sha, kind, data)
            found = _check_commit(objects, sha, data) if kind == "commit" else _check_tag(objects, sha)
            roots += found[:1] if kind == "commit" else []
            named |= set(found)
    _check_depth(objects, roots)
    return named


def _check_form(sha: str, kind: str, data: bytes) -> None:
    from dulwich.errors import ObjectFormatException
    from dulwich.objects import ShaFile, object_class

    found = object_class(kind.encode()) or ShaFile
    head, blank, _ = data.partition(b"\n\n")
    if b"\0" in head or not (blank or data.endswith(b"\n")):
        raise Unsound(f"object {sha}: bad {kind}: unterminatedHeader: unterminated header")
    try:
        found.from_string(data).check()
    except (ValueError, IndexError, ObjectFormatException) as error:
        raise Unsound(f"object {sha}: bad {kind}: {error}") from None


def _check_commit(objects: Objects, sha: str, data: bytes) -> list[str]:
    commit = parse_commit(sha, data)
    if min(commit.author.time, commit.committer.time) < 0:
        raise Unsound(f"object {sha}: bad commit: badDate: a date before 1970")
    return _check_there(objects, sha, [(commit.tree, "tree"), *((one, "commit") for one in commit.parents)])


def _check_tag(objects: Objects, sha: str) -> list[str]:
    tag = read_tag(objects, sha)
    return _check_there(objects, sha, [(tag.target, tag.kind)] if tag else [])


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


def _check_tree(objects: Objects, sha: str, data: bytes) -> set[str]:
    from dulwich.errors import ObjectFormatException
    from dulwich.objects import ObjectID, parse_tree, sorted_tree_items

    try:
        entries = [(name, mode, ObjectID(one)) for name, mode, one in parse_tree(data, SHA_BYTES)]
    except (ValueError, ObjectFormatException) as error:
        raise Unsound(f"object {sha}: badTree: {error}") from None
    for name, mode, _ in entries:
        if not name or b"/" in name or path_problem(text_of(name)) or mode not in MODES:
            raise Unsound(f"object {sha}: bad entry {text_of(name)[:100]!r}")
    if entries != list(sorted_tree_items({name: (mode, one) for name, mode, one in entries}, name_order=False)):
        raise Unsound(f"object {sha}: treeNotSorted: not properly sorted, or with duplicate entries")
    files = [one for one in read_tree(objects, sha).values() if one.mode != SUBMODULE]
    return set(_check_there(objects, sha, [(one.sha, one.kind) for one in files]))


def _check_there(objects: Objects, sha: str, named: list[tuple[str, str]]) -> list[str]:
    for one, kind in named:
        found = objects.get(one)
        if found is None or found[0] != kind:
            raise Unsound(f"object {sha}: missing {kind} {one}")
    return [one for one, _ in named]
