"""Whether everything that a scenario expects of the client happened."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mockgitlab.report.expectations import Expectation, Verdict, judge
from mockgitlab.report.journal import Journal

STRICT = ("warn", "fail")
"""How strict a scenario may be: its findings are told, or count as failures."""


@dataclass(frozen=True)
class Verification:
    """The verdicts on all expectations of a world, and the stubs and faults that met no request."""

    verdicts: tuple[Verdict, ...]
    unused_stubs: tuple[str, ...] = ()
    unused_faults: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    strict: str | None = None
    over_budget: str = ""
    unused_exchanges: tuple[str, ...] = ()
    unfitting: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong; where ``strict`` is ``fail``, findings and what was not used count as well.

        A request that fits no recorded exchange went wrong in any case.
        """
        spotless = not (self.findings or self.unused_stubs or self.unused_faults or self.unused_exchanges)
        kept = all(verdict.met for verdict in self.verdicts) and not self.over_budget and not self.unfitting
        return kept and (spotless or self.strict != "fail")

    def told(self) -> str:
        """Return everything that went wrong, and what was not used."""
        failed = [verdict.told for verdict in self.verdicts if not verdict.met]
        failed += [self.over_budget] if self.over_budget else []
        failed += self.unfitting
        unused = [f"unused stub: {stub}" for stub in self.unused_stubs]
        unused += [f"unused fault: {fault}" for fault in self.unused_faults]
        unused += [f"unused exchange: {exchange}" for exchange in self.unused_exchanges]
        return "\n".join([*failed, *self.findings, *unused])

    def to_json(self) -> dict[str, Any]:
        """Return the verification as JSON."""
        return {
            "ok": self.ok,
            "over_budget": self.over_budget or None,
            "expectations": [verdict.to_json() for verdict in self.verdicts],
            "unused_stubs": list(self.unused_stubs),
            "unused_faults": list(self.unused_faults),
            "unused_exchanges": list(self.unused_exchanges),
            "unfitting": list(self.unfitting),
            "strict": self.strict,
            "findings": list(self.findings),
        }


def verify(
    expectations: Sequence[Expectation],
    journal: Journal,
    stubs: Iterable[str],
    used: Iterable[str],
    unused_faults: Iterable[str] = (),
    strict: str | None = None,
    max_requests: int | None = None,
) -> Verification:
    """Compare what came with what was expected; ``stubs`` are all there are, ``used`` those that answered.

    With ``strict`` (``warn`` or ``fail``) the findings on all requests are gathered too. More than ``max_requests``
    are a failure.
    """
    entries = list(journal)
    verdicts = tuple(judge(one, entries, journal.dropped) for one in expectations)
    known = set(used)
    findings = [f"#{entry.id} {text}" for entry in entries for text in entry.findings] if strict else []
    unused = tuple(stub for stub in stubs if stub not in known)
    over = over_budget(Counter(entry.operation or entry.path for entry in entries), journal.dropped, max_requests)
    return Verification(verdicts, unused, tuple(unused_faults), tuple(findings), strict, over)


def over_budget(made: Counter[str], dropped: int, most: int | None) -> str:
    """Say that more requests were made than there may be, and which most; nothing when it is not so."""
    number = made.total() + dropped
    if most is None or number <= most:
        return ""
    often = ", ".join(f"{key} ({times})" for key, times in made.most_common(3))
    return f"the client made {number} requests, max_requests is {most}; most often {often}"
