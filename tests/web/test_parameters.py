import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import encode_multipart

from mockgitlab.web.parameters import INVALID_JSON, MalformedParameters, UploadedFile, parse

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=B"
FRAGMENTS = [
    *("a", "[", "]", "[]", "=", "&", ";", "%", "%41", "%FF", "+", "\0", "\u20ac", "\ud800"),
    *("{", "}", '"', ":", ",", "1", "1e999", "NaN", "\\ud800", "--B", "--B--", "\r\n", "\r\n\r\n"),
    *("Content-Disposition: form-data; name=a", "; filename=b", "; filename*=x''%FF", "; name*0=c"),
    "Content-Type: text/plain; charset=x",
]


def part(disposition: str, data: bytes, *headers: str) -> bytes:
    head = "\r\n".join(["--B", f"Content-Disposition: form-data; {disposition}", *headers])
    return head.encode() + b"\r\n\r\n" + data + b"\r\n"


def fields(file: UploadedFile) -> list[str]:
    return [file.filename, file.content_type, file.data.hex()]


def refusal(query: str = "", content_type: str = "", body: bytes = b"") -> MalformedParameters:
    with pytest.raises(MalformedParameters) as caught:
        parse(query, content_type, body)
    return caught.value


@pytest.mark.parametrize(
    "content_type", ["", "application/json", FORM, MULTIPART, "text/plain", "application/json; charset=x"]
)
def test_an_empty_request_has_no_parameters_whatever_its_type(content_type: str) -> None:
    assert parse("", content_type, b"") == {}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("page=2&per_page=20", {"page": "2", "per_page": "20"}),
        ("search=a+b%2Bc%20d", {"search": "a b+c d"}),
        ("search=%C3%A9", {"search": "é"}),
        ("search=\xc3\xa9", {"search": "é"}),
        ("a=b=c", {"a": "b=c"}),
        ("a=1&a=2", {"a": "2"}),
        ("a", {"a": None}),
        ("a=", {"a": ""}),
        ("=1&&a=1&", {"a": "1"}),
        ("a=1;b=2; c=3", {"a": "1", "b": "2", "c": "3"}),
        ("%61%5B%5D=1", {"a": ["1"]}),
        ("a%00=1", {"a\0": "1"}),
    ],
)
def test_a_query_string_is_read_as_rack_reads_it(query: str, expected: dict[str, Any]) -> None:
    assert parse(query, "", b"") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[]", {"a": [None]}),
        ("a[b]=c", {"a": {"b": "c"}}),
        ("a[b][c]=1&a[b][d]=2", {"a": {"b": {"c": "1", "d": "2"}}}),
        ("a[b][]=1&a[b][]=2", {"a": {"b": ["1", "2"]}}),
        ("a[][k]=1&a[][v]=2&a[][k]=3", {"a": [{"k": "1", "v": "2"}, {"k": "3"}]}),
        ("a[][k]=1&a[]=2&a[][v]=3", {"a": [{"k": "1"}, "2", {"v": "3"}]}),
        ("a[][b][c]=1&a[][b][d]=2&a[][b][c]=3", {"a": [{"b": {"c": "1", "d": "2"}}, {"b": {"c": "3"}}]}),
        ("a[][b][]=1&a[][b][]=2&a[][c]=3", {"a": [{"b": ["1", "2"], "c": "3"}]}),
        ("a[][][b]=1", {"a": [{"[]": {"b": "1"}}]}),
        ("a[][]=1&a[][]=2", {"a": [["1"], ["2"]]}),
        ("a&a[]=1", {"a": ["1"]}),
        ("a[=1", {"a[": "1"}),
        ("a[b=1", {"a": {"[b": "1"}}),
        ("a[b]c=1", {"a": {"b": {"c": "1"}}}),
        ("a]=1", {"a]": "1"}),
        ("[a]=1", {"[a]": "1"}),
        ("[]=1", {"[]": "1"}),
    ],
)
def test_names_with_brackets_nest(query: str, expected: dict[str, Any]) -> None:
    assert parse(query, "", b"") == expected


