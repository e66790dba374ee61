"""Environments of projects.

Source: https://docs.gitlab.com/api/environments/ and GitLab's lib/api/environments.rb.
"""

from datetime import timedelta
from typing import Annotated, Any, get_args

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import environment_access as rights
from mockgitlab.api.models.deployment import LAST_DEPLOYMENT, last_deployment
from mockgitlab.api.models.environment import ENVIRONMENT, ENVIRONMENT_BASIC, AutoStop, Environment, State, Tier
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import environment_stops, environments
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.validation import Constraint
from mockgitlab.errors import BadRequest, Forbidden, InvalidParameters, Unauthorized
from mockgitlab.store import Query, timestamp

AT = "projects/:id/environments"
SEARCHED_FROM = 3
"""So many letters a search must have."""
MANY, MOST = 100, 1000
"""How many review apps are deleted unless told, and at the most."""
OLDEST, NEWEST = timedelta(days=3652), timedelta(weeks=1)
"""Between how long ago and how long ago stale environments were last touched."""
NO_AGENT = "400 Bad request - cluster agent doesn't exist or cannot be associated with this environment"
NO_RIGHT = "You do not have permission to destroy environments in this project"
NONE_FOUND = (
    "No environments found for scheduled deletion. Either your query did not match any environments "
    "(default parameters match environments that are 30 days or older), "
    "or you have insufficient permissions to delete matching environments."
)
SLUG_KEPT = Constraint(
    ("slug",), lambda names, sent: "slug is automatically generated and cannot be changed" if sent else ""
)
SHOWN_ALONE = ENVIRONMENT.without("project").plus(
    last_deployment=lambda one, view: view.one(LAST_DEPLOYMENT, last_deployment(view.store, one))
)
SLUG = dsl.param("slug", str, "Made by GitLab itself")
CHANGES = [
    dsl.param("external_url", str, "Where what is deployed there is found"),
    SLUG,
    dsl.param("tier", str, "What the environment is for", enum=get_args(Tier)),
    dsl.param("cluster_agent_id", int, "The agent of the cluster that it is in"),
    dsl.param("kubernetes_namespace", str, "The namespace in the cluster"),
    dsl.param("flux_resource_path", str, "The Flux resource"),
    dsl.param("description", str, "What the environment is", since="17.2"),
]
AUTO_STOP = dsl.param(
    "auto_stop_setting", str, "When a stop is more than a note", enum=get_args(AutoStop), since="17.8"
)
CREATE = [dsl.param("name", str, "The name of the environment", required=True), *CHANGES, AUTO_STOP]
UPDATE = [dsl.param("name", str, "The new name of the environment", until="16.0"), *CHANGES, AUTO_STOP]


# Finding


@v4.locator(f"{AT}/:environment_id", integer=True)
def find_readable(call: dsl.Call, value: str) -> Environment:
    """Return the environment with an id, for those who may see those of the project."""
    rights.check_reads(call)
    return rights.record_in(call, Environment, value)


def find_to_change(call: dsl.Call, value: str) -> Environment:
    """Return the environment with an id, for those who may change those of the project."""
    rights.WRITE.check(call)
    return rights.record_in(call, Environment, value)


# Reading


def _searched(query: Query[Environment], text: str, call: dsl.Call) -> Query[Environment]:
    if not text:
        return query
    if len(text) < SEARCHED_FROM:
        told = f"400 Bad request - Search query is less than {SEARCHED_FROM} characters"
        raise BadRequest(told, reason=f"search was {text!r}")
    begin = text.lower()
    return query.filter(lambda one: one.name.lower().startswith(begin), ("name begins", begin))


@v4.get(
    AT,
    rule=rights.READ,
    shape=ENVIRONMENT,
    filters=[
        dsl.eq("name", str, "The environment with this name", ignore=("",)),
        dsl.by("search", str, "Environments whose names begin so, three letters or more", _searched),
        dsl.eq("states", str, "Environments in this state", column="state", enum=get_args(State)),
    ],
    constraints=[dsl.mutually_exclusive("name", "search", told="cannot be used together")],
    job_token=True,
)
def list_environments(call: dsl.Call, project: Project) -> Query[Environment]:
    """List the environments of a project."""
    return call.store[Environment].where(project_id=project.id)


@v4.get(f"{AT}/:environment_id", rule=rights.READ, shape=SHOWN_ALONE, job_token=True)
def show_environment(environment: Environment) -> Environment:
    """Show an environment, and what is deployed to it."""
    return environment


# Writing


def _check_agent(given: dsl.Given) -> None:
    if given.get("cluster_agent_id") is not None:
        raise BadRequest(NO_AGENT, reason=f"there is no cluster agent {given['cluster_agent_id']}")


