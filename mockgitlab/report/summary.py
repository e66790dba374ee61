"""The summary of what a client did: the one structure that every format of a report is made of."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mockgitlab.dsl import Operation
from mockgitlab.report.account import Account
from mockgitlab.report.coverage import Coverage, cover
from mockgitlab.report.exchange import Exchange
from mockgitlab.report.options import FAILING
from mockgitlab.report.privileges import Privilege, RoleNeed, least_privileges
from mockgitlab.report.verification import over_budget
from mockgitlab.report.waste import find_waste

KINDS = {
    "expectation": "Unmet expectations",
    "budget": "Too many requests",
    "contract": "Against the contract",
    "unused": "Stubs and faults that met no request",
    "privilege": "More privileges than needed",
    "waste": "Requests that could be spared",
    "coverage": "Answers never met",
}
"""The kinds of findings, each with its heading, the gravest first."""
PLACES_AT_MOST = 5


@dataclass(frozen=True)
class Finding:
    """One thing that a report tells: ``operation`` it is about, if any, and the requests ``where`` it was seen.

    ``failing`` breaks the contract; ``known`` stands in the baseline and does not.
    """

    kind: str
    operation: str
    text: str
    where: tuple[str, ...] = ()
    failing: bool = False
    known: bool = False

    @property
    def breaks(self) -> bool:
        """Whether it breaks the contract."""
        return self.failing and not self.known

    @property
    def places(self) -> str:
        """The requests where it was seen, of many the first."""
        more = len(self.where) - PLACES_AT_MOST
        return ", ".join(self.where[:PLACES_AT_MOST]) + (f" and {more} more" if more > 0 else "")

    def to_json(self) -> dict[str, Any]:
        """Return the finding as JSON."""
        return {
            "kind": self.kind,
            "operation": self.operation or None,
            "text": self.text,
            "where": list(self.where),
            "failing": self.failing,
            "known": self.known,
        }


@dataclass(frozen=True)
class Summary:
    """What a client did and what is to be said about it."""

    exchanges: tuple[Exchange, ...]
    accounts: int
    dropped: int
    coverage: Coverage
    privileges: tuple[Privilege, ...]
    findings: tuple[Finding, ...]
    expectations: tuple[Mapping[str, Any], ...]

    @property
    def ok(self) -> bool:
        """Whether the contract was kept."""
        return not any(finding.breaks for finding in self.findings)

    @property
    def refused(self) -> int:
        """How many requests were refused."""
        return sum(not one.passed for one in self.exchanges)

    @property
    def breaking(self) -> int:
        """How many findings break the contract."""
        return sum(finding.breaks for finding in self.findings)

    def listed(self) -> dict[str, list[Finding]]:
        """Return the findings by the heading of their kind, without the gaps that break nothing: these are many."""
        shown = [one for one in self.findings if one.kind != "coverage" or one.breaks]
        by_kind = {title: [one for one in shown if one.kind == kind] for kind, title in KINDS.items()}
        return {title: found for title, found in by_kind.items() if found}

    def findings_of(self, kind: str) -> list[Finding]:
        """Return the findings of a kind."""
        return [one for one in self.findings if one.kind == kind]

    def counts(self) -> list[str]:
        """Return how many requests, refusals and operations there were, in words."""
        told = [count(len(self.exchanges), "request"), f"{self.refused:,} refused"]
        apis = self.coverage.to_json()["apis"]
        told += [f"{use['used']} of {use['known']} operations of {api}" for api, use in apis.items()]
        return [*told, *([f"{self.dropped:,} dropped by the journal"] if self.dropped else [])]

    def verdict(self) -> str:
        """Say in a sentence whether the contract was kept."""
        known = sum(finding.failing and finding.known for finding in self.findings)
        told = "The contract was kept" if self.ok else f"The contract was broken: {count(self.breaking, 'finding')}"
        return told + (f" ({known} known)" if known else "")

    def write(self, path: str | Path, format: str | None = None) -> None:
        """Write the report to a file, in a format or in that of the suffix.

        Suffixes: .xml (JUnit), .json, .md, .html, .txt, .pact.json. Raises ``ValueError`` for a suffix that none has.
        """
        from mockgitlab.report.formats import write

        write(self, Path(path), format)

    def to_json(self) -> dict[str, Any]:
        """Return the summary as JSON."""
        return {
            "ok": self.ok,
            "verdict": self.verdict(),
            "requests": len(self.exchanges),
            "refused": self.refused,
            "dropped": self.dropped,
            "worlds": self.accounts,
            "findings": [finding.to_json() for finding in self.findings],
            "coverage": self.coverage.to_json(),
            "privileges": [privilege.to_json() for privilege in self.privileges],
            "expectations": [dict(verdict) for verdict in self.expectations],
        }


def count(number: int, what: str) -> str:
    """Return a number with its noun: ``1 finding``, ``2 findings``."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def summarise(
    accounts: Sequence[Account],
    tables: Mapping[str, Iterable[Operation]],
    *,
    max_requests: int | None = None,
    failing: Collection[str] = FAILING,
) -> Summary:
    """Return the summary of what worlds have to tell; findings of the kinds ``failing`` break the contract."""
    exchanges = tuple(one for account in accounts for one in account.exchanges)
    coverage = cover(exchanges, tables)
    privileges = tuple(least_privileges(exchanges, _roles(accounts)))
    found = [
        *_verified(accounts),
        *_budget(exchanges, max_requests),
        *_contract(accounts),
        *(Finding("privilege", "", one.told()) for one in privileges if one.excessive),
        *_waste(accounts),
        *_gaps(coverage),
    ]
    ranks = {kind: rank for rank, kind in enumerate(KINDS)}
    findings = [replace(one, failing=one.kind in failing) for one in sorted(found, key=lambda one: ranks[one.kind])]
    dropped = sum(account.dropped for account in accounts)
    return Summary(exchanges, len(accounts), dropped, coverage, privileges, tuple(findings), _expectations(accounts))


