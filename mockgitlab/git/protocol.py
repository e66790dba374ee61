"""The lines of git's smart protocol, and what a server says of itself in its versions 0, 1 and 2.

dulwich reads and writes the lines. Its server is not used: it answers with an error where somebody fetches into a
shallow clone, knows neither version 2 nor ``--shallow-since``, and runs the checks of a push before it has read the
objects.

Source: gitprotocol-common(5), gitprotocol-http(5), gitprotocol-capabilities(5), gitprotocol-v2(5).
"""

from collections.abc import Mapping
from io import BytesIO

from mockgitlab.git.objects import bytes_of, read_tag, tagged, text_of
from mockgitlab.store import Objects

ZERO = "0" * 40
FLUSH, DELIMITER = b"0000", b"0001"
FETCH, PUSH = "git-upload-pack", "git-receive-pack"
CAPABILITIES = {
    FETCH: "multi_ack multi_ack_detailed no-done side-band-64k thin-pack ofs-delta no-progress include-tag filter "
    "shallow deepen-since deepen-not deepen-relative allow-tip-sha1-in-want allow-reachable-sha1-in-want",
    PUSH: "report-status report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta push-options",
}
VERSION_2 = (
    "version 2",
    "agent=mockgitlab",
    "ls-refs=unborn",
    "fetch=shallow wait-for-done filter",
    "object-format=sha1",
)
BAND = 65_515


class ProtocolError(Exception):
    """A client says what the protocol does not know, or wants what there is not."""


def packet(text: str | bytes) -> bytes:
    """Return a line of the protocol."""
    from dulwich.protocol import pkt_line

    return pkt_line(bytes_of(text) if isinstance(text, str) else text)


class Packets:
    """Reads the lines of a request; ``rest`` is what follows them."""

    def __init__(self, data: bytes) -> None:
        from dulwich.protocol import Protocol

        self._stream = BytesIO(data)
        self._protocol = Protocol(self._stream.read, lambda _: None)

    @property
    def ended(self) -> bool:
        """Whether all has been read."""
        return self._stream.tell() == len(self._stream.getbuffer())

    @property
    def rest(self) -> bytes:
        """What has not been read."""
        return self._stream.read()

    def section(self) -> list[str]:
        """Return the lines up to the next flush or delimiter, or the end; raises ``ProtocolError``."""
        from dulwich.errors import GitProtocolError

        lines: list[str] = []
        try:
            while not self.ended and (line := self._protocol.read_pkt_line()) is not None:
                lines.append(text_of(line).rstrip("\n"))
        except GitProtocolError as error:
            raise ProtocolError(f"protocol error: {error}") from None
        return lines


def banded(data: bytes, band: int = 1) -> bytes:
    """Return data on a side band: 1 for the answer itself, 2 for what the user reads."""
    parts = [data[at : at + BAND] for at in range(0, len(data), BAND)]
    return b"".join(packet(bytes([band]) + part) for part in parts)


def advertisement(service: str, refs: Mapping[str, str], objects: Objects, head: str | None, version: int = 0) -> bytes:
    """Return what a server has, or in version 2 what it can do; ``head`` is the default branch's whole name."""
    if version == 2 and service == FETCH:
        return b"".join(packet(f"{line}\n") for line in VERSION_2) + FLUSH
    first = packet("version 1\n") if version == 1 else b""
    return packet(f"# service={service}\n") + FLUSH + first + _listed(service, refs, objects, head) + FLUSH


def _listed(service: str, refs: Mapping[str, str], objects: Objects, head: str | None) -> bytes:
    """Return the refs, HEAD first, annotated tags with what they tag, and behind the first what the server can do."""
    born = head if head in refs else None
    known = {"HEAD": refs[born], **refs} if born and service == FETCH else refs
    can = CAPABILITIES[service] + (f" symref=HEAD:{born}" if born else "") + " object-format=sha1 agent=mockgitlab"
    lines = []
    for name, sha in known.items():
        lines.append(f"{sha} {name}")
        if service == FETCH and read_tag(objects, sha):
            lines.append(f"{tagged(objects, sha)[-1]} {name}^{{}}")
    first, *others = lines or [f"{ZERO} capabilities^{{}}"]
    return packet(f"{first}\0{can}\n") + b"".join(packet(f"{line}\n") for line in others)
