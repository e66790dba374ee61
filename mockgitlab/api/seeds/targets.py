"""What events and to-do items of a project in a scenario are about: ``{issue: 1}``, ``{merge_request: 1}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import find_merge_request
from mockgitlab.api.models.milestone import find_milestone
from mockgitlab.api.models.project import Project

ISSUE = {"type": "integer", "description": "The number of an issue of the project"}
MERGE_REQUEST = {"type": "integer", "description": "The number of a merge request of the project"}
MILESTONE = {"type": "string", "description": "The title of a milestone of the project"}


def find_target(seeding: dsl.Seeding, extras: dict[str, Any], project: Project) -> Any:
    """Return the record that ``issue``, ``merge_request`` or ``milestone`` names; notes a problem if there is none."""
    found: Any = None
    if extras.get("issue") is not None:
        issues = seeding.store[Issue].having("iid", extras["issue"])
        found = next((issue for issue in issues if issue.project_id == project.id), None)
    elif extras.get("merge_request") is not None:
        found = find_merge_request(seeding.store, project, extras["merge_request"])
    elif extras.get("milestone") is not None:
        found = find_milestone(seeding.store, project, str(extras["milestone"]))
    for key in ("issue", "merge_request", "milestone"):
        if found is None and extras.get(key) is not None:
            seeding.problem(key, f"names none of {project.full_path}: {extras[key]}")
    return found
