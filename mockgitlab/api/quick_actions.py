"""Quick actions: the table of commands such as ``/close``, what each changes and what GitLab says of it.

Source: https://docs.gitlab.com/user/project/quick_actions/ and GitLab's lib/gitlab/quick_actions.
"""

import re
from datetime import date

from mockgitlab.api import access, epic_actions, issue_actions, issue_planning, merge_request_actions
from mockgitlab.api.command_arguments import (
    label_references,
    milestone_reference,
    named_labels,
    named_milestone,
    named_users,
    references,
    referred_record,
)
from mockgitlab.api.commands import (
    COMMANDS,
    NOT_BUILT,
    OF_OTHERS,
    Work,
    command,
    fixed,
)
from mockgitlab.api.cross_references import reference
from mockgitlab.api.durations import human_duration, parse_duration
from mockgitlab.api.emoji import find_emoji
from mockgitlab.api.models.epic import Epic
from mockgitlab.api.models.issuable import is_subscribed
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.label import labels_of
from mockgitlab.api.models.milestone import Milestone, milestones_of
from mockgitlab.api.models.todo import Todo
from mockgitlab.api.natural_dates import parse_day
from mockgitlab.api.services.issue_notes import sentence


def _opened(work: Work) -> bool:
    return work.may_update and work.target.state == "opened"


def _closed(work: Work) -> bool:
    return work.may_update and work.target.state == "closed"


def _has_todo(work: Work) -> bool:
    target, user_id = work.target, access.me(work.call).id
    todos = work.call.store[Todo].where(user_id=user_id, target_type=type(target).__name__, target_id=target.id)
    return todos.where(state="pending").exists()


def _subscribed(work: Work) -> bool:
    return is_subscribed(work.call.store, work.target, access.me(work.call))


def _plans(work: Work) -> bool:
    return work.plans


def _plans_issue(work: Work) -> bool:
    return work.plans and isinstance(work.target, Issue)


def _hides(work: Work) -> bool:
    return work.plans and isinstance(work.target, (Issue, Epic))


def _labelled(work: Work) -> bool:
    return work.plans and bool(work.target.label_ids)


def _locked(work: Work) -> bool:
    return bool(work.target.discussion_locked)


def _weighed(work: Work) -> bool:
    return _plans_issue(work) and work.ee and work.target.weight is not None


fixed("close", "state_event", "close", "Closed this {}.", _opened)
fixed("reopen", "state_event", "reopen", "Reopened this {}.", _closed)
fixed("todo", "todo_event", "add", "Added a to-do item.", lambda work: not _has_todo(work))
fixed("done", "todo_event", "done", "Marked to-do item as done.", _has_todo)
SUBSCRIPTION = "subscription_event"
fixed("subscribe", SUBSCRIPTION, "subscribe", "Subscribed to notifications.", lambda work: not _subscribed(work))
fixed("unsubscribe", SUBSCRIPTION, "unsubscribe", "Unsubscribed from notifications.", _subscribed)
HIDE = "Made this {} confidential."
fixed("confidential", "confidential", True, HIDE, lambda work: _hides(work) and not work.target.confidential)
fixed("lock", "discussion_locked", True, "Locked the discussion.", lambda work: work.plans and not _locked(work))
fixed("unlock", "discussion_locked", False, "Unlocked the discussion.", lambda work: work.plans and _locked(work))
UNDUE = "Removed the due date."
fixed("remove_due_date", "due_date", None, UNDUE, lambda work: _plans_issue(work) and work.target.due_date)
fixed("remove_estimate remove_time_estimate", "time_estimate", 0, "Removed time estimate.", _plans)
fixed("clear_weight", "weight", None, "Cleared weight.", _weighed)


@command("title", when=lambda work: work.may_update)
def title(work: Work, text: str) -> str:
    """Change the title."""
    work.changes["title"] = text
    return f'Changed the title to "{text}".'


@command("label", "labels", when=lambda work: work.plans and labels_of(work.call.store, work.place).exists())
def label(work: Work, text: str) -> str:
    """Add labels."""
    labels = named_labels(work, text)
    if not labels:
        return ""
    work.add("add_label_ids", [one.id for one in labels])
    return f"Added {label_references(labels)}."


@command("unlabel", "remove_label", when=_labelled, bare=True)
def unlabel(work: Work, text: str) -> str:
    """Remove labels, all of them without a text."""
    labels = named_labels(work, text)
    if labels:
        work.add("remove_label_ids", [one.id for one in labels])
    elif not text:
        work.changes["label_ids"] = []
    return f"Removed {label_references(labels)}." if labels else "Removed all labels."


@command("relabel", when=_labelled)
def relabel(work: Work, text: str) -> str:
    """Replace all labels."""
    labels = named_labels(work, text)
    if not labels:
        return ""
    work.add("label_ids", [one.id for one in labels])
    return f"Replaced all labels with {label_references(labels)}."


