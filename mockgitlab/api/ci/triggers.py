"""Triggers: builds that a token starts.

Source: gitlab-ci's lib/api/triggers.rb, GitLab 8's doc/ci/triggers/README.md and lib/ci/api/triggers.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.ci import shapes
from mockgitlab.api.ci.base import ALONE, EMBEDDED, NoRight, ci, has_ci, is_embedded, number
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.trigger import KIND
from mockgitlab.api.services.pipeline_triggers import build
from mockgitlab.errors import BadRequest, NotFound, RecordNotFound

AT = "projects/:id/refs/:ref/trigger"
NO_HASH = "variables needs to be a hash"
NO_STRINGS = "variables needs to be a map of key-valued strings"


@ci.post(f"{ALONE}/{AT}", f"{EMBEDDED}/{AT}", rule=access.ANYONE, unlocated=("id",))
def trigger_builds(
    call: dsl.Call,
    ref: Annotated[str, "The branch or tag to build"],
    token: Annotated[str, "That of the trigger"],
    variables: Annotated[Any, "What the builds get: texts by name"] = None,
) -> dict[str, Any]:
    """Start builds; the answer has the ID of the pipeline where the real one has that of the request."""
    project = call.store[Project].get(number(call.path["id"]))
    if project is None or not has_ci(project):
        raise (NotFound if is_embedded(call) else RecordNotFound)(reason="there is no such project that has CI")
    trigger = call.store[Token].find(value=token, kind=KIND)
    if trigger is None or trigger.expired(call.now):
        raise NotFound(reason="there is no trigger with this token")
    if trigger.project_id != project.id:
        raise NoRight(reason=f"the trigger is not of {project.full_path}")
    _check(variables)
    made = build(call, project, trigger, variables or {})
    told = {"id": made.id, "variables": variables}
    return told if is_embedded(call) else {**told, "commit": shapes.commit(call.view(), call.store.fresh(made))}


def _check(variables: Any) -> None:
    if variables and not isinstance(variables, dict):
        raise BadRequest(NO_HASH, reason="variables are texts by name")
    if not all(isinstance(value, str) for value in (variables or {}).values()):
        raise BadRequest(NO_STRINGS, reason="a variable has a value that is no string")
