import hashlib

from mockgitlab.dsl.encoding import Body, encode


def test_json_is_compact_and_keeps_letters() -> None:
    assert encode({"a": [1, "ü"], "b": None}) == '{"a":[1,"ü"],"b":null}'


def test_the_digest_is_32_digits_of_the_bytes_alone() -> None:
    body = Body(b"{}")
    assert [body.digest, body.digest] == [hashlib.sha1(b"{}").hexdigest()[:32]] * 2
    assert Body(b"[]").digest != body.digest
