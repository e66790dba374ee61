"""Which thread answers: one waits for all connections and answers them in turn, as long as each is answered quickly.

Threads that compete for the interpreter make a request cost half as much again as it does alone, so one has the turn.
Whoever takes long with a request loses it: another thread goes on with all other connections, and the slow one ends
once it has answered. So nothing that blocks (a client that stops halfway, a clone, a fault that waits) holds up others
for longer than `PATIENCE`.
"""

from __future__ import annotations

import contextlib
import selectors
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from mockgitlab.web.connection import Connection

PATIENCE = 0.01
"""After so many seconds to twice as many, a request that is not answered yet has cost its thread the turn."""
REST = 100
"""So many looks in a row at nothing to do let the one who watches rest until there is."""


class Bell:
    """Wakes a thread that waits, from another one or from a signal handler."""

    def __init__(self) -> None:
        self.alarm, self.rope = socket.socketpair()
        for end in (self.alarm, self.rope):
            end.setblocking(False)

    def ring(self) -> None:
        """Wake whoever waits, or waits next."""
        with contextlib.suppress(OSError):  # closed already, or rung often enough
            self.rope.send(b"\0")

    def hush(self) -> None:
        """Forget that it rang."""
        with contextlib.suppress(OSError):  # nobody rang
            self.alarm.recv(4_096)

    def close(self) -> None:
        """Take it down."""
        self.alarm.close()
        self.rope.close()


class Turns:
    """Answers the connections that come to a port until it is stopped.

    Args:
        listener: The listening socket.
        connect: Makes a connection of an accepted socket and its address.
        silence: Seconds after which an idle connection is closed.
        name: What its threads are called.
    """

    def __init__(
        self, listener: socket.socket, connect: Callable[[socket.socket, Any], Connection], silence: float, name: str
    ) -> None:
        self._listener, self._connect, self._silence, self._name = listener, connect, silence, name
        listener.setblocking(False)
        self._lock = threading.Lock()
        self._turn = 0
        self._busy: Connection | None = None
        self._requests = 0
        self._connections: set[Connection] = set()
        self._returned: deque[Connection] = deque()
        self._stopped = self._cleared = self._resting = False
        self._watch, self._call = Bell(), Bell()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._call.alarm, selectors.EVENT_READ, self._heed)
        self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self._sweep_at = 0.0

    # Watching, in the thread that runs it

    def run(self) -> None:
        """Answer until `stop` is called, and watch that nobody waits for long."""
        if not self._stopped:
            with self._heeding_signals():
                with self._lock:
                    self._give_turn()
                self._watch_turns()

    def stop(self) -> None:
        """End `run`, from any thread or signal handler."""
        self._stopped = True
        self._watch.ring()

    def close(self) -> None:
        """Close the port and hang up on every client; a thread that waits for one then ends."""
        self._listener.close()
        self._watch.close()
        self._call.ring()
        for connection in list(self._connections):
            connection.hang_up()
        if not self._turn:
            self._clear()

    def _watch_turns(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._watch.alarm, selectors.EVENT_READ)
            seen = looks = 0
            while not self._stopped:
                if selector.select(None if self._resting else PATIENCE):
                    self._watch.hush()
                seen, looks = self._look(seen, looks)

    def _look(self, seen: int, looks: int) -> tuple[int, int]:
        """Take the turn from a request seen at the last look; returns its number, and how many looks saw none."""
        with self._lock:
            if self._busy is not None:
                if self._requests == seen:
                    self._pass_on()
                return self._requests, 0
            self._resting = looks >= REST
            return self._requests, looks + 1

    @contextlib.contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        """Let a signal ring the bell: one that comes just before the wait begins would otherwise be seen after it."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.set_wakeup_fd(self._watch.rope.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)

    # Whose turn it is

    def step_aside(self, connection: Connection) -> None:
        """Let another thread go on with all others; for a connection's own thread, before what takes long."""
        with self._lock:
            if self._busy is connection:
                self._pass_on()

    def _pass_on(self) -> None:
        """Give the turn to another thread; where there is none to be had, all wait for the one that has it."""
        with contextlib.suppress(RuntimeError):
            self._give_turn()
            assert self._busy is not None
            self._selector.unregister(self._busy.socket)
            self._busy = None

    def _give_turn(self) -> None:
        turn = self._turn + 1
        threading.Thread(target=self._work, args=(turn,), name=f"{self._name} {turn}", daemon=True).start()
        self._turn = turn

    # Answering, in the thread that has the turn

    def _work(self, turn: int) -> None:
        with self._lock:  # until it is given
            pass
        while not self._stopped:
            for key, _ in self._selector.select(self._sweep()):
                if isinstance(key.data, Connection):
                    if not self._answer(key.data, turn):
                        return
                else:
                    key.data()
        self._clear()

    def _answer(self, connection: Connection, turn: int) -> bool:
        """Answer what a connection asks; tells whether it is still this thread's turn."""
        self._begin(connection)
        goes_on = connection.answer()
        with self._lock:
            if self._turn != turn:
                self._give_back(connection, goes_on)
                return False
            self._busy = None
        if not goes_on:
            self._selector.unregister(connection.socket)
            self._close(connection)
        return True

    def _give_back(self, connection: Connection, goes_on: bool) -> None:
        """Leave a connection to the thread that has the turn, unless it is over."""
        if goes_on and not self._cleared:
            self._returned.append(connection)
            self._call.ring()
        else:
            self._close(connection)

    def _begin(self, connection: Connection) -> None:
        with self._lock:
            self._busy = connection
            self._requests += 1
            resting, self._resting = self._resting, False
        if resting:
            self._watch.ring()

    def _heed(self) -> None:
        """Go on with what other threads leave behind them."""
        self._call.hush()
        while self._returned:
            self._register(self._returned.popleft())

    def _accept(self) -> None:
        try:
            client, address = self._listener.accept()
        except OSError:  # the client is gone already
            return
        try:
            self._register(self._connect(client, address))
        except OSError:
            client.close()

    def _register(self, connection: Connection) -> None:
        self._connections.add(connection)
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)

    def _sweep(self) -> float:
        """Close the connections that were idle for too long; returns the seconds until the next time."""
        now = time.monotonic()
        if now >= self._sweep_at:
            self._sweep_at = now + self._silence / 4
            for connection in self._idle():
                if connection.used <= now - self._silence:
                    self._selector.unregister(connection.socket)
                    self._close(connection)
        return self._sweep_at - now

    def _idle(self) -> list[Connection]:
        keys = self._selector.get_map() or {}  # none once it is closed
        return [key.data for key in keys.values() if isinstance(key.data, Connection)]

    def _close(self, connection: Connection) -> None:
        self._connections.discard(connection)
        connection.close()

    def _clear(self) -> None:
        with self._lock:
            self._cleared = True
            for connection in (*self._idle(), *self._returned):
                self._close(connection)
            self._selector.close()
            self._call.close()
