"""Threads that take turns: who answers, and who waits for whom."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from mockgitlab.web import turns
from mockgitlab.web.connection import step_aside
from mockgitlab.web.http import HttpServer
from tests.web.test_http import PATIENCE, Wire, as_many_threads, echo, request

Start = Callable[..., HttpServer]


@pytest.fixture
def may_end() -> Iterator[threading.Event]:
    """What a request to ``/slow`` waits for."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def start(may_end: threading.Event) -> Iterator[Start]:
    """Start a server on which ``/slow`` waits, ``/aside`` waits after it stepped aside, and all else is quick."""
    with ExitStack() as servers:
        yield lambda **options: servers.enter_context(HttpServer(waiting_for(may_end), **options))


def waiting_for(event: threading.Event) -> Any:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/aside":
            step_aside(environ)
        if environ["PATH_INFO"] in ("/slow", "/aside"):
            event.wait(PATIENCE)
        return [*echo(environ, start_response), f" {threading.current_thread().name}".encode()]

    return app


def test_quick_requests_are_answered_by_one_thread(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", PATIENCE)
    with ExitStack() as stack:
        server = start()
        wires = [stack.enter_context(Wire(server)) for _ in range(4)]
        names = {wire.get().body.rpartition(b"}")[2] for _ in range(3) for wire in wires}
    assert len(names) == 1


def test_a_slow_request_holds_up_no_other(start: Start, may_end: threading.Event) -> None:
    server = start()
    with as_many_threads(), Wire(server) as slow, Wire(server) as quick:
        slow.send(request("/slow"))
        assert [quick.get().status for _ in range(3)] == [200] * 3
        may_end.set()
        assert slow.receive().status == 200


def test_a_connection_goes_on_after_a_slow_request(start: Start, may_end: threading.Event) -> None:
    server = start()
    with as_many_threads(), Wire(server) as slow, Wire(server) as quick:
        for _ in range(3):
            may_end.clear()
            slow.send(request("/slow"))
            quick.get()
            may_end.set()
            assert slow.receive().status == 200
            assert slow.get().status == 200


def test_many_slow_requests_are_answered_at_once(start: Start, may_end: threading.Event) -> None:
    server = start()
    with as_many_threads(), ExitStack() as stack:
        wires = [stack.enter_context(Wire(server)) for _ in range(16)]
        for wire in wires:
            wire.send(request("/slow"))
        with Wire(server) as quick:
            assert quick.get().status == 200
        may_end.set()
        assert [wire.receive().status for wire in wires] == [200] * len(wires)


@pytest.mark.parametrize(
    "sent", [b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", request("/", "Content-Length: 9") + b"abc"]
)
def test_a_client_that_stops_halfway_holds_up_no_other(start: Start, sent: bytes) -> None:
    server = start()
    with Wire(server) as halfway, Wire(server) as quick:
        halfway.send(sent)
        assert [quick.get().status for _ in range(3)] == [200] * 3


def test_a_client_that_does_not_read_holds_up_no_other() -> None:
    def deluge(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"x" * (64 << 20 if environ["PATH_INFO"] == "/much" else 1)]

    with HttpServer(deluge) as server, Wire(server) as greedy, Wire(server) as quick:
        greedy.send(request("/much"))
        assert [quick.get().status for _ in range(3)] == [200] * 3
        assert len(greedy.receive().body) == 64 << 20


def test_who_steps_aside_is_not_waited_for(start: Start, may_end: threading.Event, monkeypatch: Any) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 2 * PATIENCE)
    server = start()
    with ExitStack() as stack:
        wires = [stack.enter_context(Wire(server)) for _ in range(8)]
        for wire in wires:
            wire.send(request("/aside"))
        with Wire(server) as quick:
            assert quick.get().status == 200
        may_end.set()
        assert [wire.receive().status for wire in wires] == [200] * len(wires)


def test_who_steps_aside_twice_gives_one_turn_away(start: Start, may_end: threading.Event) -> None:
    may_end.set()
    server = start()
    with as_many_threads(), Wire(server) as wire:
        wire.send(request("/aside") * 3)
        assert [wire.receive().status for _ in range(3)] == [200] * 3
        assert wire.get().status == 200


def test_stepping_aside_means_nothing_to_other_servers() -> None:
    step_aside({})


def test_who_watches_rests_while_there_is_nothing_to_do_and_is_woken(
    start: Start, may_end: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "REST", 0)
    server = start()
    time.sleep(5 * turns.PATIENCE)
    assert server._turns._resting
    with Wire(server) as slow, Wire(server) as quick:
        slow.send(request("/slow"))
        assert quick.get().status == 200
        may_end.set()
        assert slow.receive().status == 200


def test_without_a_thread_to_be_had_requests_wait_for_each_other(
    start: Start, may_end: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    server = start()
    with Wire(server) as slow, Wire(server) as quick:
        quick.get()
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", exhausted)
            slow.send(request("/slow"))
            quick.send(request())
            time.sleep(5 * turns.PATIENCE)
            may_end.set()
            assert [wire.receive().status for wire in (slow, quick)] == [200, 200]
        assert quick.get().status == 200


def test_idle_connections_are_closed_while_others_are_busy(start: Start) -> None:
    server = start(timeout=0.2)
    with Wire(server) as idle, Wire(server) as busy:
        idle.get()
        deadline = time.monotonic() + PATIENCE
        idle.socket.setblocking(False)
        while not gone(idle):
            assert time.monotonic() < deadline
            assert busy.get().status == 200


def gone(wire: Wire) -> bool:
    try:
        return wire.socket.recv(1) == b""
    except BlockingIOError:
        return False


def test_a_slow_connection_is_closed_once_it_answered_after_the_server_stopped(
    start: Start, may_end: threading.Event
) -> None:
    server = start()
    with Wire(server) as slow, Wire(server) as quick:
        slow.send(request("/slow"))
        quick.get()
        server.stop()
        assert slow.is_closed()
        assert quick.is_closed()
    may_end.set()
    deadline = time.monotonic() + PATIENCE
    while server._turns._connections:
        assert time.monotonic() < deadline
        time.sleep(0.01)
