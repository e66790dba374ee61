"""Traps of bad days: answers that are lost, late, or a proxy's."""

from collections.abc import Callable, Iterable
from typing import Any

from mockgitlab.store import Store
from mockgitlab.web.fault_options import fault
from mockgitlab.web.faults import Fault
from mockgitlab.web.trap import Trap

SLOW = "2s"


def _fault(on: str, **options: Any) -> Callable[[Store], Iterable[Fault]]:
    declared = fault(on, **options)
    return lambda store: [declared]


OUTAGES = (
    Trap(
        "lost_answers",
        "every write is carried out, and the first answer to it is lost: the connection is reset",
        "clients that simply try again write twice",
        faults=_fault("WRITE /*", first=1, per="request", lose=True),
    ),
    Trap(
        "bad_gateway_after_write",
        "every write is carried out, and the first answer to it is the 502 page of a proxy",
        "clients that try again on 5xx write twice",
        faults=_fault("WRITE /*", first=1, per="request", lose=True, status=502, answer="html"),
    ),
    Trap(
        "bad_gateway",
        "the first read of every operation gets the 502 page of a proxy",
        "clients give up on, or parse, what a second try would mend",
        faults=_fault("READ /*", first=1, per="operation", status=502, answer="html"),
    ),
    Trap(
        "slow_answers",
        f"the first answer of every operation takes {SLOW}",
        "clients have no timeout, or too short a one",
        faults=_fault("ANY /*", first=1, per="operation", latency=SLOW),
    ),
)
"""Of connections and proxies."""
