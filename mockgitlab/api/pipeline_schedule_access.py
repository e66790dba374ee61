"""Who may do what with pipeline schedules. Source: GitLab's app/policies/ci/pipeline_schedule_policy.rb."""

from collections.abc import Callable

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import pipeline_access as pipelines
from mockgitlab.api.models.pipeline_schedule import PipelineSchedule
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.pipeline_schedules import may_run_on
from mockgitlab.errors import Forbidden


def _owns(call: dsl.Call) -> bool:
    return call.at(PipelineSchedule).owner_id == access.me(call).id and pipelines.may_update(call, call.at(Project))


def _is_open(call: dsl.Call) -> bool:
    return may_run_on(call.store, access.me(call), call.at(Project), call.at(PipelineSchedule).ref)


def _administers(call: dsl.Call) -> bool:
    maintains = access.level(call, call.at(Project)) >= access.MAINTAINER
    return _owns(call) or (maintains and pipelines.may_update(call, call.at(Project)))


def _updates(call: dsl.Call) -> bool:
    return (_owns(call) or access.is_admin(call)) and _is_open(call)


def _plays(call: dsl.Call) -> bool:
    return pipelines.may_update(call, call.at(Project)) and _is_open(call)


def sets_variables(call: dsl.Call) -> None:
    """Raise ``Forbidden`` for who may not start pipelines of the project with variables of his own."""
    project = call.at(Project)
    if not pipelines.may_set_variables(call, project):
        role = project.ci_pipeline_variables_minimum_override_role
        raise Forbidden(reason=f"ci_pipeline_variables_minimum_override_role of {project.full_path} is {role}")


def _rule(name: str, may: Callable[[dsl.Call], bool], needed: str) -> dsl.Rule:
    def check(call: dsl.Call) -> None:
        if not may(call):
            access.refuse(call, call.at(Project), needed)

    return dsl.Rule(name, check)


_OWNED = "the owner of the schedule"
UPDATE = _rule("owner of the schedule", _updates, f"{_OWNED} may, on branches and tags that are open to them")
ADMIN = _rule("owner of the schedule", _administers, f"{_OWNED} and maintainers may")
PLAY = _rule("developer", _plays, "developers may, on branches and tags that are open to them")
