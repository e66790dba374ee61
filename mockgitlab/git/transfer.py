"""Git's smart protocol, version 0, without state: what a server says for fetches and pushes.

Source: gitprotocol-pack(5), gitprotocol-http(5), gitprotocol-capabilities(5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mockgitlab.git.names import is_sha
from mockgitlab.git.objects import FOLDER, SUBMODULE, peeled, read_commit, read_tag, read_tree
from mockgitlab.git.packs import write_pack
from mockgitlab.store import Objects

ZERO = "0" * 40
FLUSH = b"0000"
UPLOAD = "multi_ack_detailed no-done side-band-64k thin-pack ofs-delta shallow no-progress include-tag"
RECEIVE = "report-status delete-refs side-band-64k quiet atomic ofs-delta push-options"
BAND = 65_515


class ProtocolError(Exception):
    """A client says what the protocol does not know, or wants what there is not."""


def packet(text: str | bytes) -> bytes:
    """Return a line of the protocol."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    return b"%04x" % (len(data) + 4) + data


class Packets:
    """Reads the lines of a request; ``rest`` is what follows them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def rest(self) -> bytes:
        """What has not been read."""
        return self._data[self._at :]

    def section(self) -> list[str]:
        """Return the lines up to the next flush, or the end."""
        lines: list[str] = []
        while self._at < len(self._data):
            try:
                length = int(self._data[self._at : self._at + 4], 16)
            except ValueError:
                raise ProtocolError("bad line length character") from None
            start, self._at = self._at + 4, self._at + max(length, 4)
            if length < 4:
                break
            lines.append(self._data[start : self._at].decode("utf-8", "surrogateescape").rstrip("\n"))
        return lines


def advertisement(service: str, refs: Mapping[str, str], objects: Objects, head: str | None) -> bytes:
    """Return what a server has: its refs, HEAD first, annotated tags with what they tag, and what it can do."""
    known = dict(refs)
    symref = f" symref=HEAD:{head}" if head in refs else ""
    if service == "git-upload-pack":
        known = {**({"HEAD": refs[head]} if head in refs and head else {}), **refs}
    can = (UPLOAD if service == "git-upload-pack" else RECEIVE) + f"{symref} object-format=sha1 agent=mockgitlab"
    lines = []
    for name, sha in known.items():
        lines.append(f"{sha} {name}")
        if service == "git-upload-pack" and read_tag(objects, sha):
            lines.append(f"{peeled(objects, sha)} {name}^{{}}")
    first, *others = lines or [f"{ZERO} capabilities^{{}}"]
    body = packet(f"{first}\0{can}\n") + b"".join(packet(f"{line}\n") for line in others)
    return packet(f"# service={service}\n") + FLUSH + body + FLUSH


def banded(data: bytes, band: int = 1) -> bytes:
    """Return data on a side band: 1 for the answer itself, 2 for what the user reads."""
    parts = [data[at : at + BAND] for at in range(0, len(data), BAND)]
    return b"".join(packet(bytes([band]) + part) for part in parts)


# Fetching


@dataclass
class Wanted:
    """What a client wants to fetch, and what it has."""

    wants: list[str] = field(default_factory=list)
    haves: list[str] = field(default_factory=list)
    shallow: set[str] = field(default_factory=set)
    depth: int = 0
    done: bool = False
    can: frozenset[str] = frozenset()


def read_wanted(body: bytes) -> Wanted:
    """Read the request of a fetch."""
    packets, wanted = Packets(body), Wanted()
    for number, line in enumerate(packets.section()):
        word, _, value = line.partition(" ")
        if word == "want":
            sha, _, capabilities = value.partition(" ")
            wanted.wants.append(sha)
            wanted.can = wanted.can if number else frozenset(capabilities.split())
        elif word == "shallow":
            wanted.shallow.add(value)
        elif word == "deepen" and value.isdigit():
            wanted.depth = int(value)
        else:
            raise ProtocolError(f"unexpected line: {line[:40]}")
    while packets.rest:
        for line in packets.section():
            word, _, value = line.partition(" ")
            wanted.haves += [value] if word == "have" else []
            wanted.done = wanted.done or word == "done"
    return wanted


def answer_fetch(objects: Objects, refs: Mapping[str, str], tips: Iterable[str], body: bytes) -> bytes:
    """Return the answer to a fetch; raises ``ProtocolError`` for wants that no ref leads to."""
    wanted = read_wanted(body)
    known = _reach(objects, tips, set())
    for sha in wanted.wants:
        if sha not in refs.values() and sha not in known:
            raise ProtocolError(f"upload-pack: not our ref {sha}")
    starts = [commit for sha in wanted.wants if (commit := peeled(objects, sha))]
    boundary = _boundary(objects, starts, wanted.depth) if wanted.depth else set()
    common = [sha for sha in wanted.haves if sha in known]
    answer = _shallow_lines(objects, wanted, starts, boundary) if wanted.depth else b""
    if wanted.depth and not wanted.haves and not wanted.done:
        return answer
    if not wanted.done:
        acks = [packet(f"ACK {sha} common\n") for sha in common]
        ready = [packet(f"ACK {common[-1]} ready\n")] if common else []
        if not (common and "no-done" in wanted.can):
            return answer + b"".join(acks + ready) + packet("NAK\n")
        answer += b"".join(acks + ready) + packet("NAK\n")
    answer += packet(f"ACK {common[-1]}\n") if common else packet("NAK\n")
    stops = boundary if wanted.depth else wanted.shallow
    pack = write_pack(objects, _missing(objects, refs, wanted, (starts, common, stops)))
    return answer + (banded(pack) + FLUSH if "side-band-64k" in wanted.can else pack)


def _reach(objects: Objects, tips: Iterable[str], stops: set[str]) -> dict[str, None]:
    """Return the commits that lead to the tips, not going behind some."""
    seen: dict[str, None] = {}
    left = list(tips)
    while left:
        sha = left.pop()
        if sha not in seen:
            seen[sha] = None
            left += () if sha in stops else read_commit(objects, sha).parents
    return seen


def _boundary(objects: Objects, starts: list[str], depth: int) -> set[str]:
    """Return the commits behind which a history of a depth ends."""
    level, seen = dict.fromkeys(starts), set(starts)
    for _ in range(depth - 1):
        parents = [parent for sha in level for parent in read_commit(objects, sha).parents]
        level = dict.fromkeys(parent for parent in parents if parent not in seen)
        seen |= level.keys()
        if not level:
            return set()
    return {sha for sha in level if read_commit(objects, sha).parents}


def _shallow_lines(objects: Objects, wanted: Wanted, starts: list[str], boundary: set[str]) -> bytes:
    inside = _reach(objects, starts, boundary)
    lines = [packet(f"shallow {sha}") for sha in sorted(boundary - wanted.shallow)]
    lines += [packet(f"unshallow {sha}") for sha in sorted(wanted.shallow) if sha in inside and sha not in boundary]
    return b"".join(lines) + FLUSH


def _missing(
    objects: Objects, refs: Mapping[str, str], wanted: Wanted, ends: tuple[list[str], list[str], set[str]]
) -> list[str]:
    """Return what the client lacks: commits, then what is in their trees, and tags."""
    starts, common, stops = ends
    had = _reach(objects, common, wanted.shallow)
    commits = [sha for sha in _reach(objects, starts, stops) if sha not in had]
    seen: dict[str, None] = {}
    edges = {parent for sha in commits for parent in read_commit(objects, sha).parents if parent in had}
    for sha in {*common, *edges}:
        _add_tree(objects, read_commit(objects, sha).tree, seen)
    known = len(seen)
    for sha in commits:
        _add_tree(objects, read_commit(objects, sha).tree, seen)
    tags = [sha for sha in wanted.wants if read_tag(objects, sha)]
    if "include-tag" in wanted.can:
        sent = set(commits)
        tags += [sha for sha in refs.values() if read_tag(objects, sha) and peeled(objects, sha) in sent]
    return [*dict.fromkeys(tags), *commits, *list(seen)[known:]]


def _add_tree(objects: Objects, sha: str, seen: dict[str, None]) -> None:
    if sha in seen:
        return
    seen[sha] = None
    for entry in read_tree(objects, sha).values():
        if entry.mode == FOLDER:
            _add_tree(objects, entry.sha, seen)
        elif entry.mode != SUBMODULE:
            seen.setdefault(entry.sha)


# Pushing


@dataclass(frozen=True)
class Command:
    """What a push wants of a ref: from an object to another; ``ZERO`` is none."""

    old: str
    new: str
    name: str


@dataclass(frozen=True)
class Push:
    """The request of a push."""

    commands: list[Command]
    can: frozenset[str]
    options: list[str]
    pack: bytes


def read_push(body: bytes) -> Push:
    """Read the request of a push."""
    packets = Packets(body)
    commands, can = [], frozenset[str]()
    for line in packets.section():
        text, nul, capabilities = line.partition("\0")
        can = frozenset(capabilities.split()) if nul else can
        old, _, rest = text.partition(" ")
        new, _, name = rest.partition(" ")
        if not (is_sha(old) and is_sha(new) and name):
            raise ProtocolError("bad command")
        commands.append(Command(old, new, name))
    options = packets.section() if "push-options" in can else []
    return Push(commands, can, options, packets.rest)


def report(push: Push, unpacked: str, problems: Mapping[str, str], messages: Iterable[str] = ()) -> bytes:
    """Return how a push went: ``problems`` says why refs were not moved, ``messages`` go to the user."""
    lines = [packet(f"unpack {unpacked}\n")]
    for one in push.commands:
        problem = problems.get(one.name)
        lines.append(packet(f"ng {one.name} {problem}\n" if problem else f"ok {one.name}\n"))
    status = b"".join(lines) + FLUSH if "report-status" in push.can else b""
    if "side-band-64k" not in push.can:
        return status
    told = b"".join(banded(f"{message}\n".encode("utf-8", "replace"), 2) for message in messages)
    return told + banded(status) + FLUSH
