"""What a test of a hook sends: the payload of the newest record of a kind, as it was when it was made.

Source: GitLab's app/services/concerns/integrations/project_test_data.rb, app/services/test_hooks/project_service.rb.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from mockgitlab.api.hook_data import pushes
from mockgitlab.api.hook_data.common import Seen, project_attrs, time
from mockgitlab.api.hook_data.contents import milestone_data, of_award, release_data, wiki_page_data
from mockgitlab.api.hook_data.deployments import deployment_data, feature_flag_data
from mockgitlab.api.hook_data.issues import issue_data
from mockgitlab.api.hook_data.merge_requests import merge_request_data
from mockgitlab.api.hook_data.notes import note_data
from mockgitlab.api.hook_data.pipelines import job_data, pipeline_data
from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.deployment import Deployment
from mockgitlab.api.models.feature_flag import FeatureFlag
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.release import Release
from mockgitlab.api.models.wiki import WikiPage, commit_at, find_wiki, pages_of
from mockgitlab.store import parse_instant

Make = Callable[[Seen, Project], "dict[str, Any] | None"]


class Sample(NamedTuple):
    """How a payload is made for a test, and what is told where none can be."""

    make: Make
    told: str


def _of(make: Make, what: str) -> Sample:
    return Sample(make, f"Ensure the project has {what}.")


def _newest(kind: Any, show: Callable[[Seen, Any], dict[str, Any] | None], /, **equal: Any) -> Make:
    def make(seen: Seen, project: Project) -> dict[str, Any] | None:
        found = seen.store[kind].where(project_id=project.id, **equal)
        newest = max(found, key=lambda row: row.id, default=None)
        return show(seen, newest) if newest else None

    return make


def _note(seen: Seen, project: Project) -> dict[str, Any] | None:
    notes = sorted(seen.store[Note].having("project_id", project.id), key=lambda note: -note.id)
    return next((data for note in notes if (data := note_data(seen, note, "create"))), None)


def _wiki_page(seen: Seen, project: Project) -> dict[str, Any] | None:
    wiki = find_wiki(seen.store, project)
    pages = pages_of(seen.store.objects, commit_at(seen.store.objects, wiki)) if wiki else []
    if not pages or project.wiki_access_level == "disabled":
        return None
    page = WikiPage(wiki_id=wiki.id if wiki else 0, title=pages[0].title, slug=pages[0].slug)
    return wiki_page_data(seen, project, page, "create")


def _emoji(seen: Seen, project: Project) -> dict[str, Any] | None:
    notes = seen.store[Note].having("project_id", project.id)
    if not notes:
        return None
    user, now = seen.user(), seen.store.now
    times = {"created_at": now, "updated_at": now}
    on = {"awardable_type": "Note", "awardable_id": max(note.id for note in notes)}
    award = AwardEmoji(id=1, name="thumbsup", user_id=user.id if user else 0, **times, **on)
    return next((occasion.data for occasion in of_award(seen, None, award)), None)


def _access_token(seen: Seen, project: Project) -> dict[str, Any]:
    now = seen.store.now
    expires = (parse_instant(now) + timedelta(days=2)).date().isoformat()
    name = "pat_for_webhook_event"
    token = {"user_id": None, "created_at": time(now), "id": 1, "name": name, "expires_at": expires}
    shown = project_attrs(project, seen.view)
    kind, event = "access_token", "expiring_access_token"
    return {"object_kind": kind, "project": shown, "object_attributes": token, "event_name": event}


def _nothing(seen: Seen, project: Project) -> None:
    """Stand for what projects have none of here."""


_ISSUE = _of(_newest(Issue, lambda seen, issue: issue_data(seen, issue, "open")), "issues")
_NOTE = _of(_note, "notes")
_MERGE_REQUEST = _newest(MergeRequest, lambda seen, one: merge_request_data(seen, one, "open"))
SAMPLES = {
    "push_events": _of(pushes.sample, "commits"),
    "tag_push_events": _of(lambda seen, project: pushes.sample(seen, project, tag=True), "tags"),
    "issues_events": _ISSUE,
    "confidential_issues_events": _ISSUE,
    "note_events": _NOTE,
    "confidential_note_events": _NOTE,
    "merge_requests_events": _of(_MERGE_REQUEST, "merge requests"),
    "job_events": _of(_newest(CommitStatus, job_data, kind="Ci::Build"), "CI jobs"),
    "pipeline_events": _of(_newest(Pipeline, pipeline_data), "CI pipelines"),
    "releases_events": _of(_newest(Release, lambda seen, one: release_data(seen, one, "create")), "releases"),
    "wiki_page_events": Sample(_wiki_page, "Ensure the wiki is enabled and has pages."),
    "emoji_events": _of(_emoji, "notes"),
    "resource_access_token_events": _of(_access_token, "access tokens"),
    "deployment_events": _of(_newest(Deployment, deployment_data), "deployments"),
    "feature_flag_events": _of(_newest(FeatureFlag, feature_flag_data), "feature flags"),
    "milestone_events": _of(_newest(Milestone, milestone_data), "milestones"),
    "vulnerability_events": _of(_nothing, "vulnerabilities"),
}
"""The payloads of tests by the switches of hooks."""