@v4.post(AT, rule=rights.WRITE, shape=ENVIRONMENT, params=CREATE, constraints=[SLUG_KEPT], job_token=True)
def create_environment(call: dsl.Call, project: Project, given: dsl.Given) -> Environment:
    """Create an environment."""
    _check_agent(given)
    kept = {name: value for name, value in given.items() if name != "auto_stop_setting" or value is not None}
    return environments.create(call.store, project, kept)


@v4.put(
    f"{AT}/:environment_id",
    rule=rights.WRITE,
    shape=ENVIRONMENT,
    params=UPDATE,
    constraints=[SLUG_KEPT],
    job_token=True,
    locators=(("environment_id", dsl.Locator(find_to_change, integer=True)),),
)
def update_environment(call: dsl.Call, environment: Environment, given: dsl.Given) -> Environment:
    """Change an environment."""
    _check_agent(given)
    kept = {name: value for name, value in given.items() if name not in ("name", "auto_stop_setting") or value}
    return environments.update(call.store, environment, kept)


def _check_destroys(call: dsl.Call) -> None:
    environment = call.at(Environment)
    rights.WRITE.check(call)
    if environment.state != "stopped":
        raise Forbidden(reason=f"the environment {environment.name} is {environment.state}; stop it first")
    rights.check_unprotected(call, environment)


@v4.delete(f"{AT}/:environment_id", rule=dsl.Rule("developer", _check_destroys), job_token=True)
def delete_environment(call: dsl.Call, environment: Environment) -> None:
    """Delete a stopped environment and its deployments."""
    remove(call.store, environment)


def _check_stops(call: dsl.Call) -> None:
    rights.WRITE.check(call)
    rights.check_unprotected(call, call.at(Environment))


@v4.post(
    f"{AT}/:environment_id/stop",
    rule=dsl.Rule("developer", _check_stops),
    shape=ENVIRONMENT,
    success=200,
    job_token=True,
)
def stop_environment(
    call: dsl.Call, environment: Environment, force: Annotated[bool, "Stop it without its actions"] = False
) -> Environment:
    """Stop an environment."""
    stopped = environment_stops.stop(call, environment, force=force)
    if stopped.state == environment.state and call.settings.release >= (18,):
        told = "400 Bad request - Attempted to stop the environment but failed to change the status"
        raise BadRequest(told, reason=f"the environment {environment.name} is {environment.state}")
    return stopped


@v4.post(f"{AT}/stop_stale", rule=rights.ADMINISTER, success=200, job_token=True, since="15.8")
def stop_stale_environments(
    call: dsl.Call, project: Project, before: Annotated[dsl.Timestamp, "Stop what was not touched since then"]
) -> Any:
    """Stop the environments that were neither changed nor deployed to for long, those that are protected aside."""
    now = call.store.clock.instant
    if not timestamp(now - OLDEST) <= before <= timestamp(now - NEWEST):
        raise BadRequest("400 Bad request - Invalid Date", reason="before is to be between 10 years and 1 week ago")
    for one in environments.stale(call.store, project, before):
        environment_stops.stop_by_itself(call.store, one)
    return {"message": "Successfully requested stop for all stale environments"}


# Review apps


def _entries(call: dsl.Call, scheduled: list[Environment], failed: list[Environment]) -> dict[str, Any]:
    view = call.view()
    shown = {"scheduled_entries": scheduled, "unprocessable_entries": failed}
    return {name: view.many(ENVIRONMENT_BASIC, rows) for name, rows in shown.items()}


@v4.delete(
    f"{AT}/review_apps",
    rule=rights.READ,
    success=200,
    conditional=False,
    job_token=True,
)
def delete_review_apps(
    call: dsl.Call,
    project: Project,
    before: Annotated[dsl.Timestamp | None, "Delete what is older, by default than 30 days"] = None,
    limit: Annotated[int | None, "How many to delete at the most, from 1 to 1000"] = MANY,
    dry_run: Annotated[bool | None, "Only tell which would be deleted"] = True,
) -> Any:
    """Schedule stopped review apps for deletion in a week."""
    if limit is not None and not 1 <= limit <= MOST:
        raise InvalidParameters(["limit does not have a valid value"], reason=f"limit was {limit}")
    _check_may_destroy(call)
    since = before or timestamp(call.store.clock.instant - timedelta(days=30))
    found = environments.stopped_review_apps(call.store, project, since, limit or MANY)
    user = access.me(call)
    failed = [one for one in found if rights.is_protected_from(call.store, one, user)]
    if not found or failed:
        told = {**_entries(call, [], failed), "message": NONE_FOUND}
        raise BadRequest(told, reason=f"{len(found)} stopped review apps fit, {len(failed)} of them protected")
    if dry_run is False:
        environments.schedule_deletion(call.store, found)
    return _entries(call, found, [])


def _check_may_destroy(call: dsl.Call) -> None:
    try:
        rights.WRITE.check(call)
    except Forbidden as error:
        raise Unauthorized({**_entries(call, [], []), "message": NO_RIGHT}, reason=error.reason) from None
