"""What tests of v3's pages about repositories share: the world of those of v4, seen by an old client."""

from typing import Any

from tests.api.v3.worlds import v3_api
from tests.api.v4.repositories import REPO, REPOSITORY, world
from tests.support import Api

__all__ = ["REPO", "make_api"]
PROTECTED = {"branches": REPOSITORY["branches"], "tags": REPOSITORY["tags"]}
"""The same with the default branch protected."""


def make_api(repository: Any = REPOSITORY, errors: str = "documented", **project: Any) -> Api:
    """Return a client of API v3 of that world."""
    return v3_api(world(repository, **project), errors=errors)
