"""Pushes: what a client asks for, and how it is told what became of it. Source: gitprotocol-pack(5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mockgitlab.git.names import is_sha
from mockgitlab.git.protocol import FLUSH, Packets, ProtocolError, banded, packet


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
