"""Deliveries: what is posted elsewhere after a transaction, and what came back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from mockgitlab.dsl.call import Call
from mockgitlab.store import Row, Store


@dataclass(frozen=True)
class Parcel:
    """What is to be posted."""

    id: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    verify: bool = True


@dataclass(frozen=True)
class Outcome:
    """What came back; with ``status`` 0 nothing did, and ``error`` says why.

    ``withheld`` tells that nothing was sent, because nobody allowed it.
    """

    status: int = 0
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    error: str = ""
    withheld: bool = False


@dataclass(frozen=True)
class Delivery:
    """Something that a hook or a chat was sent: when, which event, where to, with what, and what came back.

    Without a ``status`` nothing came back, or not yet: ``reason`` says why. Secrets among the headers are hidden.
    """

    id: int
    hook_id: int | None
    at: str
    event: str
    trigger: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    json: Any = field(repr=False)
    status: int | None = None
    reason: str = ""
    answer_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    answer: str = ""
    integration: str = ""

    @property
    def pending(self) -> bool:
        """Whether it is still to be sent."""
        return self.status is None and not self.reason

    def to_json(self) -> dict[str, Any]:
        """Return the delivery as JSON."""
        return {**asdict(self), "reason": self.reason or None}


@dataclass(frozen=True)
class Deliveries:
    """How a server posts what operations leave to be posted.

    ``notify(call, changes)`` leaves something, in the transaction of the call that wrote the changes; ``next(store)``
    returns what is to be posted next, ``done(store, id, outcome)`` notes what came back, ``listed(store)`` tells of
    all, ``waiting(store)`` whether there is anything to be posted.
    """

    notify: Callable[[Call, tuple[tuple[Row | None, Row | None], ...]], None]
    next: Callable[[Store], Parcel | None]
    done: Callable[[Store, int, Outcome], None]
    listed: Callable[[Store], list[Delivery]]
    waiting: Callable[[Store], bool]


NONE = Deliveries(
    notify=lambda call, changes: None,
    next=lambda store: None,
    done=lambda store, id, outcome: None,
    listed=lambda store: [],
    waiting=lambda store: False,
)
"""Where nothing is ever posted."""
