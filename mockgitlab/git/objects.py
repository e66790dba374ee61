"""Trees, commits and tags: read from their bytes, and written as git writes them.

Names and messages are text; bytes that are no UTF-8 survive as surrogates. dulwich reads trees, and is imported with
the first. The rest is done here: dulwich takes 2.5 to 10 times as long, and breaks off at dates that git lets pass.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from mockgitlab.store import Objects

FILE, EXECUTABLE, LINK, FOLDER, SUBMODULE = 0o100644, 0o100755, 0o120000, 0o40000, 0o160000
SHA_BYTES = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """What a tree says of a name: a file, a folder, a link or a submodule."""

    mode: int
    sha: str

    @property
    def kind(self) -> str:
        """The kind of object that it names."""
        return "tree" if self.mode == FOLDER else "commit" if self.mode == SUBMODULE else "blob"


@dataclass(frozen=True, slots=True)
class Person:
    """Who did something when: seconds since 1970, and the offset from UTC (``+0200``)."""

    name: str
    email: str
    time: int
    zone: str = "+0000"

    @property
    def line(self) -> str:
        """Who it was and when, as commits and tags write it: ``Ada <ada@example.com> 1714554000 +0200``."""
        return f"{cleaned(self.name)} <{cleaned(self.email)}> {self.time} {self.zone}"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str

    @property
    def title(self) -> str:
        """The first line of the message."""
        return self.message.strip("\n").partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Tag:
    """An annotated tag."""

    target: str
    kind: str
    name: str
    tagger: Person | None
    message: str


def text_of(data: bytes) -> str:
    """Return bytes as text, those that are no UTF-8 as surrogates."""
    return data.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """Return text as the bytes that it came from."""
    return text.encode("utf-8", "surrogateescape")


def cleaned(text: str) -> str:
    """Return a name or an email address without what would break the line that it stands in."""
    return "".join(letter for letter in text if letter not in "<>\n\0").strip(" .,:;\"'")


Tree = Mapping[str, Entry]


@lru_cache(maxsize=8_192)
def parse_tree(data: bytes) -> Tree:
    """Return the entries of a tree by name, in git's order; odd modes become what git takes them for."""
    from dulwich.objects import parse_tree as entries

    return {text_of(name): Entry(canonical(mode), sha.decode()) for name, mode, sha in entries(data, SHA_BYTES)}


def canonical(mode: int) -> int:
    """Return the mode that git reads in a tree: whatever is no file, link or folder is a submodule."""
    if mode in (FILE, FOLDER, EXECUTABLE):
        return mode
    kind = mode & 0o170000
    if kind == 0o100000:
        return EXECUTABLE if mode & 0o100 else FILE
    return kind if kind in (LINK, FOLDER) else SUBMODULE


def write_tree(objects: Objects, entries: Tree) -> str:
    """Keep a tree and return its name."""
    lines = []
    for name, one in entries.items():
        written = bytes_of(name)
        lines.append((written + b"/" if one.mode == FOLDER else written, written, name, one))
    lines.sort(key=lambda line: line[0])
    parts = [b"%o %b\0%b" % (one.mode, written, bytes.fromhex(one.sha)) for _, written, _, one in lines]
    sha = objects.add("tree", b"".join(parts))
    objects.remember(sha, {name: one for _, _, name, one in lines})
    return sha


def read_tree(objects: Objects, sha: str) -> Tree:
    """Return the entries of a tree; raises ``KeyError`` when there is none."""
    if not sha:
        return {}
    found: Tree | None = objects.parsed(sha)
    if found is None:
        found = parse_tree(objects.data(sha, "tree"))
        objects.remember(sha, found)
    return found


_WHO = re.compile(rb"([^<\n]*)<?([^>\n]*)>?(?:.*>)? *(\d{1,19})?(?: ([+-]\d{4}))?", re.DOTALL)


def read_person(line: bytes) -> Person:
    """Return who did something when, from a line of a commit or a tag; an offset of a day or more is none."""
    found = _WHO.match(line)
    name, email, time, zone = found.groups() if found else (b"", b"", None, None)
    minutes = int(zone[1:3]) * 60 + int(zone[3:]) if zone else 0
    at = zone.decode() if zone and minutes < 24 * 60 else "+0000"
    return Person(text_of(name).strip(), text_of(email), int(time or 0), at)


def _header(data: bytes) -> tuple[dict[bytes, list[bytes]], str]:
    """Return the lines of a commit's or a tag's header by their first words, and the message."""
    head, _, message = data.partition(b"\n\n")
    found: dict[bytes, list[bytes]] = {}
    for line in head.split(b"\n"):
        key, _, value = line.partition(b" ")
        found.setdefault(key, []).append(value)
    return found, text_of(message)


@lru_cache(maxsize=32_768)
def parse_commit(sha: str, data: bytes) -> Commit:
    """Return a commit from its bytes, however odd they are."""
    head, message = _header(data)
    author, committer = (read_person(head.get(key, [b""])[0]) for key in (b"author", b"committer"))
    parents = tuple(one.decode() for one in head.get(b"parent", ()))
    return Commit(sha, head[b"tree"][0].decode(), parents, author, committer, message)


def read_commit(objects: Objects, sha: str) -> Commit:
    """Return a commit; raises ``KeyError`` when there is none."""
    return parse_commit(sha, objects.data(sha, "commit"))


def write_commit(
    objects: Objects, tree: str, parents: Iterable[str], author: Person, committer: Person, message: str
) -> Commit:
    """Keep a commit and return it."""
    lines = [f"tree {tree}", *(f"parent {sha}" for sha in parents)]
    lines += [f"author {author.line}", f"committer {committer.line}"]
    text = "\n".join(lines) + "\n\n" + message.replace("\0", "")
    return read_commit(objects, objects.add("commit", bytes_of(text)))


def write_tag(objects: Objects, name: str, target: str, tagger: Person, message: str) -> str:
    """Keep an annotated tag of a commit and return its name."""
    lines = [f"object {target}", "type commit", f"tag {name}", f"tagger {tagger.line}"]
    return objects.add("tag", bytes_of("\n".join(lines) + "\n\n" + message))


def read_tag(objects: Objects, sha: str) -> Tag | None:
    """Return an annotated tag, or nothing when the object is none."""
    found = objects.get(sha)
    if found is None or found[0] != "tag":
        return None
    head, message = _header(found[1])
    target, kind, name = (text_of(head.get(key, [b""])[0]) for key in (b"object", b"type", b"tag"))
    return Tag(target, kind, name, read_person(head[b"tagger"][0]) if b"tagger" in head else None, message)


def tagged(objects: Objects, sha: str) -> list[str]:
    """Return an object, and if it is a tag what it tags, through tags of tags."""
    found = [sha]
    while tag := read_tag(objects, found[-1]):
        found.append(tag.target)
    return found


def peeled(objects: Objects, sha: str) -> str | None:
    """Return the commit that a ref leads to, through annotated tags; nothing when it is none."""
    last = tagged(objects, sha)[-1]
    found = objects.get(last)
    return last if found is not None and found[0] == "commit" else None
