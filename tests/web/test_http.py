"""The embedded server, spoken to over sockets byte by byte."""

from __future__ import annotations

import errno
import http.client
import json
import logging
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockgitlab.web.http import HttpServer
from mockgitlab.web.listening import url_of

PATIENCE = 10  # seconds after which a test that waits for the server has failed
MEGABYTES = b"0123456789abcdef" * (5 * 1024 * 1024 // 16)


class Wire:
    """One connection to a server, on which bytes are sent as they are."""

    def __init__(self, server: HttpServer) -> None:
        self.socket = socket.create_connection((server.host, server.port), timeout=PATIENCE)
        self.stream = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def get(self, target: str = "/", *headers: str, method: str = "GET", body: bytes = b"") -> Reply:
        self.send(request(target, *headers, method=method, body=body))
        return self.receive(method)

    def receive(self, method: str = "GET") -> Reply:
        status = self.stream.readline().decode("latin-1").strip()
        headers = http.client.parse_headers(self.stream)
        if method == "HEAD" or status.startswith("HTTP/1.1 1"):
            return Reply(status, headers, b"")
        return Reply(status, headers, self.stream.read(int(headers["Content-Length"])))

    def is_closed(self) -> bool:
        """Whether nothing but the end follows; waits for it."""
        return self.stream.read() == b""

    def close(self) -> None:
        self.stream.close()
        self.socket.close()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Reply:
    """An answer as it came over the wire."""

    def __init__(self, status: str, headers: http.client.HTTPMessage, body: bytes) -> None:
        self.line = status
        self.status = int(status.split()[1])
        self.headers = headers
        self.body = body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def request(target: str = "/", *headers: str, method: str = "GET", body: bytes = b"") -> bytes:
    length = [f"Content-Length: {len(body)}"] if body else []
    head = [f"{method} {target} HTTP/1.1", "Host: gitlab.test", *headers, *length, "", ""]
    return "\r\n".join(head).encode("latin-1") + body


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Tells the request it got, and the size of its body."""
    told: dict[str, object] = {key: value for key, value in environ.items() if isinstance(value, str)}
    told["size"] = len(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(told).encode()]


def deaf(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers with five megabytes and does not look at the request's body."""
    start_response("200 OK", [])
    return [MEGABYTES]


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture
def serve(errors: list[BaseException]) -> Iterator[Callable[..., HttpServer]]:
    servers: list[HttpServer] = []

    def start(app: Any, **options: Any) -> HttpServer:
        server = HttpServer(app, on_error=errors.append, **options)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


Serve = Callable[..., HttpServer]


@contextmanager
def joined_threads() -> Iterator[None]:
    """Wait until every thread that began in the block has ended."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE)
        assert not thread.is_alive()


@contextmanager
def as_many_threads() -> Iterator[None]:
    """Wait until no more threads run than the two of a server that has nothing to do."""
    before = threading.active_count()
    yield
    deadline = time.monotonic() + PATIENCE
    while threading.active_count() > before + 2:
        assert time.monotonic() < deadline, threading.enumerate()
        time.sleep(0.01)


def test_requests_follow_each_other_on_one_connection(serve: Serve) -> None:
    with Wire(serve(echo)) as wire:
        ports = {wire.get(f"/{number}").json["REMOTE_PORT"] for number in range(3)}
    assert len(ports) == 1


def test_the_connection_is_closed_when_the_client_wants_it(serve: Serve) -> None:
    with Wire(serve(echo)) as wire:
        assert wire.get("/", "Connection: close").headers["Connection"] == "close"
        assert wire.is_closed()


def test_an_old_client_is_answered_and_left(serve: Serve) -> None:
    with Wire(serve(echo)) as wire:
        wire.send(b"GET / HTTP/1.0\r\n\r\n")
        assert wire.receive().json["SERVER_PROTOCOL"] == "HTTP/1.0"
        assert wire.is_closed()


def test_an_old_client_may_keep_the_connection(serve: Serve) -> None:
    with Wire(serve(echo)) as wire:
        for _ in range(2):
            wire.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert wire.receive().headers["Connection"] == "keep-alive"


def test_two_connections_are_served_at_once(serve: Serve) -> None:
    both_are_in = threading.Barrier(2, timeout=PATIENCE)

    def meet(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        both_are_in.wait()
        return echo(environ, start_response)

    server = serve(meet)
    with Wire(server) as one, Wire(server) as other:
        for round_ in ("first", "second"):
            for wire in (one, other):
                wire.send(request(f"/{round_}"))
            assert [wire.receive().json["PATH_INFO"] for wire in (one, other)] == [f"/{round_}"] * 2


def test_pipelined_requests_are_answered_in_their_order(serve: Serve) -> None:
    with Wire(serve(echo)) as wire:
        wire.send(request("/a") + request("/b", method="POST", body=b"12345") + request("/c"))
        answers = [wire.receive().json for _ in range(3)]
    assert [(answer["PATH_INFO"], answer["size"]) for answer in answers] == [("/a", 0), ("/b", 5), ("/c", 0)]


def test_a_client_that_has_finished_sending_still_gets_its_answers(serve: Serve) -> None:
    with Wire(serve(echo)) as wire:
        wire.send(request("/a") + request("/b"))
        wire.socket.shutdown(socket.SHUT_WR)
        assert [wire.receive().json["PATH_INFO"] for _ in range(2)] == ["/a", "/b"]
        assert wire.is_closed()


def test_a_client_that_stops_in_the_middle_of_a_body_is_told(serve: Serve) -> None:
    with Wire(serve(echo)) as wire:
        wire.send(request("/", "Content-Length: 10", method="POST") + b"abc")
        wire.socket.shutdown(socket.SHUT_WR)
        answer = wire.receive()
        assert answer.status == 400
        assert "3 bytes came, 10 were announced" in answer.headers["X-Mockgitlab-Reason"]


def test_a_body_the_application_ignores_does_not_become_the_next_request(serve: Serve) -> None:
    def ignore(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    with Wire(serve(ignore)) as wire:
        wire.get("/first", method="POST", body=b"GET /smuggled HTTP/1.1\r\n\r\n")
        assert wire.get("/second").body == b"/second"


def test_a_chunked_body_reaches_the_application(serve: Serve) -> None:
    def read(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read(), str(environ["wsgi.input_terminated"]).encode()]

    with Wire(serve(read)) as wire:
        wire.send(request("/", "Transfer-Encoding: chunked", method="POST"))
        wire.send(b"3\r\nabc\r\n2\r\nde\r\n")
        wire.send(b"0\r\n\r\n")
        assert wire.receive().body == b"abcdeTrue"


def test_a_client_that_expects_to_be_invited_is_invited(serve: Serve) -> None:
    with Wire(serve(echo)) as wire:
        wire.send(request("/", "Expect: 100-continue", "Content-Length: 5", method="POST"))
        assert wire.receive().line == "HTTP/1.1 100 Continue"
        wire.send(b"12345")
        assert wire.receive().json["size"] == 5
        assert wire.get("/next").json["PATH_INFO"] == "/next"


def test_big_bodies_pass_both_ways(serve: Serve) -> None:
    def mirror(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    with Wire(serve(mirror)) as wire:
        assert wire.get("/", method="POST", body=MEGABYTES).body == MEGABYTES


def test_a_big_body_unread_does_not_hold_up_a_big_answer(serve: Serve) -> None:
    with Wire(serve(deaf)) as wire:
        assert wire.get("/", method="POST", body=MEGABYTES).body == MEGABYTES


def test_a_generator_is_sent_part_by_part(serve: Serve) -> None:
    client_has_read = threading.Event()

    def drip(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        yield b"first"
        client_has_read.wait(PATIENCE)
        yield b"second"

    with Wire(serve(drip)) as wire:
        wire.send(request())
        wire.stream.readline()
        assert http.client.parse_headers(wire.stream)["Transfer-Encoding"] == "chunked"
        assert wire.stream.read(10) == b"5\r\nfirst\r\n"
        client_has_read.set()
        assert wire.stream.read(16) == b"6\r\nsecond\r\n0\r\n\r\n"


def test_the_standard_client_keeps_its_connection(serve: Serve) -> None:
    client = http.client.HTTPConnection("127.0.0.1", serve(echo).port, timeout=PATIENCE)
    ports = set()
    for method in ("GET", "POST", "HEAD", "DELETE"):
        client.request(method, "/x", body=b"body" if method == "POST" else None)
        client.getresponse().read()
        assert client.sock is not None
        ports.add(client.sock.getsockname())
    client.close()
    assert len(ports) == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"NONSENSE\r\n\r\n", "400 Bad Request"),
        (b"\x16\x03\x01\x02\x00\x01\x00", "400 Bad Request"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n", "414 Request-URI Too Large"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 9000 + b"\r\n", "431 Request Header Fields Too Large"),
        (b"GET / HTTP/3.0\r\n", "505 HTTP Version Not Supported"),
    ],
)
def test_a_malformed_request_is_answered_in_json_and_the_connection_closed(
    serve: Serve, sent: bytes, status: str
) -> None:
    with Wire(serve(echo)) as wire:
        wire.send(sent)
        answer = wire.receive()
        assert answer.line == f"HTTP/1.1 {status}"
        assert answer.json == {"error": status}
        assert answer.headers["X-Mockgitlab-Reason"]
        assert wire.is_closed()


def test_a_refusal_reaches_a_client_that_goes_on_sending(serve: Serve) -> None:
    with Wire(serve(echo, max_body=1000)) as wire:
        wire.send(request("/", "Content-Length: 1000000", method="POST") + b"x" * 1_000_000)
        assert wire.receive().json == {"error": "413 Request Entity Too Large"}


@given(st.binary(max_size=300))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_gets_no_answer_or_a_refusal(garbage_server: HttpServer, garbage: bytes) -> None:
    with Wire(garbage_server) as wire:
        wire.send(garbage)
        wire.socket.shutdown(socket.SHUT_WR)
        answer = wire.stream.read()
    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 505"))
    with Wire(garbage_server) as wire:
        assert wire.get().status == 200


@pytest.fixture(scope="module")
def garbage_server() -> Iterator[HttpServer]:
    with HttpServer(echo) as server:
        yield server


class Broken(BaseException):
    """Not an Exception, like the one pytest.fail() raises."""


@pytest.mark.parametrize("error", [KeyError("secret"), ConnectionResetError("another server"), Broken()])
def test_an_exception_of_the_application_is_reported_and_answered_500(
    serve: Serve, errors: list[BaseException], error: BaseException
) -> None:
    def fail_once(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/fail":
            raise error
        return echo(environ, start_response)

    with Wire(serve(fail_once)) as wire:
        answer = wire.get("/fail")
        assert errors == [error]
        assert (answer.status, answer.json) == (500, {"message": "500 Internal Server Error"})
        assert wire.get("/next").status == 200


def test_an_exception_after_the_first_part_cuts_the_answer_off(serve: Serve, errors: list[BaseException]) -> None:
    def fail_late(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        yield b"first"
        raise KeyError("late")

    with Wire(serve(fail_late)) as wire:
        wire.send(request())
        assert wire.stream.read().endswith(b"5\r\nfirst\r\n")
        assert isinstance(errors[0], KeyError)


def test_an_exception_is_logged_when_nobody_asks_for_it(caplog: pytest.LogCaptureFixture) -> None:
    def fail(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise KeyError("nobody asked")

    with caplog.at_level(logging.ERROR), HttpServer(fail) as server, Wire(server) as wire:
        wire.get()
    assert "nobody asked" in caplog.text


def test_nothing_is_logged_or_printed_for_good_and_bad_requests(
    serve: Serve, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    server = serve(echo)
    for sent in (request(), b"NONSENSE\r\n"):
        with Wire(server) as wire:
            wire.send(sent)
            wire.receive()
    assert (caplog.records, *capfd.readouterr()) == ([], "", "")


def test_a_client_that_goes_away_before_its_answer_is_no_error(
    serve: Serve, errors: list[BaseException], capfd: pytest.CaptureFixture[str]
) -> None:
    asked, gone = threading.Event(), threading.Event()

    def answer_late(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked.set()
        gone.wait(PATIENCE)
        return deaf(environ, start_response)

    with as_many_threads():
        with Wire(serve(answer_late)) as wire:
            wire.send(request())
            asked.wait(PATIENCE)
            abort_on_close(wire.socket)
        gone.set()
    assert (errors, *capfd.readouterr()) == ([], "", "")


def abort_on_close(connection: socket.socket) -> None:
    """Have the connection reset, not ended, when it is closed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_silent_client_is_left(serve: Serve) -> None:
    with Wire(serve(echo, timeout=0.05)) as wire:
        wire.get()
        assert wire.is_closed()


def test_a_client_that_stops_in_the_middle_of_a_head_is_left(serve: Serve) -> None:
    with as_many_threads(), Wire(serve(echo, timeout=0.05)) as wire:
        wire.send(b"GET / HTTP/1.1\r\nHo")
        assert wire.is_closed()


def test_a_client_that_never_stops_sending_is_left(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockgitlab.web.connection._LINGER_SECONDS", 0)
    with Wire(serve(echo)) as wire:
        wire.send(b"NONSENSE\r\n")
        assert wire.receive().status == 400
        assert wire.is_closed()


def test_a_connection_that_breaks_before_its_first_request_is_no_error(
    serve: Serve, errors: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise OSError(errno.EINVAL, "the client is gone already")

    server = serve(echo)
    with monkeypatch.context() as patch:
        patch.setattr("mockgitlab.web.http.Connection", broken)
        with Wire(server) as wire:
            assert wire.is_closed()
    with Wire(server) as wire:
        assert wire.get().status == 200
    assert errors == []


def test_stopping_closes_idle_connections_and_ends_their_threads() -> None:
    with joined_threads():
        server = HttpServer(echo)
        server.start()
        with Wire(server) as one, Wire(server) as other:
            one.get()
            other.get()
            server.stop()
            assert one.is_closed()
            assert other.is_closed()


def test_stopping_does_not_wait_for_a_busy_application() -> None:
    started, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def busy(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        started.set()
        may_end.wait(PATIENCE)
        ended.set()
        return echo(environ, start_response)

    with joined_threads():
        server = HttpServer(busy)
        server.start()
        with Wire(server) as wire:
            wire.send(request())
            started.wait(PATIENCE)
            server.stop()
            assert wire.is_closed()
            assert not ended.is_set()
        may_end.set()


def test_a_stopped_server_frees_its_port_and_may_be_stopped_again() -> None:
    first = HttpServer(echo)
    first.start()
    first.stop()
    first.stop()
    with HttpServer(echo, port=first.port) as second, Wire(second) as wire:
        assert wire.get().status == 200


def test_a_server_that_never_started_frees_its_port() -> None:
    first = HttpServer(echo)
    first.stop()
    HttpServer(echo, port=first.port).stop()


def test_a_server_stopped_before_it_serves_does_not_serve() -> None:
    server = HttpServer(echo)
    server.stop()
    server.serve_forever()
    with pytest.raises(ConnectionRefusedError):
        Wire(server)


def test_serving_in_the_calling_thread_ends_with_a_stop_in_another() -> None:
    def stopping(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        threading.Thread(target=server.stop).start()
        return echo(environ, start_response)

    with joined_threads():
        server = HttpServer(stopping)
        client = threading.Thread(target=ask_once, args=(server,))
        client.start()
        server.serve_forever()


def ask_once(server: HttpServer) -> None:
    with Wire(server) as wire:
        wire.send(request())
        wire.stream.read()


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no signal to spare")
def test_serving_in_the_main_thread_ends_with_a_stop_in_a_signal_handler() -> None:
    server = HttpServer(stopping_by_signal)
    previous = signal.signal(signal.SIGUSR1, lambda number, frame: server.stop())
    try:
        with joined_threads():
            threading.Thread(target=ask_once, args=(server,)).start()
            server.serve_forever()
    finally:
        signal.signal(signal.SIGUSR1, previous)


def stopping_by_signal(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    os.kill(os.getpid(), signal.SIGUSR1)
    return echo(environ, start_response)


def test_a_taken_port_is_told_with_what_to_do(serve: Serve) -> None:
    taken = serve(echo).port
    with pytest.raises(
        OSError, match=f"cannot listen on host 127.0.0.1 port {taken}: .*port 0 picks a free one"
    ) as why:
        HttpServer(echo, port=taken)
    assert why.value.errno == errno.EADDRINUSE


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(OSError, match=r"cannot listen on host 192\.0\.2\.1 port 0: .*an address of this machine"):
        HttpServer(echo, "192.0.2.1")


def test_the_server_listens_on_ipv6(serve: Serve) -> None:
    try:
        server = serve(echo, host="[::1]")
    except OSError:
        pytest.skip("this machine has no IPv6")
    with Wire(server) as wire:
        assert wire.get().json["REMOTE_ADDR"] == "::1"
    assert server.url == f"http://[::1]:{server.port}"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("localhost", "http://localhost:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
    ],
)
def test_the_url_is_one_that_a_client_can_use(host: str, url: str) -> None:
    assert url_of(host, 80) == url
