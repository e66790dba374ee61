"""What GitLab remarks on an issue when it changes. Source: GitLab's app/services/system_notes/."""

from collections.abc import Sequence
from datetime import date

from mockgitlab import dsl
from mockgitlab.api import effects
from mockgitlab.api.durations import human_duration
from mockgitlab.api.markdown import tasks
from mockgitlab.api.models.issuable import Described
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.user import User

SEVERITIES = {
    "unknown": "Unknown",
    "low": "Low - S4",
    "medium": "Medium - S3",
    "high": "High - S2",
    "critical": "Critical - S1",
}
"""How remarks call the severities of incidents."""


def note_changes(call: dsl.Call, before: Issue, after: Issue) -> None:
    """Write a system note for each difference that GitLab remarks."""
    for body, action in _remarks(call.store, before, after):
        effects.system_note(call, after, body, action)


def note_assignees(call: dsl.Call, issue: Issue, before: Sequence[int]) -> None:
    """Write the system note on assignees who are new or gone."""
    body = assignees_text(call.store, before, issue.assignee_ids)
    if body:
        effects.system_note(call, issue, body, "assignee")


def note_due_date(call: dsl.Call, issue: Issue, before: str | None) -> None:
    """Write the system note on a due date that was set, changed or removed."""
    if issue.due_date != before:
        effects.system_note(call, issue, due_date_text(before, issue.due_date), "due_date")


def _remarks(store: dsl.Store, before: Issue, after: Issue) -> list[tuple[str, str]]:
    remarks = text_remarks(before, after)
    if before.time_estimate != after.time_estimate:
        remarks.append((estimate_text(before.time_estimate, after.time_estimate), "time_tracking"))
    if bool(before.discussion_locked) != bool(after.discussion_locked):
        verb = "locked" if after.discussion_locked else "unlocked"
        remarks.append((f"{verb} the discussion in this issue", verb))
    if before.confidential != after.confidential:
        hidden = ("made the issue confidential", "confidential")
        remarks.append(hidden if after.confidential else ("made the issue visible to everyone", "visible"))
    if before.issue_type != after.issue_type:
        remarks.append((f"changed type from {_words(before.issue_type)} to {_words(after.issue_type)}", "issue_type"))
    if before.health_status != after.health_status:
        remarks.append((_health_text(before.health_status, after.health_status), "health_status"))
    return remarks


def _health_text(old: str | None, new: str | None) -> str:
    return f"changed health status to **{_words(new)}**" if new else f"removed health status **{_words(old or '')}**"


def _words(name: str) -> str:
    return name.replace("_", " ")


def text_remarks(before: Described, after: Described) -> list[tuple[str, str]]:
    """Return the remarks on a changed title and a changed description, each with its action."""
    remarks: list[tuple[str, str]] = []
    if before.title != after.title:
        remarks.append((title_text(before.title, after.title), "title"))
    if before.description != after.description:
        remarks += description_remarks(before.description, after.description)
    return remarks


def title_text(old: str, new: str) -> str:
    """Return the remark on a changed title, which marks what is different."""
    start = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    start = min(len(old), len(new)) if start is None else start
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return f"changed title from **{_marked(old, start, end, '-')}** to **{_marked(new, start, end, '+')}**"


def _marked(title: str, start: int, end: int, sign: str) -> str:
    stop = len(title) - end
    changed = f"{{{sign}{title[start:stop]}{sign}}}" if start < stop else ""
    return f"{title[:start]}{changed}{title[stop:]}"


def description_remarks(old: str | None, new: str | None) -> list[tuple[str, str]]:
    """Return the remarks on a changed description: on each box that was ticked, or that it changed."""
    was, now = tasks(old), tasks(new)
    only_boxes = _unticked(old) == _unticked(new) and [text for text, _ in was] == [text for text, _ in now]
    toggled = [(text, done) for (text, done), before in zip(now, was, strict=False) if done != before[1]]
    if not only_boxes or not toggled:
        return [("changed the description", "description")]
    return [
        (f"marked the checklist item **{text}** as {'completed' if done else 'incomplete'}", "task")
        for text, done in toggled
    ]


def _unticked(text: str | None) -> str:
    return (text or "").replace("[x]", "[ ]").replace("[X]", "[ ]")


def assignees_text(store: dsl.Store, before: Sequence[int], after: Sequence[int]) -> str:
    """Return the remark on changed assignees; nothing when they are the same."""
    added = [f"@{store[User][user_id].username}" for user_id in after if user_id not in before]
    gone = [f"@{user.username}" for id in before if id not in after and (user := store[User].get(id))]
    parts = [f"assigned to {sentence(added)}"] if added else []
    return " and ".join([*parts, f"unassigned {sentence(gone)}"] if gone else parts)


def sentence(words: Sequence[str]) -> str:
    """Return words as a sentence lists them: ``x, y, and z``."""
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])}, and {words[-1]}"


def due_date_text(old: str | None, new: str | None) -> str:
    """Return the remark on a changed due date."""
    return f"changed due date to {_day(new)}" if new else f"removed due date {_day(old or '')}"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day:%B} {day.day}, {day.year}"


def estimate_text(old: int, new: int) -> str:
    """Return the remark on a changed time estimate."""
    if not new:
        return f"removed time estimate of {human_duration(old)}"
    if not old:
        return f"added time estimate of {human_duration(new)}"
    return f"changed time estimate to {human_duration(new)} from {human_duration(old)}"
