"""What is wrong with trees, in the words of ``git fsck``: names that are ``.git`` on some system, disorder, and modes.

Source: git's fsck.c and path.c (``is_ntfs_dotgit``), utf8.c (``is_hfs_dotgit``).
"""

import re
from collections.abc import Iterator

FOLDER, LINK = 0o40000, 0o120000
MODES = {0o100644, 0o100755, FOLDER, LINK, 0o160000}
NONE = b"\0" * 20
_IGNORED_BY_HFS = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_DOT_GIT_OF_NTFS = re.compile(rb"(?:\A|\\)(?:\.git|git~1)[. ]*(?:[\\/:]|\Z)", re.IGNORECASE | re.DOTALL)
SHORT = {
    ".gitmodules": "gitmod~[1-4]|gi7eba~[0-9]+",
    ".gitattributes": "gitatt~[1-4]|gi7d29~[0-9]+",
    ".gitignore": "gitign~[1-4]|gi250a~[0-9]+",
    ".mailmap": "mailma~[1-4]|maba30~[0-9]+",
}
"""Files that git reads, and how NTFS shortens their names, as git's path.c has it."""
SYMLINKS = {
    ".gitmodules": ("gitmodulesSymlink", ".gitmodules is a symbolic link"),
    ".gitattributes": ("gitattributesSymlink", ".gitattributes is a symlink"),
    ".gitignore": ("gitignoreSymlink", ".gitignore is a symlink"),
    ".mailmap": ("mailmapSymlink", ".mailmap is a symlink"),
}
_PERHAPS = re.compile(rb"(?i)git|gi\w{4}~|mail|maba30~|\xe2|\xef")


class Malformed(Exception):
    """The bytes are no tree."""


def entries(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield the mode in octal digits, the name and the object of what is in a tree; raises ``Malformed``."""
    at, end = 0, len(data)
    while at < end:
        blank, zero = data.find(b" ", at), data.find(b"\0", at)
        mode, name, sha = data[at:blank], data[blank + 1 : zero], data[zero + 1 : zero + 21]
        if not 0 <= blank < zero or len(sha) < 20:
            raise Malformed("too-short tree object")
        if not mode or mode.strip(b"01234567"):
            raise Malformed("malformed mode in tree entry")
        if not name:
            raise Malformed("empty filename in tree entry")
        yield mode, name, sha
        at = zero + 21


def tree_problems(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a tree."""
    try:
        found = list(entries(data))
    except Malformed:
        yield "badTree", "cannot be parsed as a tree"
        return
    names = {name for _, name, _ in found}
    links = [name for mode, name, _ in found if int(mode[-8:], 8) & 0o170000 == LINK]
    checks = {
        ("nullSha1", "contains entries pointing to null sha1"): NONE in {sha for *_, sha in found},
        ("fullPathname", "contains full pathnames"): any(b"/" in name for name in names),
        ("hasDot", "contains '.'"): b"." in names,
        ("hasDotdot", "contains '..'"): b".." in names,
        ("hasDotgit", "contains '.git'"): any(is_dot_git(name) for name in names),
        **{problem: any(is_dot(file, name) for name in links) for file, problem in SYMLINKS.items()},
        ("badFilemode", "contains bad file modes"): any(int(mode[-8:], 8) not in MODES for mode, *_ in found),
        ("duplicateEntries", "contains duplicate file entries"): len(names) < len(found),
        ("treeNotSorted", "not properly sorted"): len(names) == len(found) and not _sorted(found),
    }
    yield from (problem for problem, is_so in checks.items() if is_so)


def _sorted(found: list[tuple[bytes, bytes, bytes]]) -> bool:
    keys = [name + b"/" if int(mode[-8:], 8) & 0o170000 == FOLDER else name for mode, name, _ in found]
    return keys == sorted(keys)


def is_dot_git(name: bytes) -> bool:
    """Tell whether a name leads to ``.git`` on some system, also behind a backslash."""
    return _folded(name) == ".git" or _DOT_GIT_OF_NTFS.search(name) is not None


def is_dot(wanted: str, name: bytes) -> bool:
    """Tell whether a name is that of a file which git reads, ``.gitmodules`` say, on some system."""
    if _PERHAPS.search(name) is None:
        return False
    plain = name.decode(errors="replace").lower().split(":")[0].rstrip(". ")
    return wanted in (_folded(name), plain) or re.fullmatch(SHORT[wanted], plain) is not None


def _folded(name: bytes) -> str:
    """Return a name as HFS+ sees it: without what it ignores, in small letters."""
    return _IGNORED_BY_HFS.sub("", name.decode(errors="replace")).lower()