def _verified(accounts: Sequence[Account]) -> Iterator[Finding]:
    for account in accounts:
        where = (account.name,) if account.name else ()
        for verdict in account.verification.get("expectations", ()):
            if not verdict["met"]:
                yield Finding("expectation", "", verdict["told"], where)
        if told := account.verification.get("over_budget"):
            yield Finding("budget", "", told, where)
    for name in ("stub", "fault"):
        unused = [set(account.verification.get(f"unused_{name}s", ())) for account in accounts]
        for one in sorted(set.intersection(*unused)) if unused else ():
            yield Finding("unused", "", f"no request met the {name} {one}")


def _expectations(accounts: Sequence[Account]) -> tuple[dict[str, Any], ...]:
    """Return each expectation once, met where it was in every world, with the number of all that came."""
    found: dict[str, dict[str, Any]] = {}
    for verdict in (verdict for account in accounts for verdict in account.verification.get("expectations", ())):
        known = found.setdefault(verdict["expected"], {"expected": verdict["expected"], "met": True, "count": 0})
        known["met"] = known["met"] and verdict["met"]
        known["count"] += verdict["count"]
    return tuple(found.values())


def _budget(exchanges: Sequence[Exchange], most: int | None) -> Iterator[Finding]:
    if told := over_budget(Counter(one.key for one in exchanges), 0, most):
        yield Finding("budget", "", told)


def _contract(accounts: Sequence[Account]) -> Iterator[Finding]:
    places: dict[tuple[str, str], list[str]] = {}
    for account in accounts:
        for one in account.exchanges:
            for text in one.findings:
                places.setdefault((one.key, text), []).append(account.place(one.id))
    yield from (Finding("contract", key, text, tuple(where)) for (key, text), where in places.items())


def _waste(accounts: Sequence[Account]) -> Iterator[Finding]:
    """Gather the waste of all worlds: of the same kind and operation the largest is told."""
    found = [(account, one) for account in accounts for one in find_waste(account.exchanges)]
    by_kind: dict[tuple[str, str], list[tuple[Account, Any]]] = {}
    for account, one in found:
        by_kind.setdefault((one.kind, one.operation), []).append((account, one))
    for (kind, operation), same in by_kind.items():
        account, worst = max(same, key=lambda pair: pair[1].spared)
        where = tuple(account.place(id) for id in worst.requests)
        yield Finding("waste", operation, f"{kind}: {worst.told}", where)


def _gaps(coverage: Coverage) -> Iterator[Finding]:
    for use in coverage.used:
        yield from (Finding("coverage", use.key, f"no request has met {status}") for status in use.unmet)


def _roles(accounts: Sequence[Account]) -> list[RoleNeed]:
    """Return for every user the need of that world in which the highest role was needed."""
    found: dict[str, RoleNeed] = {}
    for need in (need for account in accounts for need in account.roles):
        known = found.get(need.user)
        if known is None or need.rank > known.rank:
            found[need.user] = need
    return list(found.values())
