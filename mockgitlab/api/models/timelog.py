"""Time spent on issues and merge requests. Source: https://docs.gitlab.com/user/project/time_tracking/."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.durations import human_duration


class Timelog(dsl.Entity):
    """Time that a user spent on a record, in seconds; negative where it was taken back."""

    id: int = dsl.serial()
    target_type: str = dsl.parent()
    target_id: int = dsl.parent()
    project_id: int = dsl.parent("Project")
    user_id: int = dsl.reference("User", "Who spent it")
    time_spent: int = dsl.required("The seconds spent")
    spent_at: str = dsl.now()
    summary: str | None = dsl.optional("What it was spent on", max_length=255)


def time_spent(store: dsl.Store, target: Any) -> int:
    """Return the seconds spent on a record."""
    kind = type(target).__name__
    logs = store[Timelog].having("target_id", target.id)
    return sum(log.time_spent for log in logs if log.target_type == kind) if logs else 0


def time_stats(store: dsl.Store, target: Any) -> dict[str, Any]:
    """Return what a record is estimated at and what was spent on it, in seconds and for people."""
    spent = time_spent(store, target)
    return {
        "time_estimate": target.time_estimate,
        "total_time_spent": spent,
        "human_time_estimate": human_duration(target.time_estimate),
        "human_total_time_spent": human_duration(spent),
    }
