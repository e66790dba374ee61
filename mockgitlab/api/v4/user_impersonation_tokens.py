"""Impersonation tokens, with which administrators act as another user.

Source: https://docs.gitlab.com/api/user_tokens/ and GitLab's lib/api/users.rb.
"""

from typing import Annotated, Literal

from mockgitlab import dsl
from mockgitlab.api import access, scopes
from mockgitlab.api.models.token import IMPERSONATION_TOKEN, IMPERSONATION_TOKEN_WITH_SECRET, Token
from mockgitlab.api.models.user import User
from mockgitlab.api.services.access_tokens import given_columns, insert_token, problems_of, reason_of
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.token_filters import TOKEN_FILTERS
from mockgitlab.errors import NotFound, ValidationFailed
from mockgitlab.store import Query

BY_STATE = next(one for one in TOKEN_FILTERS if one.params[0].name == "state")
State = Annotated[Literal["all", "active", "inactive"], "Only tokens in this state"]


def _tokens(call: dsl.Call, user: User) -> Query[Token]:
    return call.store[Token].where(user_id=user.id, kind="impersonation")


@v4.locator("users/:user_id/impersonation_tokens/:impersonation_token_id", integer=True)
def find_token(call: dsl.Call, value: str) -> Token:
    """Return the impersonation token with this id of the user that the path names."""
    token = _tokens(call, call.at(User)).where(id=int(value)).first()
    if token is None:
        raise NotFound("Impersonation Token", reason=f"{call.at(User).username} has no impersonation token {value}")
    return token


@v4.get("users/:user_id/impersonation_tokens", rule=access.ADMIN, shape=IMPERSONATION_TOKEN)
def list_tokens(call: dsl.Call, user: User, state: State = "all") -> Query[Token]:
    """List the impersonation tokens of a user."""
    tokens = _tokens(call, user)
    return tokens if state in ("all", None) else BY_STATE.narrow(tokens, state, call)


@v4.get("users/:user_id/impersonation_tokens/:impersonation_token_id", rule=access.ADMIN, shape=IMPERSONATION_TOKEN)
def show_token(token: Token) -> Token:
    """Show an impersonation token."""
    return token


@v4.post(
    "users/:user_id/impersonation_tokens",
    rule=access.ADMIN,
    shape=IMPERSONATION_TOKEN_WITH_SECRET,
    params=[
        dsl.param("name", str, "The name of the token", required=True),
        dsl.param("scopes", dsl.CommaList, "The scopes of the token"),
        dsl.param("description", str, "The description of the token", since="17.7"),
    ],
)
def create_token(
    call: dsl.Call, user: User, expires_at: Annotated[dsl.Date | None, "The last day of the token"] = None
) -> Token:
    """Create a token with which administrators act as a user; its secret is shown this once."""
    columns = given_columns(call)
    problems = problems_of(call, columns)
    if wrong := scopes.problem("impersonation", columns["scopes"]):
        problems["scopes"] = ["can only contain available scopes"]
    if problems:
        reason = f"there is no scope {wrong}" if wrong else reason_of(call, problems)
        raise ValidationFailed(problems, reason=reason)
    return insert_token(call.store, "impersonation", user.id, columns)


@v4.delete("users/:user_id/impersonation_tokens/:impersonation_token_id", rule=access.ADMIN)
def revoke_token(call: dsl.Call, token: Token) -> None:
    """Revoke an impersonation token; one that is revoked already stays so."""
    call.store.update(token, revoked=True)
