"""Who may see, change, delete and share which runners.

Source: https://docs.gitlab.com/api/runners/, https://docs.gitlab.com/ci/runners/runners_scope/ and GitLab's
app/policies/ci/runner_policy.rb, lib/api/ci/runners.rb.
"""

from collections.abc import Iterable

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.runner import Runner, RunnerProject, projects_of, runner_ids_in
from mockgitlab.api.models.user import User
from mockgitlab.api.reach import below
from mockgitlab.errors import Forbidden

NO_ACCESS = "No access granted"


def _maintains(store: dsl.Store, user: User, projects: Iterable[Project]) -> bool:
    return any(access.project_level(store, user, one) >= access.MAINTAINER for one in projects)


def reads(store: dsl.Store, user: User, runner: Runner) -> bool:
    """Tell whether a user may see a runner."""
    if user.admin or runner.runner_type == "instance_type":
        return True
    if runner.runner_type == "project_type":
        return _maintains(store, user, projects_of(store, runner))
    group = store[Group][runner.group_id or 0]
    inside = (store[Project][one] for one in below(store, group))
    return access.group_level(store, user, group) >= access.MAINTAINER or _maintains(
        store, user, (one for one in inside if one.group_runners_enabled)
    )


def updates(store: dsl.Store, user: User, runner: Runner) -> bool:
    """Tell whether a user may change a runner."""
    if runner.runner_type == "project_type":
        return user.admin or _maintains(store, user, projects_of(store, runner))
    return deletes(store, user, runner)


def deletes(store: dsl.Store, user: User, runner: Runner) -> bool:
    """Tell whether a user may delete a runner, as owner of its group or maintainer of the project that owns it."""
    if runner.runner_type == "project_type":
        return user.admin or _maintains(store, user, projects_of(store, runner)[:1])
    group = store[Group].get(runner.group_id)
    return user.admin or (group is not None and access.group_level(store, user, group) >= access.OWNER)


def reads_jobs(store: dsl.Store, user: User, runner: Runner) -> bool:
    """Tell whether a user may see what a runner executed: who maintains its group, or a project that has it."""
    group = store[Group].get(runner.group_id)
    if group is not None:
        return access.group_level(store, user, group) >= access.MAINTAINER
    return user.admin or _maintains(store, user, projects_of(store, runner))


def project_ids(store: dsl.Store, user: User, least: int) -> set[int]:
    """Return the projects in which a user has a role at least; being an administrator does not count."""
    levels, groups = access.project_levels(store, user.id), access.group_levels(store, user.id)
    found = {id for id, level in levels.items() if level >= least}
    for id, level in groups.items():
        if level >= least:
            found |= {one.id for one in store.steady(Project).having("namespace_id", id)}
    return found


def owned_ids(store: dsl.Store, user: User) -> set[int]:
    """Return the runners of the projects that a user maintains and of the groups that he owns."""
    groups, projects = access.group_levels(store, user.id), project_ids(store, user, access.MAINTAINER)
    owned = [id for id, level in groups.items() if level >= access.OWNER]
    return runner_ids_in(store, projects) | {one.id for one in store[Runner].all().among("group_id", owned)}


# Checks


def check(call: dsl.Call, allowed: bool, runner: Runner) -> None:
    """Raise ``Forbidden`` where something is not allowed."""
    if not allowed:
        whose = runner.runner_type.removesuffix("_type")
        raise Forbidden(NO_ACCESS, reason=f"{access.me(call).username} has no such rights on this runner of a {whose}")


def check_deletes(call: dsl.Call, runner: Runner) -> None:
    """Raise ``Forbidden`` for who may not delete a runner."""
    user = access.me(call)
    if not user.admin and len(call.store[RunnerProject].having("runner_id", runner.id)) > 1:
        reason = f"runner {runner.id} is of several projects; administrators alone may delete it"
        raise Forbidden("Runner associated with more than one project", reason=reason)
    check(call, deletes(call.store, user, runner), runner)


def check_assigns(call: dsl.Call, runner: Runner) -> None:
    """Raise ``Forbidden`` for who may not give a runner to another project."""
    user = access.me(call)
    if runner.runner_type == "group_type":
        raise Forbidden("Runner is a group runner", reason="projects below its group have it already")
    if user.admin:
        return
    if runner.locked:
        raise Forbidden("Runner is locked", reason=f"runner {runner.id} is for the projects alone that have it")
    check(call, runner.runner_type == "project_type" and updates(call.store, user, runner), runner)
