"""Packs, and what is refused of them."""

import hashlib
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgitlab.git.packs import PackError, PackReader, write_pack
from mockgitlab.store import Objects


def pack(*entries: bytes, count: int | None = None) -> bytes:
    body = b"PACK" + struct.pack(">II", 2, len(entries) if count is None else count) + b"".join(entries)
    return body + hashlib.sha1(body).digest()


def varint(size: int) -> bytes:
    return bytes([size & 0x7F | 0x80]) + varint(size >> 7) if size > 0x7F else bytes([size])


def header(kind: int, size: int) -> bytes:
    first = kind << 4 | size & 15
    return bytes([first | 0x80]) + varint(size >> 4) if size > 15 else bytes([first])


def read(data: bytes) -> list[str]:
    return PackReader(Objects(), data).read()


def test_what_is_written_is_read_again() -> None:
    objects = Objects()
    shas = [objects.add("blob", b"x" * size) for size in (0, 1, 15, 16, 5_000, 100_000)]
    other = Objects()
    assert PackReader(other, write_pack(objects, shas)).read() == shas
    assert [other.get(sha) for sha in shas] == [objects.get(sha) for sha in shas]


def test_a_delta_by_name_is_applied() -> None:
    objects = Objects()
    base = objects.add("blob", b"hello world")
    delta = bytes([11, 9, 0x80 | 0x10, 6, 3]) + b"you"  # copy 6 bytes, insert 3
    entry = bytes([(7 << 4) | len(delta)]) + bytes.fromhex(base) + zlib.compress(delta)
    [sha] = PackReader(objects, pack(entry)).read()
    assert objects.get(sha) == ("blob", b"hello you")


def test_deltas_wait_for_a_base_that_comes_later() -> None:
    base = b"hello world"
    delta = bytes([11, 9, 0x80 | 0x10, 6, 3]) + b"you"
    again = bytes([9, 3, 0x80 | 0x10, 3])
    name = bytes.fromhex(Objects().add("blob", base))
    first = header(7, len(delta)) + name + zlib.compress(delta)
    second = header(6, len(again)) + bytes([len(first)]) + zlib.compress(again)
    objects = Objects()
    found = PackReader(objects, pack(first, second, header(3, len(base)) + zlib.compress(base))).read()
    assert sorted(objects.data(sha, "blob") for sha in found) == [b"hel", base, b"hello you"]


def test_what_follows_a_pack_is_passed_over() -> None:
    assert read(pack() + b"rubbish") == []


def test_a_delta_may_not_grow_beyond_what_is_allowed() -> None:
    objects = Objects()
    base = objects.add("blob", b"x" * 0xFFFF)
    copies = bytes([0xB0, 0xFF, 0xFF]) * 1_000  # each copies the whole base
    delta = bytes([0xFF, 0xFF, 3]) + varint(1_000 * 0xFFFF) + copies
    entry = header(7, len(delta)) + bytes.fromhex(base) + zlib.compress(delta)
    with pytest.raises(PackError, match="maximum allowed size"):
        PackReader(objects, pack(entry), most=1_000_000).read()
    assert len(PackReader(objects, pack(entry)).read()) == 1


@pytest.mark.parametrize(
    "delta", [b"", b"\x0b", b"\x0b\x09\x00", b"\x0b\x09\x90", b"\x0a\x03\x03you", b"\x0b\x03\x09you"]
)
def test_a_delta_that_makes_no_sense_is_refused(delta: bytes) -> None:
    objects = Objects()
    entry = header(7, len(delta)) + bytes.fromhex(objects.add("blob", b"hello world")) + zlib.compress(delta)
    with pytest.raises(PackError, match="failed to apply delta"):
        PackReader(objects, pack(entry)).read()


ENTRIES = st.tuples(st.integers(0, 7), st.integers(0, 99), st.binary(max_size=30), st.binary(max_size=40))


@given(st.lists(ENTRIES, max_size=4), st.integers(0, 5))
def test_any_pack_is_read_or_refused(entries: list[tuple[int, int, bytes, bytes]], count: int) -> None:
    parts = [header(kind, size) + between + zlib.compress(data) for kind, size, between, data in entries]
    with suppress(PackError):
        assert len(read(pack(*parts, count=count))) == count


def test_nothing_missing_is_written() -> None:
    with pytest.raises(PackError, match="there is no object"):
        write_pack(Objects(), ["0" * 40])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "eof before pack header was fully read"),
        (b"PUCK" + b"\0" * 40, "pack signature mismatch"),
        (b"PACK" + b"\0" * 40, "pack version unsupported"),
        (pack()[:-1] + b"x", "final sha1 did not match"),
        (pack()[:-1], "early EOF"),
        (pack(count=1), "bad object|early EOF"),
        (pack(bytes([0x30 | 5]) + zlib.compress(b"1234")), "inflate returned 1"),
        (pack(bytes([0x30 | 3]) + zlib.compress(b"1234" * 9999)), "inflate returned -5"),
        (pack(bytes([0x30 | 3]) + b"rubbish, no zlib"), "bad object at offset 12"),
        (pack(bytes([0x50])), "bad object type 5"),
        (pack(bytes([0x70]) + b"\1" * 20 + zlib.compress(b"")), "unresolved deltas left"),
        (pack(bytes([0x60, 0x01]) + zlib.compress(b"")), "unresolved deltas left"),
        (pack(bytes([0x60, 0x7F]) + zlib.compress(b"")), "out of bound"),
        (pack(bytes([0x60, 0x00]) + zlib.compress(b"")), "out of bound"),
        (pack(b"\xb0" + b"\xff" * 100_000), "early EOF|maximum allowed size|bad object"),
        (pack(bytes([0xBF]) + b"\xff\xff\xff\xff\x7f" + zlib.compress(b"x")), "maximum allowed size"),
    ],
)
def test_a_damaged_pack_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(PackError, match=message):
        read(data)
