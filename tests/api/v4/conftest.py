from copy import deepcopy
from typing import Any

import pytest

from tests.support import WORLD, Api


@pytest.fixture
def observing() -> Api:
    """The world on an instance that words its errors as a live GitLab does."""
    return Api({**deepcopy(WORLD), "gitlab": {"errors": "observed"}})


@pytest.fixture
def labelled() -> Api:
    """The group acme with the label bug, acme/labs with lab; rocket with feature (priority 3), Zed and three issues."""
    world: Any = deepcopy(WORLD)
    world["groups"][0]["labels"] = [
        {"name": "bug", "color": "#d9534f", "description": "Something is broken"},
    ]
    world["groups"][1]["labels"] = [{"name": "lab"}]
    world["projects"][0]["labels"] = [{"name": "feature", "color": "#abc", "priority": 3}, {"name": "Zed"}]
    world["projects"][0]["issues"] = [
        {"title": "One", "labels": ["bug", "feature"]},
        {"title": "Two", "labels": ["bug"], "state": "closed"},
        {"title": "Three", "labels": ["bug"], "confidential": True},
    ]
    return Api(world)


@pytest.fixture
def planned() -> Api:
    """Acme with the milestone Year; rocket with 1.0 (due in June), 0.9 (closed), Later and three issues."""
    world: Any = deepcopy(WORLD)
    world["groups"][0]["milestones"] = [{"title": "Year", "start_date": "2024-01-01", "due_date": "2024-12-31"}]
    world["projects"][0]["labels"] = [{"name": "urgent", "priority": 1}]
    world["projects"][0]["milestones"] = [
        {"title": "1.0", "description": "First release", "start_date": "2024-04-01", "due_date": "2024-06-01"},
        {"title": "0.9", "state": "closed", "due_date": "2024-04-30", "updated_at": "2024-01-01T00:00:00Z"},
        {"title": "Later"},
    ]
    world["projects"][0]["issues"] = [
        {"title": "One", "milestone": "1.0", "weight": 2},
        {"title": "Two", "milestone": "1.0", "labels": ["urgent"], "confidential": True},
        {"title": "Three", "milestone": "Year", "state": "closed"},
    ]
    return Api(world)
