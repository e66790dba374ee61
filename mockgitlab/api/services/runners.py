"""Making runners, what must hold for them, and the secrets by which they come and identify themselves.

Source: GitLab's app/models/ci/runner.rb, app/services/ci/runners/*.rb and lib/api/ci/helpers/runner.rb.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models import application_setting as settings
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.runner import Runner, RunnerManager, RunnerProject, available_ids, is_online
from mockgitlab.api.models.token import PREFIXES, Token
from mockgitlab.api.services.ci_variables import runs_protected
from mockgitlab.errors import Forbidden

TAGS_AT_MOST = 50
TEXT_AT_MOST = 1024
LEAST_TIMEOUT = 600
UNTAGGED = "can not be empty when runner is not allowed to pick untagged jobs"
TOO_MANY = f"Too many tags specified. Please limit the number of tags to {TAGS_AT_MOST}"
REGISTRATION = PREFIXES["registration"]
INFO = ("version", "revision", "platform", "architecture")
"""What a machine says of itself that is kept."""
LEGACY_SYSTEM = "<legacy>"
"""What a runner's machine is called that does not say its name."""


def columns_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that a request gives: without nulls where there must be a value, ``paused`` turned round."""
    columns = {name: value for name, value in given.items() if name in Runner.fields}
    if given.get("paused") is not None:
        columns["active"] = not given["paused"]
    if "tag_list" in columns:
        columns["tag_list"] = tuple(dict.fromkeys(tag for tag in columns["tag_list"] or () if tag.strip()))
    always = ("active", "locked", "run_untagged", "access_level")
    return {name: value for name, value in columns.items() if value is not None or name not in always}


def problems_of(runner: Runner) -> dict[str, list[str]]:
    """Return what is wrong with a runner, in GitLab's words."""
    too_long = [f"is too long (maximum is {TEXT_AT_MOST} characters)"]
    tags = [UNTAGGED] if not runner.tag_list and not runner.run_untagged else []
    tags += [TOO_MANY] if len(runner.tag_list) > TAGS_AT_MOST else []
    short = runner.maximum_timeout is not None and runner.maximum_timeout < LEAST_TIMEOUT
    found = {
        "tags_list": tags,
        "description": too_long * (len(runner.description or "") > TEXT_AT_MOST),
        "maximum_timeout": ["needs to be at least 10 minutes"] * short,
        "maintenance_note": too_long * (len(runner.maintenance_note or "") > TEXT_AT_MOST),
    }
    return {name: texts for name, texts in found.items() if texts}


def drafted(given: Mapping[str, Any], at: Project | Group | None) -> Runner:
    """Return a runner to be made, of a project, a group, or the instance."""
    kind = "project_type" if isinstance(at, Project) else "group_type" if at else "instance_type"
    group = {"group_id": at.id} if isinstance(at, Group) else {}
    return Runner(**{**columns_of(given), **group, "runner_type": kind})


def insert(store: dsl.Store, draft: Runner, at: Project | Group | None, *, prefix: str = "") -> Runner:
    """Insert a runner with a newly minted secret, unless it has one."""
    runner = store.insert(draft.replaced({"token": draft.token or store.mint(prefix)}))
    if isinstance(at, Project):
        store.insert(RunnerProject(runner_id=runner.id, project_id=at.id))
    return runner


def runner_for(store: dsl.Store, job: CommitStatus) -> int | None:
    """Return the runner that would take a job: the first that is online and may."""
    project = store[Project].get(job.project_id)
    if project is None or job.kind != "Ci::Build":
        return None
    known = (store[Runner][id] for id in sorted(available_ids(store, project)))
    return next((one.id for one in known if is_online(one, store) and takes(store, one, job)), None)


def takes(store: dsl.Store, runner: Runner, job: CommitStatus) -> bool:
    """Tell whether a runner of its project may take a job: it has all tags of that, and is for its ref."""
    tags = set((job.config or {}).get("tags") or ())
    fits = tags <= set(runner.tag_list) if tags else runner.run_untagged
    return runner.active and fits and (runner.access_level == "not_protected" or _is_protected(store, job))


def _is_protected(store: dsl.Store, job: CommitStatus) -> bool:
    project, pipeline = store[Project][job.project_id], store[Pipeline][job.pipeline_id]
    return runs_protected(store, project, pipeline)


# By secrets


def find_runner(store: dsl.Store, token: str) -> Runner:
    """Return the runner with a secret; raises ``Forbidden`` where there is none."""
    found = store[Runner].find(token=token) if token else None
    if found is None:
        raise Forbidden(reason="no runner has the token that is given")
    return found


def heard_of(
    store: dsl.Store, runner: Runner, system_id: str | None, address: str, info: Mapping[str, Any] | None = None
) -> Runner:
    """Note that a runner identified itself, from which machine, and what that says of itself."""
    told = {name: info[name] for name in INFO if info and isinstance(info.get(name), str)}
    machine = machine_of(store, runner, system_id)
    store.update(machine, contacted_at=store.now, ip_address=address or machine.ip_address, **told)
    name = {"name": info["name"]} if info and info.get("name") and isinstance(info["name"], str) else {}
    return store.update(runner, contacted_at=store.now, **name)


def heard_of_machine(store: dsl.Store, runner_id: int | None, machine_id: int | None, address: str) -> None:
    """Note that a runner that has a job is there, on which machine and from where."""
    runner, machine = store[Runner].get(runner_id), store[RunnerManager].get(machine_id)
    if runner is not None:
        store.update(runner, contacted_at=store.now)
    if machine is not None:
        store.update(machine, contacted_at=store.now, ip_address=address or machine.ip_address)


def machine_of(store: dsl.Store, runner: Runner, system_id: str | None) -> RunnerManager:
    """Return the machine of a runner that calls itself so, which is made where it is not known."""
    name = system_id if system_id is not None else LEGACY_SYSTEM
    machine = store[RunnerManager].find(runner_id=runner.id, system_id=name)
    return machine or store.insert(RunnerManager(runner_id=runner.id, system_id=name))


def reset_token(store: dsl.Store, runner: Runner) -> Runner:
    """Give a runner another secret of the same kind."""
    prefix = PREFIXES["runner"] if runner.token.startswith(PREFIXES["runner"]) else ""
    return store.update(runner, token=store.mint(prefix))


def place_of_registration(store: dsl.Store, token: str) -> tuple[bool, Project | Group | None]:
    """Return whether a secret registers runners, and of which project or group, if not of the instance."""
    at = store[Project].find(runners_token=token) or store[Group].find(runners_token=token) if token else None
    known = store[Token].find(value=token, kind="registration")
    if at is None and known is not None:
        at = store[Project].get(known.project_id) or store[Group].get(known.group_id)
    if at is not None and type(at).__name__.lower() not in settings.value(store, "valid_runner_registrars"):
        return False, None
    return at is not None or known is not None, at


def reset_registration_token(store: dsl.Store, at: Project | Group | None) -> str:
    """Give a project, a group or the instance another secret for registering runners; those before are void."""
    tie = {
        "project_id": at.id if isinstance(at, Project) else None,
        "group_id": at.id if isinstance(at, Group) else None,
    }
    for one in list(store[Token].where(kind="registration", **tie)):
        store.delete(one)
    fresh = store.mint(REGISTRATION)
    if at is None:
        store.insert(Token(name="registration token of the instance", kind="registration", value=fresh))
    else:
        store.update(at, runners_token=fresh)
    return fresh
