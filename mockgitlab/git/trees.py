"""Trees: finding what is at a path, listing what is below, and writing changed ones."""

from collections.abc import Iterator, Mapping

from mockgitlab.git.objects import FOLDER, Entry, read_tree, write_tree
from mockgitlab.store import Objects

Changes = Mapping[str, Entry | None]
"""What is to be at paths; nothing takes away what is there."""


def at_path(objects: Objects, tree: str, path: str) -> Entry | None:
    """Return what is at a path below a tree; the tree itself for the empty path."""
    found = Entry(FOLDER, tree)
    for name in [part for part in path.split("/") if part]:
        if found.mode != FOLDER:
            return None
        below = read_tree(objects, found.sha).get(name)
        if below is None:
            return None
        found = below
    return found


def listed(objects: Objects, tree: str, path: str, *, recursive: bool) -> Iterator[tuple[str, Entry]]:
    """Yield what is in a folder with its path from the root, folders before what is in them."""
    prefix = f"{path.strip('/')}/" if path.strip("/") else ""
    for name, entry in read_tree(objects, tree).items():
        yield prefix + name, entry
        if recursive and entry.mode == FOLDER:
            yield from listed(objects, entry.sha, prefix + name, recursive=True)


def files(objects: Objects, tree: str) -> dict[str, Entry]:
    """Return all that is no folder below a tree, by path."""
    return {path: one for path, one in listed(objects, tree, "", recursive=True) if one.mode != FOLDER}


def with_changes(objects: Objects, tree: str, changes: Changes) -> str:
    """Return the tree with other files at some paths; folders come and go with what is in them."""
    here: dict[str, Entry | None] = {}
    below: dict[str, dict[str, Entry | None]] = {}
    for path, entry in changes.items():
        name, slash, rest = path.partition("/")
        if slash:
            below.setdefault(name, {})[rest] = entry
        else:
            here[name] = entry
    entries = dict(read_tree(objects, tree)) if tree else {}
    for name, entry in here.items():
        _put(entries, name, entry)
    for name, inner in below.items():
        old = entries.get(name)
        sha = with_changes(objects, old.sha if old and old.mode == FOLDER else "", inner)
        if read_tree(objects, sha):
            entries[name] = Entry(FOLDER, sha)
        elif old is None or old.mode == FOLDER:
            entries.pop(name, None)
    return write_tree(objects, entries)


def _put(entries: dict[str, Entry], name: str, entry: Entry | None) -> None:
    if entry is None:
        entries.pop(name, None)
    else:
        entries[name] = entry
