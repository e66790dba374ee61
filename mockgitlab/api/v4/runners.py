"""Runners: their lists, their records, and which projects have them.

Source: https://docs.gitlab.com/api/runners/ and GitLab's lib/api/ci/runners.rb, lib/api/entities/ci/runner_details.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, runner_access
from mockgitlab.api.models.group import BASIC_GROUP, Group
from mockgitlab.api.models.job_shapes import JOB_WITH_PROJECT
from mockgitlab.api.models.pipeline import CommitStatus
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_shapes import BASIC_PROJECT
from mockgitlab.api.models.runner import (
    RESET_TOKEN,
    RUNNER,
    RUNNER_MANAGER,
    Runner,
    RunnerManager,
    RunnerProject,
    available_ids,
    managers_of,
    of_latest,
    projects_of,
)
from mockgitlab.api.models.user import User
from mockgitlab.api.runner_filters import FILTERS, SCOPED, STATUSES
from mockgitlab.api.services import runners
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import (
    ApiError,
    BadRequest,
    Forbidden,
    NotFound,
    RecordNotFound,
    ValidationFailed,
)
from mockgitlab.store import Query

JOB_STATUSES = (
    *("created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending", "running", "success"),
    *("failed", "canceling", "canceled", "skipped", "manual", "scheduled"),
)
CHANGES = [
    dsl.param("description", str, "The description of the runner"),
    dsl.param("active", bool, "Whether it takes new jobs"),
    dsl.param("paused", bool, "Whether it takes no new jobs", since="14.8"),
    dsl.param("tag_list", dsl.CommaList, "Its tags"),
    dsl.param("run_untagged", bool, "Whether it takes jobs without tags"),
    dsl.param("locked", bool, "Whether it is for the projects alone that have it already"),
    dsl.param("access_level", str, "Whether it is for protected refs alone", enum=("not_protected", "ref_protected")),
    dsl.param("maximum_timeout", int, "After so many seconds its jobs end"),
    dsl.param("maintenance_note", str, "Notes for those who look after it", since="15.1"),
]
ASSIGNED_ALREADY = "Assign to Validation failed: Runner projects runner has already been taken"
NO_SHARED = "Transitioning an instance runner to a project runner is not supported"


class NotAssigned(ApiError):
    """A runner cannot be given to a project."""

    def body(self, style: Any) -> Any:
        """Return what is wrong, and GitLab's word for such errors."""
        return {"message": self.message, "reason": "runner_error"}


# Lists


@v4.get("runners", rule=access.USER, shape=RUNNER, filters=SCOPED)
def list_owned_runners(call: dsl.Call) -> Query[Runner]:
    """List the runners of the projects that the caller maintains and of the groups that he owns."""
    if call.given.get("scope") and call.given["scope"] not in STATUSES:
        raise BadRequest("Scope contains invalid value", reason=f"here the scope is one of {', '.join(STATUSES)}")
    return call.store[Runner].all().among("id", runner_access.owned_ids(call.store, access.me(call)))


@v4.get("runners/all", rule=access.ADMIN_AFTER_PARAMETERS, shape=RUNNER, filters=SCOPED)
def list_all_runners(call: dsl.Call) -> Query[Runner]:
    """List all runners of the instance."""
    return call.store[Runner].all()


@v4.get("projects/:id/runners", rule=access.AS_MAINTAINER, shape=RUNNER, filters=SCOPED)
def list_project_runners(call: dsl.Call, project: Project) -> Query[Runner]:
    """List the runners that a project may use."""
    return call.store[Runner].all().among("id", available_ids(call.store, project))


@v4.get("groups/:id/runners", rule=access.AS_OWNER, shape=RUNNER, filters=FILTERS)
def list_group_runners(call: dsl.Call, group: Group) -> Query[Runner]:
    """List the runners that all projects of a group may use."""
    return call.store[Runner].all().among("id", available_ids(call.store, group))


# One runner


@v4.locator("runners/:id", integer=True)
def find_runner(call: dsl.Call, value: str) -> Runner:
    """Return the runner with an id."""
    runner = call.store[Runner].get(int(value))
    if runner is None:
        raise RecordNotFound(reason=f"there is no runner {value}")
    return runner


def _may(test: Any) -> dsl.Rule:
    def check(call: dsl.Call) -> None:
        runner = call.at(Runner)
        runner_access.check(call, test(call.store, access.me(call), runner), runner)

    return dsl.Rule("by the runner's project or group", check)


READ, UPDATE, DELETE = (
    _may(runner_access.reads),
    _may(runner_access.updates),
    dsl.Rule("by the runner's project or group", lambda call: runner_access.check_deletes(call, call.at(Runner))),
)


def _viewer(view: dsl.View) -> User:
    return view.store[User][view.user_id or 0]


def _note(runner: Runner, view: dsl.View) -> str | None:
    return runner.maintenance_note if runner_access.updates(view.store, _viewer(view), runner) else None


def _projects(runner: Runner, view: dsl.View) -> list[Any]:
    user, found = _viewer(view), projects_of(view.store, runner)
    return view.many(BASIC_PROJECT, [one for one in found if access.project_level(view.store, user, one) > 0])


def _groups(runner: Runner, view: dsl.View) -> list[Any]:
    group, user = view.store[Group].get(runner.group_id), _viewer(view)
    seen = group is not None and (user.admin or group.id in access.own_group_ids(view.store, user.id))
    return view.many(BASIC_GROUP, [group] if seen else [])


