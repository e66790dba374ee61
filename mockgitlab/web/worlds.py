"""Worlds: the scenario as loaded, the main world played on it, and the sandboxes beside."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from mockgitlab.dsl import Deliveries, Delivery
from mockgitlab.report.expectations import Expectation
from mockgitlab.report.journal import JOURNAL_MAX, Journal
from mockgitlab.report.record import Packed
from mockgitlab.report.verification import Verification, verify
from mockgitlab.store import Settings, Store, with_transitions
from mockgitlab.web.answer import Answer
from mockgitlab.web.courier import Courier
from mockgitlab.web.delivery_filters import as_wanted
from mockgitlab.web.faults import Fault, Faults
from mockgitlab.web.paths import canonical
from mockgitlab.web.playing import Playable, Playback
from mockgitlab.web.trap import Trap, Traps

SANDBOXES_AT_MOST = 10_000
REMEMBERED_AT_MOST = 1_024
ASKED_AT_MOST = 4_096
"""So many requests are told from those that come again: only what is asked for more than once is remembered."""
REMEMBERED_BYTES_AT_MOST = 262_144
Remembered = tuple[int, list[tuple[str, str]], bytes, Packed | None]
"""Status, headers and body of an answer, and what the journal has of it."""
_NEVER: tuple[int, Any] = (-1, None)


@dataclass(frozen=True)
class Stub:
    """A canned answer, tried before the API."""

    method: str
    path: str
    answer: Answer
    query: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def place(self) -> str:
        """The path as it is compared with those of requests."""
        return canonical(self.path)

    @property
    def name(self) -> str:
        """The request that it answers: ``GET /path?query``."""
        return f"{self.method} {self.path}" + (f"?{urlencode(self.query)}" if self.query else "")


@dataclass(frozen=True)
class Script:
    """What a scenario says beside the records: canned answers, expectations, faults, traps, a budget, recordings.

    ``traps`` are names, of those that the worlds know.
    """

    stubs: tuple[Stub, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    faults: tuple[Fault, ...] = ()
    strict: str | None = None
    max_requests: int | None = None
    traps: tuple[str, ...] = ()
    playback: tuple[Playable, ...] = ()

    def plus(self, other: "Script") -> "Script":
        """Return this script and another one on top of it."""
        faults = self.faults + other.faults
        expectations = self.expectations + other.expectations
        most = self.max_requests if other.max_requests is None else other.max_requests
        strict, traps = other.strict or self.strict, self.traps + other.traps
        played = self.playback + other.playback
        return Script(self.stubs + other.stubs, expectations, faults, strict, most, traps, played)


class World:
    """One world: its store, what it remembers of its answers, its rate windows and its journal."""

    def __init__(
        self, name: str, store: Store, script: Script, journal: Journal, known_traps: Mapping[str, Trap] | None = None
    ) -> None:
        self.name = name
        self.store = store
        self.script = script
        self.stubs_used: set[str] = set()
        self.faults = Faults(script.faults, store)
        self.traps = Traps(known_traps or {}, store, self.faults)
        self.traps.set(*script.traps)
        self.playback = Playback(tuple(one.fresh() for one in script.playback))
        self.strict = script.strict
        self.max_requests = script.max_requests
        self.journal = journal
        self.requests = 0
        self.rates: dict[str, tuple[int, int]] = {}
        self._answers: dict[Any, tuple[int, Remembered]] = {}
        self.asked: set[str] = set()
        self._version = 0
        self.courier = Courier(store)

    @property
    def stubs(self) -> tuple[Stub, ...]:
        """The canned answers."""
        return self.script.stubs

    def verify(self) -> Verification:
        """Compare what the client sent with what the scenario expects."""
        stubs = [stub.name for stub in self.stubs]
        unused = [str(one.fault) for one in self.faults if not (one.struck or one.fault.trap)]
        expected, used = self.script.expectations, self.stubs_used
        verified = verify(expected, self.journal, stubs, used, unused, self.strict, self.max_requests)
        return replace(
            verified, unused_exchanges=tuple(self.playback.unused()), unfitting=tuple(self.playback.unexpected)
        )

    def delivered(self, deliveries: Deliveries, timeout: float, **wanted: Any) -> list[Delivery]:
        """Return what was delivered and is as wanted, once all is; raises ``TimeoutError`` when that takes too long."""
        fits = as_wanted(**wanted)
        if not self.courier.wait(timeout):
            raise TimeoutError(f"hooks are still being posted to after {timeout:g} s")
        with self.store.lock:
            return [one for one in deliveries.listed(self.store) if fits(one)]

    def set_transitions(self, given: Mapping[str, Any]) -> None:
        """Let background work take another time: ``{"imports": {"reads": 3}}``; raises ``ValueError``."""
        self.traps.amend(lambda settings: with_transitions(settings, given))

    def next_request_id(self) -> str:
        """Return the id of the next request: 26 characters, the same for the same calls."""
        self.requests += 1
        return f"01HWMG0000{self.requests:016d}"

    def remembered(self, key: Any) -> Remembered | None:
        """Return an answer given before in this very state of the world."""
        version, answer = self._answers.get(key, _NEVER)
        return answer if version == self.store.version else None

    def comes_again(self, uri: str, version: int) -> bool:
        """Tell whether something was asked for before in this version of the world, and note that it was now."""
        if version != self._version or len(self.asked) >= ASKED_AT_MOST:
            self._answers, self.asked, self._version = {}, set(), version
        if uri in self.asked:
            return True
        self.asked.add(uri)
        return False

    def remember(self, key: Any, version: int, answer: Remembered) -> None:
        """Keep an answer until anything in the world changes.

        ``version`` is the store's from before the answer was made: if it is another now, another thread has written
        meanwhile, and nobody can tell which state the answer shows. Nothing is kept where each request counts.
        """
        counts = any(name == "RateLimit-Limit" for name, _ in answer[1])
        if version != self.store.version or len(answer[2]) > REMEMBERED_BYTES_AT_MOST or counts:
            return
        if len(self._answers) >= REMEMBERED_AT_MOST:
            self._answers = {}
        self._answers[key] = version, answer


class Worlds:
    """The loaded scenario as an immutable origin, and every world forked from it; safe among threads.

    ``dropped`` are the sandboxes that are no more, for who asks at the end what happened in them; see ``keep_dropped``.
    """

    def __init__(
        self,
        store: Store,
        script: Script | None = None,
        journal_max: int = JOURNAL_MAX,
        traps: Mapping[str, Trap] | None = None,
    ) -> None:
        self._origin = store.freeze()
        self.script = script or Script()
        self.known_traps = traps or {}
        self._journal_max = journal_max
        self._lock = threading.Lock()
        self.dropped: list[World] | None = None
        self.main = self._new("")
        self._sandboxes: OrderedDict[str, World] = OrderedDict()

    @property
    def settings(self) -> Settings:
        """The settings of the instance."""
        return self._origin.settings

    def _new(self, name: str, journal: Journal | None = None) -> World:
        if journal is None:
            journal = Journal(self._journal_max)
        return World(name, self._origin.fork(), self.script, journal, self.known_traps)

    def _as_strict(self, sandbox: World) -> World:
        """Return a sandbox as strict as the main world, which a test may have made stricter than the scenario is."""
        sandbox.strict, sandbox.max_requests = self.main.strict, self.main.max_requests
        return sandbox

    def get(self, name: str) -> World | None:
        """Return a world by its name, ``""`` for the main one; a sandbox is made when first asked for.

        Returns nothing when there are ``SANDBOXES_AT_MOST`` already.
        """
        if not name:
            return self.main
        with self._lock:
            if name not in self._sandboxes:
                if len(self._sandboxes) >= SANDBOXES_AT_MOST:
                    return None
                self._sandboxes[name] = self._as_strict(self._new(name))
            return self._sandboxes[name]

    def scratch(self) -> World:
        """Return a world as the scenario was loaded that nobody reaches, without stubs, faults and a journal."""
        world = World("", self._origin.fork(), Script(), Journal(0))
        world.courier.close()
        return world

    def names(self) -> list[str]:
        """Return the names of the sandboxes, oldest first."""
        with self._lock:
            return list(self._sandboxes)

    def all(self) -> list[World]:
        """Return the main world and the sandboxes."""
        with self._lock:
            return [self.main, *self._sandboxes.values()]

    def reset(self, name: str = "") -> None:
        """Bring a world back to the scenario as loaded; its journal is empty again, and the same object."""
        known = self._sandboxes.get(name) if name else self.main
        fresh = self._new(name, known.journal if known else None)
        fresh.journal.reset()
        if known is not None:
            known.courier.close()
        with self._lock:
            if name:
                self._sandboxes[name] = self._as_strict(fresh)
            else:
                self.main = fresh

    def drop(self, name: str) -> bool:
        """Forget a sandbox; tells whether there was one."""
        with self._lock:
            found = self._sandboxes.pop(name, None)
            if found is not None:
                found.courier.close()
            if found is not None and self.dropped is not None:
                self.dropped.append(found)
            return found is not None

    def keep_dropped(self) -> None:
        """Keep the sandboxes that are dropped from now on, and no earlier ones."""
        self.dropped = []

    def used(self) -> list[World]:
        """Return the worlds in which anything happened, those dropped and kept too; the main one where nothing did."""
        found = [world for world in (*self.all(), *(self.dropped or ())) if len(world.journal)]
        return found or [self.main]
