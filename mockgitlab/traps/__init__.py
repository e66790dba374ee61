"""The table of traps: what the real GitLab does that breaks clients which never saw it.

Each is set by its name: in a scenario (``traps: [no_totals]``), by ``@pytest.mark.mockgitlab(traps=[...])``,
``MockGitLab(traps=[...])``, ``mockgitlab serve --trap``, or at ``/_mockgitlab/traps``.
"""

from mockgitlab.traps.limits import LIMITS
from mockgitlab.traps.outages import OUTAGES
from mockgitlab.traps.shapes import SHAPES
from mockgitlab.traps.states import STATES
from mockgitlab.web.trap import Trap

__all__ = ["TRAPS"]

WAITING = (
    Trap(
        "early_webhooks",
        "a webhook comes before the diff is there: no changes, no diff_refs",
        "receivers read the diff at once",
        waits_for="webhooks",
    ),
    Trap(
        "repeated_webhooks",
        "webhooks come twice, late and out of order",
        "receivers do everything twice",
        waits_for="webhooks",
    ),
)
TRAPS = {trap.name: trap for trap in (*LIMITS, *OUTAGES, *SHAPES, *STATES, *WAITING)}
"""Every trap by its name."""
