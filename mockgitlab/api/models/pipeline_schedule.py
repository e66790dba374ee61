"""Pipeline schedules, their variables and inputs.

Source: https://docs.gitlab.com/api/pipeline_schedules/ and GitLab's lib/api/entities/ci/pipeline_schedule*.rb,
app/models/ci/pipeline_schedule.rb, app/models/ci/pipeline_schedule_variable.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.pipeline import PIPELINE_BASIC, Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.models.variable import VariableType
from mockgitlab.store import Query


class PipelineSchedule(dsl.Entity):
    """That pipelines run on a branch or tag again and again."""

    singular = "Pipeline Schedule"
    natural = "description"

    id: int = dsl.serial()
    project_id: int = dsl.hidden()
    description: str = dsl.required("What it is for")
    ref: str = dsl.required("The branch or tag that pipelines run on")
    cron: str = dsl.required("When they run, as a cron expression")
    cron_timezone: str = dsl.optional("The time zone of the expression", default="UTC")
    next_run_at: str | None = dsl.readonly("When the next one runs")
    active: bool = dsl.optional("Whether pipelines run", default=True)
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    owner_id: int | None = dsl.reference("User", "As whom they run")
    inputs: tuple[tuple[str, Any], ...] = dsl.hidden("The inputs of their configuration", default=())


class PipelineScheduleVariable(dsl.Entity):
    """A variable of the pipelines of a schedule."""

    singular = "Pipeline Schedule Variable"
    natural = "key"

    id: int = dsl.serial()
    pipeline_schedule_id: int = dsl.parent("PipelineSchedule")
    variable_type: VariableType = dsl.optional("Whether jobs get the value, or a file of it", default="env_var")
    key: str = dsl.required("The name of the variable")
    value: str | None = dsl.required("The value of the variable")
    raw: bool = dsl.readonly(default=False, since="15.7")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()


def _owner(schedule: PipelineSchedule, view: dsl.View) -> Any:
    return view.one(USER_BASIC, view.store[User].get(schedule.owner_id))


def _inputs(schedule: PipelineSchedule, view: dsl.View) -> Any:
    """Return the inputs, for Maintainers and the owner alone."""
    if not _is_told(schedule, view):
        return dsl.OMIT
    return [{"name": name, "value": value} for name, value in schedule.inputs]


def _is_told(schedule: PipelineSchedule, view: dsl.View) -> bool:
    user, project = view.store[User].get(view.user_id), view.store[Project][schedule.project_id]
    level = access.project_level(view.store, user, project)
    owned = user is not None and schedule.owner_id == user.id and level >= access.DEVELOPER
    return owned or level >= access.MAINTAINER


def _last_pipeline(schedule: PipelineSchedule, view: dsl.View) -> Any:
    found = view.store[Pipeline].where(pipeline_schedule_id=schedule.id)
    return view.one(PIPELINE_BASIC, max(found, key=lambda one: one.id, default=None))


def _variables(schedule: PipelineSchedule, view: dsl.View) -> Any:
    """Return the variables, for Maintainers and the owner alone."""
    if not _is_told(schedule, view):
        return dsl.OMIT
    return view.many(SCHEDULE_VARIABLE, list(variables_of(view.store, schedule)))


SCHEDULE_VARIABLE = PipelineScheduleVariable.shape("variable_type", "key", "value", "raw", name="Variable")
PIPELINE_SCHEDULE = (
    PipelineSchedule.shape(
        *("id", "description", "ref", "cron", "cron_timezone", "next_run_at", "active", "created_at", "updated_at")
    )
    .plus(owner=_owner)
    .plus(inputs=dsl.computed_in(since="17.11")(_inputs))
)
PIPELINE_SCHEDULE_CHANGED = PIPELINE_SCHEDULE.plus(last_pipeline=_last_pipeline)
"""As answers to changes show it: without its variables."""
PIPELINE_SCHEDULE_DETAILS = PIPELINE_SCHEDULE_CHANGED.plus(variables=_variables)


def schedules_of(store: dsl.Store, project: Project) -> Query[PipelineSchedule]:
    """Return the pipeline schedules of a project, the newest first."""
    return store[PipelineSchedule].where(project_id=project.id).order_by("id", descending=True)


def variables_of(store: dsl.Store, schedule: PipelineSchedule) -> Query[PipelineScheduleVariable]:
    """Return the variables of a schedule."""
    return store[PipelineScheduleVariable].where(pipeline_schedule_id=schedule.id)
