"""Personal access tokens.

Source: https://docs.gitlab.com/api/personal_access_tokens/, https://docs.gitlab.com/api/user_tokens/ and GitLab's
lib/api/personal_access_tokens.rb and lib/api/users.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, scopes
from mockgitlab.api.models.token import ACCESS_TOKENS, TOKEN, TOKEN_WITH_SECRET, Token
from mockgitlab.api.models.user import User
from mockgitlab.api.services.access_tokens import (
    default_expiry,
    given_columns,
    insert_token,
    problems_of,
    reason_of,
    rotate,
    sentence,
)
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.token_filters import TOKEN_FILTERS
from mockgitlab.errors import BadRequest, NotFound, RecordNotFound, Unauthorized, Unprocessable
from mockgitlab.store import Query

ExpiresAt = Annotated[dsl.Date | None, "The last day of the token"]
DESCRIPTION = dsl.param("description", str, "The description of the token", since="17.7")
NAME = dsl.param("name", str, "The name of the token", required=True)
TOO_MANY = "only administrators may see the tokens of others"


def _check_own(call: dsl.Call) -> None:
    wanted = call.sent.get("user_id")
    user = access.me(call)
    if wanted not in (None, "") and not user.admin and str(wanted).strip() != str(user.id):
        raise Unauthorized(reason=f"{user.username} asked for user_id={wanted}; {TOO_MANY}")


OWN_OR_ADMIN = dsl.Rule("user, administrators for the tokens of others", _check_own, early=True)


@v4.locator("personal_access_tokens/:id", integer=True)
def find_token(call: dsl.Call, value: str) -> Token:
    """Return the access token with this id; who may not know of it is told as GitLab tells it for each method."""
    token = call.store[Token].get(int(value))
    if token is None or token.kind not in ACCESS_TOKENS:
        raise _refusal(call, f"there is no access token {value}")
    if call.operation.method != "DELETE" and not _may(call, token):
        raise _refusal(call, f"the access token {value} belongs to somebody else")
    return token


def _may(call: dsl.Call, token: Token) -> bool:
    """Tell whether the caller may see or change a token; one's own impersonation tokens are only rotated."""
    user = access.me(call)
    own = token.user_id == user.id and (token.kind != "impersonation" or call.operation.method == "POST")
    return user.admin or own


def _refusal(call: dsl.Call, reason: str) -> Exception:
    if call.operation.method == "DELETE":
        return RecordNotFound(reason=reason)
    return NotFound(reason=reason) if access.is_admin(call) else Unauthorized(reason=reason)


@v4.get(
    "personal_access_tokens",
    rule=OWN_OR_ADMIN,
    shape=TOKEN,
    params=[dsl.param("user_id", int, "Only the tokens of this user, for administrators")],
    filters=TOKEN_FILTERS,
)
def list_tokens(call: dsl.Call, given: dsl.Given) -> Query[Token]:
    """List the current user's personal access tokens, for administrators those of everybody."""
    user = access.me(call)
    if not user.admin:
        return call.store[Token].where(user_id=user.id).among("kind", set(ACCESS_TOKENS) - {"impersonation"})
    tokens = call.store[Token].all().among("kind", ACCESS_TOKENS)
    if "user_id" not in given:
        return tokens
    if call.store[User].get(given["user_id"]) is None:
        raise NotFound(reason=f"there is no user {given['user_id']}")
    return tokens.where(user_id=given["user_id"])


@v4.get("personal_access_tokens/:id", rule=access.USER, shape=TOKEN, since="15.1")
def show_token(token: Token) -> Token:
    """Show a personal access token."""
    return token


@v4.post("personal_access_tokens/:id/rotate", shape=TOKEN_WITH_SECRET, success=200, since="16.0")
def rotate_token(call: dsl.Call, token: Token, expires_at: ExpiresAt = None) -> Any:
    """Replace a personal access token by a new one, by default for a week."""
    return rotate(call, token, TOKEN_WITH_SECRET)


@v4.delete("personal_access_tokens/:id", since="13.3")
def revoke_token(call: dsl.Call, token: Token) -> None:
    """Revoke a personal access token; one that is revoked already stays so."""
    revoke(call, token)


def revoke(call: dsl.Call, token: Token) -> None:
    """Revoke a token that is the caller's own, or any for administrators; raises ``BadRequest`` for others."""
    if not _may(call, token):
        raise BadRequest(reason=f"the access token {token.id} is not {access.me(call).username}'s to revoke")
    call.store.update(token, revoked=True)


# New tokens


@v4.post(
    "users/:user_id/personal_access_tokens",
    rule=access.ADMIN,
    shape=TOKEN_WITH_SECRET,
    params=[NAME, dsl.param("scopes", dsl.CommaList, "The scopes", required=True, enum=scopes.AVAILABLE), DESCRIPTION],
    since="13.6",
)
def create_token(call: dsl.Call, user: User, expires_at: ExpiresAt = None) -> Token:
    """Create a personal access token for a user; its secret is shown this once."""
    return create(call, user, given_columns(call))


@v4.post(
    "user/personal_access_tokens",
    shape=TOKEN_WITH_SECRET,
    params=[NAME, dsl.param("scopes", dsl.CommaList, "The scopes", required=True, enum=scopes.OWN), DESCRIPTION],
    since="16.5",
)
def create_own_token(call: dsl.Call, expires_at: ExpiresAt = None) -> Token:
    """Create a personal access token for the current user, with the few scopes that are allowed here."""
    columns = given_columns(call)
    if not expires_at and call.settings.release < (18,):
        columns["expires_at"] = default_expiry(call, 1)
    return create(call, access.me(call), columns)


def create(call: dsl.Call, user: User, columns: dict[str, Any]) -> Token:
    """Make a personal access token of a user; raises ``Unprocessable`` for one that is not valid."""
    if problems := problems_of(call, columns):
        raise Unprocessable(sentence(problems), reason=reason_of(call, problems))
    return insert_token(call.store, "personal", user.id, columns)
