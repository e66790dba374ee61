"""An exchange, a request and its answer, as reports read it: from a world's journal, or from a saved one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockgitlab.dsl import Operation

Lookup = Callable[[str, str], Operation | None]
"""Finds an operation by its API and its key."""


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, secrets hidden; ``operation`` is nothing where no operation has the path.

    ``etag`` tells one body from another, ``more`` whether further pages follow.
    """

    id: int
    method: str
    path: str
    status: int
    operation: Operation | None = None
    user: str = ""
    token: str = ""
    scopes: tuple[str, ...] = ()
    query: Mapping[str, str] | None = None
    parameters: Mapping[str, Any] | None = None
    reason: str = ""
    findings: tuple[str, ...] = ()
    headers: Mapping[str, str] | None = None
    answer_headers: Mapping[str, str] | None = None
    body: str = ""
    size: int = 0
    base: str = ""

    @property
    def key(self) -> str:
        """The operation as people write it, or method and path where there is none."""
        return self.operation.key if self.operation else f"{self.method} {self.path}"

    @property
    def passed(self) -> bool:
        """Whether the request was granted."""
        return 0 < self.status < 400

    @property
    def etag(self) -> str:
        """The entity tag of the body, empty where it has none."""
        return (self.answer_headers or {}).get("ETag", "")

    def header(self, name: str) -> str:
        """Return a header of the request, empty where it has none."""
        return next((value for key, value in (self.headers or {}).items() if key.lower() == name.lower()), "")

    def given(self, name: str) -> Any:
        """Return a parameter of the request, nothing where it was not given."""
        return (self.parameters or {}).get(name)


def exchange_of(line: Mapping[str, Any], lookup: Lookup) -> Exchange:
    """Return the exchange that a line of a journal tells of; raises ``ValueError`` when it is none."""
    try:
        answer = line.get("answer") or {}
        return Exchange(
            int(line["id"]),
            str(line["method"]),
            str(line["path"]),
            int(line["status"]),
            lookup(line["api"], line["operation"]) if line.get("operation") else None,
            line.get("user") or "",
            line.get("token") or "",
            tuple(line.get("scopes") or ()),
            line.get("query") or {},
            line.get("parameters") or {},
            line.get("reason") or "",
            tuple(line.get("findings") or ()),
            line.get("headers") or {},
            answer.get("headers") or {},
            answer.get("body") or "",
            answer.get("size") or 0,
            line.get("base") or "",
        )
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"this is no line of a journal: {wrong!r}") from None


def lookup_in(tables: Mapping[str, Iterable[Operation]]) -> Lookup:
    """Return a lookup in tables of operations; each is indexed when it is first asked."""
    known: dict[str, dict[str, Operation]] = {}

    def find(api: str, key: str) -> Operation | None:
        if api not in known:
            known[api] = {one.key: one for one in tables[api]} if api in tables else {}
        return known[api].get(key)

    return find
