"""Answers of WSGI applications, and the bytes that go out for them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from mockgitlab.web.response_writer import ResponseWriter, head

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Sent:
    """What one application sent, write by write."""

    def __init__(self, app: App, method: str = "GET", protocol: str = "HTTP/1.1", keep_open: bool = True) -> None:
        self.writes: list[bytes] = []
        environ = {"REQUEST_METHOD": method, "SERVER_PROTOCOL": protocol}
        self.writer = ResponseWriter(environ, self.writes.append, keep_open=keep_open)
        self.writer.run(app)

    @property
    def head(self) -> list[str]:
        return b"".join(self.writes).partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")

    @property
    def body(self) -> bytes:
        return b"".join(self.writes).partition(b"\r\n\r\n")[2]


def app(result: Iterable[bytes], *headers: tuple[str, str], status: str = "200 OK") -> App:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, list(headers))
        return result

    return answer


def parts(*pieces: bytes) -> Iterator[bytes]:
    yield from pieces


def test_head_and_body_go_out_in_one_write() -> None:
    sent = Sent(app([b"ab", b"c"], ("Content-Length", "3")))
    assert len(sent.writes) == 1
    assert sent.body == b"abc"


def test_the_length_of_a_list_is_added() -> None:
    sent = Sent(app([b"ab", b"c"]))
    assert "Content-Length: 3" in sent.head
    assert sent.body == b"abc"


def test_a_generator_with_a_declared_length_goes_out_in_one_write() -> None:
    sent = Sent(app(parts(b"ab", b"", b"c"), ("Content-Length", "3")))
    assert len(sent.writes) == 1


def test_a_generator_of_unknown_length_goes_out_in_chunks() -> None:
    sent = Sent(app(parts(b"ab", b"", b"c")))
    assert "Transfer-Encoding: chunked" in sent.head
    assert sent.body == b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"


def test_a_generator_that_gives_nothing_has_length_zero() -> None:
    assert "Content-Length: 0" in Sent(app(parts(b""))).head


def test_an_old_client_gets_a_length_instead_of_chunks() -> None:
    sent = Sent(app(parts(b"ab", b"c")), protocol="HTTP/1.0", keep_open=False)
    assert {"Content-Length: 3", "Connection: close"} <= set(sent.head)
    assert sent.body == b"abc"


def test_an_old_client_is_told_that_the_connection_stays() -> None:
    assert "Connection: keep-alive" in Sent(app([b""]), protocol="HTTP/1.0").head


def test_the_write_callable_sends_before_what_is_returned() -> None:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        write = start_response("200 OK", [])
        write(b"ab")
        return [b"c"]

    assert Sent(answer).body == b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"


def test_head_gets_the_length_but_no_body() -> None:
    sent = Sent(app([b"abc"]), method="HEAD")
    assert "Content-Length: 3" in sent.head
    assert sent.body == b""


def test_head_keeps_the_length_the_application_declares() -> None:
    assert "Content-Length: 7" in Sent(app([], ("Content-Length", "7")), method="HEAD").head


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_that_may_have_no_body_has_neither_body_nor_length(status: str) -> None:
    sent = Sent(app([b"abc"], status=status))
    assert sent.body == b""
    assert not any(line.startswith(("Content-Length", "Transfer-Encoding")) for line in sent.head)


def test_a_length_declared_for_no_content_is_dropped() -> None:
    assert "content-length: 0" not in Sent(app([], ("content-length", "0"), status="204 No Content")).head


def test_the_application_may_close_the_connection() -> None:
    sent = Sent(app([b""], ("Connection", "close")))
    assert sent.head.count("Connection: close") == 1
    assert not sent.writer.keep_open


def test_headers_about_the_connection_are_not_passed_on() -> None:
    sent = Sent(app([b""], ("Transfer-Encoding", "chunked"), ("Keep-Alive", "timeout=5")))
    assert not any(line.startswith(("Transfer-Encoding", "Keep-Alive")) for line in sent.head)


def test_date_is_added_unless_given() -> None:
    assert any(line.startswith("Date: ") for line in Sent(app([b""])).head)
    given = Sent(app([b""], ("date", "Wed, 01 May 2024 09:00:00 GMT"))).head
    assert [line for line in given if line.lower().startswith("date")] == ["date: Wed, 01 May 2024 09:00:00 GMT"]


def test_no_banner_is_added() -> None:
    assert not any(line.lower().startswith(("server", "x-powered")) for line in Sent(app([b""])).head)


def test_the_result_is_closed_before_the_answer_goes_out() -> None:
    order: list[str] = []

    class Result(list[bytes]):
        def close(self) -> None:
            order.append("closed")

    environ = {"REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
    ResponseWriter(environ, lambda data: order.append("sent"), keep_open=True).run(app(Result([b"x"])))
    assert order == ["closed", "sent"]


def never_started(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return [b"x"]


def started_twice(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    start_response("200 OK", [])
    return [b"x"]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (app([b"abc"], ("Content-Length", "2")), "declared Content-Length 2 and gave 3 bytes"),
        (app([b""], ("X", "a\r\nSet-Cookie: b")), "line break"),
        (app([b""], status="200 OK\nX: y"), "line break"),
        (never_started, "without calling start_response"),
        (started_twice, "start_response twice"),
    ],
)
def test_an_application_that_breaks_the_rules_is_told_so(broken: App, message: str) -> None:
    with pytest.raises((ValueError, AssertionError), match=message):
        Sent(broken)


def test_the_application_may_start_again_with_its_error() -> None:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        error = ValueError("changed its mind")
        start_response("409 Conflict", [], (ValueError, error, None))
        return [b"no"]

    assert Sent(answer).head[0] == "HTTP/1.1 409 Conflict"


def test_an_error_reported_after_the_first_chunk_is_raised() -> None:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])(b"x")
        start_response("500 Oh", [], (ValueError, ValueError("too late"), None))
        return []

    with pytest.raises(ValueError, match="too late"):
        Sent(answer)


def test_a_header_outside_latin_1_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        head("200 OK", [("X", "€")])
