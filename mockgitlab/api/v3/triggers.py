"""Triggers, which v3 names by their tokens, and the builds that they start.

Source: GitLab 8's doc/api/build_triggers.md, doc/ci/triggers/README.md and lib/api/triggers.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.trigger import KIND, TRIGGER, triggers_of
from mockgitlab.api.services.pipeline_triggers import build, mint_trigger
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import pipeline_triggers as newer
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, NotFound, Unauthorized

AT = newer.AT
SHOWN = TRIGGER.plus(
    token=lambda trigger, view: trigger.value,
    deleted_at=lambda trigger, view: None,
).only("token", "created_at", "updated_at", "deleted_at", "last_used")
v3.dialect.show({TRIGGER: SHOWN})


@v3.locator(f"{AT}/:token")
def find_trigger(call: dsl.Call, value: str) -> Token:
    """Return the trigger with a token; who may not see them is told so before."""
    call.operation.rule.check(call)
    found = triggers_of(call.store, call.at(Project)).where(value=value).first()
    if found is None:
        raise NotFound("Trigger", reason=f"{call.at(Project).full_path} has no trigger with this token")
    return found


v3.adopt(v4, "GET", AT)
v3.adopt(v4, "GET", f"{AT}/:trigger_id", at=f"{AT}/:token")
v3.adopt(v4, "DELETE", f"{AT}/:trigger_id", at=f"{AT}/:token", gives_back=SHOWN)


@v3.post(AT, rule=access.AS_MAINTAINER, shape=TRIGGER)
def create_trigger(call: dsl.Call, project: Project) -> Token:
    """Create a trigger; what it starts is started by the caller."""
    return mint_trigger(call, project)


@v3.post("projects/:id/trigger/builds", "projects/:id/ref/:ref/trigger/builds", rule=access.ANYONE, unlocated=("id",))
def trigger_builds(
    call: dsl.Call,
    ref: Annotated[str, "The branch or tag to build"],
    token: Annotated[str, "That of the trigger"],
    variables: Annotated[dict[str, Any] | None, "The variables that the builds get"] = None,
) -> dict[str, Any]:
    """Start builds; the answer has the ID of the pipeline where GitLab has that of the request."""
    project, trigger = find_project(call.store, call.path["id"]), _trigger(call, token)
    if project is None or trigger is None:
        raise NotFound(reason="there is no such project, or no trigger with this token")
    if trigger.project_id != project.id:
        raise Unauthorized(reason=f"the trigger is not of {project.full_path}")
    if not all(isinstance(value, str) for value in (variables or {}).values()):
        raise BadRequest(newer.NO_STRINGS, reason="a variable has a value that is no string")
    return {"id": build(call, project, trigger, variables or {}).id, "variables": variables}


def _trigger(call: dsl.Call, value: str) -> Token | None:
    found = call.store[Token].find(value=value, kind=KIND)
    return None if found is None or found.expired(call.now) else found
