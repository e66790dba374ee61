"""What ``.gitattributes`` say of files: which of them archives leave out. Patterns are read with dulwich.

Source: gitattributes(5), "Creating an archive".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockgitlab.git.objects import Entry, bytes_of
from mockgitlab.store import Objects

FILE = ".gitattributes"
IGNORE = b"export-ignore"


def exported(objects: Objects, files: Mapping[str, Entry], whole: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return files without those that have ``export-ignore``, or lie below a folder that has; ``whole`` has all."""
    rules = list(_rules(objects, whole))
    return {path: one for path, one in files.items() if not any(_ignored(rules, part) for part in _parts(path))}


def _rules(objects: Objects, whole: Mapping[str, Entry]) -> Iterator[tuple[str, bool, Any, bool | None]]:
    """Yield folders, each with a pattern, whether that is for folders alone, and what it says; the deepest last."""
    from dulwich import attrs

    malformed = getattr(attrs, "MalformedPattern", re.error)
    places = [path for path, one in whole.items() if path.rpartition("/")[2] == FILE and one.kind == "blob"]
    for path in sorted(places, key=lambda place: place.count("/")):
        lines = objects.data(whole[path].sha, "blob").splitlines()
        for pattern, found in attrs.parse_git_attributes(lines):  # type: ignore[arg-type]
            try:
                compiled = attrs.Pattern(pattern.removesuffix(b"/"))
            except (malformed, re.error):
                continue
            if IGNORE in found:
                yield path.removesuffix(FILE), pattern.endswith(b"/"), compiled, found[IGNORE] is True


def _ignored(rules: list[tuple[str, bool, Any, bool | None]], path: str) -> bool:
    name, is_folder = path.removesuffix("/"), path.endswith("/")
    said = False
    for folder, folders_alone, pattern, says in rules:
        fits = name.startswith(folder) and (is_folder or not folders_alone)
        if fits and pattern.match(bytes_of(name.removeprefix(folder))):
            said = bool(says)
    return said


def _parts(path: str) -> Iterator[str]:
    """Yield the folders of a path, each with its slash, and the path itself."""
    yield from (path[: at + 1] for at, letter in enumerate(path) if letter == "/")
    yield path
