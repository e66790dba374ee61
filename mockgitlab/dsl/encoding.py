"""Values as JSON: compact, letters as they are."""

import hashlib
import json
from typing import Any

import orjson

_slowly = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def encode(value: Any) -> bytes:
    """Return a value as JSON; integers beyond 64 bits and keys that are numbers are left to the standard library."""
    try:
        # Copied, as orjson's own bytes hold on to all the room that they were written in: 16 KB for 2 KB.
        return bytes(memoryview(orjson.dumps(value)))
    except TypeError:
        return _slowly(value).encode()


class Body:
    """Encoded JSON that answers share: its digest is computed once, and ``kept`` is what the journal keeps of it."""

    __slots__ = ("_digest", "data", "kept")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._digest = ""
        self.kept: bytes | None = None

    def __len__(self) -> int:
        return len(self.data)

    @property
    def digest(self) -> str:
        """The digest of the bytes: 32 hexadecimal digits which tell them from any other."""
        if not self._digest:
            self._digest = hashlib.sha1(self.data, usedforsecurity=False).hexdigest()[:32]
        return self._digest
