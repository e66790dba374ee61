"""Pipeline schedules of projects.

Source: https://docs.gitlab.com/api/pipeline_schedules/ and GitLab's lib/api/ci/pipeline_schedules.rb.
"""

from typing import Annotated, Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import pipeline_access as pipelines
from mockgitlab.api import pipeline_schedule_access as may
from mockgitlab.api.models.pipeline import PIPELINE_BASIC, Pipeline
from mockgitlab.api.models.pipeline_schedule import (
    PIPELINE_SCHEDULE,
    PIPELINE_SCHEDULE_CHANGED,
    PIPELINE_SCHEDULE_DETAILS,
    SCHEDULE_VARIABLE,
    PipelineSchedule,
    PipelineScheduleVariable,
    schedules_of,
    variables_of,
)
from mockgitlab.api.models.project import Project
from mockgitlab.api.pipeline_filters import PIPELINE_FILTERS
from mockgitlab.api.services import pipeline_progress
from mockgitlab.api.services.pipeline_schedules import (
    change_schedule,
    create_schedule,
    run_schedule,
    variable_problems,
)
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import MissingParameters, NotFound, ValidationFailed
from mockgitlab.store import Query

AT = "projects/:id/pipeline_schedules"
EACH = f"{AT}/:pipeline_schedule_id"
VARIABLES = f"{EACH}/variables"
FIELDS = PipelineSchedule.fields
NAME = dsl.param("name", str, "The name of the input", required=True)
VALUE = "A text, a number, true, false or a list"
INPUTS = dsl.param(
    "inputs",
    list[dict[str, Any]],
    "The inputs of the configuration",
    nested=(NAME, dsl.param("value", Any, VALUE, required=True)),
    since="17.11",
)
CHANGED_INPUTS = dsl.param(
    "inputs",
    list[dict[str, Any]],
    "The inputs that are new, change or go",
    nested=(
        NAME,
        dsl.param("value", Any, VALUE),
        dsl.param("destroy", bool, "Whether to delete the input", default=False),
    ),
    since="17.11",
)
CREATE = [
    *(of_field(FIELDS[name], required=True) for name in ("description", "ref", "cron")),
    dsl.param("cron_timezone", str, "The time zone of the expression", default="UTC"),
    dsl.param("active", bool, "Whether pipelines run", default=True),
    INPUTS,
]
UPDATE = [
    *(of_field(FIELDS[name], required=False) for name in ("description", "ref", "cron", "cron_timezone", "active")),
    CHANGED_INPUTS,
]
VARIABLE = PipelineScheduleVariable.fields
OF_SCHEDULES = ("scope", "status", "updated_after", "updated_before", "created_after", "created_before")
FILTERS = [one for one in PIPELINE_FILTERS if one.params[0].name in OF_SCHEDULES]


@v4.locator(EACH, integer=True)
def find_schedule(call: dsl.Call, value: str) -> PipelineSchedule:
    """Return the schedule with this id that the caller may know of."""
    if call.operation.path.startswith(VARIABLES):
        may.sets_variables(call)
    project = call.at(Project)
    found = schedules_of(call.store, project).where(id=int(value)).first()
    if found is None or not pipelines.reads_jobs(call, project):
        hidden = f"{project.full_path} has no schedule {value}, or its pipelines are hidden from the caller"
        raise NotFound(PipelineSchedule.singular, reason=hidden)
    return found


@v4.get(AT, rule=pipelines.READ_AS_USER, shape=PIPELINE_SCHEDULE)
def list_schedules(
    call: dsl.Call,
    project: Project,
    scope: Annotated[Literal["active", "inactive"] | None, "Only those that run, or do not"] = None,
) -> Query[PipelineSchedule]:
    """List the pipeline schedules of a project."""
    found = schedules_of(call.store, project)
    return found.where(active=scope == "active") if scope else found


@v4.get(EACH, rule=access.USER, shape=PIPELINE_SCHEDULE_DETAILS)
def show_schedule(schedule: PipelineSchedule) -> PipelineSchedule:
    """Show a pipeline schedule."""
    return schedule


@v4.get(f"{EACH}/pipelines", rule=access.USER, shape=PIPELINE_BASIC, filters=FILTERS)
def list_pipelines_of_schedule(
    call: dsl.Call,
    project: Project,
    schedule: PipelineSchedule,
    sort: Annotated[Literal["asc", "desc"], "The oldest or the newest first"] = "asc",
) -> Query[Pipeline]:
    """List the pipelines that a schedule ran."""
    pipeline_progress.read_all(call.store, project.id)
    return call.store[Pipeline].where(pipeline_schedule_id=schedule.id).order_by("id", descending=sort == "desc")


