"""Freeze periods: when nothing is to be deployed.

Source: https://docs.gitlab.com/api/freeze_periods/ and GitLab's app/models/ci/freeze_period.rb,
app/services/ci/freeze_period_status.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import cron
from mockgitlab.api.models.project import Project
from mockgitlab.store import Query

WRONG = " is invalid syntax"
"""As GitLab says it, with the space."""


class FreezePeriod(dsl.Entity):
    """A time that begins and ends again and again, in which nothing is to be deployed."""

    id: int = dsl.serial()
    project_id: int = dsl.hidden()
    freeze_start: str = dsl.required("When it begins, as a cron expression")
    freeze_end: str = dsl.required("When it ends, as a cron expression")
    cron_timezone: str = dsl.optional("The time zone of both", default="UTC")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()


FREEZE_PERIOD = FreezePeriod.shape()


def freeze_periods(store: dsl.Store, project: Project) -> Query[FreezePeriod]:
    """Return the freeze periods of a project, the oldest first."""
    return store[FreezePeriod].where(project_id=project.id)


def is_frozen(store: dsl.Store, project: Project) -> bool:
    """Tell whether one of the freeze periods of a project has begun and not ended."""
    return any(_goes_on(store, one) for one in freeze_periods(store, project))


def _goes_on(store: dsl.Store, period: FreezePeriod) -> bool:
    """Tell whether a period ends before it begins again."""
    times = (cron.next_time(one, period.cron_timezone, store.clock.instant) for one in _borders(period))
    start, end = times
    return start is not None and end is not None and end < start


def _borders(period: FreezePeriod) -> tuple[str, str]:
    return period.freeze_start, period.freeze_end


def problems_of(period: FreezePeriod) -> dict[str, list[str]]:
    """Return what is wrong with a freeze period as it would be kept, by the names of its columns."""
    found: dict[str, Any] = {
        name: [*([] if cron.is_cron(value) else [WRONG]), *([] if value else ["can't be blank"])]
        for name, value in (("freeze_start", period.freeze_start), ("freeze_end", period.freeze_end))
    }
    if not period.cron_timezone:
        found["cron_timezone"] = ["can't be blank"]
    elif cron.find_zone(period.cron_timezone) is None:
        found["cron_timezone"] = ["syntax is invalid"]
    return {name: texts for name, texts in found.items() if texts}
