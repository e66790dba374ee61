"""The least that each token needs: the smallest scopes, and the lowest role of its user, for what it was seen to do."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from mockgitlab.report.exchange import Exchange

WEIGHTS = {"sudo": 1_000, "api": 100, "read_api": 10}
"""How much a scope allows; the others allow one thing each."""
LESSER = {"api": {"read_api", "read_user", "read_repository"}, "read_api": {"read_user", "read_repository"}}
"""The scopes that allow a part of what a scope allows."""
SCOPES_AT_MOST = 4
"""So many scopes together are tried; no operation of a client's usual set needs more."""
Demand = tuple[str, frozenset[str]]
FEW = 0.1
"""What so small a part of the requests needs alone is told as an exception..."""
FEW_OF = 3
"""... of more than so many requests."""


@dataclass(frozen=True)
class RoleNeed:
    """The role that a user has and the lowest with which every request would have passed, as a trial showed.

    ``lower`` is the next role below and ``forced_by`` the operations that failed with it; ``unproven`` counts the
    requests that could not be tried, because what they met was not made through the API; ``rank`` is that of the needed
    role among all roles.
    """

    user: str
    role: str
    needed: str
    lower: str = ""
    forced_by: Mapping[str, int] | None = None
    unproven: int = 0
    rank: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the need as JSON."""
        return {
            "user": self.user,
            "role": self.role,
            "needed": self.needed,
            "lower": self.lower,
            "forced_by": dict(self.forced_by or {}),
            "unproven": self.unproven,
            "rank": self.rank,
        }


@dataclass(frozen=True)
class Privilege:
    """What a token has and what it needs.

    ``forced_by`` are the few operations without which ``else_needed`` would suffice; ``role`` is nothing where none
    was tried.
    """

    token: str
    user: str
    requests: int
    scopes: tuple[str, ...]
    needed: tuple[str, ...]
    else_needed: tuple[str, ...] = ()
    forced_by: Mapping[str, int] | None = None
    role: RoleNeed | None = None

    @property
    def excessive(self) -> bool:
        """Whether less would suffice."""
        lower = self.role is not None and self.role.needed != self.role.role
        return lower or self.needed != self.scopes or bool(self.forced_by)

    def told(self) -> str:
        """Say it in a sentence."""
        role = self.role
        has = f"token {self.token} of {self.user} has {_and(self.scopes)}" + (f" and is {role.role}" if role else "")
        text = f"{has}; {_enough(self.needed, role)}"
        if self.forced_by:
            text += f"; {_and(self.else_needed)} but for {_operations(self.forced_by)}"
        if role and role.forced_by and _few(sum(role.forced_by.values()), self.requests):
            text += f"; {role.lower or 'no role'} but for {_operations(role.forced_by)}"
        return text + (f" ({role.unproven} requests could not be tried)" if role and role.unproven else "")

    def to_json(self) -> dict[str, Any]:
        """Return the privilege as JSON."""
        return {
            "token": self.token,
            "user": self.user,
            "requests": self.requests,
            "scopes": list(self.scopes),
            "needed_scopes": list(self.needed),
            "else_needed_scopes": list(self.else_needed),
            "forced_by": dict(self.forced_by or {}),
            "role": self.role.to_json() if self.role else None,
            "told": self.told(),
        }


def _enough(scopes: Sequence[str], role: RoleNeed | None) -> str:
    if role is None or role.rank == 0:
        alone = f" {role.needed}" if role else ""
        return f"{_and(scopes)} suffice{'' if len(scopes) > 1 else 's'}{alone}"
    return f"{_and(scopes)} and {role.needed} suffice"


def _few(number: int, whole: int) -> bool:
    return whole > FEW_OF and number <= max(1, whole * FEW)


def _and(names: Sequence[str]) -> str:
    return " + ".join(names) or "no scope"


def _operations(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{key} ({number})" for key, number in counts.items())


def least_privileges(exchanges: Iterable[Exchange], roles: Iterable[RoleNeed] = ()) -> list[Privilege]:
    """Return what each token with scopes needs; ``roles`` are those that a trial found."""
    by_user = {one.user: one for one in roles}
    by_token: dict[tuple[str, str, tuple[str, ...]], list[Exchange]] = {}
    for one in exchanges:
        if one.operation is not None and one.passed and one.scopes:
            by_token.setdefault((one.token, one.user, one.scopes), []).append(one)
    return [_privilege(token, user, seen, by_user.get(user)) for (token, user, _), seen in sorted(by_token.items())]


def _privilege(token: str, user: str, seen: list[Exchange], role: RoleNeed | None) -> Privilege:
    scopes = seen[-1].scopes
    demands = [(one.key, demand) for one in seen for demand in _demands(one)]
    needed = _smallest({demand for _, demand in demands})
    forced, rest = _exceptions(demands, needed)
    return Privilege(token, user, len(seen), scopes, needed, rest, forced, role)


def _demands(one: Exchange) -> Iterator[frozenset[str]]:
    """Yield the sets of scopes of each of which a token needs one for a request."""
    if one.operation is not None and one.operation.scopes:
        yield frozenset(one.operation.scopes)
    if one.header("Sudo") or one.given("sudo"):
        yield frozenset(("sudo",))


def _smallest(demands: Collection[frozenset[str]]) -> tuple[str, ...]:
    """Return the scopes that allow least and meet every demand."""
    known = sorted({scope for demand in demands for scope in demand})
    sizes = range(min(len(demands), SCOPES_AT_MOST) + 1)
    choices = [choice for size in sizes for choice in combinations(known, size)]
    enough = [choice for choice in choices if all(demand.intersection(choice) for demand in demands)]
    return min(enough, key=lambda choice: sum(WEIGHTS.get(scope, 1) for scope in choice), default=tuple(known))


def _exceptions(demands: Sequence[Demand], needed: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the few operations that alone need the strongest of the scopes, and the scopes that the rest need."""
    strongest = max(needed, key=lambda scope: WEIGHTS.get(scope, 1), default="")
    others = set(needed) - {strongest}
    forcing = [
        (key, demand) for key, demand in demands if not demand.intersection(others | LESSER.get(strongest, set()))
    ]
    if not forcing or not _few(len(forcing), len(demands)):
        return {}, ()
    rest = _smallest({demand for key, demand in demands if (key, demand) not in forcing})
    return dict(Counter(key for key, _ in forcing)), rest
