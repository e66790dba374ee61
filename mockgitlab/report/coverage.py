"""How much of GitLab's API a client uses, and which of its answers the client has never met."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockgitlab.dsl import Operation
from mockgitlab.report.exchange import Exchange
from mockgitlab.report.statuses import documented


@dataclass(frozen=True)
class OperationUse:
    """How an operation was used: how often, with which answers and which parameters.

    ``unmet`` are the documented statuses that no request has produced; ``known_parameters`` are empty for what is not
    built, of which the parameters are not known.
    """

    api: str
    key: str
    requests: int
    statuses: Mapping[int, int]
    unmet: tuple[int, ...]
    parameters: Mapping[str, int]
    known_parameters: tuple[str, ...]

    @property
    def unused_parameters(self) -> tuple[str, ...]:
        """The parameters that no request has used."""
        return tuple(name for name in self.known_parameters if name not in self.parameters)

    def to_json(self) -> dict[str, Any]:
        """Return the use as JSON."""
        return {
            "api": self.api,
            "operation": self.key,
            "requests": self.requests,
            "statuses": {str(status): number for status, number in self.statuses.items()},
            "unmet_statuses": list(self.unmet),
            "parameters": dict(self.parameters),
            "unused_parameters": list(self.unused_parameters),
        }


@dataclass(frozen=True)
class Coverage:
    """The operations that a client used, of those that its APIs have, and the requests that no operation has."""

    used: tuple[OperationUse, ...]
    known: Mapping[str, int]
    elsewhere: int

    def to_json(self) -> dict[str, Any]:
        """Return the coverage as JSON."""
        used = Counter(one.api for one in self.used)
        apis = {api: {"used": used[api], "known": number} for api, number in self.known.items()}
        return {"apis": apis, "elsewhere": self.elsewhere, "operations": [one.to_json() for one in self.used]}


def cover(exchanges: Iterable[Exchange], tables: Mapping[str, Iterable[Operation]]) -> Coverage:
    """Return how much of the APIs that they ask the exchanges use."""
    by_operation: dict[tuple[str, str], list[Exchange]] = {}
    elsewhere = 0
    for one in exchanges:
        if one.operation is None:
            elsewhere += 1
        else:
            by_operation.setdefault((one.operation.api, one.operation.path + one.method), []).append(one)
    used = tuple(_use(by_operation[place]) for place in sorted(by_operation))
    known = {api: len(list(tables[api])) for api in sorted({one.api for one in used})}
    return Coverage(used, known, elsewhere)


def _use(exchanges: list[Exchange]) -> OperationUse:
    operation = exchanges[0].operation
    assert operation is not None, "exchanges are gathered by their operation"
    statuses = Counter(one.status for one in exchanges)
    in_path = {name for name, _ in operation.locators} | set(operation.unlocated)
    known = [name for name in operation.params.params if name not in in_path]
    return OperationUse(
        operation.api,
        operation.key,
        len(exchanges),
        dict(sorted(statuses.items())),
        tuple(status for status in documented(operation) if status not in statuses),
        dict(sorted(Counter(name for one in exchanges for name in one.parameters or {}).items())),
        tuple(known) if operation.built else (),
    )
