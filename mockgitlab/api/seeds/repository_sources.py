"""Where the repository of a scenario may come from: a folder of files, a bare repository, a bundle.

The files that a bare repository consists of may not lead elsewhere, neither by links nor by alternates.
"""

import os
import zlib
from dataclasses import dataclass
from pathlib import Path

from mockgitlab.git.names import path_problem
from mockgitlab.git.objects import EXECUTABLE, FILE, LINK, Entry, text_of
from mockgitlab.git.packs import PackError, PackReader
from mockgitlab.git.soundness import Unsound, check
from mockgitlab.store import Objects

BYTES_AT_MOST = 64 << 20
TYPES = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}


class Wrong(Exception):
    """Something in a repository that makes no sense; the message says what."""


@dataclass(frozen=True)
class Found:
    """The branches and tags of a repository by their whole names, and what its HEAD names."""

    refs: dict[str, str]
    head: str


def read_folder(objects: Objects, folder: Path) -> dict[str, Entry]:
    """Keep the files of a folder and return them by path; links stay links, what git itself keeps there is left out."""
    found: dict[str, Entry] = {}
    left = BYTES_AT_MOST
    for below, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git" and not Path(below, name).is_symlink())
        linked = [name for name in os.listdir(below) if Path(below, name).is_symlink()]
        for name in sorted({*names, *linked} - {".git"}):
            entry, size = _entry(objects, Path(below, name))
            path = Path(below, name).relative_to(folder).as_posix()
            left -= size
            if path_problem(path) or left < 0:
                raise Wrong(path_problem(path) or f"has more than {BYTES_AT_MOST >> 20} MiB in {folder}")
            found[path] = entry
    return found


def _entry(objects: Objects, path: Path) -> tuple[Entry, int]:
    if path.is_symlink():
        data, mode = os.fsencode(os.readlink(path)), LINK
    elif not path.is_file() or path.stat().st_size > BYTES_AT_MOST:
        raise Wrong(f"has {path.name} in a folder, which is no file of at most {BYTES_AT_MOST >> 20} MiB")
    else:
        data, mode = path.read_bytes(), EXECUTABLE if os.access(path, os.X_OK) else FILE
    return Entry(mode, objects.add("blob", data)), len(data)


def read_bare(objects: Objects, folder: Path) -> Found:
    """Keep the objects of a bare repository and return its refs."""
    from dulwich.errors import ChecksumMismatch, FileFormatException, NotGitRepository

    _check_closed(folder)
    arrived = objects.fork()
    try:
        shas, found = _copied(arrived, folder)
    except (NotGitRepository, FileFormatException, ChecksumMismatch, OSError, ValueError, zlib.error) as error:
        raise Wrong(f"has no bare repository in {folder}: {error}") from None
    return _sound(objects, arrived, shas, found)


def _copied(objects: Objects, folder: Path) -> tuple[list[str], Found]:
    from dulwich.refs import HEADREF as HEAD
    from dulwich.repo import Repo

    with Repo(str(folder)) as repository:
        kept = repository.object_store
        shas = [objects.add(TYPES[kind], data) for kind, data in map(kept.get_raw, kept)]
        refs = {text_of(name): sha.decode() for name, sha in repository.get_refs().items() if name != HEAD}
        return shas, Found(refs, text_of(repository.refs.get_symrefs().get(HEAD, b"")))


def _check_closed(folder: Path) -> None:
    if (folder / ".git").exists():
        raise Wrong(f"has no bare repository in {folder}, but one with a working tree: name its folder .git")
    links = [one for one in folder.rglob("*") if one.is_symlink() and not one.resolve().is_relative_to(folder)]
    others = [one for one in (folder / "objects" / "info" / "alternates", folder / "commondir") if one.exists()]
    for one in [*links, *others]:
        raise Wrong(f"has {one.relative_to(folder).as_posix()} in {folder}, which leads elsewhere")


def read_bundle(objects: Objects, data: bytes) -> Found:
    """Keep the objects of a bundle and return its refs."""
    from io import BytesIO

    from dulwich.bundle import read_bundle as read

    try:
        with read(BytesIO(data)) as bundle:
            refs = {text_of(name): sha.decode() for name, sha in bundle.references.items()}
            needs = bundle.prerequisites
    except (ValueError, AssertionError) as error:
        raise Wrong(f"has no bundle of git: {error}") from None
    if needs:
        raise Wrong(f"has a bundle that needs {needs[0][0].decode()}: make one of the whole history, with --all")
    arrived = objects.fork()
    try:
        shas = PackReader(arrived, data[data.index(b"\n\n") + 2 :]).read()
    except PackError as error:
        raise Wrong(f"has a damaged bundle: {error}") from None
    head = refs.pop("HEAD", "")
    named = [name for name, sha in refs.items() if sha == head and name.startswith("refs/heads/")]
    named.sort(key=lambda name: (name != "refs/heads/main", name))
    return _sound(objects, arrived, shas, Found(refs, named[0] if named else ""))


def _sound(objects: Objects, arrived: Objects, shas: list[str], found: Found) -> Found:
    try:
        check(arrived, shas)
    except Unsound as error:
        raise Wrong(f"has objects that are not sound: {error}") from None
    for name, sha in found.refs.items():
        if arrived.get(sha) is None:
            raise Wrong(f"has a ref {name} whose object is missing: {sha}")
    objects.adopt(arrived)
    return found
