"""Trees, commits and tags: read from their bytes, and written as git writes them, with dulwich.

Names and messages are text; bytes that are no UTF-8 survive as surrogates. dulwich is imported when the first object is
read or written. Trees alone are written here: dulwich takes 2.5 times as long, and every commit writes some.
"""

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
    def identity(self) -> bytes:
        """Who it is, as commits and tags write it: ``Ada <ada@example.com>``."""
        return bytes_of(f"{cleaned(self.name)} <{cleaned(self.email)}>")

    @property
    def offset(self) -> int:
        """The offset from UTC in seconds."""
        seconds = int(self.zone[1:3]) * 3600 + int(self.zone[3:]) * 60
        return -seconds if self.zone[0] == "-" else seconds


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
    """Return the entries of a tree by name, in git's order."""
    from dulwich.objects import parse_tree as entries

    return {text_of(name): Entry(mode, sha.decode()) for name, mode, sha in entries(data, SHA_BYTES)}


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


def person(identity: bytes | None, time: int | None, offset: int | None) -> Person:
    """Return who did something when; an offset of a day or more is none."""
    name, _, email = text_of(identity or b"").partition("<")
    hours, minutes = divmod(abs(offset or 0) // 60, 60)
    zone = f"{'-' if (offset or 0) < 0 else '+'}{hours:02}{minutes:02}" if hours < 24 else "+0000"
    return Person(name.strip(), email.removesuffix(">"), time or 0, zone)


@lru_cache(maxsize=32_768)
def parse_commit(sha: str, data: bytes) -> Commit:
    """Return a commit from its bytes; raises dulwich's ``ObjectFormatException`` where they are none."""
    from dulwich import objects as dulwich

    one = dulwich.Commit.from_string(data)
    author = person(one.author, one.author_time, one.author_timezone)
    committer = person(one.committer, one.commit_time, one.commit_timezone)
    parents = tuple(parent.decode() for parent in one.parents)
    return Commit(sha, one.tree.decode(), parents, author, committer, text_of(one.message or b""))


def read_commit(objects: Objects, sha: str) -> Commit:
    """Return a commit; raises ``KeyError`` when there is none."""
    return parse_commit(sha, objects.data(sha, "commit"))


def write_commit(
    objects: Objects, tree: str, parents: Iterable[str], author: Person, committer: Person, message: str
) -> Commit:
    """Keep a commit and return it."""
    from dulwich import objects as dulwich

    one = dulwich.Commit()
    one.tree, one.parents = tree.encode(), [dulwich.ObjectID(sha.encode()) for sha in parents]
    one.author, one.author_time, one.author_timezone = author.identity, author.time, author.offset
    one.committer, one.commit_time, one.commit_timezone = committer.identity, committer.time, committer.offset
    one.message = bytes_of(message.replace("\0", ""))
    return read_commit(objects, objects.add("commit", one.as_raw_string()))


def write_tag(objects: Objects, name: str, target: str, tagger: Person, message: str) -> str:
    """Keep an annotated tag of a commit and return its name."""
    from dulwich import objects as dulwich

    one = dulwich.Tag()
    one.object, one.name, one.message = (dulwich.Commit, target.encode()), bytes_of(name), bytes_of(message)
    one.tagger, one.tag_time, one.tag_timezone = tagger.identity, tagger.time, tagger.offset
    return objects.add("tag", one.as_raw_string())


def read_tag(objects: Objects, sha: str) -> Tag | None:
    """Return an annotated tag, or nothing when the object is none."""
    found = objects.get(sha)
    if found is None or found[0] != "tag":
        return None
    from dulwich import objects as dulwich

    one = dulwich.Tag.from_string(found[1])
    kind, target = one.object
    tagger = person(one.tagger, one.tag_time, one.tag_timezone) if one.tagger else None
    message = text_of((one.message or b"") + (one.signature or b""))
    return Tag(target.decode(), kind.type_name.decode(), text_of(one.name), tagger, message)


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
