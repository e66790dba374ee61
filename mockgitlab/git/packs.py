"""Packs: many objects in one stream, as fetches and pushes carry them. Source: gitformat-pack(5), RFC 1950, RFC 1951.

dulwich applies the deltas of those that are read. It does not write them, as it compresses even the smallest objects,
nor read them: it inflates each object twice, which takes five times as long, and bounds nothing that a hostile pack
inflates to. What is wrong with a pack is told in the words of git-unpack-objects(1).
"""

import hashlib
import struct
import zlib
from collections.abc import Collection

from mockgitlab.store import Objects

KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
NUMBERS = {kind: number for number, kind in KINDS.items()}
BY_OFFSET, BY_NAME = 6, 7
BYTES_AT_MOST = 512 * 1024 * 1024
STEP = 4_096
SMALL = 4_096
"""Up to which size objects are not compressed: to set up the compressor takes longer than to send them."""
AS_IT_IS = b"\x78\x01\x01"
"""How a zlib stream begins that is one block without compression; its size follows."""
BITS_AT_MOST = 64
TOO_BIG = "pack exceeds maximum allowed size"


class PackError(Exception):
    """A pack is damaged, or too big; git tells it where it is ``spoken``, else merely reports it."""

    def __init__(self, text: str, *, spoken: bool = True) -> None:
        super().__init__(text)
        self.spoken = spoken


def write_pack(objects: Objects, shas: Collection[str]) -> bytes:
    """Return a pack of objects, without deltas."""
    parts = [b"PACK" + struct.pack(">II", 2, len(shas))]
    for sha in shas:
        found = objects.get(sha)
        if found is None:
            raise PackError(f"there is no object {sha}")
        parts += _written(*found)
    pack = b"".join(parts)
    return pack + hashlib.sha1(pack, usedforsecurity=False).digest()


def _written(kind: str, data: bytes) -> tuple[bytes, ...]:
    """Return the parts of an object in a pack: what it is, and its content."""
    left, byte, head = len(data) >> 4, NUMBERS[kind] << 4 | len(data) & 0x0F, bytearray()
    while left:
        head.append(byte | 0x80)
        left, byte = left >> 7, left & 0x7F
    head.append(byte)
    if len(data) > SMALL:
        return bytes(head), zlib.compress(data, 1)
    size = len(data)
    return bytes(head), AS_IT_IS + struct.pack("<HH", size, size ^ 0xFFFF), data, struct.pack(">I", zlib.adler32(data))


class PackReader:
    """Reads a pack into objects; one that inflates to more than ``most`` bytes is refused."""

    def __init__(self, objects: Objects, data: bytes, most: int = BYTES_AT_MOST) -> None:
        self._objects = objects
        self._most = most
        self._data = memoryview(data)
        self._read: dict[int, tuple[str, bytes]] = {}
        self._waiting: dict[int | str, list[tuple[int, bytes]]] = {}
        self._found: list[str] = []
        self._total = 0

    @property
    def count(self) -> int:
        """How many objects there are to read; raises ``PackError`` where the header is none."""
        head = bytes(self._data[:12])
        if len(head) < 12:
            raise PackError("eof before pack header was fully read", spoken=False)
        if head[:4] != b"PACK":
            raise PackError("protocol error (pack signature mismatch detected)", spoken=False)
        version, count = struct.unpack(">II", head[4:])
        if version not in (2, 3):
            raise PackError("protocol error (pack version unsupported)", spoken=False)
        return int(count)

    def read(self) -> list[str]:
        """Keep every object of the pack and return their names; raises ``PackError``."""
        at = 12
        for _ in range(self.count):
            try:
                at = self._entry(at)
            except IndexError:
                raise PackError("early EOF") from None
            except zlib.error as error:
                raise PackError(f"pack has bad object at offset {at}: {error}") from None
        if at + 20 > len(self._data):
            raise PackError("early EOF")
        if hashlib.sha1(self._data[:at], usedforsecurity=False).digest() != bytes(self._data[at : at + 20]):
            raise PackError("final sha1 did not match")
        if self._waiting:
            raise PackError("unresolved deltas left after unpacking")
        return self._found

    def _entry(self, at: int) -> int:
        """Read an object, or a delta that waits for its base, and return where it ends."""
        start, data = at, self._data
        byte, at = data[at], at + 1
        number, size, shift = (byte >> 4) & 7, byte & 15, 4
        while byte & 0x80 and shift < BITS_AT_MOST:
            byte, at = data[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
        if number in KINDS:
            content, at = self._inflate(at, size)
            self._keep(start, KINDS[number], content)
            return at
        key, at = self._base(number, start, at)
        delta, at = self._inflate(at, size)
        base = self._read.get(key) if isinstance(key, int) else self._objects.get(key)
        if base is None:
            self._waiting.setdefault(key, []).append((start, delta))
        else:
            self._keep(start, base[0], self._patched(base[1], delta))
        return at

    def _keep(self, start: int, kind: str, content: bytes) -> None:
        """Keep an object, and those that waited for it."""
        left = [(start, kind, content)]
        while left:
            at, kind, content = left.pop()
            self._read[at] = (kind, content)
            sha = self._objects.add(kind, content)
            self._found.append(sha)
            waited = [*self._waiting.pop(at, ()), *self._waiting.pop(sha, ())]
            left += [(then, kind, self._patched(content, delta)) for then, delta in waited]

    def _base(self, number: int, start: int, at: int) -> tuple[int | str, int]:
        """Return where the base of a delta is, or its name."""
        data = self._data
        if number == BY_NAME:
            return bytes(data[at : at + 20]).hex(), at + 20
        if number != BY_OFFSET:
            raise PackError(f"bad object type {number}")
        byte, at = data[at], at + 1
        offset = byte & 0x7F
        while byte & 0x80 and offset < start:
            byte, at = data[at], at + 1
            offset = ((offset + 1) << 7) | (byte & 0x7F)
        if not 0 < offset < start:
            raise PackError("offset value out of bound for delta base object")
        return start - offset, at

    def _inflate(self, at: int, size: int) -> tuple[bytes, int]:
        self._total += size
        if self._total > self._most:
            raise PackError(TOO_BIG)
        inflater, parts, left = zlib.decompressobj(), [], size + 1
        while not inflater.eof:
            chunk = self._data[at : at + STEP]
            if not len(chunk):
                raise PackError("early EOF")
            part = inflater.decompress(chunk, left)
            left -= len(part)
            parts.append(part)
            if left <= 0:
                break
            at += len(chunk) - len(inflater.unused_data) - len(inflater.unconsumed_tail)
        content = b"".join(parts)
        if len(content) != size:
            raise PackError(f"inflate returned {-5 if len(content) > size else 1}")
        return content, at

    def _patched(self, base: bytes, delta: bytes) -> bytes:
        from dulwich.errors import ApplyDeltaError
        from dulwich.pack import apply_delta

        try:
            _, at = _varint(delta, 0)
            self._total += _varint(delta, at)[0]
            if self._total > self._most:
                raise PackError(TOO_BIG)
            return b"".join(apply_delta(base, delta))
        except (ApplyDeltaError, IndexError):
            raise PackError("failed to apply delta") from None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < BITS_AT_MOST:
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    return value, at
