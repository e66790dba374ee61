"""Runners: they register, are listed, given to projects, and go.

Source: gitlab-ci's doc/api/runners.md and lib/api/runners.rb, GitLab 8's doc/ci/api/runners.md and
lib/ci/api/runners.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.ci import shapes
from mockgitlab.api.ci.base import ALONE, EMBEDDED, MANAGE, ci, number, project_of_token
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.runner import Runner, RunnerManager, RunnerProject, managers_of
from mockgitlab.api.services import runners
from mockgitlab.api.services.removal import remove
from mockgitlab.errors import BadRequest, Forbidden, NotFound, RecordNotFound

OF_PROJECT = f"{ALONE}/projects/:id/runners/:runner_id"
TAGS = dsl.param("tag_list", dsl.CommaList, "Its tags")
DESCRIPTION = dsl.param("description", str, "What it is called")
REGISTER = [dsl.param("token", str, "That of the instance, or of a project", required=True), DESCRIPTION, TAGS]
LATER = [
    dsl.param("run_untagged", bool, "Whether it takes builds without tags"),
    dsl.param("locked", bool, "Whether it is for its projects alone"),
    dsl.param("info", dict[str, Any], "What it says of itself"),
]


@ci.get(f"{ALONE}/runners", rule=access.USER)
def list_runners(call: dsl.Call) -> Any:
    """List all runners with their secrets, for any user."""
    return [shapes.runner(one) for one in call.store[Runner].all()]


@ci.post(f"{ALONE}/runners/register", rule=access.ANYONE, params=REGISTER)
@ci.post(f"{EMBEDDED}/runners/register", rule=access.ANYONE, params=[*REGISTER, *LATER])
def register_runner(call: dsl.Call, given: dsl.Given) -> dict[str, Any]:
    """Register a shared runner by the instance's token, or one of a project by its own."""
    own = project_of_token(call.store, given["token"])
    known, at = (True, own) if own else runners.place_of_registration(call.store, given["token"])
    if not known:
        raise Forbidden(reason="the token is neither the instance's for registering runners, nor a project's")
    draft = runners.drafted(given.without("token", "info"), at)
    if runners.problems_of(draft):
        raise NotFound(reason="the runner would be no valid record")
    made = runners.insert(call.store, draft, at)
    if given.get("info"):
        made = runners.heard_of(call.store, made, None, call.address, given["info"])
    return shapes.runner(made)


@ci.delete(f"{ALONE}/runners/delete", f"{EMBEDDED}/runners/delete", rule=access.ANYONE)
def delete_runner(call: dsl.Call, token: Annotated[str, "The secret of the runner"]) -> dict[str, Any]:
    """Delete a runner by its secret; it is answered as it was."""
    found = runners.find_runner(call.store, token)
    machine: RunnerManager | None = next(iter(managers_of(call.store, found)), None)
    info = {name: getattr(machine, name, None) for name in runners.INFO}
    remove(call.store, found)
    return {**shapes.runner_row(call.store, found), **info}


# In projects


def _runner(call: dsl.Call) -> Runner:
    found = call.store[Runner].get(number(call.path["runner_id"]))
    if found is None:
        raise RecordNotFound(reason=f"there is no runner {call.path['runner_id']}")
    return found


@ci.post(OF_PROJECT, rule=MANAGE)
def add_runner(call: dsl.Call, project: Project) -> dict[str, Any]:
    """Give a project a runner."""
    found = _runner(call)
    if call.store[RunnerProject].find(runner_id=found.id, project_id=project.id) is not None:
        raise BadRequest("", reason=f"{project.full_path} has runner {found.id} already")
    return shapes.link(call.store.insert(RunnerProject(runner_id=found.id, project_id=project.id)))


@ci.delete(OF_PROJECT, rule=MANAGE, conditional=False)
def remove_runner(call: dsl.Call, project: Project) -> dict[str, Any]:
    """Take a runner from a project."""
    found = call.store[RunnerProject].find(runner_id=_runner(call).id, project_id=project.id)
    if found is None:
        raise NotFound(reason=f"{project.full_path} does not have the runner")
    call.store.delete(found)
    return {**shapes.link(found), "created_at": found.created_at, "updated_at": found.created_at}
