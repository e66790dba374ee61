"""Requests as bytes, and the environs or refusals that come of them."""

import io
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockgitlab.web.incoming import Incoming
from mockgitlab.web.request_reader import MAX_HEAD, MAX_LINE, Refusal, RequestReader, stays_open

HOST = b"Host: gitlab.test\r\n"

LINES = (
    *(b"Content-Length: 3\r\n", b"Accept: */*\r\n", b"X_Y: 1\r\n", b"Cookie: a=b\r\n", b"\r\n", b"\n", b"A: b\n"),
    *(b"no header\r\n", b"Transfer-Encoding: chunked\r\n", b"X: " + b"x" * MAX_LINE + b"\r\n"),
)


def reader(data: bytes, *, max_body: int = 1000, invited: list[str] | None = None) -> RequestReader:
    notes = [] if invited is None else invited
    return RequestReader(
        Incoming(io.BytesIO(data).read), {"SCRIPT_NAME": ""}, max_body=max_body, invite=lambda: notes.append("100")
    )


def read(data: bytes, *, max_body: int = 1000) -> dict[str, Any]:
    environ = reader(data, max_body=max_body).read()
    assert environ is not None
    return environ


def get(target: bytes, headers: bytes = b"") -> dict[str, Any]:
    return read(b"GET " + target + b" HTTP/1.1\r\n" + HOST + headers + b"\r\n")


def post(headers: bytes, body: bytes) -> bytes:
    return b"POST /x HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body


def test_the_target_is_kept_raw_beside_the_decoded_path() -> None:
    environ = get(b"/api/v4/projects/group%2Fproject%20x?search=a%20b&x=/")
    assert environ["REQUEST_URI"] == environ["RAW_URI"] == "/api/v4/projects/group%2Fproject%20x?search=a%20b&x=/"
    assert environ["PATH_INFO"] == "/api/v4/projects/group/project x"
    assert environ["QUERY_STRING"] == "search=a%20b&x=/"


@pytest.mark.parametrize("target", ["//double//slash", "/a/../b", "/a?b?c", "/%zz", "/#x", "/[", "/;p=1"])
def test_an_odd_target_is_not_tidied(target: str) -> None:
    assert get(target.encode())["REQUEST_URI"] == target


@pytest.mark.parametrize("target", [b"/%C3%A9", b"/\xc3\xa9"])
def test_a_path_in_utf_8_reaches_the_application_as_latin_1_text(target: bytes) -> None:
    assert get(target)["PATH_INFO"].encode("latin-1").decode() == "/é"


def test_an_absolute_target_gives_the_host_and_the_path() -> None:
    environ = get(b"http://other.test:8080/api?x=1")
    assert (environ["HTTP_HOST"], environ["REQUEST_URI"]) == ("other.test:8080", "/api?x=1")


def test_an_absolute_target_without_a_path_means_the_root() -> None:
    assert get(b"http://other.test?x=1")["REQUEST_URI"] == "/?x=1"


