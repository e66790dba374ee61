"""Bytes as they come, in pieces of any size, and as they are read."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgitlab.web.incoming import Incoming

PIECES = st.lists(st.binary(min_size=1, max_size=20), max_size=20)


def coming(pieces: list[bytes]) -> Incoming:
    left = iter(pieces)
    return Incoming(lambda size: next(left, b""))


@given(PIECES, st.integers(1, 30))
def test_lines_are_those_of_a_file_however_they_come(pieces: list[bytes], limit: int) -> None:
    incoming, file = coming(pieces), io.BytesIO(b"".join(pieces))
    while line := file.readline(limit):
        assert incoming.line(limit) == line
    assert incoming.line(limit) == b""


@given(PIECES, st.lists(st.integers(0, 50), max_size=20))
def test_so_many_bytes_are_read_as_asked_for_until_the_end(pieces: list[bytes], sizes: list[int]) -> None:
    incoming, file = coming(pieces), io.BytesIO(b"".join(pieces))
    assert [incoming.exactly(size) for size in sizes] == [file.read(size) for size in sizes]


def test_what_is_there_can_be_seen_before_it_is_read() -> None:
    incoming = coming([b"abc", b"d"])
    assert bytes(incoming.peek()) == b"abc"
    assert bytes(incoming.peek()) == b"abc"
    assert incoming.take(2) == b"ab"
    assert bytes(incoming.held) == b"c"


@pytest.mark.parametrize("size", [0, 5])
def test_nothing_comes_after_the_end(size: int) -> None:
    incoming = coming([])
    assert (bytes(incoming.peek()), incoming.exactly(size), incoming.line(5), incoming.more()) == (b"", b"", b"", False)
