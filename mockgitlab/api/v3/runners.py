"""Runners: shared ones of the instance, and specific ones of projects.

Source: GitLab 8's doc/api/runners.md and lib/api/runners.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.runner import RUNNER, Runner, RunnerProject
from mockgitlab.api.models.user import User
from mockgitlab.api.runner_filters import scoped
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import runners
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, Forbidden

OWN = ("active", "paused", "online")
ANY = (*OWN, "specific", "shared")
EACH, OF_PROJECT = "runners/:id", "projects/:id/runners"
CHANGES = ("description", "active", "tag_list", "run_untagged", "locked")

# Shapes


def _token(runner: Runner, view: dsl.View) -> Any:
    admin = view.store[User][view.user_id or 0].admin
    return runner.token if admin or runner.runner_type != "instance_type" else dsl.OMIT


SHOWN = RUNNER.only("id", "description", "active", "is_shared", "name")
DETAILS = runners.DETAILS.plus(token=_token).only(
    *("id", "description", "active", "is_shared", "name", "tag_list", "run_untagged", "locked", "version", "revision"),
    *("platform", "architecture", "contacted_at", "token", "projects"),
)
v3.dialect.show({RUNNER: SHOWN, runners.DETAILS: DETAILS})
v3.dialect.say({runners.NotAssigned: lambda error: Conflict("Runner was already enabled for this project")})
v3.locator(EACH, integer=True)(runners.find_runner)
v3.locator(f"{OF_PROJECT}/:runner_id", integer=True)(runners.find_runner_of_project)

# Lists

for _path, _scopes in (("runners", OWN), ("runners/all", ANY), (OF_PROJECT, ANY)):
    v3.adopt(v4, "GET", _path, filters=[scoped(_scopes)])

# One runner


def _check_specific(runner: Runner) -> None:
    if runner.runner_type == "instance_type":
        raise Forbidden("Runner is shared", reason=f"runner {runner.id} is of the instance")


def _specific(rule: dsl.Rule) -> dsl.Rule:
    """Return a rule that lets administrators alone have to do with shared runners."""

    def check(call: dsl.Call) -> None:
        if not access.me(call).admin:
            _check_specific(call.at(Runner))
        rule.check(call)

    return dsl.Rule(f"{rule.name}, administrators where it is shared", check)


v3.adopt(v4, "GET", EACH)
v3.put(
    EACH,
    rule=_specific(runners.UPDATE),
    shape=runners.DETAILS,
    params=[param for param in runners.CHANGES if param.name in CHANGES],
    constraints=[dsl.at_least_one_of(*CHANGES)],
    page="runners",
)(runners.update_runner)
v3.adopt(v4, "DELETE", EACH, rule=_specific(runners.DELETE), gives_back=SHOWN)

# In projects


@v3.post(OF_PROJECT, rule=access.AS_MAINTAINER, shape=RUNNER)
def enable_runner(call: dsl.Call, project: Project, runner_id: Annotated[int, "The ID of the runner"]) -> Runner:
    """Let another project use a specific runner that is not locked."""
    runner = runners.find_runner(call, str(runner_id))
    _check_specific(runner)
    if runner.locked:
        raise Forbidden("Runner is locked", reason=f"runner {runner.id} is for the projects alone that have it")
    return runners.enable_runner(call, project, runner_id)


def disable_runner(call: dsl.Call, found: RunnerProject) -> Runner:
    """Let a project no more use a runner, which is answered."""
    runners.disable_runner(call, found)
    return call.store[Runner][found.runner_id]


v3.adopt(v4, "DELETE", f"{OF_PROJECT}/:runner_id", handler=disable_runner, shape=RUNNER)