@pytest.mark.parametrize(
    ("query", "wording"),
    [
        ("a[]=1&a[b]=2", "expected Hash (got Array) for param `a'"),
        ("a[b]=1&a[]=2", "expected Array (got Hash) for param `a'"),
        ("a=1&a[]=2", "expected Array (got String) for param `a'"),
        ("a=1&a[b]=2", "expected Hash (got String) for param `a'"),
        ("a[b]=1&a[b][c]=2", "expected Hash (got String) for param `b'"),
        ("a=100%", "invalid %-encoding (100%)"),
        ("a=\xc3\xa9+%", "invalid %-encoding (é+%)"),
        ("%zz=1", "invalid %-encoding (%zz)"),
        ("a=%FF", "invalid byte sequence in UTF-8"),
        ("a=\xff", "invalid byte sequence in UTF-8"),
        ("a=%ED%A0%80", "invalid byte sequence in UTF-8"),
        ("a=\u20ac", "invalid byte sequence in LATIN-1"),
    ],
)
def test_a_query_string_that_cannot_be_read_is_refused_in_the_words_of_rails(query: str, wording: str) -> None:
    assert refusal(query).message == f"Invalid query parameters: {wording}"


def test_a_form_that_cannot_be_read_is_refused_as_part_of_the_request() -> None:
    assert refusal("a=1", FORM, b"b=%").message == "Invalid request parameters: invalid %-encoding (%)"


def test_names_nest_up_to_the_limit_of_rack_and_no_deeper() -> None:
    assert parse("a" + "[b]" * 31 + "=1", "", b"")
    assert "nests deeper than the limit (32)" in refusal("a" + "[b]" * 32 + "=1").message
    assert "nests deeper than the limit (32)" in refusal("a" + "[][b]" * 32 + "=1").message


@pytest.mark.parametrize("separator", ["&", ";"])
def test_a_query_string_has_as_many_parameters_as_rack_allows_and_no_more(separator: str) -> None:
    assert len(parse(separator.join(f"a{n}=1" for n in range(4096)), "", b"")) == 4096
    message = refusal(separator.join(f"a{n}=1" for n in range(4097))).message
    assert message == "Invalid query parameters: total number of query parameters (4097) exceeds limit (4096)"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"title=Body&labels[]=x"),
        (f"{FORM.upper()} ; charset=UTF-8", b"title=Body&labels[]=x"),
        ("application/json", b'{"title": "Body", "labels": ["x"]}'),
        ("application/json;charset=utf-8", b'{"title": "Body", "labels": ["x"]}'),
        ("application/vnd.api+json", b'{"title": "Body", "labels": ["x"]}'),
        (MULTIPART, part('name="title"', b"Body") + part('name="labels[]"', b"x") + b"--B--\r\n"),
    ],
)
def test_the_body_wins_over_the_query_string(content_type: str, body: bytes) -> None:
    expected = {"title": "Body", "page": "2", "labels": ["x"]}
    assert parse("title=Query&page=2&labels[]=a&labels[]=b", content_type, body) == expected


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/octet-stream", "nonsense", "text/plain; charset=x"]
)
def test_a_body_of_another_type_has_no_parameters(content_type: str) -> None:
    assert parse("a=1", content_type, b"a=2&b=\xff%") == {"a": "1"}


def test_a_semicolon_in_a_form_separates_nothing() -> None:
    assert parse("", FORM, b"a=1;b=2&c=3") == {"a": "1;b=2", "c": "3"}


@pytest.mark.parametrize("charset", ["iso-8859-1", '"ISO-8859-1"', "utf-16", "klingon", "\0", "\ud800"])
def test_a_body_is_utf_8_whatever_charset_its_type_names(charset: str) -> None:
    assert parse("", f"{FORM}; charset={charset}", b"a=%C3%A9") == {"a": "é"}
    assert parse("", f"application/json; charset={charset}", '{"a": "é"}'.encode()) == {"a": "é"}
    assert "invalid byte sequence in UTF-8" in refusal("", f"{FORM}; charset={charset}", b"a=%E9").message


