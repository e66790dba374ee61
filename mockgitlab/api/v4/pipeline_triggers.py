"""Trigger tokens of projects, and the pipelines that they start.

Source: https://docs.gitlab.com/api/pipeline_triggers/ and GitLab's lib/api/ci/triggers.rb,
app/services/ci/pipeline_triggers/{create,update}_service.rb.
"""

import json
from datetime import date, timedelta
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.pipeline_shapes import PIPELINE
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.trigger import TRIGGER, changed, owns, triggers_of
from mockgitlab.api.services.pipeline_triggers import find_starter, mint_trigger, trigger_pipeline
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Forbidden, RecordNotFound
from mockgitlab.store import Query

AT = "projects/:id/triggers"
RUN = ("projects/:id/trigger/pipeline", "projects/:id/ref/:ref/trigger/pipeline")
HOOK = "Pipeline Hook"
NO_STRINGS = "variables needs to be a map of key-valued strings"
LASTS_AT_MOST = timedelta(days=365)
NOT_AUTHORIZED = "The current user is not authorized to update the pipeline trigger token"
EXPIRES = dsl.param("expires_at", dsl.Timestamp, "When the token ceases to be valid", since="17.10")


@v4.locator(f"{AT}/:trigger_id", integer=True)
def find_trigger(call: dsl.Call, value: str) -> Token:
    """Return the trigger token with this id; who may not see them is told so before."""
    call.operation.rule.check(call)
    found = triggers_of(call.store, call.at(Project)).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no trigger token {value} that is not expired")
    return found


@v4.get(AT, rule=access.AS_MAINTAINER, shape=TRIGGER)
def list_triggers(call: dsl.Call, project: Project) -> Query[Token]:
    """List the trigger tokens of a project; of those of others only the beginning is shown."""
    return triggers_of(call.store, project)


@v4.get(f"{AT}/:trigger_id", rule=access.AS_MAINTAINER, shape=TRIGGER)
def show_trigger(trigger: Token) -> Token:
    """Show a trigger token."""
    return trigger


@v4.post(AT, rule=access.AS_MAINTAINER, shape=TRIGGER, params=[EXPIRES])
def create_trigger(
    call: dsl.Call, project: Project, given: dsl.Given, description: Annotated[str, "What the token is for"]
) -> Token:
    """Create a trigger token, with which pipelines are started as its owner."""
    ends = given.get("expires_at")
    last = date.fromisoformat(call.store.today) + LASTS_AT_MOST
    if ends and ends[:10] >= last.isoformat():
        told = json.dumps({"expires_at": [f"must be before {last}"]}, separators=(",", ":"))
        raise BadRequest(f"400 Bad request - {told}", reason="a trigger token lasts for a year at most")
    return mint_trigger(call, project, description=description, expires_at=ends)


@v4.put(f"{AT}/:trigger_id", shape=TRIGGER)
def update_trigger(
    call: dsl.Call, trigger: Token, description: Annotated[str | None, "What the token is for"] = None
) -> Token:
    """Change the description of one's own trigger token; without one it has none."""
    if not owns(call, trigger):
        reason = f"{access.me(call).username} is no maintainer who owns the trigger token {trigger.id}"
        raise Forbidden(NOT_AUTHORIZED, reason=reason)
    if description == trigger.description:
        return trigger
    return call.store.update(trigger, description=description, changed_at=call.now)


@v4.delete(f"{AT}/:trigger_id", rule=access.AS_MAINTAINER)
def delete_trigger(call: dsl.Call, trigger: Token) -> None:
    """Delete a trigger token, whoever owns it."""
    call.check_unmodified(changed(trigger))
    remove(call.store, trigger)


# Starting pipelines


@v4.post(
    *RUN,
    rule=access.ANYONE,
    shape=PIPELINE,
    params=[dsl.param("inputs", dict, "The inputs of the configuration", since="17.10")],
    constraints=[dsl.not_empty("ref")],
    unlocated=("id",),
)
def start_pipeline(
    call: dsl.Call,
    ref: Annotated[str, "The branch or tag to run on"],
    token: Annotated[str, "The trigger token, or that of a running job"],
    variables: Annotated[dict[str, Any] | None, "The variables that it is started with"] = None,
) -> Any:
    """Start a pipeline with a trigger token, as its owner."""
    if call.headers.get("X-Gitlab-Event") == HOOK:
        raise Forbidden(reason="webhooks of pipelines start none, as that would never end")
    given = variables or {}
    if not all(isinstance(value, str) for value in given.values()):
        raise BadRequest(NO_STRINGS, reason="a variable has a value that is no string")
    project = find_project(call.store, call.path["id"])
    starter = find_starter(call, project, token)
    assert project is not None
    return trigger_pipeline(call, project, starter, given)
