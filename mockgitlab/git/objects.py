"""Trees, commits and tags: read from their bytes, and written as git writes them.

Names and messages are text; bytes that are no UTF-8 survive as surrogates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from mockgitlab.store import Objects

FILE, EXECUTABLE, LINK, FOLDER, SUBMODULE = 0o100644, 0o100755, 0o120000, 0o40000, 0o160000


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

    def line(self) -> str:
        """Return it as commits and tags write it."""
        return f"{cleaned(self.name)} <{cleaned(self.email)}> {self.time} {self.zone}"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; ``extra`` are its further headers, as they are."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str
    extra: str = field(default="", compare=False)

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
    entries, at = {}, 0
    while at < len(data):
        space, zero = data.index(b" ", at), data.index(b"\0", at)
        entries[text_of(data[space + 1 : zero])] = Entry(int(data[at:space], 8), data[zero + 1 : zero + 21].hex())
        at = zero + 21
    return entries


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


def parse_person(line: str) -> Person:
    """Read who did something when; what cannot be read is empty."""
    name, _, rest = line.partition("<")
    email, _, when = rest.rpartition("> ")
    time, _, zone = when.partition(" ")
    seconds = int(time) if time.lstrip("-").isdigit() and len(time) < 13 else 0
    fine = len(zone) == 5 and zone[0] in "+-" and zone[1:].isdigit() and zone[1:3] < "24" and zone[3:] < "60"
    return Person(name.strip(), email, seconds, zone if fine else "+0000")


def _headers(data: bytes) -> tuple[list[tuple[str, str]], str]:
    head, _, message = text_of(data).partition("\n\n")
    headers: list[tuple[str, str]] = []
    for line in head.split("\n"):
        key, _, value = line.partition(" ")
        if key or not headers:
            headers.append((key, value))
        else:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]}\n{value}")
    return headers, message


@lru_cache(maxsize=32_768)
def parse_commit(sha: str, data: bytes) -> Commit:
    """Return a commit from its bytes."""
    headers, message = _headers(data)
    one = dict(headers)
    parents = tuple(value for key, value in headers if key == "parent")
    known = ("tree", "parent", "author", "committer")
    extra = "".join(f"{key} {value}\n" for key, value in headers if key not in known)
    author, committer = parse_person(one.get("author", "")), parse_person(one.get("committer", ""))
    return Commit(sha, one.get("tree", ""), parents, author, committer, message, extra)


def read_commit(objects: Objects, sha: str) -> Commit:
    """Return a commit; raises ``KeyError`` when there is none."""
    return parse_commit(sha, objects.data(sha, "commit"))


def write_commit(
    objects: Objects, tree: str, parents: Iterable[str], author: Person, committer: Person, message: str
) -> Commit:
    """Keep a commit and return it."""
    lines = [f"tree {tree}", *(f"parent {one}" for one in parents)]
    lines += [f"author {author.line()}", f"committer {committer.line()}", "", message.replace("\0", "")]
    return read_commit(objects, objects.add("commit", bytes_of("\n".join(lines))))


def write_tag(objects: Objects, name: str, target: str, tagger: Person, message: str) -> str:
    """Keep an annotated tag of a commit and return its name."""
    lines = [f"object {target}", "type commit", f"tag {name}", f"tagger {tagger.line()}", "", message]
    return objects.add("tag", bytes_of("\n".join(lines)))


def read_tag(objects: Objects, sha: str) -> Tag | None:
    """Return an annotated tag, or nothing when the object is none."""
    found = objects.get(sha)
    if found is None or found[0] != "tag":
        return None
    headers, message = _headers(found[1])
    one = dict(headers)
    tagger = parse_person(one["tagger"]) if "tagger" in one else None
    return Tag(one.get("object", ""), one.get("type", ""), one.get("tag", ""), tagger, message)


def peeled(objects: Objects, sha: str) -> str | None:
    """Return the commit that a ref leads to, through annotated tags; nothing when it is none."""
    for _ in range(10):
        found = objects.get(sha)
        if found is None or found[0] in ("blob", "tree"):
            return None
        if found[0] == "commit":
            return sha
        tag = read_tag(objects, sha)
        sha = tag.target if tag else ""
    return None