@pytest.mark.parametrize(
    ("query", "content_type", "body"),
    [
        ("a=%00", "", b""),
        ("a[][b]=x%00", "", b""),
        ("", FORM, b"a=\0"),
        ("", FORM, b"a[b][c]=%00"),
        ("", "application/json", b'{"a": [{"b": "\\u0000"}]}'),
        ("", MULTIPART, b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n\0\r\n--B--'),
    ],
)
def test_a_nul_in_a_text_is_refused(query: str, content_type: str, body: bytes) -> None:
    place = "query" if query else "request"
    assert refusal(query, content_type, body).message == f"Invalid {place} parameters: a text holds a NUL character"


def test_a_nul_deep_down_in_a_name_or_in_a_file_is_taken() -> None:
    assert parse("a[b][c][d]=%00&%00=1", "", b"") == {"a": {"b": {"c": {"d": "\0"}}}, "\0": "1"}
    body = part('name="a"; filename="x"', b"\0") + b"--B--"
    assert parse("", MULTIPART, body)["a"].data == b"\0"


@pytest.mark.parametrize("body", [b"[1, 2]", b'"text"', b"1", b"null", b"true", b'"' + b"[" * 200 + b'"'])
def test_a_json_body_that_is_no_object_has_no_parameters(body: bytes) -> None:
    assert parse("a=1", "application/json", body) == {"a": "1"}


def test_the_values_of_a_json_body_keep_their_types() -> None:
    body = b'{"a": 1, "b": null, "c": true, "d": 1.5, "e": [{"f": []}], "g[h]": "i", "": "\\u0001"}'
    expected: dict[str, Any] = {"a": 1, "b": None, "c": True, "d": 1.5, "e": [{"f": []}], "g[h]": "i", "": "\1"}
    assert parse("", "application/json", body) == expected


def test_a_big_integer_of_a_json_body_is_kept_exactly() -> None:
    assert parse("", "application/json", b'{"a": ' + b"9" * 100 + b"}") == {"a": 10**100 - 1}


@pytest.mark.parametrize("text", ["\U0001f600", "\\", "\\ud800", "é"])
def test_an_escaped_character_of_a_json_body_is_read(text: str) -> None:
    assert parse("", "application/json", json.dumps({"a": text}).encode()) == {"a": text}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b" ",
        b"a=1",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": "\xed\xa0\x80"}',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
)
def test_a_malformed_json_body_is_refused_in_the_words_of_grape(body: bytes) -> None:
    error = refusal("", "application/json", body)
    assert error.message == INVALID_JSON
    assert error.reason.startswith("the JSON body cannot be read: ")


def test_a_refused_json_body_is_explained_with_the_place_of_the_error() -> None:
    assert "line 1 column 7" in refusal("", "application/json", b'{"a": x}').reason


