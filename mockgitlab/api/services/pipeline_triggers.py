"""Pipelines that a trigger token, or the token of a running job, starts.

Source: GitLab's app/services/ci/pipeline_trigger_service.rb, app/finders/ci/auth_job_finder.rb.
"""

import json
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.identity import is_live
from mockgitlab.api.models.pipeline import Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import PREFIXES, Token
from mockgitlab.api.models.trigger import KIND
from mockgitlab.api.models.user import User
from mockgitlab.api.services import pipeline_progress
from mockgitlab.api.services.merge_request_merges import as_user
from mockgitlab.api.services.pipeline_runs import draft_on
from mockgitlab.api.services.pipelines import NotCreated, create_or_refuse, keep_failed
from mockgitlab.errors import BadRequest, NotFound, Unauthorized, ValidationFailed

PAYLOAD = "TRIGGER_PAYLOAD"
"""The variable that holds all that was sent, except for the token."""
SOURCES = {KIND: "trigger", "job": "pipeline"}
NO_RIGHTS = "Insufficient permissions to create a new pipeline"


def trigger_pipeline(call: dsl.Call, project: Project, token: Token, variables: dict[str, str]) -> Any:
    """Make the pipeline that a token starts, as its owner, and return it as JSON.

    One whose configuration is wrong is kept, and refused all the same. Raises ``ValidationFailed``.
    """
    try:
        acting, made, problem = make_pipeline(call, project, token, variables)
    except NotCreated as error:
        raise ValidationFailed({"base": [str(error)]}, reason=error.reason) from None
    if problem:
        return dsl.present({"message": {"base": [problem]}}, status=422)
    return pipeline_progress.begin_shown(acting, made)


def build(call: dsl.Call, project: Project, token: Token, variables: dict[str, str]) -> Pipeline:
    """Make the pipeline that a token starts as the older APIs do, which tell nothing of a wrong configuration.

    Raises ``BadRequest`` where there is nothing to be built.
    """
    try:
        acting, made, problem = make_pipeline(call, project, token, variables)
    except NotCreated as error:
        raise BadRequest("No builds created", reason=f"{error}: {error.reason}") from None
    if not problem:
        pipeline_progress.begin(acting, made)
    return made


def make_pipeline(
    call: dsl.Call, project: Project, token: Token, variables: dict[str, str]
) -> tuple[dsl.Call, Pipeline, str]:
    """Return the call as the token's owner, the pipeline made, and what is wrong with its configuration if anything is.

    Raises ``NotCreated`` where there is none.
    """
    if token.user_id is None:
        raise NotCreated(NO_RIGHTS, f"the token {token.name} has no owner to act as")
    acting = as_user(call, token.user_id)
    draft = draft_on(acting, project, call.given["ref"], SOURCES[token.kind], _variables(call, variables))
    try:
        made = create_or_refuse(acting, draft, call.given.get("inputs"))
    except NotCreated as error:
        return acting, keep_failed(call.store, draft, error), str(error)
    call.store.update(token, last_used_at=made.created_at)
    return acting, made, ""


def mint_trigger(call: dsl.Call, project: Project, **columns: str | None) -> Token:
    """Create a trigger token of the caller."""
    made: dict[str, Any] = {"name": f"trigger token of {project.full_path}", "kind": KIND, "project_id": project.id}
    value = PREFIXES[KIND] + call.store.mint_hex(KIND)
    return call.store.insert(Token(**made, value=value, user_id=access.me(call).id, **columns))


def _variables(call: dsl.Call, variables: dict[str, str]) -> list[dict[str, str]]:
    payload = {**{name: value for name, value in call.sent.items() if name != "token"}, "variables": variables}
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False, default=str)
    given = [{"key": key, "value": value} for key, value in variables.items()]
    return [*given, {"key": PAYLOAD, "value": text, "variable_type": "file"}]


def find_starter(call: dsl.Call, project: Project | None, secret: str) -> Token:
    """Return the trigger token of a project, or the token of a running job that may know of it."""
    found = next((one for one in call.store[Token].having("value", secret) if one.kind in SOURCES), None)
    if project is None or found is None or not _reaches(call, project, found):
        raise NotFound(reason="there is no such project, or the token is none that starts pipelines there")
    return found


def _reaches(call: dsl.Call, project: Project, token: Token) -> bool:
    if token.kind == KIND:
        return token.project_id == project.id and not token.expired(call.now)
    if not is_live(call, token):
        raise Unauthorized("Job is not running", reason=f"the job of the token {token.name} has ended")
    return access.can_read(call.store, call.store[User].get(token.user_id), project)
