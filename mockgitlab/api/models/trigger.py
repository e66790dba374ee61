"""Trigger tokens, with which pipelines are started; they are tokens of the kind ``trigger``.

Source: https://docs.gitlab.com/api/pipeline_triggers/ and GitLab's lib/api/entities/trigger.rb,
app/models/ci/trigger.rb, app/presenters/ci/trigger_presenter.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import PREFIXES, Token
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.store import Query

KIND = "trigger"
SHOWN_TO_OTHERS = 4
"""So many characters of a token are shown to those who do not own it."""


def changed(trigger: Token) -> str:
    """Return when a trigger token was changed."""
    return trigger.changed_at or trigger.created_at


def _token(trigger: Token, view: dsl.View) -> str:
    owned = view.user_id is not None and trigger.user_id == view.user_id
    return trigger.value if owned else trigger.value.removeprefix(PREFIXES[KIND])[:SHOWN_TO_OTHERS]


def _owner(trigger: Token, view: dsl.View) -> Any:
    return view.one(USER_BASIC, view.store[User].get(trigger.user_id))


TRIGGER = (
    Token.shape("id", name="Trigger")
    .plus(token=_token)
    .plus(description=lambda trigger, view: trigger.description)
    .plus("created_at", entity=Token)
    .plus(updated_at=lambda trigger, view: changed(trigger))
    .plus(last_used=lambda trigger, view: trigger.last_used_at)
    .plus(expires_at=dsl.computed_in(since="17.10")(lambda trigger, view: trigger.expires_at))
    .plus(owner=_owner)
)


def triggers_of(store: dsl.Store, project: Project) -> Query[Token]:
    """Return the trigger tokens of a project that are not expired."""
    now, found = store.now, store[Token].where(kind=KIND, project_id=project.id)
    return found.filter(lambda one: not one.expired(now), ("unexpired", now))


def owns(call: dsl.Call, trigger: Token) -> bool:
    """Tell whether the caller owns a trigger token, and may still change the project's."""
    may = access.level(call, call.at(Project)) >= access.MAINTAINER
    return may and trigger.user_id == access.me(call).id
