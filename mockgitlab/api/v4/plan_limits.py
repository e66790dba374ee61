"""How much the instance lets everybody have, which administrators say.

Source: https://docs.gitlab.com/api/plan_limits/ and GitLab's lib/api/admin/plan_limits.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.plan_limits import PLAN_LIMIT, PLANS, REMEMBERED, PlanLimits, limits_of
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import NotFound

LIMITS = [of_field(field, required=False) for field in PlanLimits.fields.values() if field.word == "optional"]
NAME = "The name of the plan"


def _limits(call: dsl.Call) -> PlanLimits:
    """Return the limits of the plan that is asked for; those that nobody changed are not kept yet."""
    if call.given["plan_name"] not in ("default", None):
        raise NotFound("Plan", reason="outside GitLab.com there is the plan default alone")
    return limits_of(call.store)


@v4.get(
    "application/plan_limits",
    rule=access.ADMIN,
    shape=PLAN_LIMIT,
    params=[dsl.param("plan_name", str, NAME, default="default", enum=PLANS)],
    since="13.10",
)
def show_limits(call: dsl.Call) -> PlanLimits:
    """Show the limits of a plan."""
    return _limits(call)


@v4.put(
    "application/plan_limits",
    rule=access.ADMIN,
    shape=PLAN_LIMIT,
    params=[dsl.param("plan_name", str, NAME, required=True, enum=PLANS), *LIMITS],
    since="13.10",
)
def update_limits(call: dsl.Call, given: dsl.Given) -> PlanLimits:
    """Change the limits of a plan."""
    limits = _limits(call)
    changes = {name: value for name, value in given.without("plan_name").items() if value is not None}
    kept = limits if limits.id else call.store.insert(limits)
    return call.store.update(kept, **changes, limits_history=_history(call, kept, changes))


def _history(call: dsl.Call, limits: PlanLimits, changes: dict[str, Any]) -> dict[str, Any]:
    user, history = access.me(call), dict(limits.limits_history or {})
    who = {"user_id": user.id, "username": user.username, "timestamp": int(call.store.clock.instant.timestamp())}
    for name in REMEMBERED:
        if name in changes and changes[name] != getattr(limits, name):
            history[name] = [*history.get(name, ()), {**who, "value": changes[name]}]
    return history
