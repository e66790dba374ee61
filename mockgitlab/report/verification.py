"""Whether everything that a scenario expects of the client happened."""

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

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong; where ``strict`` is ``fail``, findings and what was not used count as well."""
        spotless = not (self.findings or self.unused_stubs or self.unused_faults)
        return all(verdict.met for verdict in self.verdicts) and (spotless or self.strict != "fail")

    def told(self) -> str:
        """Return everything that went wrong, and what was not used."""
        failed = [verdict.told for verdict in self.verdicts if not verdict.met]
        unused = [f"unused stub: {stub}" for stub in self.unused_stubs]
        unused += [f"unused fault: {fault}" for fault in self.unused_faults]
        return "\n".join([*failed, *self.findings, *unused])

    def to_json(self) -> dict[str, Any]:
        """Return the verification as JSON."""
        return {
            "ok": self.ok,
            "expectations": [verdict.to_json() for verdict in self.verdicts],
            "unused_stubs": list(self.unused_stubs),
            "unused_faults": list(self.unused_faults),
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
) -> Verification:
    """Compare what came with what was expected; ``stubs`` are all there are, ``used`` those that answered.

    With ``strict`` (``warn`` or ``fail``) the findings on all requests are gathered too.
    """
    entries = list(journal)
    verdicts = tuple(judge(one, entries, journal.dropped) for one in expectations)
    known = set(used)
    findings = [f"#{entry.id} {text}" for entry in entries for text in entry.findings] if strict else []
    unused = tuple(stub for stub in stubs if stub not in known)
    return Verification(verdicts, unused, tuple(unused_faults), tuple(findings), strict)
