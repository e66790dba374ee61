"""Fetches: answering what a client wants with the objects that it lacks.

Source: gitprotocol-pack(5), gitprotocol-v2(5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mockgitlab.git.missing import Ends, boundary, everything, leads_to_any, missing, reach
from mockgitlab.git.objects import peeled, read_tag, tagged
from mockgitlab.git.packs import write_pack
from mockgitlab.git.protocol import DELIMITER, FLUSH, ProtocolError, banded, packet
from mockgitlab.git.wanted import Wanted, read_command, read_wanted
from mockgitlab.store import Objects


@dataclass(frozen=True)
class Shop:
    """What there is to fetch: refs by name, the commits that they lead to, the whole name of the default branch."""

    objects: Objects
    refs: Mapping[str, str]
    tips: Iterable[str]
    head: str | None = None


@dataclass(frozen=True)
class Parts:
    """The parts of an answer: what became shallow, what the client has that is known here, and whether that will do."""

    shallow: list[str]
    common: list[str]
    ends: Ends


def answer_fetch(shop: Shop, body: bytes, version: int = 0) -> bytes:
    """Return the answer to a fetch; raises ``ProtocolError`` for wants that no ref leads to."""
    if version != 2:
        wanted = read_wanted(body)
        return _first_answer(shop, wanted) if wanted.wants else b""
    if body in (b"", FLUSH):
        return b""
    command, lines = read_command(body)
    if command == "ls-refs":
        return list_refs(shop, lines)
    wanted = Wanted()
    for line in lines:
        wanted.take(line)
    return _second_answer(shop, wanted) if wanted.wants or "wait-for-done" in wanted.can else b""


def list_refs(shop: Shop, lines: list[str]) -> bytes:
    """Return the refs as version 2 lists them, as many as the client asks for; raises ``ProtocolError``."""
    for line in lines:
        if line not in ("peel", "symrefs", "unborn") and not line.startswith("ref-prefix "):
            raise ProtocolError(f"unexpected line: '{line[:60]}'")
    prefixes = tuple(line.removeprefix("ref-prefix ") for line in lines if line.startswith("ref-prefix ")) or ("",)
    head = shop.refs.get(shop.head or "")
    known = {**({"HEAD": head} if head else {}), **shop.refs}
    found = [_listed(shop, name, sha, lines) for name, sha in known.items() if name.startswith(prefixes)]
    if shop.head and not head and "unborn" in lines and "HEAD".startswith(prefixes):
        found.insert(0, f"unborn HEAD symref-target:{shop.head}")
    return b"".join(packet(f"{line}\n") for line in found) + FLUSH


def _listed(shop: Shop, name: str, sha: str, lines: list[str]) -> str:
    target = f" symref-target:{shop.head}" if name == "HEAD" and "symrefs" in lines else ""
    tag = f" peeled:{tagged(shop.objects, sha)[-1]}" if "peel" in lines and read_tag(shop.objects, sha) else ""
    return f"{sha} {name}{target}{tag}"


def _first_answer(shop: Shop, wanted: Wanted) -> bytes:
    """Answer in version 0 or 1."""
    parts = _parts(shop, wanted)
    shallow = b"".join(map(packet, parts.shallow)) + FLUSH if wanted.deepens else b""
    if wanted.deepens and not wanted.haves and not wanted.done:
        return shallow
    told, ready = _acknowledged(shop, wanted, parts)
    if not (wanted.done or (ready and "no-done" in wanted.can)):
        return shallow + told
    if not parts.common:
        told += packet("NAK\n") if wanted.done else b""
    elif wanted.detail:
        told += packet(f"ACK {parts.common[-1]}\n")
    pack = _pack(shop, wanted, parts)
    return shallow + told + (banded(pack) + FLUSH if "side-band-64k" in wanted.can else pack)


def _acknowledged(shop: Shop, wanted: Wanted, parts: Parts) -> tuple[bytes, bool]:
    """Return what a client is told of what it has, in as much detail as it understands, and whether that will do."""
    if not wanted.detail:
        first = packet(f"ACK {parts.common[0]}\n") if parts.common else b""
        return first or (b"" if wanted.done else packet("NAK\n")), False
    word = "common" if wanted.detail == "multi_ack_detailed" else "continue"
    told = b"".join(packet(f"ACK {sha} {word}\n") for sha in parts.common)
    if wanted.done:
        return told, False
    ready = word == "common" and _enough(shop, parts)
    return told + (packet(f"ACK {parts.common[-1]} ready\n") if ready else b"") + packet("NAK\n"), ready


def _enough(shop: Shop, parts: Parts) -> bool:
    """Tell whether every commit that is wanted leads to one that both sides have."""
    known = set(parts.common)
    return bool(known) and all(leads_to_any(shop.objects, sha, known) for sha in parts.ends.starts)


def _second_answer(shop: Shop, wanted: Wanted) -> bytes:
    """Answer in version 2."""
    parts = _parts(shop, wanted)
    told = b""
    if not wanted.done:
        lines = [f"ACK {sha}\n" for sha in parts.common] or ["NAK\n"]
        told = packet("acknowledgments\n") + b"".join(map(packet, lines))
        if "wait-for-done" in wanted.can or not _enough(shop, parts):
            return told + FLUSH
        told += packet("ready\n") + DELIMITER
    if parts.shallow:
        told += packet("shallow-info\n") + b"".join(map(packet, parts.shallow)) + DELIMITER
    return told + packet("packfile\n") + banded(_pack(shop, wanted, parts)) + FLUSH


def _parts(shop: Shop, wanted: Wanted) -> Parts:
    objects = shop.objects
    known = reach(objects, shop.tips, set())
    _check(shop, wanted, known)
    starts = [commit for sha in wanted.wants if (commit := peeled(objects, sha))]
    stops = boundary(objects, starts, wanted, shop.refs) if wanted.deepens else wanted.shallow
    common = [sha for sha in wanted.haves if sha in known]
    lines = _shallow_lines(objects, wanted, starts, stops) if wanted.deepens else []
    return Parts(lines, common, Ends(starts, common, stops))


def _check(shop: Shop, wanted: Wanted, known: Mapping[str, None]) -> None:
    """Refuse what no ref leads to: other projects have their objects in the same place."""
    asked = [sha for sha in wanted.wants if sha not in known and sha not in shop.refs.values()]
    reachable = everything(shop.objects, known) if asked else {}
    for sha in asked:
        if sha not in reachable:
            raise ProtocolError(f"upload-pack: not our ref {sha}")


def _shallow_lines(objects: Objects, wanted: Wanted, starts: list[str], stops: set[str]) -> list[str]:
    inside = reach(objects, starts, stops)
    lines = [f"shallow {sha}" for sha in sorted(stops - wanted.shallow)]
    return lines + [f"unshallow {sha}" for sha in sorted(wanted.shallow) if sha in inside and sha not in stops]


def _pack(shop: Shop, wanted: Wanted, parts: Parts) -> bytes:
    found = missing(shop.objects, wanted, parts.ends)
    tags = [sha for sha in shop.refs.values() if read_tag(shop.objects, sha)] if "include-tag" in wanted.can else []
    sent = [one for sha in tags if peeled(shop.objects, sha) in found for one in tagged(shop.objects, sha)[:-1]]
    return write_pack(shop.objects, list(dict.fromkeys([*sent, *found])))
