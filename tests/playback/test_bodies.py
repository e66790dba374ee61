import gzip
import json
import zlib
from typing import Any

import pytest

from mockgitlab.playback.bodies import decompressed, read_body
from mockgitlab.playback.exchange import Body, Part

JSON = "application/json; charset=utf-8"


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"b":[1.5,null,true],"c":"é<"}',
        '{"a":"\\u003cp\\u003e \\u0026 é"}',
        '{"a":"\\u00e9"}',
        '{"a": 1, "b": [1, 2]}',
        '{\n  "a": 1\n}',
        "null",
    ],
)
def test_json_is_a_value_that_is_written_again_as_it_came(text: str) -> None:
    body = read_body(text.encode(), JSON)
    assert (body.kind, body.value) == ("json", json.loads(text))
    assert body.encoded() == text.encode()


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', "[1e999]", '{"a":NaN}', '["\\ud800"]', "[" * 60 + "]" * 60, "{"])
def test_json_that_a_value_could_not_hold_stays_text(text: str) -> None:
    assert read_body(text.encode(), JSON) == Body("text", text)


def test_a_form_is_its_fields() -> None:
    body = read_body(b"title=a+b&labels%5B%5D=x&labels%5B%5D=y&empty=", "application/x-www-form-urlencoded")
    assert body == Body("form", (("title", "a b"), ("labels[]", "x"), ("labels[]", "y"), ("empty", "")))


def test_a_multipart_form_is_its_fields_and_files() -> None:
    data = (
        b'--xyz\r\nContent-Disposition: form-data; name="title"\r\n\r\nhello\r\n'
        b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        b"\x89\0\r\n--xyz--\r\n"
    )
    body = read_body(data, "multipart/form-data; boundary=xyz")
    assert body == Body("form", (("title", "hello"), ("file", Part("a.png", "image/png", b"\x89\0"))))


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (b"", "application/json", Body()),
        (b"line\n\x1b[0mred", "text/plain", Body("text", "line\n\x1b[0mred")),
        (b"\xff\xfe", "text/plain", Body("file", b"\xff\xfe")),
        (b"a\0b", "text/plain", Body("file", b"a\0b")),
        (b"PK", "application/zip", Body("file", b"PK")),
        (b"<svg/>", "image/svg+xml", Body("text", "<svg/>")),
        (b"no form", "multipart/form-data", Body("file", b"no form")),
    ],
)
def test_other_bodies_are_text_or_bytes(data: bytes, kind: str, expected: Any) -> None:
    assert read_body(data, kind) == expected


def test_compressed_bodies_are_unpacked() -> None:
    raw = zlib.compress(b"hello")[2:-4]
    assert decompressed(gzip.compress(b"hello"), "gzip") == b"hello"
    assert decompressed(zlib.compress(b"hello"), "deflate") == decompressed(raw, "deflate") == b"hello"
    assert decompressed(b"hello", "") == b"hello"
    assert decompressed(b"hello", "gzip") is None
    assert decompressed(b"hello", "br") is None