@v4.post(
    AT,
    rule=pipelines.UPDATE,
    shape=PIPELINE_SCHEDULE_CHANGED,
    params=CREATE,
    constraints=[dsl.not_empty("ref")],
)
def add_schedule(call: dsl.Call, project: Project, given: dsl.Given) -> PipelineSchedule:
    """Add a pipeline schedule, which runs pipelines as the caller."""
    kept = tuple((one["name"], one["value"]) for one in given.get("inputs") or ())
    return create_schedule(call, project, {**_columns(given), "inputs": kept})


@v4.put(EACH, rule=may.UPDATE, shape=PIPELINE_SCHEDULE_CHANGED, params=UPDATE)
def update_schedule(call: dsl.Call, project: Project, schedule: PipelineSchedule, given: dsl.Given) -> PipelineSchedule:
    """Change a pipeline schedule."""
    inputs = given.get("inputs") or ()
    _check_values(inputs)
    kept = dict(schedule.inputs) | {one["name"]: one.get("value") for one in inputs}
    gone = {one["name"] for one in inputs if one.get("destroy")}
    left = tuple((name, value) for name, value in kept.items() if name not in gone)
    return change_schedule(call, project, schedule, {**_columns(given), "inputs": left})


def _columns(given: dsl.Given) -> dict[str, Any]:
    """Return the columns that are given; whether it is active stays where null is given."""
    unsaid = ("active",) if given.get("active") is None else ()
    return given.without("inputs", *unsaid)


def _check_values(inputs: Any) -> None:
    if missing := [place for place, one in enumerate(inputs) if "value" not in one and not one.get("destroy")]:
        raise MissingParameters([f"inputs[{place}][value]" for place in missing], reason="an input needs a value")


@v4.post(f"{EACH}/take_ownership", rule=may.ADMIN, shape=PIPELINE_SCHEDULE_CHANGED)
def take_ownership(call: dsl.Call, schedule: PipelineSchedule) -> Any:
    """Make the caller the owner of a pipeline schedule, as whom its pipelines run."""
    me = access.me(call)
    if schedule.owner_id == me.id:
        return dsl.present(schedule, status=200)
    return call.store.update(schedule, owner_id=me.id)


@v4.post(f"{EACH}/play", rule=may.PLAY, since="12.8")
def play_schedule(call: dsl.Call, schedule: PipelineSchedule) -> dict[str, str]:
    """Run a pipeline of a schedule now, as the caller."""
    run_schedule(call, schedule)
    return {"message": "201 Created"}


@v4.delete(EACH, rule=may.ADMIN)
def delete_schedule(call: dsl.Call, schedule: PipelineSchedule) -> None:
    """Delete a pipeline schedule; its pipelines stay."""
    remove(call.store, schedule)


# Variables


@v4.locator(f"{VARIABLES}/:key")
def find_schedule_variable(call: dsl.Call, value: str) -> PipelineScheduleVariable:
    """Return the variable of this name; who may not change any is told so before."""
    call.operation.rule.check(call)
    found = variables_of(call.store, call.at(PipelineSchedule)).where(key=value).first()
    if found is None:
        reason = f"the schedule {call.at(PipelineSchedule).id} has no variable {value}"
        raise NotFound(PipelineScheduleVariable.singular, reason=reason)
    return found


@v4.post(
    VARIABLES,
    rule=may.UPDATE,
    shape=SCHEDULE_VARIABLE,
    params=[of_field(VARIABLE[name], required=name != "variable_type") for name in ("key", "value", "variable_type")],
)
def add_schedule_variable(call: dsl.Call, schedule: PipelineSchedule, given: dsl.Given) -> PipelineScheduleVariable:
    """Add a variable to a pipeline schedule."""
    columns = {name: value for name, value in given.items() if value is not None}
    draft = PipelineScheduleVariable(pipeline_schedule_id=schedule.id, **{**columns, "key": given["key"].strip()})
    if problems := variable_problems(call.store, schedule, draft):
        raise ValidationFailed(problems, reason="the variable would be no valid record")
    return call.store.insert(draft)


@v4.put(
    f"{VARIABLES}/:key",
    rule=may.UPDATE,
    shape=SCHEDULE_VARIABLE,
    params=[of_field(VARIABLE[name], required=False) for name in ("value", "variable_type")],
)
def update_schedule_variable(
    call: dsl.Call, variable: PipelineScheduleVariable, given: dsl.Given
) -> PipelineScheduleVariable:
    """Change a variable of a pipeline schedule."""
    unsaid = ("variable_type",) if given.get("variable_type") is None else ()
    return call.store.update(variable, **given.without(*unsaid))


@v4.delete(f"{VARIABLES}/:key", rule=may.ADMIN, success=202, conditional=False, gives_back=SCHEDULE_VARIABLE)
def delete_schedule_variable(call: dsl.Call, variable: PipelineScheduleVariable) -> None:
    """Delete a variable of a pipeline schedule, and show it for the last time."""
    remove(call.store, variable)