@pytest.mark.parametrize(("inner", "outer"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_json_nests_up_to_the_limit_of_ruby_and_no_deeper(inner: bytes, outer: bytes) -> None:
    assert parse("", "application/json", b'{"a":' + inner * 99 + b"1" + outer * 99 + b"}")
    refused = refusal("", "application/json", b'{"a":' + inner * 99 + b"[]" + outer * 99 + b"}")
    assert "it nests deeper than the limit (100)" in refused.reason


def test_a_wide_json_body_is_not_deep() -> None:
    assert len(parse("", "application/json", json.dumps({"a": [[]] * 500}).encode())["a"]) == 500


def test_a_file_of_a_multipart_body_is_kept_with_its_name_and_type() -> None:
    body = part('name="file"; filename="logo.png"', b"\x89PNG\r\n", "Content-Type: image/png") + b"--B--"
    assert parse("", MULTIPART, body) == {"file": UploadedFile("logo.png", "image/png", b"\x89PNG\r\n")}


def test_a_multipart_body_as_clients_write_it_is_read() -> None:
    boundary, body = encode_multipart({"description": "é", "file": (__file__, "notes.txt")})
    parameters = parse("", f'multipart/form-data; boundary="{boundary}"', body)
    assert parameters["description"] == "é"


@pytest.mark.parametrize(
    ("disposition", "filename"),
    [
        ('filename="C:/Users/ada/a.txt"', "a.txt"),
        ("filename*=UTF-8''%C3%A9.txt", "é.txt"),
        ('filename="é.txt"', "é.txt"),
    ],
)
def test_a_file_keeps_the_last_part_of_its_name(disposition: str, filename: str) -> None:
    parameters = parse("", MULTIPART, part(f'name="file"; {disposition}', b"") + b"--B--")
    assert parameters == {"file": UploadedFile(filename, "application/octet-stream", b"")}


def test_a_file_that_was_not_chosen_is_left_out() -> None:
    assert parse("", MULTIPART, part('name="file"; filename=""', b"") + b"--B--") == {}


def test_names_of_multipart_fields_nest() -> None:
    body = part('name="a[][k]"', b"1") + part('name="a[][f]"; filename="x"', b"2") + part('name="a[][k]"', b"3")
    expected = {"a": [{"k": "1", "f": UploadedFile("x", "application/octet-stream", b"2")}, {"k": "3"}]}
    assert parse("", MULTIPART, body + b"--B--") == expected


def test_a_field_without_a_name_is_dropped_and_a_file_without_one_goes_by_its_filename() -> None:
    body = part('x="y"', b"1") + part('filename="a.txt"', b"2") + b"--B--"
    assert parse("", MULTIPART, body) == {"a.txt": UploadedFile("a.txt", "application/octet-stream", b"2")}


def test_a_multipart_field_is_decoded_by_its_own_charset() -> None:
    body = part('name="a"', b"\xe9", "Content-Type: text/plain; charset=iso-8859-1") + b"--B--"
    assert parse("", MULTIPART, body) == {"a": "é"}


def test_an_unknown_charset_of_a_part_is_refused_and_named() -> None:
    body = part('name="a"', b"x", "Content-Type: text/plain; charset=klingon") + b"--B--"
    assert "unknown charset 'klingon' in the content type, expected utf-8" in refusal("", MULTIPART, body).message


def test_a_multipart_body_without_a_boundary_is_read_as_a_form() -> None:
    assert parse("", "multipart/form-data", b"body=hello+world") == {"body": "hello world"}


@pytest.mark.parametrize("body", [b"x", b"--B\r\n", part('name="a"', b"1"), b"--B\r\nX: y\r\n\r\n1\r\n--B--"])
def test_an_incomplete_multipart_body_is_refused_with_what_was_expected(body: bytes) -> None:
    message = refusal("", MULTIPART, body).message
    assert message.startswith(
        "Invalid request parameters: the multipart body is incomplete or malformed, expected parts"
    )
    assert message.endswith("between --B and --B--")


def test_a_multipart_field_that_is_no_utf8_is_refused() -> None:
    message = refusal("", MULTIPART, part('name="a"', b"\xff") + b"--B--").message
    assert message == "Invalid request parameters: invalid byte sequence in UTF-8"


def test_a_multipart_body_has_as_many_parts_as_rack_allows_and_no_more() -> None:
    assert parse("", MULTIPART, part('name="a"', b"") * 4096 + b"--B--") == {"a": ""}
    message = refusal("", MULTIPART, part('name="a"', b"") * 4097 + b"--B--").message
    assert message == "Invalid request parameters: the body has more parts than the limit (4096)"


keys = st.text(st.characters(exclude_characters="[]", exclude_categories=["Cs"]), min_size=1)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
nested = st.dictionaries(
    keys,
    st.recursive(
        texts | st.lists(texts, min_size=1), lambda values: st.dictionaries(keys, values, min_size=1), max_leaves=5
    ),
    max_size=4,
)


def written(name: str, value: Any) -> list[str]:
    """The pairs in which a client writes a nested value."""
    if isinstance(value, dict):
        return [pair for key in value for pair in written(f"{name}[{key}]" if name else key, value[key])]
    if isinstance(value, list):
        return [f"{quote_plus(name + '[]')}={quote_plus(item)}" for item in value]
    return [f"{quote_plus(name)}={quote_plus(value)}"]


@given(nested)
def test_what_a_client_writes_into_a_form_is_read_back(value: dict[str, Any]) -> None:
    form = "&".join(written("", value))
    assert parse(form, "", b"") == parse("", FORM, form.encode()) == value


content_types = st.text() | st.sampled_from(
    [FORM, "application/json", "a/b+json", MULTIPART, "multipart/form-data", f"{FORM}; charset=us-ascii"]
)
fragments = st.lists(st.sampled_from(FRAGMENTS)).map("".join)


@settings(max_examples=400)
@given(fragments | st.text(), content_types, fragments.map(lambda text: text.encode(errors="replace")) | st.binary())
@example("a" + "[]" * 10_000, "", b"")
@example("%\ud800", "", b"")
@example("", "multipart/form-data; boundary=\ud800", b"x")
@example("", "multipart/form-data; boundary*=utf-8''%", b"x")
def test_any_request_whatever_is_read_or_refused(query: str, content_type: str, body: bytes) -> None:
    try:
        answer: object = parse(query, content_type, body)
    except MalformedParameters as error:
        answer = [error.message, error.reason]
    # Whatever it is, it can be sent in an answer.
    assert json.dumps(answer, ensure_ascii=False, default=fields).encode()
