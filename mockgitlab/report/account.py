"""Accounts: what one world, or one test, has to tell: its exchanges, what was verified, which roles were needed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockgitlab.report.exchange import Exchange, Lookup, exchange_of
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


def account_of(told: Mapping[str, Any], lookup: Lookup) -> Account:
    """Return an account from its JSON; raises ``ValueError`` when it is none."""
    try:
        return Account(
            tuple(exchange_of(line, lookup) for line in told["entries"]),
            told["name"],
            told["verification"],
            tuple(RoleNeed(**role) for role in told["roles"]),
            told["dropped"],
        )
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"this is no account of a world: {wrong!r}") from None


def accounts_of_lines(text: str, lookup: Lookup) -> list[Account]:
    """Return the accounts of a saved journal, JSON Lines: one for each ``world`` that its lines name.

    A line that has ``account`` tells of a world what is beside its requests. Raises ``ValueError`` naming the line
    that is none of a journal.
    """
    told: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                _take(told, json.loads(line), lookup)
            except ValueError as wrong:
                raise ValueError(f"line {number}: {wrong}") from None
    return [account_of(one, lookup) for one in told.values()]


def _take(told: dict[str, dict[str, Any]], line: Any, lookup: Lookup) -> None:
    if not isinstance(line, dict) or not isinstance(line.get("account", {}), dict):
        raise ValueError(f"this is no line of a journal: {str(line)[:100]}")
    name = str(line.get("world", ""))
    world = told.setdefault(name, {"name": name, "entries": [], "verification": {}, "roles": [], "dropped": 0})
    if "account" in line:
        world |= line["account"]
    else:
        exchange_of(line, lookup)
        world["entries"].append(line)


def account_lines(told: Mapping[str, Any]) -> str:
    """Return an account as lines of a saved journal: what is beside the requests first."""
    beside = {name: told[name] for name in ("verification", "roles", "dropped")}
    lines = [{"account": beside}, *told["entries"]]
    return "".join(json.dumps({"world": told["name"], **line}) + "\n" for line in lines)
