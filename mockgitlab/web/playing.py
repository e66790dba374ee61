"""Playing recorded exchanges in front of the API: which requests fit them, and what is answered when none does."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from mockgitlab.report.matchers import Criterion
from mockgitlab.web.answer import Answer
from mockgitlab.web.reasons import header_text
from mockgitlab.web.request import Request

ORDERS = ("strict", "match")
CRITERIA = ("method", "path", "query", "body")


@dataclass(frozen=True)
class Rules:
    """How recorded exchanges are played.

    ``order`` is ``strict``, one after the other, or ``match``: in any order, each once or, with ``repeat``, the last
    that fits again and again. ``on`` are the criteria that a request must meet, ``headers`` those that must be equal
    besides; ``ignore`` names what does not matter: ``query.page``, ``body.user.name``. ``behind`` hands what fits no
    exchange to the API.
    """

    order: str = "strict"
    repeat: bool = False
    behind: bool = False
    on: tuple[str, ...] = CRITERIA
    headers: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mismatch:
    """Why a request fits no exchange that is left: the nearest one, criterion by criterion."""

    told: str
    expected: str = ""
    criteria: tuple[Criterion, ...] = ()
    diff: tuple[str, ...] = ()

    @property
    def likeness(self) -> int:
        """How many criteria are met."""
        return sum(one.met for one in self.criteria)

    def __str__(self) -> str:
        lines = [f"  {one}" for one in (*self.criteria, *self.diff)]
        return "\n".join([self.told, *([f"  expected next: {self.expected}"] if self.expected else []), *lines])


class Tape(Protocol):
    """Recorded exchanges as they are played in one world."""

    @property
    def behind(self) -> bool:
        """Whether the API answers what fits no exchange."""

    def take(self, request: Request, body: bytes) -> Answer | None:
        """Return the answer of the exchange that a request fits, which then is played; nothing when it fits none."""

    def mismatch(self, request: Request, body: bytes) -> Mismatch:
        """Say why a request fits nothing."""

    def unused(self) -> Sequence[str]:
        """Return the exchanges that were not played."""


class Playable(Protocol):
    """Recorded exchanges that can be played from the beginning, in any number of worlds."""

    @property
    def file(self) -> str:
        """The file that they are in."""

    @property
    def torn(self) -> bool:
        """Whether a recorder was killed while it wrote the last of them, which is left out."""

    def fresh(self) -> Tape:
        """Return them at their beginning."""


@dataclass(slots=True)
class Played(Answer):
    """An answer that is sent as it was recorded: ``headers``, and ``more`` of a name that stands more than once."""

    more: tuple[tuple[str, str], ...] = ()

    def all_headers(self) -> list[tuple[str, str]]:
        """Return the headers as recorded, with the length of what is sent unless they say one."""
        known = self.status in (204, 304) or any(name.lower() == "content-length" for name in self.headers)
        length = [] if known else [("Content-Length", str(len(self.body)))]
        return [*self.headers.items(), *self.more, *length]

    def unless_known(self, wanted: str | None) -> Answer:
        """Return the answer itself: whether the client knew it was settled when it was recorded."""
        return self


def played(status: int, pairs: Iterable[tuple[str, str]], body: bytes, name: str) -> Played:
    """Return an answer of a recording; ``name`` is what the journal calls it."""
    headers: dict[str, str] = {}
    more: list[tuple[str, str]] = []
    for key, value in pairs:
        if key in headers:
            more.append((key, value))
        else:
            headers[key] = value
    kind = next((value for key, value in headers.items() if key.lower() == "content-type"), "")
    return Played(status, body, kind, headers, stub=name, more=tuple(more))


@dataclass
class Playback:
    """What plays in one world: its tapes, and the requests that fitted none of them."""

    tapes: tuple[Tape, ...] = ()
    unexpected: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.tapes)

    def answer(self, request: Request, limit: int) -> Answer | None:
        """Return what was recorded for a request, or why nothing fits; nothing when it is for the API."""
        body = request.body(limit)
        request.environ["wsgi.input"] = io.BytesIO(body)
        for tape in self.tapes:
            answer = tape.take(request, body)
            if answer is not None:
                return answer
        if any(tape.behind for tape in self.tapes):
            return None
        told = max((tape.mismatch(request, body) for tape in self.tapes), key=lambda one: one.likeness)
        self.unexpected = [*self.unexpected, str(told)][:UNEXPECTED_AT_MOST]
        return refuse(told)

    def unused(self) -> list[str]:
        """Return the exchanges that were not played."""
        return [step for tape in self.tapes for step in tape.unused()]


UNEXPECTED_AT_MOST = 100


def refuse(told: Mismatch) -> Answer:
    """Return the answer to a request that fits no exchange: 400, which no client retries or takes for an absence."""
    from mockgitlab.dsl.encoding import encode

    body: dict[str, Any] = {
        "message": f"400 Bad request - {told.told}",
        "expected": told.expected or None,
        "criteria": [str(one) for one in told.criteria],
        "diff": list(told.diff),
    }
    failed = "; ".join(str(one) for one in told.criteria if not one.met)
    reason = f"{told.told}; expected next: {told.expected}; {failed}" if told.expected else told.told
    return Answer(400, encode(body), headers={"X-Mockgitlab-Reason": header_text(reason)}, reason=str(told))
