"""Estimating and spending time. Source: GitLab's app/models/concerns/time_trackable.rb."""

from typing import TypeVar

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api.durations import human_duration, parse_duration
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.timelog import Timelog, time_spent
from mockgitlab.api.services.issue_notes import estimate_text
from mockgitlab.errors import ValidationFailed
from mockgitlab.store import parse_instant, timestamp

Trackable = TypeVar("Trackable", bound=Issue | MergeRequest)
ESTIMATE = "must have a valid format and be greater than or equal to zero."
TOO_MUCH = "Time to subtract exceeds the total time spent"


def estimate(call: dsl.Call, record: Trackable, duration: str) -> Trackable:
    """Set the time estimate of a record; raises ``ValidationFailed`` for what is no duration or negative."""
    seconds = parse_duration(duration)
    if seconds is None or seconds < 0:
        raise ValidationFailed({"time_estimate": [ESTIMATE]}, reason=_unreadable(duration))
    after = call.store.update(record, time_estimate=seconds)
    if record.time_estimate != seconds:
        effects.system_note(call, after, estimate_text(record.time_estimate, seconds), "time_tracking")
    return after


def spend(call: dsl.Call, record: Trackable, duration: str, summary: str | None) -> Trackable:
    """Add time spent on a record, or take some back; raises ``ValidationFailed``."""
    seconds = parse_duration(duration)
    if not seconds:
        raise ValidationFailed({"timelogs.time_spent": ["can't be blank"]}, reason=_unreadable(duration))
    return spend_seconds(call, record, seconds, summary, call.now)


def spend_seconds(call: dsl.Call, record: Trackable, seconds: int, summary: str | None, at: str) -> Trackable:
    """Add seconds spent on a record at an instant or on a day; raises ``ValidationFailed`` where less was spent."""
    spent = time_spent(call.store, record)
    if spent + seconds < 0:
        raise ValidationFailed({"base": [TOO_MUCH]}, reason=f"{human_duration(spent) or 0} was spent so far")
    instant = timestamp(parse_instant(at))
    _log(call, record, seconds, summary, instant)
    told = f"{'added' if seconds > 0 else 'subtracted'} {human_duration(abs(seconds))} of time spent"
    day, time = instant[:10], instant[11:19]
    effects.system_note(call, record, f"{told} at {day} {time} UTC", "time_tracking")
    return call.store.update(record, updated_at=call.now)


def forget_spent(call: dsl.Call, record: Trackable) -> Trackable:
    """Take back all the time spent on a record."""
    spent = time_spent(call.store, record)
    if not spent:
        return record
    _log(call, record, -spent, None, call.now)
    effects.system_note(call, record, "removed time spent", "time_tracking")
    return call.store.update(record, updated_at=call.now)


def _log(call: dsl.Call, record: Issue | MergeRequest, seconds: int, summary: str | None, at: str) -> None:
    target = {"target_type": type(record).__name__, "target_id": record.id, "project_id": record.project_id}
    log = Timelog(**target, user_id=access.me(call).id, time_spent=seconds, summary=summary, spent_at=at)
    call.store.insert(log)


def _unreadable(duration: str) -> str:
    return f"{duration!r} was given; write 1mo 2w 3d 4h 5m 6s, or some of these"
