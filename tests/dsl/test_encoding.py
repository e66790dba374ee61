import hashlib
import json
import tracemalloc
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mockgitlab.dsl.encoding import Body, encode

SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.floats(-1e9, 1e9).map(lambda x: round(x, 3))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner))


def test_json_is_compact_and_keeps_letters() -> None:
    assert encode({"a": [1, "ü"], "b": None}) == '{"a":[1,"ü"],"b":null}'.encode()


@given(VALUES)
def test_json_is_what_the_standard_library_writes(value: Any) -> None:
    assert encode(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def test_json_holds_on_to_no_more_memory_than_it_has_letters() -> None:
    value = {"a": "x" * 2_000}
    encode(value)
    tracemalloc.start()
    try:
        kept = [encode(value) for _ in range(100)]
        assert tracemalloc.get_traced_memory()[0] < 1.1 * sum(len(one) for one in kept)
    finally:
        tracemalloc.stop()


def test_the_digest_is_32_digits_of_the_bytes_alone() -> None:
    body = Body(b"{}")
    assert [body.digest, body.digest] == [hashlib.sha1(b"{}").hexdigest()[:32]] * 2
    assert Body(b"[]").digest != body.digest
