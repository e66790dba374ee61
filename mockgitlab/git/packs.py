"""Packs: many objects in one stream, as fetches and pushes carry them. Source: gitformat-pack(5).

dulwich writes them, without deltas, and applies the deltas of those that are read. The reading itself is done here:
dulwich inflates each object twice, which takes five times as long, and bounds nothing that a hostile pack inflates to.
"""

import hashlib
import struct
import zlib
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from mockgitlab.store import Objects

if TYPE_CHECKING:
    from dulwich.pack import UnpackedObject

KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
NUMBERS = {kind: number for number, kind in KINDS.items()}
BY_OFFSET, BY_NAME = 6, 7
BYTES_AT_MOST = 512 * 1024 * 1024
STEP = 4_096
TOO_BIG = "pack exceeds maximum allowed size"


class PackError(Exception):
    """A pack is damaged, or too big."""


def write_pack(objects: Objects, shas: Collection[str]) -> bytes:
    """Return a pack of objects."""
    from dulwich.object_format import SHA1
    from dulwich.pack import PackChunkGenerator

    records = _records(objects, shas)
    return b"".join(PackChunkGenerator(SHA1, len(shas), records, compression_level=1))


def _records(objects: Objects, shas: Collection[str]) -> "Iterator[UnpackedObject]":
    from dulwich.objects import RawObjectID
    from dulwich.pack import UnpackedObject

    for sha in shas:
        found = objects.get(sha)
        if found is None:
            raise PackError(f"there is no object {sha}")
        name = RawObjectID(bytes.fromhex(sha))
        yield UnpackedObject(NUMBERS[found[0]], decomp_chunks=[found[1]], sha=name)


class PackReader:
    """Reads a pack into objects; one that inflates to more than ``most`` bytes is refused."""

    def __init__(self, objects: Objects, data: bytes, most: int = BYTES_AT_MOST) -> None:
        self._objects = objects
        self._most = most
        self._data = memoryview(data)
        self._read: dict[int, tuple[str, bytes]] = {}
        self._total = 0

    def read(self) -> list[str]:
        """Keep every object of the pack and return their names; raises ``PackError``."""
        data = self._data
        if len(data) < 32 or bytes(data[:4]) != b"PACK" or struct.unpack(">I", data[4:8])[0] not in (2, 3):
            raise PackError("bad pack header")
        if hashlib.sha1(data[:-20], usedforsecurity=False).digest() != bytes(data[-20:]):
            raise PackError("pack is corrupted (SHA1 mismatch)")
        at, found = 12, []
        for _ in range(struct.unpack(">I", data[8:12])[0]):
            start = at
            try:
                kind, content, at = self._entry(at)
            except (IndexError, zlib.error) as error:
                raise PackError(f"bad object at offset {start}: {error}") from None
            self._read[start] = (kind, content)
            found.append(self._objects.add(kind, content))
        return found

    def _entry(self, at: int) -> tuple[str, bytes, int]:
        start, data = at, self._data
        byte, at = data[at], at + 1
        number, size, shift = (byte >> 4) & 7, byte & 15, 4
        while byte & 0x80:
            byte, at = data[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
        if number in KINDS:
            content, at = self._inflate(at, size)
            return KINDS[number], content, at
        base, at = self._base(number, start, at)
        delta, at = self._inflate(at, size)
        return base[0], self._patched(base[1], delta), at

    def _base(self, number: int, start: int, at: int) -> tuple[tuple[str, bytes], int]:
        data = self._data
        if number == BY_NAME:
            found = self._objects.get(bytes(data[at : at + 20]).hex())
            at += 20
        elif number == BY_OFFSET:
            byte, at = data[at], at + 1
            offset = byte & 0x7F
            while byte & 0x80:
                byte, at = data[at], at + 1
                offset = ((offset + 1) << 7) | (byte & 0x7F)
            found = self._read.get(start - offset)
        else:
            raise PackError(f"unknown object type {number}")
        if found is None:
            raise PackError("unresolved delta")
        return found, at

    def _inflate(self, at: int, size: int) -> tuple[bytes, int]:
        self._total += size
        if self._total > self._most:
            raise PackError(TOO_BIG)
        inflater, parts, left = zlib.decompressobj(), [], size + 1
        while not inflater.eof:
            chunk = self._data[at : at + STEP]
            if not len(chunk):
                raise PackError("pack ends too early")
            part = inflater.decompress(chunk, left)
            left -= len(part)
            parts.append(part)
            if left <= 0:
                break
            at += len(chunk) - len(inflater.unused_data) - len(inflater.unconsumed_tail)
        content = b"".join(parts)
        if len(content) != size:
            raise PackError("inflated object has another size than it says")
        return content, at

    def _patched(self, base: bytes, delta: bytes) -> bytes:
        from dulwich.errors import ApplyDeltaError
        from dulwich.pack import apply_delta

        _, at = _varint(delta, 0)
        self._total += _varint(delta, at)[0]
        if self._total > self._most:
            raise PackError(TOO_BIG)
        try:
            return b"".join(apply_delta(base, delta))
        except ApplyDeltaError as error:
            raise PackError(f"bad delta: {error}") from None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at
