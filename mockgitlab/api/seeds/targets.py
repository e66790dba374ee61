"""What events and to-do items of a project in a scenario are about: ``{issue: 1}`` or ``{milestone: "1.0"}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.milestone import find_milestone
from mockgitlab.api.models.project import Project

ISSUE = {"type": "integer", "description": "The number of an issue of the project"}
MILESTONE = {"type": "string", "description": "The title of a milestone of the project"}


def find_target(seeding: dsl.Seeding, extras: dict[str, Any], project: Project) -> Any:
    """Return the record that the keys ``issue`` or ``milestone`` name, if any; notes a problem when there is none."""
    found: Any = None
    if extras.get("issue") is not None:
        issues = seeding.store[Issue].having("iid", extras["issue"])
        found = next((issue for issue in issues if issue.project_id == project.id), None)
    elif extras.get("milestone") is not None:
        found = find_milestone(seeding.store, project, str(extras["milestone"]))
    for key in ("issue", "milestone"):
        if found is None and extras.get(key) is not None:
            seeding.problem(key, f"names none of {project.full_path}: {extras[key]}")
    return found
