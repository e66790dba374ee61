"""The tests' world with issues in it."""

import copy
from typing import Any

from tests.support import WORLD, Api, names

ROCKET: dict[str, Any] = {
    "labels": [{"name": "bug", "color": "#d9534f"}, {"name": "ui", "color": "#00ff00", "priority": 2}],
    "milestones": [
        {"title": "0.9", "due_date": "2024-04-01", "start_date": "2024-03-01"},
        {"title": "1.0", "due_date": "2024-06-01"},
        {"title": "1.1", "due_date": "2024-07-01"},
    ],
    "issues": [
        {"title": "Alpha leaks", "author": "bob", "labels": ["bug", "ui"], "milestone": "1.0", "weight": 3},
        {
            "title": "beta stalls",
            "author": "rex",
            "assignees": ["bob"],
            "labels": ["bug"],
            "due_date": "2024-05-02",
            "description": "The alpha pump",
        },
        {
            "title": "Gamma glows",
            "author": "bob",
            "assignees": ["ada", "rex"],
            "state": "closed",
            "milestone": "1.1",
            "created_at": "2024-04-01T00:00:00Z",
            "weight": 5,
        },
        {"title": "Delta secret", "author": "rex", "confidential": True, "milestone": "0.9", "due_date": "2024-04-30"},
        {"title": "Epsilon burns", "author": "gil", "issue_type": "incident", "severity": "high"},
    ],
}
SOURCE: dict[str, Any] = {
    "issues": [
        {"title": "Open question", "author": "nora"},
        {"title": "Hidden hole", "author": "ada", "confidential": True},
    ]
}


def world(rocket: Any = None, source: Any = None, **changes: Any) -> dict[str, Any]:
    """Return the tests' world with other things in acme/rocket (1) and open/source (2)."""
    made = {**copy.deepcopy(WORLD), **changes}
    made["projects"][0] |= copy.deepcopy(ROCKET if rocket is None else rocket)
    made["projects"][1] |= copy.deepcopy(SOURCE if source is None else source)
    return made


def issue_api(rocket: Any = None, source: Any = None, **changes: Any) -> Api:
    """Return a client of the world with issues.

    In acme/rocket: Alpha (1), beta (2), Gamma (3, closed), Delta (4, confidential), Epsilon (5, an incident);
    in open/source: Open (1), Hidden (2, confidential).
    """
    return Api(world(rocket, source, **changes))


def remarks(api: Api, iid: int, project: int = 1) -> list[str]:
    """Return the texts of the system notes on an issue, oldest first."""
    notes = names(
        api.get(f"projects/{project}/issues/{iid}/notes", activity_filter="only_activity", sort="asc"), "body"
    )
    return list(notes)
