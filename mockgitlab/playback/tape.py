"""Playing a recording: each world has its own place in it."""

import difflib
import threading
from collections.abc import Iterable, Iterator

from mockgitlab.playback.exchange import Got
from mockgitlab.playback.hosts import Rehost
from mockgitlab.playback.matching import Asked, criteria, diff, fits, segments
from mockgitlab.playback.proxy import client_headers
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.secrets import MARK
from mockgitlab.web.answer import JSON
from mockgitlab.web.playing import Mismatch, Played, Rules, played
from mockgitlab.web.request import Request

KEPT_ANSWERS = 1_024
COMPARED_AT_MOST = 500
_OF_BROWSERS = ("access-control-allow-origin", "access-control-expose-headers")
"""Headers that the server itself adds for a browser's script."""
Key = tuple[str, tuple[str, ...]]


class PlayedRecording:
    """A recording and the rules by which it is played; what is made of it is shared by all worlds."""

    def __init__(self, recording: Recording, rules: Rules) -> None:
        self.recording = recording
        self.rules = rules
        self._answers: dict[tuple[int, str], Played] = {}
        self._index: dict[Key | None, list[int]] | None = None

    @property
    def file(self) -> str:
        """The recording's file."""
        return self.recording.file

    @property
    def torn(self) -> bool:
        """Whether a recorder was killed while it wrote the last exchange, which is left out."""
        return self.recording.torn

    def fresh(self) -> "PlayedTape":
        """Return the recording at its beginning."""
        return PlayedTape(self)

    def answer(self, index: int, base: str) -> Played:
        """Return what is sent for an exchange to a client that knows this server by a base URL."""
        key = (index, base)
        known = self._answers.get(key)
        if known is None:
            exchange = self.recording[index]
            name = f"{self.recording.file} #{index + 1} {exchange.request}"
            known = as_answer(exchange.response, self.recording.upstream, base, name)
            if len(self._answers) >= KEPT_ANSWERS:
                self._answers = {}
            self._answers[key] = known
        return known

    def candidates(self, asked: Asked) -> Iterable[int]:
        """Return the exchanges that a request may fit, in their order, by method and path."""
        if not {"method", "path"} <= set(self.rules.on):
            return range(len(self.recording))
        if self._index is None:
            self._index = {}
            for number, (method, path) in enumerate(self.recording.heads()):
                self._index.setdefault(None if MARK in path else (method, segments(path)), []).append(number)
        known, vague = self._index.get((asked.method, segments(asked.path)), []), self._index.get(None, [])
        return sorted([*known, *vague]) if vague else known


class PlayedTape:
    """A recording as it is played in one world; safe among threads."""

    def __init__(self, played: PlayedRecording) -> None:
        self._played = played
        self._rules = played.rules
        self._recording = played.recording
        self._used: set[int] = set()
        self._next = 0
        self._lock = threading.Lock()

    @property
    def behind(self) -> bool:
        """Whether the API answers what fits no exchange."""
        return self._rules.behind

    def take(self, request: Request, body: bytes) -> Played | None:
        """Return the answer of the exchange that a request fits, which then is played; nothing when it fits none."""
        asked = Asked(request, body, self._recording.upstream)
        with self._lock:
            index = self._following(asked) if self._rules.order == "strict" else self._matching(asked)
            if index is None:
                return None
            self._used.add(index)
        return self._played.answer(index, request.base)

    def _fits(self, asked: Asked, index: int) -> bool:
        return fits(asked, self._recording[index].request, self._rules)

    def _following(self, asked: Asked) -> int | None:
        if self._next >= len(self._recording) or not self._fits(asked, self._next):
            return None
        self._next += 1
        return self._next - 1

    def _matching(self, asked: Asked) -> int | None:
        candidates = self._played.candidates(asked)
        found = next((one for one in candidates if one not in self._used and self._fits(asked, one)), None)
        if found is not None or not self._rules.repeat:
            return found
        return next((one for one in reversed(list(candidates)) if self._fits(asked, one)), None)

    def _left(self) -> Iterator[int]:
        return (index for index in range(self._next, len(self._recording)) if index not in self._used)

    def unused(self) -> list[str]:
        """Return the exchanges that were not played."""
        heads = self._recording.heads()
        return [f"{self._recording.file} #{index + 1} {' '.join(heads[index])}" for index in self._left()]

    def mismatch(self, request: Request, body: bytes) -> Mismatch:
        """Say why a request fits nothing: how it differs from what comes next, or is most like it."""
        asked = Asked(request, body, self._recording.upstream)
        came = f"{asked.method} {asked.path}" + (f"?{request.query}" if request.query else "")
        index = self._expected(asked)
        if index is None:
            return Mismatch(f"{came}: all {len(self._recording)} exchanges of {self._recording.file} have been played")
        sent = self._recording[index].request
        place = f"exchange {index + 1} of {len(self._recording)} in {self._recording.file}"
        told = f"{came} fits no exchange that is left"
        lines = tuple(diff(asked, sent, self._rules))
        return Mismatch(told, f"{sent} ({place})", criteria(asked, sent, self._rules), lines)

    def _expected(self, asked: Asked) -> int | None:
        left = self._left()
        if self._rules.order == "strict":
            return next(left, None)
        few = [index for index, _ in zip(left, range(COMPARED_AT_MOST), strict=False)]
        heads = self._recording.heads()
        return max(few, key=lambda index: _likeness(asked, *heads[index]), default=None)


def _likeness(asked: Asked, method: str, path: str) -> float:
    return (asked.method == method) + 2 * difflib.SequenceMatcher(None, asked.path, path).ratio()


def as_answer(got: Got, upstream: str, base: str, name: str) -> Played:
    """Return a recorded response as it is sent, URLs of the upstream being those of this server."""
    there = Rehost(upstream, base)
    body = there.data(got.body.encoded()) if got.body.kind in ("json", "form", "text") else got.body.encoded()
    pairs = [pair for pair in client_headers(got.headers, there) if pair[0].lower() not in _OF_BROWSERS]
    if got.body.kind == "json" and not any(pair[0].lower() == "content-type" for pair in pairs):
        pairs.append(("Content-Type", JSON))
    return played(got.status, pairs, body, name)
