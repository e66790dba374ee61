"""Whether two answers say the same, value by value, up to what cannot be the same in two servers.

Taken for equal are: a scrubbed secret and any text; two commits, trees or threads that are called the same throughout;
the numbers of records that the session made, likewise; two instants from the clock's on; pictures from Gravatar, whose
address is made of an email that a recording does not keep; how large repositories are, whose commits have such emails.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mockgitlab.playback.exchange import Body
from mockgitlab.playback.secrets import MARK
from mockgitlab.store import parse_instant

_TOKENS = re.compile(r"(?<![0-9a-z])(?:[0-9a-f]{32}|[0-9a-f]{40,64}|[0-9a-f]{8}|[0-9]+)(?![0-9a-z])")
_HASH = re.compile(r"[0-9a-f]{8}|[0-9a-f]{32}|[0-9a-f]{40,64}")
_PICTURES = re.compile(r"https?://(?:www|secure)\.gravatar\.com/avatar/")
_SIZES = re.compile(r"(?:root_)?repository_size|(?:storage|wiki|snippets)_size")
_SHOWN_AT_MOST = 60


class Difference(NamedTuple):
    """One difference: where it is, and in words."""

    place: str
    told: str

    def __str__(self) -> str:
        return f"{self.place}: {self.told}"


class Comparison:
    """Compares recorded answers with new ones in their order; what was called what is remembered from each to the next.

    ``clock`` is the instant at which the session began.
    """

    def __init__(self, clock: str) -> None:
        self._clock = clock
        self._hashes: dict[str, str] = {}
        self._numbers: dict[str, str] = {}

    def made(self, recorded: Any, came: Any) -> None:
        """Note the numbers of a record that the session made: what a POST answered then and now."""
        if isinstance(recorded, dict) and isinstance(came, dict):
            for key, value in recorded.items():
                if key.endswith("id") and type(value) is int and type(came.get(key)) is int:
                    self._numbers[str(value)] = str(came[key])

    def bodies(self, recorded: Body, came: Body) -> list[Difference]:
        """Return how a body differs from the recorded one."""
        if recorded.kind != came.kind:
            return [Difference("body", f"was {recorded.kind or 'empty'}, is {came.kind or 'empty'}")]
        if recorded.kind == "json":
            return list(self._values(recorded.value, came.value, "body"))
        same = recorded.value == came.value or self._alike(recorded.value, came.value)
        return [] if same else [Difference("body", _changed(recorded.value, came.value))]

    def _values(self, was: Any, now: Any, place: str) -> Iterator[Difference]:
        if isinstance(was, dict) and isinstance(now, dict):
            yield from self._objects(was, now, place)
        elif isinstance(was, list) and isinstance(now, list):
            if len(was) != len(now):
                yield Difference(place, f"had {len(was)} items, has {len(now)}")
            for index, (one, other) in enumerate(zip(was, now, strict=False)):
                yield from self._values(one, other, f"{place}[{index}]")
        elif (type(was) is not type(now) or was != now) and not self._alike(was, now):
            yield Difference(place, _changed(was, now))

    def _objects(self, was: dict[str, Any], now: dict[str, Any], place: str) -> Iterator[Difference]:
        for key, value in was.items():
            if key in now and _SIZES.fullmatch(key) and type(value) is type(now[key]) is int:
                continue
            if key in now:
                yield from self._values(value, now[key], f"{place}.{key}")
            else:
                yield Difference(f"{place}.{key}", f"is gone, was {_shown(value)}")
        for key in now.keys() - was.keys():
            yield Difference(f"{place}.{key}", f"is new: {_shown(now[key])}")

    def _alike(self, was: Any, now: Any) -> bool:
        """Tell whether two values that are not equal mean the same."""
        if type(was) is int and type(now) is int:
            return self._numbers.get(str(was)) == str(now)
        if not isinstance(was, str) or not isinstance(now, str):
            return False
        return MARK in was or self._later(was, now) or self._pictures(was, now) or self._named_alike(was, now)

    def _later(self, was: str, now: str) -> bool:
        try:
            begun = parse_instant(self._clock)
            return min(parse_instant(was), parse_instant(now)) >= begun
        except (ValueError, TypeError):
            return False

    @staticmethod
    def _pictures(was: str, now: str) -> bool:
        return _PICTURES.match(was) is not None and _PICTURES.match(now) is not None

    def _named_alike(self, was: str, now: str) -> bool:
        """Tell whether two texts differ in hashes and numbers alone, that stand for one another throughout."""
        if _TOKENS.split(was) != _TOKENS.split(now):
            return False
        return all(map(self._same, _TOKENS.findall(was), _TOKENS.findall(now)))

    def _same(self, was: str, now: str) -> bool:
        if was == now or self._numbers.get(was) == now:
            return True
        return bool(_HASH.fullmatch(was) and len(was) == len(now)) and self._hashes.setdefault(was, now) == now


def _changed(was: Any, now: Any) -> str:
    return f"was {_shown(was)}, is {_shown(now)}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_AT_MOST else f"{text[:_SHOWN_AT_MOST]}…"
