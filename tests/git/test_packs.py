"""Packs, and what is refused of them."""

import hashlib
import struct
import zlib

import pytest

from mockgitlab.git.packs import PackError, PackReader, write_pack
from mockgitlab.store import Objects


def pack(*entries: bytes, count: int | None = None) -> bytes:
    body = b"PACK" + struct.pack(">II", 2, len(entries) if count is None else count) + b"".join(entries)
    return body + hashlib.sha1(body).digest()


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


def test_nothing_missing_is_written() -> None:
    with pytest.raises(PackError, match="there is no object"):
        write_pack(Objects(), ["0" * 40])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "bad pack header"),
        (b"PACK" + b"\0" * 40, "bad pack header"),
        (pack()[:-1] + b"x", "SHA1 mismatch"),
        (pack(count=1), "bad object|pack ends too early"),
        (pack(bytes([0x30 | 5]) + zlib.compress(b"1234")), "another size"),
        (pack(bytes([0x30 | 3]) + zlib.compress(b"1234" * 9999)), "another size"),
        (pack(bytes([0x30 | 3]) + b"rubbish, no zlib"), "bad object"),
        (pack(bytes([0x50])), "unknown object type 5"),
        (pack(bytes([0x70]) + b"\1" * 20 + zlib.compress(b"")), "unresolved delta"),
        (pack(bytes([0xBF]) + b"\xff\xff\xff\xff\x7f" + zlib.compress(b"x")), "maximum allowed size"),
    ],
)
def test_a_damaged_pack_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(PackError, match=message):
        read(data)
