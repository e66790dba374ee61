"""What a fetch asks for, in the lines of every version of the protocol.

Source: gitprotocol-pack(5), gitprotocol-v2(5), git-rev-list(1) for filters. dulwich's filters are not used: their
limits are off by one, and its ``tree:0`` has trees.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from mockgitlab.git.names import is_sha
from mockgitlab.git.protocol import Packets, ProtocolError

FLAGS = ("done", "deepen-relative", "thin-pack", "no-progress", "include-tag", "ofs-delta", "wait-for-done")
COMMANDS, KNOWN = ("ls-refs", "fetch"), ("agent", "object-format", "server-option", "command", "session-id")
UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
ENDLESS = 1 << 62
FILTERS_AT_MOST = 20
_LIMIT = re.compile(r"blob:limit=(\d{1,18})([kmg]?)")
_TREE = re.compile(r"tree:(\d{1,18})")


@dataclass(frozen=True)
class Filter:
    """What a partial clone leaves out: files of ``size`` bytes and more, what lies ``depth`` levels deep and deeper."""

    size: int = ENDLESS
    depth: int = ENDLESS


@dataclass
class Wanted:
    """What a client wants to fetch, and what it has; ``can`` is what it understands."""

    wants: list[str] = field(default_factory=list)
    haves: list[str] = field(default_factory=list)
    shallow: set[str] = field(default_factory=set)
    depth: int = 0
    since: int = 0
    excluded: list[str] = field(default_factory=list)
    filter: Filter = field(default_factory=Filter)
    can: set[str] = field(default_factory=set)

    @property
    def done(self) -> bool:
        """Whether the client has nothing more to say."""
        return "done" in self.can

    @property
    def detail(self) -> str:
        """The capability that says in how much detail the client wants to be told of what it has; none is little."""
        return next((one for one in ("multi_ack_detailed", "multi_ack") if one in self.can), "")

    @property
    def deepens(self) -> bool:
        """Whether the client wants another depth of history than it has."""
        return bool(self.depth or self.since or self.excluded)

    def take(self, line: str) -> None:
        """Read a line; raises ``ProtocolError``."""
        word, _, value = line.partition(" ")
        if word in ("want", "have", "shallow") and is_sha(value):
            {"want": self.wants.append, "have": self.haves.append, "shallow": self.shallow.add}[word](value)
        elif word in ("deepen", "deepen-since") and value.isascii() and value.isdigit() and len(value) < 19:
            if word == "deepen" and int(value) == 0:
                raise ProtocolError(f"Invalid deepen: {line[:60]}")
            setattr(self, {"deepen": "depth", "deepen-since": "since"}[word], int(value))
        elif word == "deepen-not" and value:
            self.excluded.append(value)
        elif word == "filter":
            self.filter = parse_filter(value)
        elif line in FLAGS:
            self.can.add(line)
        else:
            raise ProtocolError(f"unexpected line: '{line[:60]}'")


def parse_filter(text: str) -> Filter:
    """Read the filter of a partial clone; raises ``ProtocolError`` for those that are not known."""
    if text == "blob:none":
        return Filter(size=0)
    if found := _LIMIT.fullmatch(text):
        return Filter(size=int(found[1]) * UNITS[found[2]])
    if found := _TREE.fullmatch(text):
        return Filter(depth=int(found[1]))
    if text.startswith("combine:"):
        parts = [parse_filter(unquote(part)) for part in text.removeprefix("combine:").split("+", FILTERS_AT_MOST)]
        return Filter(min(one.size for one in parts), min(one.depth for one in parts))
    known = "blob:none, blob:limit=<size>, tree:<depth> and combine:<filter>+<filter> are"
    raise ProtocolError(f"filter '{text[:60]}' not supported; {known}")


def read_wanted(body: bytes) -> Wanted:
    """Read a request of version 0 or 1; capabilities follow the first line."""
    packets, wanted = Packets(body), Wanted()
    for number, line in enumerate(packets.section()):
        text, _, can = (line[:45], "", line[45:]) if number == 0 else (line, "", "")
        wanted.can |= set(can.split()) - {"done"}
        wanted.take(text)
    while not packets.ended:
        for line in packets.section():
            wanted.take(line)
    return wanted


def read_command(body: bytes) -> tuple[str, list[str]]:
    """Read a request of version 2: the command, and the lines of its arguments; raises ``ProtocolError``."""
    packets = Packets(body)
    command = ""
    for line in packets.section():
        key, _, value = line.partition("=")
        if key not in KNOWN:
            raise ProtocolError(f"unknown capability '{line[:60]}'")
        if key == "object-format" and value != "sha1":
            raise ProtocolError(f"mismatched object format: server sha1; client {value[:60]}")
        if key == "command" and command:
            raise ProtocolError(f"command '{value[:60]}' requested after already requesting command '{command}'")
        if key == "command" and value not in COMMANDS:
            raise ProtocolError(f"invalid command '{value[:60]}'")
        command = value if key == "command" else command
    if not command:
        raise ProtocolError("no command requested")
    return command, packets.section()
