"""Whether what was learned answers as what was recorded: the session is replayed, and what was read is compared."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mockgitlab.playback.bodies import read_body
from mockgitlab.playback.differences import Comparison, Difference
from mockgitlab.playback.exchange import Body, Exchange, Got, Pairs, Sent, header
from mockgitlab.playback.learn_reading import READS
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.secrets import MARK, PLACEHOLDER

Ask = Callable[[Sent], tuple[int, Pairs, bytes]]
"""Sends a request, and returns status, headers and body of the answer."""


@dataclass
class Replayed:
    """One recorded exchange, and how the new answer differs."""

    number: int
    request: str
    differences: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join([f"#{self.number} {self.request}", *(f"  {one}" for one in self.differences)])


def replay(recording: Recording, ask: Ask, clock: str) -> list[Replayed]:
    """Ask everything again in its order, and return how the answers differ.

    Of reads the bodies are compared, of writes whether they went as well; ``clock`` is the instant of the new world.
    """
    replayer = _Replayer(ask, Comparison(clock))
    return [
        Replayed(number, str(exchange.request), replayer.compare(exchange))
        for number, exchange in enumerate(recording, 1)
    ]


class _Replayer:
    """Asks with the numbers and tokens that the new answers gave in place of the recorded ones."""

    def __init__(self, ask: Ask, comparison: Comparison) -> None:
        self._ask = ask
        self._comparison = comparison
        self._paths: dict[str, str] = {}
        self._secrets: dict[str, str] = {}

    def compare(self, exchange: Exchange) -> list[Difference]:
        recorded, sent = exchange.response, self._translated(exchange.request)
        status, headers, data = self._ask(sent)
        came = Got(
            status, headers, Body() if sent.method == "HEAD" else read_body(data, header(headers, "content-type"))
        )
        if came.status != recorded.status:
            return [Difference("status", f"was {recorded.status}, is {came.status}{_reason(came)}")]
        if sent.method in READS:
            return self._comparison.bodies(recorded.body, came.body)
        self._note(exchange, came)
        return []

    def _note(self, exchange: Exchange, came: Got) -> None:
        """Remember what a write made under another number, and the secrets it told."""
        was, now = exchange.response.body.value, came.body.value
        self._comparison.made(was, now)
        if not isinstance(was, dict) or not isinstance(now, dict):
            return
        for key in ("iid", "id"):
            if key in was and key in now and was[key] != now[key]:
                path = exchange.request.path
                self._paths[f"{path}/{was[key]}"] = f"{self._path(path)}/{now[key]}"
        for key, value in was.items():
            if isinstance(value, str) and PLACEHOLDER.fullmatch(value) and isinstance(now.get(key), str):
                self._secrets[value] = now[key]

    def _translated(self, sent: Sent) -> Sent:
        headers = tuple((name, self._secret(value)) for name, value in sent.headers)
        query = tuple((name, self._secret(value)) for name, value in sent.query)
        return Sent(sent.method, self._path(sent.path), query, headers, sent.body)

    def _secret(self, text: str) -> str:
        return PLACEHOLDER.sub(lambda match: self._secrets.get(match[0], match[0]), text) if MARK in text else text

    def _path(self, path: str) -> str:
        for old in sorted(self._paths, key=len, reverse=True):
            if path == old or path.startswith(f"{old}/"):
                return self._paths[old] + path[len(old) :]
        return path


def _reason(came: Got) -> str:
    told: Any = header(came.headers, "x-mockgitlab-reason")
    value = came.body.value if came.body.kind == "json" and isinstance(came.body.value, dict) else {}
    told = told or value.get("message") or value.get("error")
    return f" ({told})" if told else ""
