"""Finding, creating, changing, promoting and deleting milestones of projects and groups.

Source: GitLab's lib/api/milestone_responses.rb, app/models/milestone.rb and app/services/milestones.
"""

import html
import re
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import effects
from mockgitlab.api.models.board import Board, lists_with
from mockgitlab.api.models.event import Event
from mockgitlab.api.models.group import Group, ancestors, descendants
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import owner_of, owners_of
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.release import Release
from mockgitlab.api.ruby import inspect
from mockgitlab.errors import BadRequest, RecordNotFound
from mockgitlab.store import parse_instant

STATES = {"close": "closed", "activate": "active"}
TITLE_AT_MOST = 255
TAKEN = "already being used for another group or project milestone."
_TAG = re.compile(r"<[^>]*>")

# Finding


def locate(call: dsl.Call, at: Project | Group, value: str) -> Milestone:
    """Return a project's, or group's, own milestone by its id; who may not do what is asked is told so before."""
    call.operation.rule.check(call)
    milestone = call.store[Milestone].get(int(value))
    if milestone is None or milestone.owner != owner_of(at):
        raise RecordNotFound(reason=f"{at.full_path} has no milestone with the id {value}; it is the id, not the iid")
    return milestone


# Creating and changing


def create(call: dsl.Call, at: Project | Group, given: dsl.Given) -> Milestone:
    """Insert a milestone; raises ``BadRequest`` in Ruby's words."""
    columns = _read(given)
    _check("create", call, at, {"start_date": None, "due_date": None, **columns})
    milestone = call.store.insert(Milestone(owner=owner_of(at), **tied_to(at), **columns))
    _record(call, milestone, "created")
    return milestone


def change(call: dsl.Call, at: Project | Group, milestone: Milestone, given: dsl.Given) -> Milestone:
    """Close or reopen a milestone as asked, and write what else was given; an empty title changes nothing."""
    columns = _read(given)
    if not columns.get("title"):
        columns.pop("title", None)
    columns = {name: value for name, value in columns.items() if value != getattr(milestone, name)}
    kept = {name: getattr(milestone, name) for name in ("start_date", "due_date")}
    _check("update", call, at, {**kept, **columns})
    moved = _move(call, milestone, STATES.get(given.get("state_event") or ""))
    return call.store.update(moved, **columns)


def _move(call: dsl.Call, milestone: Milestone, state: str | None) -> Milestone:
    if state is None or state == milestone.state:
        return milestone
    moved = call.store.update(milestone, state=state)
    _record(call, moved, "closed" if state == "closed" else "reopened")
    return moved


def _record(call: dsl.Call, milestone: Milestone, action: str) -> None:
    if milestone.project_id is not None:
        effects.record_event(call, milestone.project_id, action, milestone)


def _read(given: dsl.Given) -> dict[str, Any]:
    columns = given.only("title", "description", "start_date", "due_date")
    if "title" in columns:
        columns["title"] = html.unescape(_TAG.sub("", columns["title"] or "")).strip()
    return {**columns, **{name: _day(columns[name]) for name in ("start_date", "due_date") if name in columns}}


def _day(text: str | None) -> str | None:
    """Return a day as it is kept; what is no date becomes none, as in Rails."""
    late = re.match(r"\s*(\d{5,})-\d{1,2}-\d{1,2}", text or "")
    if late:
        return late.group(0).strip()
    try:
        return parse_instant(text).date().isoformat() if text else None
    except ValueError:
        return None


# Checking


def _check(verb: str, call: dsl.Call, at: Project | Group, columns: dict[str, Any]) -> None:
    problems = {
        "title": _title_problems(call, at, columns["title"]) if "title" in columns else [],
        "start_date": _day_problems(columns["start_date"]),
        "due_date": _order_problems(columns["start_date"], columns["due_date"]) + _day_problems(columns["due_date"]),
    }
    found = {key: texts for key, texts in problems.items() if texts}
    if found:
        raise BadRequest(f"Failed to {verb} milestone {inspect(found)}", reason=f"refused: {found}")


