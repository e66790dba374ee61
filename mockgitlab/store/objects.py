"""Git objects: content that is named by its hash, never changed and never taken back.

A fork reads what lies below it and adds its own above, so that forking costs nothing and dropping a fork frees what was
added to it. An object that no ref leads to does no harm: a transaction that is rolled back leaves its objects behind.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

Raw = tuple[str, bytes]
"""The kind of an object (``blob``, ``tree``, ``commit``, ``tag``) and its content."""


class Objects:
    """The git objects of one world, over those of the world that it was forked from."""

    remembered_at_most = 4_096

    def __init__(self, below: "Objects | None" = None) -> None:
        self._own: dict[str, Raw] = {}
        self._below = below
        self._parsed: dict[str, Any] = {}

    def fork(self) -> "Objects":
        """Return objects that begin with these and go their own way."""
        return Objects(self if self._own else self._below)

    def added(self) -> Mapping[str, Raw]:
        """Return what a fork has beyond what it was forked from."""
        return self._own

    def adopt(self, fork: "Objects") -> None:
        """Keep what a fork of these added."""
        self._own.update(fork._own)

    def disown(self, fork: "Objects") -> None:
        """Forget what a fork of these added and these adopted."""
        for sha in fork._own:
            self._own.pop(sha, None)
            self._parsed.pop(sha, None)

    def add(self, kind: str, data: bytes) -> str:
        """Keep an object and return its name, 40 hexadecimal digits."""
        header = f"{kind} {len(data)}\0".encode()
        sha = hashlib.sha1(header + data, usedforsecurity=False).hexdigest()
        if self.get(sha) is None:
            self._own[sha] = (kind, data)
        return sha

    def get(self, sha: str) -> Raw | None:
        """Return an object, or nothing."""
        layer: Objects | None = self
        while layer is not None:
            found = layer._own.get(sha)
            if found is not None:
                return found
            layer = layer._below
        return None

    def parsed(self, sha: str) -> Any:
        """Return what an object was parsed to, if that is remembered."""
        return self._parsed.get(sha)

    def remember(self, sha: str, value: Any) -> None:
        """Remember what an object is parsed to; it is not to be changed."""
        if len(self._parsed) >= self.remembered_at_most:
            self._parsed.clear()
        self._parsed[sha] = value

    def data(self, sha: str, kind: str) -> bytes:
        """Return the content of an object of a kind; raises ``KeyError`` when there is none."""
        found = self.get(sha)
        if found is None or found[0] != kind:
            raise KeyError(f"there is no {kind} {sha}")
        return found[1]
