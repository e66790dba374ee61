"""What tests ask of a world beside its API: what it holds, what the client sent, and what is to be said about that."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockgitlab.report.entry import Entry
from mockgitlab.report.expectations import expectation, judge, judge_order
from mockgitlab.report.journal import Journal
from mockgitlab.store import Store, parse_duration
from mockgitlab.web.fault_options import fault
from mockgitlab.web.faults import ActiveFault, Faults
from mockgitlab.web.state import state_of
from mockgitlab.web.worlds import World

if TYPE_CHECKING:
    from mockgitlab.dsl import Delivery
    from mockgitlab.report.summary import Finding, Summary
    from mockgitlab.web.gateway import Gateway


class Evidence:
    """One world, its journal and what is expected of it; ``MockGitLab`` and ``Sandbox`` have these methods."""

    gateway: "Gateway"

    @property
    def world(self) -> World:
        """The world that is asked."""
        raise NotImplementedError

    # The world

    @property
    def store(self) -> Store:
        """The store of the world."""
        return self.world.store

    @property
    def now(self) -> str:
        """The instant at which the world stands."""
        return self.store.clock.now

    def advance(self, duration: str) -> None:
        """Move the clock forward: ``advance("2h")``."""
        self.store.advance_clock(parse_duration(duration))
        self._settle()

    def set_clock(self, instant: str) -> None:
        """Move the clock to an instant: ``set_clock("2024-05-02T00:00:00Z")``."""
        self.store.set_clock(instant)
        self._settle()

    def _settle(self) -> None:
        background = self.gateway.pipeline.definitions.background
        if background is not None:
            background.settle(self.store)
            self.gateway.pipeline.post(self.world)

    def transition(self, **kinds: Any) -> None:
        """Let background work take its time from now on: ``transition(imports={"reads": 3}, deletions="manual")``."""
        self.world.set_transitions(kinds)

    def finish(self, kind: str | None = None, id: int | None = None) -> int:
        """Finish what GitLab does in the background, all or of one kind: ``finish("imports")``; returns how much."""
        background = self.gateway.pipeline.definitions.background
        done = background.finish(self.store, kind, id) if background is not None else 0
        self.gateway.pipeline.post(self.world)
        return done

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Return every record of the world, by kind."""
        return state_of(self.store)

    # What happened in it

    @property
    def journal(self) -> Journal:
        """The requests that were answered: a list to ``filter``, ``wait_for`` and ``clear``."""
        return self.world.journal

    def deliveries(self, *, timeout: float = 10.0, **wanted: Any) -> "list[Delivery]":
        """Return what hooks were sent, once all is delivered: ``deliveries(event="Push Hook", status=200)``.

        What they have: ``event``, ``trigger``, ``hook_id``, ``url`` (with ``*``), ``status`` (a number or ``4xx``).
        Raises ``TimeoutError`` when something is still on its way after ``timeout`` seconds.
        """
        return self.world.delivered(self.gateway.pipeline.definitions.deliveries, timeout, **wanted)

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

    @property
    def traps(self) -> list[str]:
        """The names of the traps that are set."""
        return self.world.traps.names

    def trap(self, *names: str) -> None:
        """Set traps from now on: ``trap("no_totals", "html_429")``; raises ``ValueError`` for one that there is not."""
        self.world.traps.set(*names)

    def findings(self) -> "list[Finding]":
        """Return what is against the contract, more than needed, or could be spared."""
        from mockgitlab.web.accounts import findings_in

        return findings_in(self.gateway, self.world)

    def report(self, *, max_requests: int | None = None) -> "Summary":
        """Return the summary of what the client did: covered, wasted, needed, broken.

        ``report().write("report.html")`` writes it, as JUnit XML, JSON, Markdown, HTML or text by the suffix.
        """
        from mockgitlab.web.accounts import summary_of

        return summary_of(self.gateway, self.world, max_requests=max_requests)

    def verify(self) -> None:
        """Raise ``AssertionError`` when something that the scenario expects did not happen."""
        verification = self.world.verify()
        if not verification.ok:
            raise AssertionError(verification.told())
