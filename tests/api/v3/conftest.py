from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.support import WORLD, Api

ROCKET = {
    "id": 1,
    "http_url_to_repo": "http://localhost/acme/rocket.git",
    "web_url": "http://localhost/acme/rocket",
    "name": "rocket",
    "name_with_namespace": "acme / rocket",
    "path": "rocket",
    "path_with_namespace": "acme/rocket",
}
"""What is shown shortly of the project acme/rocket."""
SCENARIO = Path(__file__).parents[3] / "scenarios" / "v3.yaml"


@pytest.fixture
def api() -> Api:
    """The world of scenarios/v3.yaml: root (1), john_smith (2, owner of diaspora), jane (3, developer there)."""
    return Api(SCENARIO, prefix="/api/v3/")


@pytest.fixture
def observing() -> Api:
    """The same on an instance that words its errors as a live GitLab did."""
    return Api(SCENARIO, {"mockgitlab": 1, "gitlab": {"errors": "observed"}}, prefix="/api/v3/")


@pytest.fixture
def world() -> Api:
    """The usual world of tests/support.py through v3."""
    return world_of()


def world_of(**gitlab: Any) -> Api:
    """Return the usual world through v3, on an instance with these settings."""
    return Api({**deepcopy(WORLD), "gitlab": {"api": ["v3", "v4"], **gitlab}}, prefix="/api/v3/")


def basic(id: int, username: str, name: str) -> dict[str, Any]:
    """Return what v3 shows of a user inside other records, but for the picture."""
    return {"name": name, "username": username, "id": id, "state": "active", "web_url": f"http://localhost/{username}"}


def unpictured(shown: Any) -> Any:
    """Return a user, or several, without the picture, which must be there."""
    if isinstance(shown, list):
        return [unpictured(one) for one in shown]
    assert shown["avatar_url"].startswith("https://www.gravatar.com/avatar/")
    return {name: value for name, value in shown.items() if name != "avatar_url"}
