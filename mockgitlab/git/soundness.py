"""Whether objects that came from outside are sound and complete, so that everything else may rely on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mockgitlab.git.fsck import Finding, fsck
from mockgitlab.git.fsck_files import attributes_problems, modules_problems
from mockgitlab.git.fsck_trees import is_dot
from mockgitlab.git.names import LEVELS_AT_MOST
from mockgitlab.git.objects import FOLDER, LINK, SUBMODULE, bytes_of, read_commit, read_tag, read_tree
from mockgitlab.store import Objects

LEADING = {".gitmodules": modules_problems, ".gitattributes": attributes_problems}
"""Files that lead git, and what may be wrong with them."""


class Unsound(Exception):
    """An object is malformed, or what it names is missing; ``told`` is what git tells, line by line."""

    def __init__(self, *told: object) -> None:
        self.told = [str(one) for one in told]
        super().__init__("; ".join(self.told))


@dataclass
class Checked:
    """What some objects name, and what is strange about them; of ``behind`` the client says that it has none."""

    named: set[str] = field(default_factory=set)
    behind: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)


def check(objects: Objects, shas: Iterable[str], shallow: Iterable[str] = ()) -> Checked:
    """Check objects; raises ``Unsound`` where one is malformed, or one that it names is missing.

    Of ``shallow`` commits the parents may be missing.
    """
    arrived, checked = [(sha, *(objects.get(sha) or ("", b""))) for sha in shas], Checked()
    for sha, kind, data in arrived:
        checked.warnings += _take(fsck(sha, kind, data), "packed object")
    for sha, kind, _ in arrived:
        checked.warnings += _leading_warnings(objects, sha) if kind == "tree" else ()
    _check_links(objects, [(sha, kind) for sha, kind, _ in arrived], frozenset(shallow), checked)
    _check_depth(objects, [read_commit(objects, sha).tree for sha, kind, _ in arrived if kind == "commit"])
    return checked


def _take(found: list[Finding], what: str) -> list[str]:
    """Return what is told of an object that is taken; raises ``Unsound`` for one that is not."""
    if all(one.harmless for one in found):
        return [str(one) for one in found]
    raise Unsound(*found, f"fatal: fsck error in {what}")


def _leading_warnings(objects: Objects, sha: str) -> list[str]:
    """Check the files of a tree that lead git, whatever some system makes of their names."""
    found = []
    for name, entry in read_tree(objects, sha).items():
        for wanted in LEADING:
            if is_dot(wanted, bytes_of(name)) and entry.mode not in (LINK, SUBMODULE):
                problems = _leading_problems(objects, wanted, entry.sha)
                found += _take([Finding(entry.sha, *one) for one in problems], "pack objects")
    return found


def _leading_problems(objects: Objects, wanted: str, sha: str) -> list[tuple[str, str]]:
    found, word = objects.get(sha), wanted[1:]
    if found is None:
        return [(f"{word}Missing", f"unable to read {wanted} blob")]
    if found[0] != "blob":
        return [(f"{word}Blob", f"non-blob found at {wanted}")]
    return list(LEADING[wanted](found[1]))


def _check_links(objects: Objects, arrived: list[tuple[str, str]], shallow: frozenset[str], checked: Checked) -> None:
    """Let every object have what it names, unless a client says that its history ends there."""
    for sha, kind in arrived:
        links = _links(objects, sha, kind)
        if sha in shallow:
            checked.behind |= {one for one, of in links if of == "commit"}
            links = [link for link in links if link[1] != "commit"]
        for one, of in links:
            _check_there(objects, one, of)
        checked.named |= {one for one, _ in links}


def _links(objects: Objects, sha: str, kind: str) -> list[tuple[str, str]]:
    if kind == "commit":
        commit = read_commit(objects, sha)
        return [(commit.tree, "tree"), *((one, "commit") for one in commit.parents)]
    if kind == "tree":
        return [(one.sha, one.kind) for one in read_tree(objects, sha).values() if one.mode != SUBMODULE]
    tag = read_tag(objects, sha) if kind == "tag" else None
    return [(tag.target, tag.kind)] if tag else []


def _check_there(objects: Objects, sha: str, kind: str) -> None:
    found = objects.get(sha)
    if found is None:
        raise Unsound(f"fatal: did not receive expected object {sha}")
    if found[0] != kind:
        raise Unsound(f"error: object {sha} is a {found[0]}, not a {kind}", "fatal: object of unexpected type")


def _check_depth(objects: Objects, roots: Iterable[str]) -> None:
    depths: dict[str, int] = {}
    left = [(sha, 1) for sha in roots]
    while left:
        sha, depth = left.pop()
        if depths.get(sha, 0) < depth:
            depths[sha] = depth
            if depth > LEVELS_AT_MOST:
                raise Unsound(f"fatal: object {sha}: folders lie deeper than {LEVELS_AT_MOST} levels")
            left += [(one.sha, depth + 1) for one in read_tree(objects, sha).values() if one.mode == FOLDER]
