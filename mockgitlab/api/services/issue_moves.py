"""Moving and cloning issues. Source: GitLab's app/services/issues/move_service.rb and clone_service.rb."""

from typing import Any, TypeVar

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.issue_access import manages, project_of
from mockgitlab.api.markdown import qualified
from mockgitlab.api.models.award import AwardEmoji
from mockgitlab.api.models.epic import Epic
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue, reference
from mockgitlab.api.models.issue_link import links_of
from mockgitlab.api.models.label import Label, find_label
from mockgitlab.api.models.milestone import Milestone, find_milestone
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.resource_event import KINDS, ResourceMilestoneEvent, events_on
from mockgitlab.errors import BadRequest

E = TypeVar("E", bound=dsl.Entity)
COPIED = ("title", "assignee_ids", "due_date", "confidential", "issue_type", "weight", "discussion_locked")
MOVED = (*COPIED, "author_id", "created_at", "state", "closed_at", "closed_by_id", "time_estimate")


def move(call: dsl.Call, issue: Issue, target: Project) -> Issue:
    """Move an issue: a new one with everything of the old stands in the other project, and the old one is closed."""
    source = project_of(call.store, issue)
    if not (manages(call, source) and manages(call, target)) or issue.moved_to_id or target.archived:
        raise BadRequest("Cannot move issue due to insufficient permissions!", reason=_why(call, issue, target))
    if source.id == target.id:
        reason = f"issue {issue.iid} is in {target.full_path} already"
        raise BadRequest("Cannot move issue to project it originates from!", reason=reason)
    new = _copy(call, issue, target, MOVED)
    copy_notes(call, issue, new)
    _take_along(call, issue, new)
    closed = {"state": "closed", "closed_at": call.now, "closed_by_id": access.me(call).id}
    old = call.store.update(issue, moved_to_id=new.id, **(closed if issue.state == "opened" else {}))
    if issue.state == "opened":
        effects.record_event(call, old.project_id, "closed", old)
    return _remark(call, old, new, "moved")


def clone(call: dsl.Call, issue: Issue, target: Project, *, with_notes: bool) -> Issue:
    """Make an issue of the caller's in a project that is like another, which stays."""
    if not (manages(call, project_of(call.store, issue)) and manages(call, target)) or target.archived:
        raise BadRequest("Cannot clone issue due to insufficient permissions!", reason=_why(call, issue, target))
    new = _copy(call, issue, target, COPIED)
    if with_notes:
        copy_notes(call, issue, new)
    return _remark(call, issue, new, "cloned")


def _why(call: dsl.Call, issue: Issue, target: Project) -> str:
    if issue.moved_to_id:
        return f"issue {issue.iid} was moved already"
    if target.archived:
        return f"project {target.full_path} is archived"
    level = access.level(call, target)
    who = f"{access.me(call).username} is {access.NAMES.get(level, level)} of {target.full_path}"
    return f"planner is needed in both projects; {who}"


def _copy(call: dsl.Call, issue: Issue, target: Project, columns: tuple[str, ...]) -> Issue:
    source = project_of(call.store, issue)
    same = {"author_id": access.me(call).id, **{name: getattr(issue, name) for name in columns}}
    text = issue.description if source.id == target.id else qualified(issue.description, source.full_path)
    placed = {"label_ids": labels_in(call, issue, target), "milestone_id": _milestone(call, issue.milestone_id, target)}
    new = call.store.insert(Issue(**same, **placed, project_id=target.id, description=text))
    effects.record_event(call, target.id, "opened", new)
    copy_awards(call, issue, new)
    return new


def copy_awards(call: dsl.Call, issue: Issue, new: dsl.Entity) -> None:
    """Let a new record have the reactions to an issue."""
    for award in call.store[AwardEmoji].having("awardable_id", issue.id):
        if award.awardable_type == "Issue":
            again(call, award, awardable_id=new.id, awardable_type=type(new).__name__)


def again(call: dsl.Call, row: E, **changes: Any) -> E:
    """Insert a copy of a row with other values in some columns."""
    return call.store.insert(type(row)(**{**row.__dict__, **changes, "id": None}))


def labels_in(call: dsl.Call, issue: Issue, target: Project | Group) -> tuple[int, ...]:
    """Return the ids of the labels of a project or group that are called as those of an issue."""
    names = [label.name for id in issue.label_ids if (label := call.store[Label].get(id))]
    found = [find_label(call.store, target, name) for name in names]
    return tuple(label.id for label in found if label is not None)


def _milestone(call: dsl.Call, milestone_id: int | None, target: Project) -> int | None:
    milestone = call.store[Milestone].get(milestone_id)
    found = find_milestone(call.store, target, milestone.title) if milestone else None
    return found.id if found else None


def copy_notes(call: dsl.Call, issue: Issue, new: Issue | Epic) -> None:
    """Let a new record have the notes of an issue, in threads of their own."""
    source, threads = project_of(call.store, issue), dict[str, str]()
    project_id = getattr(new, "project_id", None)
    for note in call.store[Note].having("noteable_id", issue.id):
        if note.noteable_type == "Issue":
            thread = threads.get(note.discussion_id) or call.store.mint_hex("discussion")
            threads[note.discussion_id] = thread
            body = note.body if note.system else qualified(note.body, source.full_path)
            place = {"noteable_type": type(new).__name__, "noteable_id": new.id, "noteable_iid": new.iid}
            again(call, note, **place, project_id=project_id, body=body, discussion_id=thread)


def _take_along(call: dsl.Call, issue: Issue, new: Issue) -> None:
    for link in links_of(call.store, issue.id):
        ends = {name: new.id for name in ("source_id", "target_id") if getattr(link, name) == issue.id}
        call.store.update(link, **ends, updated_at=link.updated_at)
    for event in [event for kind in KINDS for event in events_on(call.store, kind, issue)]:
        if not isinstance(event, ResourceMilestoneEvent):
            again(call, event, resource_id=new.id)
        elif (milestone_id := _milestone(call, event.milestone_id, project_of(call.store, new))) is not None:
            again(call, event, resource_id=new.id, milestone_id=milestone_id)


def _remark(call: dsl.Call, old: Issue, new: Issue, verb: str) -> Issue:
    here, there = project_of(call.store, old), project_of(call.store, new)
    effects.system_note(call, new, f"{verb} from {reference(call.store, old, there)}", verb)
    effects.system_note(call, old, f"{verb} to {reference(call.store, new, here)}", verb)
    return call.store.fresh(new)
