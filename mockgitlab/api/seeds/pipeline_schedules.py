"""Pipeline schedules in scenarios, below projects, with their variables.

.. code-block:: yaml

    pipeline_schedules:
      - {description: Nightly, cron: 0 1 * * *, owner: ada, variables: [{key: SCOPE, value: all}], inputs: {depth: 3}}

Pipelines run on the default branch and as the creator of the project unless it says otherwise.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.pipeline_schedule import PipelineSchedule, PipelineScheduleVariable
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.services.pipeline_schedules import arranged, full_ref, problems_of, variable_problems

INPUTS = {"inputs": {"type": "object", "description": "The inputs of the configuration, by their names"}}


def seed_pipeline_schedule(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> PipelineSchedule:
    """Make a pipeline schedule of a project."""
    store, project = seeding.store, parents[-1]
    given = {"cron": "", "description": "", "owner_id": project.creator_id, **columns}
    ref = full_ref(store, project, given.get("ref") or project.default_branch or "main")
    inputs = extras.get("inputs") or {}
    draft = PipelineSchedule(**{**given, "ref": ref, "inputs": tuple(inputs.items())})
    problems = problems_of(store, project, draft)
    for name, texts in problems.items():
        seeding.problem(name, "names no branch or tag" if name == "ref" else texts[0].strip())
    made = store.insert(draft)
    return made if problems else arranged(store, made, store.settings.url or "http://localhost")


def seed_schedule_variable(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> PipelineScheduleVariable:
    """Make a variable of a pipeline schedule."""
    draft = PipelineScheduleVariable(**{"key": "", **columns})
    for name, texts in variable_problems(seeding.store, parents[-1], draft).items():
        seeding.problem(name, texts[0])
    return seeding.store.insert(draft)


PIPELINE_SCHEDULES = dsl.Collection(
    "pipeline_schedules",
    PipelineSchedule,
    {Project: tied_to},
    seed_pipeline_schedule,
    extras=INPUTS,
    description="When pipelines run by themselves",
)
PIPELINE_SCHEDULE_VARIABLES = dsl.Collection(
    "variables",
    PipelineScheduleVariable,
    {PipelineSchedule: lambda schedule: {"pipeline_schedule_id": schedule.id}},
    seed_schedule_variable,
    description="Variables of the pipelines of a schedule",
)
