"""Runners, which execute jobs, and the machines on which they do.

Source: https://docs.gitlab.com/api/runners/ and GitLab's app/models/ci/runner.rb, app/models/ci/runner_manager.rb,
app/models/concerns/ci/has_runner_status.rb, lib/api/entities/ci/runner*.rb.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.pipeline import CommitStatus
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.store import timestamp

Type = Literal["instance_type", "group_type", "project_type"]
AccessLevel = Literal["not_protected", "ref_protected"]
ONLINE_FOR = timedelta(hours=2)
STALE_AFTER = timedelta(days=7)
NO_ADDRESSES_SINCE = (17, 0)


class Runner(dsl.Entity):
    """What executes jobs: of the whole instance, of a group and all below it, or of the projects that have it."""

    natural = "description"

    id: int = dsl.serial()
    description: str | None = dsl.optional("The description of the runner")
    active: bool = dsl.optional("Whether it takes new jobs", default=True)
    runner_type: Type = dsl.readonly(default="instance_type")
    name: str | None = dsl.readonly("What the runner calls itself")
    group_id: int | None = dsl.hidden("The group that it is of")
    creator_id: int | None = dsl.reference("User", "Who created it")
    created_at: str = dsl.now()
    tag_list: tuple[str, ...] = dsl.optional("Its tags, which jobs ask for", default=())
    run_untagged: bool = dsl.optional("Whether it takes jobs without tags", default=True)
    locked: bool = dsl.optional("Whether it is for the projects alone that have it already", default=False)
    maximum_timeout: int | None = dsl.optional("After so many seconds its jobs end")
    access_level: AccessLevel = dsl.optional("Whether it is for protected refs alone", default="not_protected")
    contacted_at: str | None = dsl.readonly("When it asked for jobs last")
    maintenance_note: str | None = dsl.optional("Notes for those who look after it")
    token: str = dsl.hidden("The secret by which it identifies itself", default="")
    token_expires_at: str | None = dsl.readonly()


class RunnerProject(dsl.Entity):
    """That a project has a runner; the first that had it owns it."""

    id: int = dsl.serial()
    runner_id: int = dsl.parent("Runner")
    project_id: int = dsl.parent("Project")
    created_at: str = dsl.now()


class RunnerManager(dsl.Entity):
    """A machine, or process, on which a runner runs."""

    natural = "system_id"

    id: int = dsl.serial()
    runner_id: int = dsl.parent("Runner")
    system_id: str = dsl.required("What tells it from the runner's other machines")
    version: str | None = dsl.optional("The version of GitLab Runner")
    revision: str | None = dsl.optional("The commit of that version")
    platform: str | None = dsl.optional("Its operating system")
    architecture: str | None = dsl.optional("Its processor")
    created_at: str = dsl.now()
    contacted_at: str | None = dsl.readonly("When it asked for jobs last")
    ip_address: str | None = dsl.optional("Its address")


# How one stands


def _before(store: dsl.Store, span: timedelta) -> str:
    return timestamp(store.clock.instant - span)


def is_online(one: Runner | RunnerManager, store: dsl.Store) -> bool:
    """Tell whether a runner, or a machine, was heard of in the last two hours."""
    return (one.contacted_at or "") > _before(store, ONLINE_FOR)


def is_offline(one: Runner | RunnerManager, store: dsl.Store) -> bool:
    """Tell whether one was heard of, and not in the last two hours."""
    return one.contacted_at is not None and not is_online(one, store)


def is_stale(one: Runner | RunnerManager, store: dsl.Store) -> bool:
    """Tell whether nothing was heard of one in the last seven days, in which it was not made either."""
    return max(one.created_at, one.contacted_at or "") <= _before(store, STALE_AFTER)


def status_of(one: Runner | RunnerManager, view: dsl.View) -> str:
    """Return how one stands; of a runner that takes no jobs that it is paused."""
    if is_stale(one, view.store):
        return "stale"
    if one.contacted_at is None:
        return "never_contacted"
    if isinstance(one, Runner) and not one.active:
        return "paused"
    return "online" if is_online(one, view.store) else "offline"


# Whose it is


def projects_of(store: dsl.Store, runner: Runner) -> list[Project]:
    """Return the projects that have a runner, its owner first."""
    return [store[Project][one.project_id] for one in store[RunnerProject].having("runner_id", runner.id)]


def runner_ids_in(store: dsl.Store, project_ids: Iterable[int]) -> set[int]:
    """Return the runners that any of some projects have."""
    return {one.runner_id for one in store[RunnerProject].all().among("project_id", project_ids)}


def available_ids(store: dsl.Store, at: Project | Group) -> set[int]:
    """Return the runners that may execute jobs of a project, or of all projects of a group."""
    own = runner_ids_in(store, [at.id]) if isinstance(at, Project) else set()
    group = namespace_of(store, at) if isinstance(at, Project) else at
    groups = ancestors(store, group) if group.kind == "group" else []
    if not isinstance(at, Project) or at.group_runners_enabled:
        own |= {one.id for one in store[Runner].all().among("group_id", [one.id for one in groups])}
    shared = at.shared_runners_enabled if isinstance(at, Project) else at.shared_runners_setting == "enabled"
    return own | ({one.id for one in store[Runner].having("runner_type", "instance_type")} if shared else set())


def managers_of(store: dsl.Store, runner: Runner) -> list[RunnerManager]:
    """Return the machines of a runner."""
    return store[RunnerManager].having("runner_id", runner.id)


# Shapes


def _online(runner: Runner, view: dsl.View) -> bool | None:
    return None if runner.contacted_at is None else is_online(runner, view.store)


def _latest(runner: Runner, view: dsl.View) -> RunnerManager | None:
    return max(managers_of(view.store, runner), key=lambda one: (one.contacted_at or "", one.id), default=None)


def of_latest(name: str) -> Any:
    """Return what shows a column of the machine of a runner that was heard of last."""
    return lambda runner, view: getattr(_latest(runner, view), name, None)


def _address(runner: Runner, view: dsl.View) -> str | None:
    settings = view.store.settings
    if settings.release < NO_ADDRESSES_SINCE:
        return getattr(_latest(runner, view), "ip_address", None)
    return "" if settings.errors == "documented" else None


def _creator(runner: Runner, view: dsl.View) -> Any:
    return view.one(USER_BASIC, view.store[User].get(runner.creator_id))


def _works(one: Runner | RunnerManager, view: dsl.View) -> str:
    """Return whether a runner executes a job; of its machines nothing is known."""
    jobs = view.store[CommitStatus].having("runner_id", one.id) if isinstance(one, Runner) else []
    return "active" if any(job.status == "running" for job in jobs) else "idle"


_WORKS = dsl.computed_in(since="18.5")(_works)
RUNNER = (
    Runner.shape("id", "description", name="Ci_Runner")
    .plus(ip_address=_address)
    .plus("active", entity=Runner)
    .plus(
        paused=lambda runner, view: not runner.active,
        is_shared=lambda runner, view: runner.runner_type == "instance_type",
    )
    .plus("runner_type", "name", entity=Runner)
    .plus(online=_online, created_by=dsl.computed_in(since="18.0")(_creator))
    .plus(created_at=dsl.computed_in(since="18.0")(lambda runner, view: runner.created_at), status=status_of)
    .plus(job_execution_status=_WORKS)
)
RUNNER_MANAGER = RunnerManager.shape(
    *("id", "system_id", "version", "revision", "platform", "architecture", "created_at", "contacted_at"),
    "ip_address",
).plus(status=status_of, job_execution_status=_WORKS)
REGISTRATION = Runner.shape("id", "token", "token_expires_at", name="Ci_RunnerRegistrationDetails")
RESET_TOKEN = Runner.shape("token", "token_expires_at", name="Ci_ResetTokenResult")
