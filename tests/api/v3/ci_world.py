"""The world with CI of ``tests.pipeline_world``, called through v3."""

from typing import Any

from tests.pipeline_world import world
from tests.support import WORLD, Api


def api_with(settings: Any = None, *, tokens: Any = (), **rocket: Any) -> Api:
    """Return a client of v3: acme/rocket (1) of ada, with bob as developer, rex as reporter, gil as guest."""
    made = world({"api": ["v3", "v4"], **(settings or {})}, **rocket)
    return Api({**made, "tokens": [*WORLD["tokens"], *tokens]}, prefix="/api/v3/")
