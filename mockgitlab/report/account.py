"""Accounts: what one world, or one test, has to tell: its exchanges, what was verified, which roles were needed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockgitlab.report.exchange import Exchange, Lookup, exchange_of, read_lines
from mockgitlab.report.journal import Journal
from mockgitlab.report.privileges import RoleNeed


@dataclass(frozen=True)
class Account:
    """The exchanges of one world; ``name`` is a sandbox's or a test's, ``verification`` the verdicts as JSON."""

    exchanges: tuple[Exchange, ...]
    name: str = ""
    verification: Mapping[str, Any] = field(default_factory=dict)
    roles: tuple[RoleNeed, ...] = ()
    dropped: int = 0

    def place(self, id: int) -> str:
        """Return how a request is called in a report: ``#3``, or with the name of the world before it."""
        return f"{self.name} #{id}".strip()


def account_json(
    name: str, journal: Journal, verification: Any, roles: Iterable[RoleNeed], dropped: int
) -> dict[str, Any]:
    """Return what a world has to tell, as JSON; ``dropped`` is how many requests its journal does not have."""
    entries = list(journal)
    return {
        "name": name,
        "entries": [entry.to_line() for entry in entries],
        "dropped": dropped,
        "verification": verification.to_json(),
        "roles": [role.to_json() for role in roles],
    }


def account_of(told: Mapping[str, Any], lookup: Lookup, name: str = "") -> Account:
    """Return an account from its JSON; raises ``ValueError`` when it is none."""
    try:
        return Account(
            tuple(exchange_of(line, lookup) for line in told["entries"]),
            name or told["name"],
            told["verification"],
            tuple(RoleNeed(**role) for role in told["roles"]),
            told["dropped"],
        )
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"this is no account of a world: {wrong!r}") from None


def accounts_of_lines(text: str, lookup: Lookup) -> list[Account]:
    """Return the accounts of a saved journal, JSON Lines: one for each ``world`` that its lines name."""
    exchanges = list(read_lines(text, lookup))
    worlds = [json.loads(line).get("world", "") for line in text.splitlines() if line.strip()]
    by_world: dict[str, list[Exchange]] = {}
    for world, one in zip(worlds, exchanges, strict=True):
        by_world.setdefault(world, []).append(one)
    return [Account(tuple(found), world) for world, found in by_world.items()]


def account_lines(told: Mapping[str, Any], name: str = "") -> str:
    """Return the entries of an account as the lines of a saved journal."""
    world = name or told["name"]
    return "".join(json.dumps({"world": world, **line}) + "\n" for line in told["entries"])
