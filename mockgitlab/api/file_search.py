"""Finding files of a commit by their path and content, as GitLab does without an index.

A search may narrow by ``filename:``, ``path:`` and ``extension:``, each with ``*`` for anything and ``-`` for the
contrary. Files at the path that was searched for, or in the folder there, come before the places where the text is.

Source: GitLab's lib/gitlab/file_finder.rb, lib/gitlab/search/query.rb and lib/gitlab/search/found_blob.rb; Gitaly's
``SearchFilesByName`` (``git ls-tree``) and ``SearchFilesByContent`` (``git grep``).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mockgitlab.api.models.repository import shown
from mockgitlab.git.objects import Entry, text_of
from mockgitlab.git.trees import files
from mockgitlab.git.unified import is_binary
from mockgitlab.store import Objects

AROUND = 2
"""How many lines before and after a place are shown with it."""
SHOWN_AT_MOST = 1024
"""How many bytes of a file that its path found are shown."""
FILTERS = {"filename": r"{}\Z", "path": "{}", "extension": r"\.{}\Z"}
_PARTS = re.compile(r'\s(?=(?:[^"]|"[^"]*")*\Z)')


@dataclass(frozen=True)
class Found:
    """A file that was found, or the place in it; ``sha`` is given where its path was meant."""

    path: str
    data: str
    startline: int
    sha: str | None = None

    @property
    def basename(self) -> str:
        """The path without the ending of the file, folders included."""
        folder, slash, name = self.path.rpartition("/")
        stem, dot, _ = name.rpartition(".")
        return f"{folder}{slash}{stem}" if dot and stem else self.path


def find(objects: Objects, tree: str, query: str) -> list[Found]:
    """Return what a search finds in a tree: by path first, then by content."""
    term, wanted = _read(query)
    if not query.strip():
        return []
    below = {path: one for path, one in files(objects, tree).items() if one.kind == "blob"}
    fitting = {path: one for path, one in below.items() if all(_fits(path, *one) for one in wanted)}
    return [*_by_path(objects, fitting, term), *_by_content(objects, fitting, term)]


def _read(query: str) -> tuple[str, list[tuple[re.Pattern[str], bool]]]:
    """Return what is searched for, and each pattern of a path with whether it is what must not be."""
    left, wanted = [part for part in _PARTS.split(query) if part], []
    for name, pattern in FILTERS.items():
        part = next((one for one in left if re.match(f"-?{name}:", one)), None)
        value = part.rpartition(":")[2].strip('"').lower() if part else ""
        if part and value:
            left.remove(part)
            glob = re.escape(value).replace(r"\*", ".*?")
            wanted.append((re.compile(pattern.format(glob), re.IGNORECASE), part.startswith("-")))
    return " ".join(left) or "*", wanted


def _fits(path: str, pattern: re.Pattern[str], negated: bool) -> bool:
    return (pattern.search(path) is None) is negated


def _by_path(objects: Objects, below: Mapping[str, Entry], term: str) -> Iterator[Found]:
    wanted = term.lstrip("/")
    for path, entry in below.items():
        if path == wanted or path.startswith(f"{wanted.rstrip('/')}/"):
            data = objects.data(entry.sha, "blob")[:SHOWN_AT_MOST]
            yield Found(shown(path), shown(text_of(data)), 1, entry.sha)


def _by_content(objects: Objects, below: Mapping[str, Entry], term: str) -> Iterator[Found]:
    folded = term.lower()
    for path, entry in below.items():
        data = objects.data(entry.sha, "blob")
        lines = [] if is_binary(data) else shown(text_of(data)).removesuffix("\n").split("\n")
        hits = [number for number, line in enumerate(lines) if folded in line.lower()]
        for start, end in _places(hits, len(lines)):
            yield Found(shown(path), "".join(f"{line}\n" for line in lines[start:end]), start + 1)


def _places(hits: list[int], length: int) -> list[tuple[int, int]]:
    """Return the ranges of lines around some lines; those that touch are one."""
    places: list[tuple[int, int]] = []
    for hit in hits:
        start, end = max(hit - AROUND, 0), min(hit + AROUND + 1, length)
        if places and start <= places[-1][1]:
            start = places.pop()[0]
        places.append((start, end))
    return places
