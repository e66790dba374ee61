"""Traps: ways of the real GitLab that break clients, each switched on by its name in one world.

What traps there are is told to the worlds; the table is in ``mockgitlab.traps``.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from mockgitlab.store import Settings, Store
from mockgitlab.web.answer import Answer
from mockgitlab.web.faults import Fault, Faults
from mockgitlab.web.request import Request


def _no_faults(store: Store) -> Iterable[Fault]:
    return ()


@dataclass(frozen=True)
class Trap:
    """A trap: what GitLab does (``told``), what breaks by it (``why``), and how it is done.

    ``faults`` strike requests, ``settings`` changes those of the instance, ``change`` the world as it was loaded,
    ``reroute`` the path of a request, ``reshape`` an answer, ``late`` the first answer at each path that fits
    ``late_at``. One that ``waits_for`` something cannot be set yet.
    """

    name: str
    told: str
    why: str
    faults: Callable[[Store], Iterable[Fault]] = _no_faults
    settings: Callable[[Settings], Settings] | None = None
    change: Callable[[Store], None] | None = None
    reroute: Callable[[str], str] | None = None
    reshape: Callable[[Answer], Answer] | None = None
    late: Callable[[Answer], Answer] | None = None
    late_at: re.Pattern[str] = re.compile("")
    waits_for: str = ""


class Traps:
    """The traps of one world, in the order in which they were set."""

    def __init__(self, known: Mapping[str, Trap], store: Store, faults: Faults) -> None:
        self._known, self._store, self._faults = known, store, faults
        self._settings = store.settings
        self._set: tuple[Trap, ...] = ()
        self._asked: set[str] = set()
        self.bends = False

    @property
    def names(self) -> list[str]:
        """The names of those that are set."""
        return [trap.name for trap in self._set]

    def set(self, *names: str) -> None:
        """Set traps; raises ``ValueError``, and sets none, where one is not known or cannot be set yet."""
        for trap in [find_trap(self._known, name) for name in names]:
            if trap not in self._set:
                self._apply(trap)

    def _apply(self, trap: Trap) -> None:
        store = self._store
        with store.lock:
            if trap.settings is not None:
                store.settings = trap.settings(store.settings)
            if trap.change is not None:
                with store.transaction():
                    trap.change(store)
            for fault in trap.faults(store):
                self._faults.add(replace(fault, trap=trap.name))
            self._set = (*self._set, trap)
            self._note()

    def clear(self) -> int:
        """Take all traps away and return how many there were; what they changed in the world stays as it is."""
        number, self._set = len(self._set), ()
        with self._store.lock:
            self._store.settings = self._settings
            self._faults.clear(of_traps=True)
            self._note()
        return number

    def amend(self, change: Callable[[Settings], Settings]) -> None:
        """Change the settings of the world, below what the traps change in them."""
        with self._store.lock:
            self._settings, self._store.settings = change(self._settings), change(self._store.settings)
            self._note()

    def _note(self) -> None:
        """See to it that nothing which was remembered is answered any more."""
        self.bends = any(trap.reroute or trap.reshape or trap.late for trap in self._set)
        self._store.next_stamp()

    def bend_request(self, request: Request) -> None:
        """Do to a request what the traps do."""
        for trap in self._set:
            if trap.reroute is not None:
                request.path = trap.reroute(request.path)

    def bend_answer(self, request: Request, answer: Answer) -> Answer:
        """Return an answer as the traps leave it."""
        for trap in self._set:
            if trap.reshape is not None:
                answer = trap.reshape(answer)
            if trap.late is not None and answer.status < 300 and self._is_first(trap, request):
                answer = trap.late(answer)
        return answer

    def _is_first(self, trap: Trap, request: Request) -> bool:
        """Tell whether something that comes late is asked for the first time; that answer is not remembered."""
        key = f"{trap.name} {request.method} {request.path}"
        if key in self._asked or not trap.late_at.search(request.path):
            return False
        self._asked.add(key)
        self._store.next_stamp()
        return True


def find_trap(known: Mapping[str, Trap], name: str) -> Trap:
    """Return a trap by its name; raises ``ValueError`` where there is none, or none yet."""
    trap = known.get(name)
    if trap is None:
        near = difflib.get_close_matches(str(name), known, 1)
        hint = f"; did you mean {near[0]}?" if near else "; `mockgitlab traps` lists them"
        raise ValueError(f"there is no trap {name!r}{hint}")
    if trap.waits_for:
        raise ValueError(f"the trap {name} waits for {trap.waits_for}, which are not built yet")
    return trap
