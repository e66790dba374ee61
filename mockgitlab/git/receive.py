"""Pushes: what a client asks for, and how it is told what became of it. Source: gitprotocol-pack(5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mockgitlab.git.names import is_sha
from mockgitlab.git.protocol import FLUSH, Packets, ProtocolError, banded, packet

SHA1 = "sha1"


@dataclass(frozen=True)
class Command:
    """What a push wants of a ref: from an object to another; ``ZERO`` is none."""

    old: str
    new: str
    name: str


@dataclass(frozen=True)
class Push:
    """The request of a push; the client has no parents of ``shallow`` commits."""

    commands: list[Command]
    can: frozenset[str]
    options: list[str]
    pack: bytes
    shallow: frozenset[str] = field(default_factory=frozenset)


def read_push(body: bytes) -> Push:
    """Read the request of a push; raises ``ProtocolError``."""
    packets = Packets(body)
    commands, shallow, can = [], set(), frozenset[str]()
    for line in packets.section():
        word, _, sha = line.partition(" ")
        if word == "shallow" and is_sha(sha):
            shallow.add(sha)
            continue
        text, nul, capabilities = line.partition("\0")
        can = frozenset(capabilities.partition("\0")[0].split()) if nul else can
        commands.append(_command(text))
    form = next((one.partition("=")[2] for one in can if one.startswith("object-format=")), SHA1)
    if form != SHA1:
        raise ProtocolError(f"error: unsupported object format '{form[:60]}'")
    options = packets.section() if "push-options" in can else []
    return Push(commands, can, options, packets.rest, frozenset(shallow))


def _command(text: str) -> Command:
    old, _, rest = text.partition(" ")
    new, _, name = rest.partition(" ")
    if not (is_sha(old) and is_sha(new) and name):
        raise ProtocolError(f"protocol error: expected old/new/ref, got '{text[:200]}'")
    return Command(old, new, name)


def report(push: Push, unpacked: str, problems: Sequence[str], messages: Iterable[str] = ()) -> bytes:
    """Return how a push went: ``problems`` says of each ref why it was not moved, ``messages`` go to the user."""
    lines = [packet(f"unpack {unpacked}\n")]
    for one, problem in zip(push.commands, problems, strict=True):
        lines.append(packet(f"ng {one.name} {problem}\n" if problem else f"ok {one.name}\n"))
    status = b"".join(lines) + FLUSH if push.can & {"report-status", "report-status-v2"} else b""
    if "side-band-64k" not in push.can:
        return status
    told = b"".join(banded(f"{message}\n".encode("utf-8", "replace"), 2) for message in messages)
    return told + banded(status) + FLUSH
