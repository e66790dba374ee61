"""What a test of a hook sends: the payload of the newest record of a kind, as it was when it was made.

Source: GitLab's app/services/concerns/integrations/project_test_data.rb, app/services/test_hooks/project_service.rb.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from mockgitlab.api.hook_data import pushes
from mockgitlab.api.hook_data.common import Seen
from mockgitlab.api.hook_data.issues import issue_data
from mockgitlab.api.hook_data.merge_requests import merge_request_data
from mockgitlab.api.hook_data.notes import note_data
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project

Make = Callable[[Seen, Project], "dict[str, Any] | None"]


class Sample(NamedTuple):
    """How a payload is made for a test, and what is missing where none can be."""

    make: Make
    missing: str


def _newest(kind: Any, show: Callable[[Seen, Any], dict[str, Any] | None]) -> Make:
    def make(seen: Seen, project: Project) -> dict[str, Any] | None:
        newest = max(seen.store[kind].having("project_id", project.id), key=lambda row: row.id, default=None)
        return show(seen, newest) if newest else None

    return make


def _note(seen: Seen, project: Project) -> dict[str, Any] | None:
    notes = sorted(seen.store[Note].having("project_id", project.id), key=lambda note: -note.id)
    return next((data for note in notes if (data := note_data(seen, note, "create"))), None)


def _nothing(seen: Seen, project: Project) -> None:
    """Stand for what projects have none of here."""


_ISSUE = Sample(_newest(Issue, lambda seen, issue: issue_data(seen, issue, "open")), "issues")
_NOTE = Sample(_note, "notes")
SAMPLES = {
    "push_events": Sample(pushes.sample, "commits"),
    "tag_push_events": Sample(lambda seen, project: pushes.sample(seen, project, tag=True), "tags"),
    "issues_events": _ISSUE,
    "confidential_issues_events": _ISSUE,
    "note_events": _NOTE,
    "confidential_note_events": _NOTE,
    "merge_requests_events": Sample(
        _newest(MergeRequest, lambda seen, one: merge_request_data(seen, one, "open")), "merge requests"
    ),
    "deployment_events": Sample(_nothing, "deployments"),
    "feature_flag_events": Sample(_nothing, "feature flags"),
    "vulnerability_events": Sample(_nothing, "vulnerabilities"),
}
"""The payloads of tests by the switches of hooks."""
