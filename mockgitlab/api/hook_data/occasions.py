"""Which records tell hooks something when they are made, changed or deleted."""

from collections.abc import Callable, Iterator
from typing import Any

from mockgitlab.api.hook_data.common import Occasion, Seen
from mockgitlab.api.hook_data.contents import of_award, of_event, of_milestone, of_release
from mockgitlab.api.hook_data.deployments import of_deployment, of_feature_flag
from mockgitlab.api.hook_data.issues import of_issue
from mockgitlab.api.hook_data.members import of_access_request, of_member
from mockgitlab.api.hook_data.merge_requests import of_approval, of_merge_request
from mockgitlab.api.hook_data.notes import of_note
from mockgitlab.api.hook_data.pipelines import of_job, of_pipeline
from mockgitlab.api.hook_data.places import of_group, of_key, of_project, of_user
from mockgitlab.api.hook_data.pushes import of_pushes
from mockgitlab.api.models.approval import Approval
from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.deployment import Deployment
from mockgitlab.api.models.event import Event
from mockgitlab.api.models.feature_flag import FeatureFlag
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.key import Key
from mockgitlab.api.models.member import AccessRequest, Member
from mockgitlab.api.models.merge_request import MergeRequest, MergeRequestDiff
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.release import Release
from mockgitlab.api.models.timelog import Timelog
from mockgitlab.api.models.user import User

Tells = Callable[[Seen, Any, Any], Iterator[Occasion]]
WHOLES: dict[str, type[Any]] = {"Issue": Issue, "MergeRequest": MergeRequest}


def of_version(seen: Seen, before: MergeRequestDiff | None, after: MergeRequestDiff | None) -> Iterator[Occasion]:
    """Yield what is told of a push to a merge request."""
    if after is not None and before is None:
        yield from _of_whole(seen, seen.store[MergeRequest].get(after.merge_request_id))


def of_timelog(seen: Seen, before: Timelog | None, after: Timelog | None) -> Iterator[Occasion]:
    """Yield what is told of an issue or merge request on which time was spent."""
    row = after or before
    kind = WHOLES.get(row.target_type) if row else None
    if row is not None and kind is not None:
        yield from _of_whole(seen, seen.store[kind].get(row.target_id))


def _of_whole(seen: Seen, whole: Any) -> Iterator[Occasion]:
    """Yield what is told of a record of which only a part was written: else it is told with the record itself."""
    written = [after or before for before, after in seen.changes]
    if whole is not None and not any(type(row) is type(whole) and row.id == whole.id for row in written):
        yield from TELLS[type(whole)](seen, whole, whole)


TELLS: dict[type[Any], Tells] = {
    Issue: of_issue,
    MergeRequest: of_merge_request,
    MergeRequestDiff: of_version,
    Approval: of_approval,
    Timelog: of_timelog,
    Note: of_note,
    Pipeline: of_pipeline,
    CommitStatus: of_job,
    Deployment: of_deployment,
    FeatureFlag: of_feature_flag,
    Release: of_release,
    Event: of_event,
    Milestone: of_milestone,
    AwardEmoji: of_award,
    Member: of_member,
    AccessRequest: of_access_request,
    Group: of_group,
    Project: of_project,
    User: of_user,
    Key: of_key,
}
"""What is told of a record, as it was before and as it is now."""


def occasions(seen: Seen) -> Iterator[Occasion]:
    """Yield all that hooks are told of what a call wrote: first the pushes, then the records in their order."""
    yield from of_pushes(seen)
    for before, after in seen.changes:
        tells = TELLS.get(type(after or before))
        if tells is not None:
            yield from tells(seen, before, after)