def test_options_may_ask_about_the_whole_server() -> None:
    assert read(b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n")["REQUEST_URI"] == "*"


def test_headers_become_environ_keys() -> None:
    environ = get(b"/", b"PRIVATE-TOKEN:  ada-token \r\nContent-Type: text/plain\r\nX-Empty:\r\n")
    assert environ["HTTP_PRIVATE_TOKEN"] == "ada-token"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["HTTP_X_EMPTY"] == ""


def test_repeated_headers_are_joined() -> None:
    environ = get(b"/", b"Accept: a\r\nCookie: a=1\r\nAccept: b\r\nCookie: b=2\r\n")
    assert (environ["HTTP_ACCEPT"], environ["HTTP_COOKIE"]) == ("a, b", "a=1; b=2")


def test_a_header_with_an_underscore_is_passed_over() -> None:
    assert "HTTP_PRIVATE_TOKEN" not in get(b"/", b"PRIVATE_TOKEN: ada-token\r\n")


def test_lines_may_end_in_a_bare_line_feed() -> None:
    assert read(b"GET / HTTP/1.1\nHost: x\n\n")["HTTP_HOST"] == "x"


def test_an_empty_line_before_the_request_is_passed_over() -> None:
    assert read(b"\r\nGET /x HTTP/1.0\r\n\r\n")["PATH_INFO"] == "/x"


@pytest.mark.parametrize("data", [b"", b"\r\n"])
def test_a_closed_connection_gives_no_request(data: bytes) -> None:
    assert reader(data).read() is None


def test_a_body_ends_after_its_length() -> None:
    requests = reader(post(b"Content-Length: 3\r\n", b"abcGET /next HTTP/1.0\r\n\r\n"))
    first, second = requests.read(), requests.read()
    assert first is not None
    assert second is not None
    assert first["wsgi.input"].read() == b"abc"
    assert second["PATH_INFO"] == "/next"


def test_a_chunked_body_is_put_together_and_measured() -> None:
    chunks = b"3\r\nabc\r\n0A;name=value\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
    requests = reader(post(b"Transfer-Encoding: Chunked\r\n", chunks + b"GET /next HTTP/1.0\r\n\r\n"))
    first, second = requests.read(), requests.read()
    assert first is not None
    assert second is not None
    assert (first["wsgi.input"].read(), first["CONTENT_LENGTH"]) == (b"abc0123456789", "13")
    assert "HTTP_TRAILER" not in first
    assert second["PATH_INFO"] == "/next"


def test_a_client_that_waits_is_invited_to_send_its_body() -> None:
    invited: list[str] = []
    reader(post(b"Expect: 100-Continue\r\nContent-Length: 1\r\n", b"x"), invited=invited).read()
    assert invited == ["100"]


def test_a_client_whose_body_is_too_large_is_not_invited() -> None:
    invited: list[str] = []
    with pytest.raises(Refusal, match="413"):
        reader(post(b"Expect: 100-continue\r\nContent-Length: 1001\r\n", b""), invited=invited).read()
    assert invited == []


REFUSED = {
    "garbage": (b"\x00\x01\x02\r\n\r\n", "400"),
    "a TLS handshake": (b"\x16\x03\x01\x02\x00\x01", "400"),
    "HTTP/0.9": (b"GET /\r\n", "400"),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\n", "505"),
    "two spaces": (b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n", "400"),
    "a control character in the target": (b"GET /\x01 HTTP/1.1\r\n" + HOST + b"\r\n", "400"),
    "a target that is no path": (b"GET api HTTP/1.1\r\n" + HOST + b"\r\n", "400"),
    "CONNECT": (b"CONNECT gitlab.com:443 HTTP/1.1\r\n" + HOST + b"\r\n", "400"),
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", "400"),
    "two Hosts": (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", "400"),
    "a header without a colon": (b"GET / HTTP/1.1\r\n" + HOST + b"nonsense\r\n\r\n", "400"),
    "a space before the colon": (b"GET / HTTP/1.1\r\n" + HOST + b"Accept : x\r\n\r\n", "400"),
    "a folded header": (b"GET / HTTP/1.1\r\n" + HOST + b"Accept: x\r\n y\r\n\r\n", "400"),
    "a NUL in a header": (b"GET / HTTP/1.1\r\n" + HOST + b"Accept: \0\r\n\r\n", "400"),
    "a head that breaks off in a line": (b"GET / HTTP/1.1\r\nHo", "400"),
    "a head that breaks off between lines": (b"GET / HTTP/1.1\r\n" + HOST, "400"),
    "a length that is no number": (post(b"Content-Length: five\r\n", b""), "400"),
    "a negative length": (post(b"Content-Length: -1\r\n", b""), "400"),
    "a length in other digits": (post("Content-Length: ²\r\n".encode("latin-1"), b""), "400"),
    "two lengths": (post(b"Content-Length: 1\r\nContent-Length: 2\r\n", b"ab"), "400"),
    "a body that breaks off": (post(b"Content-Length: 3\r\n", b"ab"), "400"),
    "a body too large": (post(b"Content-Length: 1001\r\n", b""), "413"),
    "chunks too large": (post(b"Transfer-Encoding: chunked\r\n", b"3e9\r\n"), "413"),
    "a length beside chunks": (post(b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"), "400"),
    "a coding unknown": (post(b"Transfer-Encoding: gzip\r\n", b""), "501"),
    "chunks in HTTP/1.0": (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
    "a chunk without a size": (post(b"Transfer-Encoding: chunked\r\n", b"\r\n"), "400"),
    "a chunk with a strange size": (post(b"Transfer-Encoding: chunked\r\n", b"0x1\r\na\r\n"), "400"),
    "a chunk longer than it says": (post(b"Transfer-Encoding: chunked\r\n", b"1\r\nab\r\n0\r\n\r\n"), "400"),
    "chunks that break off": (post(b"Transfer-Encoding: chunked\r\n", b"1\r\na\r\n"), "400"),
}


@pytest.mark.parametrize(("data", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_what_http_forbids_is_refused(data: bytes, status: str) -> None:
    with pytest.raises(Refusal) as caught:
        reader(data).read()
    assert caught.value.status.startswith(status)
    assert caught.value.reason.isascii()
    assert caught.value.reason.isprintable()


def test_the_longest_request_line_is_read() -> None:
    target = b"/" + b"a" * (MAX_LINE - len(b"GET / HTTP/1.1\r\n"))
    assert get(target)["REQUEST_URI"] == target.decode()


def test_a_request_line_one_byte_longer_is_refused() -> None:
    target = b"/" + b"a" * (MAX_LINE - len(b"GET / HTTP/1.1\r\n") + 1)
    with pytest.raises(Refusal, match="414 Request-URI Too Large"):
        get(target)


def test_a_header_longer_than_a_line_may_be_is_refused() -> None:
    with pytest.raises(Refusal, match="431"):
        get(b"/", b"A: " + b"a" * MAX_LINE + b"\r\n")


def test_more_headers_than_a_head_may_hold_are_refused() -> None:
    line = b"A: " + b"a" * 1000 + b"\r\n"
    with pytest.raises(Refusal, match="431"):
        get(b"/", line * (MAX_HEAD // len(line) + 1))


@pytest.mark.parametrize(
    ("version", "connection", "open_after"),
    [
        (b"1.1", b"", True),
        (b"1.1", b"Connection: keep-alive\r\n", True),
        (b"1.1", b"Connection: Upgrade, Close\r\n", False),
        (b"1.0", b"", False),
        (b"1.0", b"Connection: Keep-Alive\r\n", True),
    ],
)
def test_the_connection_stays_open_as_the_client_wants(version: bytes, connection: bytes, open_after: bool) -> None:
    assert stays_open(read(b"GET / HTTP/" + version + b"\r\n" + HOST + connection + b"\r\n")) is open_after


def outcome(data: bytes) -> str:
    try:
        environ = reader(data).read()
    except Refusal as refusal:
        return refusal.status[:3]
    return "none" if environ is None else "read"


@given(st.binary(max_size=200))
@example(b"GET / HTTP/1.1\r\nHost: [\r\n\r\n")
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert outcome(data) in {"none", "read", "400", "413", "414", "431", "501", "505"}


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_damage_to_a_request_leaves_it_read_or_refused(data: st.DataObject) -> None:
    whole = post(b"Transfer-Encoding: chunked\r\nAccept: */*\r\n", b"3\r\nabc\r\n0\r\n\r\n")
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    damaged = whole[:start] + data.draw(st.binary(max_size=5)) + whole[end:]
    assert outcome(damaged) in {"none", "read", "400", "413", "414", "431", "501", "505"}


@given(st.lists(st.sampled_from(LINES), max_size=6), st.sampled_from([b"\r\n", b"\n"]))
def test_a_request_reads_the_same_whole_and_byte_by_byte(lines: list[bytes], end: bytes) -> None:
    data = b"".join((b"POST /a?b=c HTTP/1.1\r\n", HOST, *lines, end, b"a\r\n\r\n"))
    pieces = iter([data[place : place + 1] for place in range(len(data))])
    assert told(Incoming(io.BytesIO(data).read)) == told(Incoming(lambda size: next(pieces, b"")))


def told(incoming: Incoming) -> object:
    try:
        environ = RequestReader(incoming, {}, max_body=1000, invite=lambda: None).read()
    except Refusal as refusal:
        return refusal.args
    assert environ is not None
    return {**environ, "wsgi.input": environ["wsgi.input"].read()}, incoming.exactly(100_000)
