"""Work in the background: begun by an operation, done at once, by the clock, by reads, or by hand.

A kind of work is declared with ``finishes``; how long it takes, the settings say under ``transitions``.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.access import USER
from mockgitlab.api.models.progress import Progress
from mockgitlab.dsl.validation import ParamSet
from mockgitlab.store import parse_instant

Finish = Callable[[dsl.Store, Progress], None]
_FINISHES: dict[str, Finish] = {}
DECLARING = (
    *("mergeability", "services.environments", "services.merge_request_rebases", "services.pipeline_progress"),
    *("services.pipeline_schedules", "services.project_forks", "services.project_removal"),
)
"""The modules that declare how work is finished; they are imported when the first of it is."""


def finishes(kind: str) -> Callable[[Finish], Finish]:
    """Declare what is done when work of a kind is finished."""

    def declare(finish: Finish) -> Finish:
        _FINISHES[kind] = finish
        return finish

    return declare


@cache
def finishing(kind: str) -> Finish:
    """Return what is done when work of a kind is finished."""
    for name in DECLARING if kind not in _FINISHES else ():
        import_module(f"mockgitlab.api.{name}")
    return _FINISHES[kind]


def begin(store: dsl.Store, kind: str, subject: dsl.Entity, detail: str = "") -> bool:
    """Let work on a record wait, as the settings say; tells that it does not, when it is to be done at once."""
    if getattr(store.settings.transitions, kind).immediate:
        return False
    store.insert(Progress(kind=kind, subject_id=subject.id, since=store.now, detail=detail))
    return True


def do(store: dsl.Store, kind: str, subject: dsl.Entity, detail: str = "") -> None:
    """Let work on a record wait, as the settings say, or do it at once."""
    if not begin(store, kind, subject, detail):
        finishing(kind)(store, Progress(kind=kind, subject_id=subject.id, since=store.now, detail=detail))


def schedule(store: dsl.Store, kind: str, subject: dsl.Entity, due: str, detail: str = "") -> None:
    """Let work on a record wait for an instant, as those who asked for it said."""
    store.insert(Progress(kind=kind, subject_id=subject.id, since=store.now, detail=detail, due=due))


def read(store: dsl.Store, kind: str, subject_id: int) -> None:
    """Note that a client asks for a record that waits, and finish the work when that is often enough.

    That it was asked for is noted even when the request is refused in the end.
    """
    waiting = store[Progress].find(kind=kind, subject_id=subject_id)
    if waiting is None or waiting.due:
        return
    how = getattr(store.settings.transitions, kind)
    if how.immediate or (how.reads is not None and store.asked[waiting.id] >= how.reads):
        finish(store, waiting)
    else:
        store.asked[waiting.id] += 1
        store.next_stamp()


def settle(store: dsl.Store) -> None:
    """Finish all work that the clock makes due."""
    with store.transaction(), _told(store):
        for waiting in list(store[Progress].all()):
            due = _due(store, waiting)
            if due is not None and due <= store.clock.instant:
                finish(store, waiting)


def _due(store: dsl.Store, waiting: Progress) -> datetime | None:
    """Return the instant at which the clock finishes work; nothing where it does not."""
    if waiting.due:
        return parse_instant(waiting.due)
    after: timedelta | None = getattr(store.settings.transitions, waiting.kind).after
    return None if after is None else parse_instant(waiting.since) + after


def finish(store: dsl.Store, waiting: Progress) -> None:
    """Finish work now, unless what was finished before it made it needless."""
    if store[Progress].get(waiting.id) is not None:
        store.delete(waiting)
        finishing(waiting.kind)(store, waiting)


def forget(store: dsl.Store, kind: str, subject_id: int) -> None:
    """Let work on a record not be done any more."""
    for waiting in list(store[Progress].where(kind=kind, subject_id=subject_id)):
        store.delete(waiting)


def finish_by_hand(store: dsl.Store, kind: str | None = None, subject_id: int | None = None) -> int:
    """Finish the work of a kind, or all, on one record, or on any; returns how much there was."""
    with store.transaction(), _told(store):
        found = [one for one in _waiting(store) if kind in (None, one.kind) and subject_id in (None, one.subject_id)]
        for one in found:
            finish(store, one)
        return len(found)


@contextmanager
def _told(store: dsl.Store) -> Iterator[None]:
    """Let hooks be sent what is done inside."""
    yield
    from mockgitlab.api.services.deliveries import notify

    notify(background_call(store, store.settings.url or "http://localhost"), store.written())


def listed(store: dsl.Store) -> list[dict[str, Any]]:
    """Return the work that waits, as JSON."""
    return [
        {"kind": one.kind, "id": one.subject_id, "since": one.since, "reads": store.asked[one.id]}
        for one in _waiting(store)
    ]


def _waiting(store: dsl.Store) -> Iterable[Progress]:
    return list(store[Progress].all())


def _nothing() -> None:
    """Stand for an operation where nobody asked for one."""


def background_call(store: dsl.Store, base: str) -> dsl.Call:
    """Return a call that nobody made, by which GitLab does what it does later; ``base`` is that of the first call."""
    operation = dsl.Operation("v4", "POST", "", _nothing, USER, ParamSet(()), ())
    return dsl.Call(operation, store, base, {}, {}, {})


BACKGROUND = dsl.Background(settle, finish_by_hand, listed)
"""What the server needs to know of it."""