@command("assign", when=_plans)
def assign(work: Work, text: str) -> str:
    """Assign users; the first alone in the Community Edition."""
    users, missing = named_users(work, text)
    if missing:
        return f"Could not apply assign command. Failed to find users for {sentence(missing)}."
    if not users:
        return "Failed to assign a user because no user was found."
    users = users if work.ee else users[:1]
    work.add_people("assignee_ids", users)
    return f"Assigned {references(users)}."


@command("unassign", "remove_assignee", when=lambda work: work.plans and bool(work.target.assignee_ids), bare=True)
def unassign(work: Work, text: str) -> str:
    """Remove assignees, all of them without a text."""
    gone = work.remove_people("assignee_ids", named_users(work, text)[0])
    return f"Removed assignee{'' if len(gone) == 1 else 's'} {references(gone)}."


@command(
    "milestone",
    when=lambda work: work.plans and milestones_of(work.call.store, work.project).where(state="active").exists(),
)
def milestone(work: Work, text: str) -> str:
    """Set the milestone."""
    found = named_milestone(work, text)
    if found is None:
        return ""
    work.changes["milestone_id"] = found.id
    return f"Set the milestone to {milestone_reference(found)}."


@command("remove_milestone", when=lambda work: work.plans and work.target.milestone_id is not None, bare=True)
def remove_milestone(work: Work, text: str) -> str:
    """Remove the milestone."""
    work.changes["milestone_id"] = None
    return f"Removed {milestone_reference(work.call.store[Milestone][work.target.milestone_id])} milestone."


@command("due", when=_plans_issue)
def due(work: Work, text: str) -> str:
    """Set the due date."""
    day = parse_day(text, work.call.store.today)
    if day is None:
        return "Failed to set due date because the date format is invalid."
    work.changes["due_date"] = day
    wanted = date.fromisoformat(day)
    return f"Set the due date to {wanted:%b} {wanted.day}, {wanted.year}."


@command("estimate", "estimate_time", when=_plans)
def estimate(work: Work, text: str) -> str:
    """Estimate the time needed."""
    seconds = parse_duration(text)
    if seconds is None or seconds < 0:
        return ""
    work.changes["time_estimate"] = seconds
    return f"Set time estimate to {human_duration(seconds)}." if seconds else "Removed time estimate."


@command("spend", "spent", "spend_time", when=_plans)
def spend(work: Work, text: str) -> str:
    """Add or subtract time spent, on a day that may be given."""
    found = re.fullmatch(r"(.*?)(?: (\d{4}-\d{2}-\d{2}))?", text)
    seconds = parse_duration(found[1]) if found else None
    if not found or not seconds or (found[2] or "") > work.call.store.today:
        return ""
    spent_at = f"{found[2]}T00:00:00.000Z" if found[2] else work.call.now
    user_id = access.me(work.call).id
    work.changes["spend_time"] = {"duration": seconds, "user_id": user_id, "spent_at": spent_at, "category": None}
    return f"{'Added' if seconds > 0 else 'Subtracted'} {human_duration(abs(seconds))} spent time."


@command("remove_time_spent", when=_plans, bare=True)
def remove_time_spent(work: Work, text: str) -> str:
    """Take back all time spent."""
    work.changes["spend_time"] = {"duration": "reset", "user_id": access.me(work.call).id}
    return "Removed spent time."


@command("react", "award")
def react(work: Work, text: str) -> str:
    """Give an emoji reaction, or take it back."""
    found = re.search(r":([a-z0-9_+-]+):", text)
    emoji = find_emoji(found[1]) if found else None
    if emoji is None:
        return ""
    work.changes["emoji_award"] = emoji
    return f"Toggled :{emoji}: emoji reaction."


@command("weight", when=lambda work: _plans_issue(work) and work.ee)
def weight(work: Work, text: str) -> str:
    """Set the weight."""
    if not text.isdigit():
        return ""
    work.changes["weight"] = int(text)
    return f"Set weight to {int(text)}."


@command("copy_metadata", when=_plans)
def copy_metadata(work: Work, text: str) -> str:
    """Take the labels and the milestone of another issue, or merge request, of the project."""
    source = referred_record(work, text)
    if source is None or source.project_id != work.target.project_id:
        return ""
    work.add("add_label_ids", list(source.label_ids))
    if source.milestone_id is not None:
        work.changes["milestone_id"] = source.milestone_id
    return f"Copied labels and milestone from {reference(work.call.store, source, work.project)}."


def names() -> frozenset[str]:
    """Return every word that is a command after a slash."""
    built = epic_actions.NAMES | issue_actions.NAMES | issue_planning.NAMES | merge_request_actions.NAMES
    return built | {*COMMANDS, *OF_OTHERS, *NOT_BUILT}
