"""Freeze periods of projects.

Source: https://docs.gitlab.com/api/freeze_periods/ and GitLab's lib/api/freeze_periods.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.freeze_period import FREEZE_PERIOD, FreezePeriod, freeze_periods, problems_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import RecordNotFound, ValidationFailed
from mockgitlab.store import Query

AT = "projects/:id/freeze_periods"
EACH = f"{AT}/:freeze_period_id"
NAMES = ("freeze_start", "freeze_end", "cron_timezone")
CREATE = [of_field(FreezePeriod.fields[name], required=name != "cron_timezone") for name in NAMES]
UPDATE = [of_field(FreezePeriod.fields[name], required=False) for name in NAMES]
READS: dict[str, Any] = {"rule": access.AS_REPORTER, "shape": FREEZE_PERIOD, "since": "13.0"}
WRITES: dict[str, Any] = {**READS, "rule": access.AS_MAINTAINER}


@v4.locator(EACH, integer=True)
def find_freeze_period(call: dsl.Call, value: str) -> FreezePeriod:
    """Return the freeze period with this id; who may not see any is told so before."""
    call.operation.rule.check(call)
    found = freeze_periods(call.store, call.at(Project)).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no freeze period {value}")
    return found


@v4.get(AT, **READS)
def list_freeze_periods(call: dsl.Call, project: Project) -> Query[FreezePeriod]:
    """List the freeze periods of a project."""
    return freeze_periods(call.store, project)


@v4.get(EACH, **READS)
def show_freeze_period(period: FreezePeriod) -> FreezePeriod:
    """Show a freeze period."""
    return period


@v4.post(AT, params=CREATE, **WRITES)
def create_freeze_period(call: dsl.Call, project: Project, given: dsl.Given) -> FreezePeriod:
    """Add a freeze period to a project."""
    draft = FreezePeriod(project_id=project.id, **_stripped({"cron_timezone": "UTC", **given}))
    _check(draft)
    return call.store.insert(draft)


@v4.put(EACH, params=UPDATE, **WRITES)
def update_freeze_period(call: dsl.Call, period: FreezePeriod, given: dsl.Given) -> FreezePeriod:
    """Change a freeze period."""
    changes = _stripped(given)
    _check(period.replaced(changes))
    return call.store.update(period, **changes)


@v4.delete(EACH, **WRITES)
def delete_freeze_period(call: dsl.Call, period: FreezePeriod) -> None:
    """Delete a freeze period."""
    remove(call.store, period)


def _stripped(given: dict[str, Any]) -> dict[str, Any]:
    return {name: (given[name] or "").strip() for name in NAMES if name in given}


def _check(draft: FreezePeriod) -> None:
    if problems := problems_of(draft):
        raise ValidationFailed(problems, reason="cron expressions and time zones must be such as GitLab reads")
