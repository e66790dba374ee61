"""Packs: many objects in one stream, as fetches and pushes carry them.

Written without deltas; read with either kind of them. Source: gitformat-pack(5).
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


class PackError(Exception):
    """A pack is damaged, or too big."""


def write_pack(objects: Objects, shas: Collection[str]) -> bytes:
    """Return a pack of objects."""
    parts = [b"PACK" + struct.pack(">II", 2, len(shas))]
    for sha in shas:
        found = objects.get(sha)
        if found is None:
            raise PackError(f"there is no object {sha}")
        parts += [_header(NUMBERS[found[0]], len(found[1])), zlib.compress(found[1], 1)]
    body = b"".join(parts)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def _header(number: int, size: int) -> bytes:
    first, size = (number << 4) | (size & 15), size >> 4
    found = bytearray()
    while size:
        found.append(first | 0x80)
        first, size = size & 0x7F, size >> 7
    found.append(first)
    return bytes(found)


class PackReader:
    """Reads a pack into objects."""

    def __init__(self, objects: Objects, data: bytes) -> None:
        self._objects = objects
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
        if self._total > BYTES_AT_MOST:
            raise PackError("pack exceeds maximum allowed size")
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
        size, at = _varint(delta, 0)
        result_size, at = _varint(delta, at)
        self._total += result_size
        if size != len(base) or self._total > BYTES_AT_MOST:
            raise PackError("delta does not fit its base")
        parts: list[bytes] = []
        while at < len(delta):
            command, at = delta[at], at + 1
            if command & 0x80:
                offset, length, at = _copy(delta, command, at)
                parts.append(base[offset : offset + length])
            else:
                parts.append(delta[at : at + command])
                at += command
        content = b"".join(parts)
        if len(content) != result_size:
            raise PackError("delta makes another size than it says")
        return content


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at


def _copy(delta: bytes, command: int, at: int) -> tuple[int, int, int]:
    values = []
    for bits in ((1, 2, 4, 8), (16, 32, 64)):
        value = 0
        for place, bit in enumerate(bits):
            if command & bit:
                value |= delta[at] << (8 * place)
                at += 1
        values.append(value)
    return values[0], values[1] or 0x10000, at
