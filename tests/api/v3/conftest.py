from pathlib import Path

import pytest

from tests.support import Api

SCENARIO = Path(__file__).parents[3] / "scenarios" / "v3.yaml"


@pytest.fixture
def api() -> Api:
    """The world of scenarios/v3.yaml: root (1), john_smith (2, owner of diaspora), jane (3, developer there)."""
    return Api(SCENARIO, prefix="/api/v3/")


@pytest.fixture
def observing() -> Api:
    """The same on an instance that words its errors as a live GitLab did."""
    return Api(SCENARIO, {"mockgitlab": 1, "gitlab": {"errors": "observed"}}, prefix="/api/v3/")