def _title_problems(call: dsl.Call, at: Project | Group, title: str) -> list[str]:
    if not title:
        return ["can't be blank"]
    if len(title) > TITLE_AT_MOST:
        return [f"is too long (maximum is {TITLE_AT_MOST} characters)"]
    taken = {milestone.owner for milestone in call.store[Milestone].having("title", title)}
    return [TAKEN] if taken and not taken.isdisjoint(_around(call.store, at)) else []


def _around(store: dsl.Store, at: Project | Group) -> list[str]:
    """Return to what the milestones belong that may not have the same title as one of a project or group."""
    if isinstance(at, Project):
        return owners_of(store, at)
    below = [at, *descendants(store, at)]
    projects = [project for group in below for project in store[Project].having("namespace_id", group.id)]
    groups = [*below, *ancestors(store, at)]
    return [*(owner_of(group) for group in groups), *(owner_of(project) for project in projects)]


def _order_problems(start: str | None, due: str | None) -> list[str]:
    early = start is not None and due is not None and _sortable(due) <= _sortable(start)
    return ["must be greater than start date"] if early else []


def _day_problems(day: str | None) -> list[str]:
    return ["date must not be after 9999-12-31"] if day is not None and len(day.split("-")[0]) > 4 else []


def _sortable(day: str) -> tuple[int, str]:
    return len(day.split("-")[0]), day


# Promoting and deleting


def promote(call: dsl.Call, milestone: Milestone, group: Group) -> Milestone:
    """Make a milestone of a group in place of those with its title in the group's projects, and return it."""
    store = call.store
    projects = {project.id for project in store[Project].having("namespace_id", group.id)}
    merged = [one for one in store[Milestone].having("title", milestone.title) if one.project_id in projects]
    columns = {name: getattr(milestone, name) for name in ("title", "description", "start_date", "due_date")}
    for one in merged:
        store.delete(one)
    _refuse_taken(call, group, milestone.title)
    promoted = store.insert(Milestone(owner=owner_of(group), group_id=group.id, **columns))
    for record in [record for one in merged for record in _work_of(store, one)]:
        store.update(record, milestone_id=promoted.id, updated_at=record.updated_at)
    for one in merged:
        _leave_releases(store, one, promoted.id)
        for listed in lists_with(store, milestone_id=one.id):
            store.update(listed, milestone_id=promoted.id)
        _leave_boards(store, one, promoted.id)
    return promoted


def _leave_releases(store: dsl.Store, milestone: Milestone, *instead: int) -> None:
    """Take a milestone off its releases, or put another in its place."""
    for release in store[Release].having("milestone_ids", milestone.id):
        ids = [id for id in release.milestone_ids if id not in (milestone.id, *instead)]
        store.update(release, milestone_ids=(*ids, *instead), updated_at=release.updated_at)


def _leave_boards(store: dsl.Store, milestone: Milestone, instead: int | None) -> None:
    """Narrow the boards that a milestone narrows by another, or no more."""
    for board in store[Board].having("milestone_id", milestone.id):
        store.update(board, milestone_id=instead)


def _work_of(store: dsl.Store, milestone: Milestone) -> list[Issue | MergeRequest]:
    """Return the issues and merge requests of a milestone."""
    kinds: tuple[type[Issue | MergeRequest], ...] = (Issue, MergeRequest)
    return [one for kind in kinds for one in store[kind].having("milestone_id", milestone.id)]


def _refuse_taken(call: dsl.Call, group: Group, title: str) -> None:
    if _title_problems(call, group, title):
        raise BadRequest(
            f"Promotion failed - Title {TAKEN}", reason=f"{group.full_path} has another milestone {title!r} around it"
        )


def delete(call: dsl.Call, milestone: Milestone) -> None:
    """Delete a milestone and take it off all work and releases; the events of it stay and forget of which it was."""
    for record in _work_of(call.store, milestone):
        changed = call.store.update(record, milestone_id=None)
        effects.record_milestone_events(call, changed, milestone.id, None)
    _record(call, milestone, "destroyed")
    for event in call.store[Event].having("target_id", milestone.id):
        if event.target_type == "Milestone":
            call.store.update(event, target_id=None, target_iid=None)
    _leave_releases(call.store, milestone)
    for one in lists_with(call.store, milestone_id=milestone.id):
        call.store.delete(one)
    _leave_boards(call.store, milestone, None)
    call.store.delete(milestone)
