"""What tests ask of a world beside its API: what the client sent, and whether that is what it should have sent."""

from collections.abc import Mapping
from typing import Any

from mockgitlab.report.entry import Entry
from mockgitlab.report.expectations import expectation, judge, judge_order
from mockgitlab.report.journal import Journal
from mockgitlab.web.fault_options import fault
from mockgitlab.web.faults import ActiveFault, Faults
from mockgitlab.web.worlds import World


class Evidence:
    """The journal and the expectations of one world; ``MockGitLab`` and ``Sandbox`` have these methods."""

    @property
    def world(self) -> World:
        """The world that is asked."""
        raise NotImplementedError

    @property
    def journal(self) -> Journal:
        """The requests that were answered: a list to ``filter``, ``wait_for`` and ``clear``."""
        return self.world.journal

    def assert_called(self, on: str, **wanted: Any) -> list[Entry]:
        """Return the requests that are as wanted; raises ``AssertionError`` when there are too few or too many.

        ``assert_called("POST /projects/:id/issues", times=1, json={"title": {"regex": "^It"}})``. How many: ``times``,
        ``at_least``, ``at_most``, else at least one. What they have: ``json``, ``query``, ``params``, ``user``,
        ``token``, ``status``, each a value or a matcher: ``equal``, ``contains``, ``regex``, ``type``, ``any``.
        """
        verdict = judge(expectation(on, **wanted), list(self.journal), self.journal.dropped)
        if not verdict.met:
            raise AssertionError(verdict.told)
        return verdict.fitting

    def assert_not_called(self, on: str, **wanted: Any) -> None:
        """Raise ``AssertionError`` when there are requests as wanted."""
        self.assert_called(on, times=0, **wanted)

    def assert_order(self, *expected: str | Mapping[str, Any]) -> None:
        """Raise ``AssertionError`` unless these requests came in this order, others between them allowed.

        Each is a text, ``"POST /projects/:id/issues"``, or a mapping: ``{"on": ..., "json": ...}``.
        """
        wanted = [expectation(one) if isinstance(one, str) else expectation(**one) for one in expected]
        if told := judge_order(wanted, list(self.journal)):
            raise AssertionError(told)

    @property
    def faults(self) -> Faults:
        """The faults of the world."""
        return self.world.faults

    def fault(self, on: str, **options: Any) -> ActiveFault:
        """Let requests fail from now on: ``fault("POST /projects/:id/issues", nth=1, lose=True)``.

        When: ``nth``, ``first``, ``after``, ``every``, ``probability`` (with ``seed``), counted ``per`` ``operation``,
        ``token`` or ``request``, ``during`` (``10m`` on the clock); whose: ``token``, ``user``; what: ``status``,
        ``headers``, ``body``, ``latency`` (``250ms``, ``100ms..2s``), ``drip`` (the body bit by bit over ``2s``),
        ``answer`` (``reset``, ``empty``, ``truncated``, ``html``, ``malformed``), ``lose`` (carry it out and lose the
        answer).
        """
        return self.faults.add(fault(on, **options))

    def verify(self) -> None:
        """Raise ``AssertionError`` when something that the scenario expects did not happen."""
        verification = self.world.verify()
        if not verification.ok:
            raise AssertionError(verification.told())
