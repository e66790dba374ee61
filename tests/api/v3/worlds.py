"""Worlds of other tests, seen by a client of API v3."""

from typing import Any

from tests.support import WORLD, Api


def v3_api(world: Any = None, **gitlab: Any) -> Api:
    """Return a client of API v3 of a world, the usual one unless given, with further settings."""
    return Api(world or WORLD, {"mockgitlab": 1, "gitlab": {"api": ["v3", "v4"], **gitlab}}, prefix="/api/v3/")