DETAILS = (
    RUNNER.called("Ci_RunnerDetails")
    .plus("tag_list", "run_untagged", "locked", "maximum_timeout", "access_level", entity=Runner)
    .plus(**{name: of_latest(name) for name in ("version", "revision", "platform", "architecture")})
    .plus("contacted_at", entity=Runner)
    .plus(maintenance_note=dsl.computed_in(since="15.1")(_note), projects=_projects, groups=_groups)
)


@v4.get("runners/:id", rule=READ, shape=DETAILS)
def show_runner(runner: Runner) -> Runner:
    """Show a runner."""
    return runner


@v4.put(
    "runners/:id",
    rule=UPDATE,
    shape=DETAILS,
    params=CHANGES,
    constraints=[
        dsl.at_least_one_of(*(param.name for param in CHANGES)),
        dsl.mutually_exclusive("active", "paused"),
    ],
)
def update_runner(call: dsl.Call, runner: Runner, given: dsl.Given) -> Runner:
    """Change a runner, or pause it."""
    columns = runners.columns_of(given)
    if problems := runners.problems_of(runner.replaced(columns)):
        raise ValidationFailed(problems, reason=f"the runner would have a wrong {' and a wrong '.join(problems)}")
    return call.store.update(runner, **columns)


@v4.delete("runners/:id", rule=DELETE)
def delete_runner(call: dsl.Call, runner: Runner) -> None:
    """Delete a runner."""
    remove(call.store, runner)


@v4.get("runners/:id/managers", rule=READ, shape=RUNNER_MANAGER, since="17.1", paginated=False)
def list_runner_managers(call: dsl.Call, runner: Runner) -> list[RunnerManager]:
    """List the machines of a runner."""
    return managers_of(call.store, runner)


def _in_order(query: Query[CommitStatus], by: str, call: dsl.Call) -> Query[CommitStatus]:
    return query.order_by(by, descending=call.given.get("sort") != "asc")


JOB_FILTERS = [
    dsl.eq("status", description="Only those that stand so", enum=JOB_STATUSES, ignore=("",)),
    dsl.by("order_by", str, "Order by the ID", _in_order, enum=("id",)),
]


@v4.get(
    "runners/:id/jobs",
    rule=_may(runner_access.reads_jobs),
    shape=JOB_WITH_PROJECT,
    filters=JOB_FILTERS,
    keyset=("id",),
    keyset_since="15.9",
)
def list_runner_jobs(
    call: dsl.Call,
    runner: Runner,
    system_id: Annotated[str | None, "Only those of this machine; of which one is not known here"] = None,
    sort: Annotated[str, "Order ascending or descending", dsl.Constraints(enum=("asc", "desc"))] = "desc",
    cursor: Annotated[str | None, "Where the next page begins"] = None,
) -> Query[CommitStatus]:
    """List the jobs that a runner took, of the projects in which the caller is reporter at least."""
    found = call.store[CommitStatus].where(runner_id=runner.id)
    if system_id:
        found = found.among("id", [])
    user = access.me(call)
    if user.admin:
        return found
    return found.among("project_id", runner_access.project_ids(call.store, user, access.REPORTER))


@v4.post("runners/:id/reset_authentication_token", rule=UPDATE, shape=RESET_TOKEN)
def reset_authentication_token(call: dsl.Call, runner: Runner) -> Runner:
    """Give a runner another secret."""
    return runners.reset_token(call.store, runner)


# In projects


@v4.post("projects/:id/runners", rule=access.AS_MAINTAINER, shape=RUNNER)
def enable_runner(call: dsl.Call, project: Project, runner_id: Annotated[int, "The ID of the runner"]) -> Runner:
    """Let another project use a runner of projects."""
    runner = find_runner(call, str(runner_id))
    runner_access.check_assigns(call, runner)
    if runner.runner_type == "instance_type":
        raise BadRequest(NO_SHARED, reason=f"runner {runner.id} is of the instance, all projects may use it")
    if call.store[RunnerProject].find(runner_id=runner.id, project_id=project.id) is not None:
        raise NotAssigned([ASSIGNED_ALREADY], reason=f"{project.full_path} has runner {runner.id} already")
    call.store.insert(RunnerProject(runner_id=runner.id, project_id=project.id))
    return runner


@v4.locator("projects/:id/runners/:runner_id", integer=True)
def find_runner_of_project(call: dsl.Call, value: str) -> RunnerProject:
    """Return that the project has a runner."""
    project = call.at(Project)
    access.AS_MAINTAINER.check(call)
    found = call.store[RunnerProject].find(runner_id=int(value), project_id=project.id)
    if found is None:
        raise NotFound("Runner", reason=f"{project.full_path} itself has no runner {value}")
    return found


@v4.delete("projects/:id/runners/:runner_id", rule=access.AS_MAINTAINER, conditional=False)
def disable_runner(call: dsl.Call, found: RunnerProject) -> None:
    """Let a project no more use a runner of projects."""
    if len(call.store[RunnerProject].having("runner_id", found.runner_id)) == 1:
        text = "Only one project associated with the runner. Please remove the runner instead"
        raise Forbidden(text, reason=f"runner {found.runner_id} is of no other project")
    call.store.delete(found)
