"""What the pages of project and of group access tokens have in common: all but the paths.

Source: GitLab's lib/api/resource_access_tokens.rb and app/services/resource_access_tokens/.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, scopes
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import RESOURCE_TOKEN, RESOURCE_TOKEN_WITH_SECRET, Token
from mockgitlab.api.models.user import User
from mockgitlab.api.services.access_tokens import (
    add_bot,
    given_columns,
    host_of,
    insert_token,
    problems_of,
    reason_of,
    rotate,
    sentence,
)
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.token_filters import TOKEN_FILTERS
from mockgitlab.errors import BadRequest, MethodNotAllowed, NotFound, Unauthorized
from mockgitlab.store import Query

LEVELS = (access.GUEST, access.PLANNER, access.REPORTER, access.DEVELOPER, access.MAINTAINER, access.OWNER)
Resource = Project | Group
TokenId = Annotated[str, "The ID of the access token"]
ExpiresAt = Annotated[dsl.Date | None, "The last day of the token"]
CREATE = [
    dsl.param("name", str, "The name of the token", required=True),
    dsl.param("scopes", dsl.CommaList, "The scopes of the token", required=True, enum=scopes.FOR_BOTS),
    dsl.param("description", str, "The description of the token", since="17.7"),
    dsl.param("access_level", int, "The role of the bot user", default=access.MAINTAINER, enum=LEVELS),
]


def declare(parents: str, page: str, since: str) -> None:
    """Declare the page of ``projects`` or of ``groups``."""
    path = f"{parents}/:id/access_tokens"
    reads: dict[str, Any] = {"rule": access.USER, "shape": RESOURCE_TOKEN, "page": page, "since": since}
    shown: dict[str, Any] = {"shape": RESOURCE_TOKEN_WITH_SECRET, "page": page}
    v4.get(path, filters=TOKEN_FILTERS, **reads)(list_tokens)
    v4.post(path, params=CREATE, since=since, **shown)(create_token)
    v4.get(f"{path}/:token_id", **reads)(show_token)
    v4.post(f"{path}/:token_id/rotate", success=200, since="16.0", **shown)(rotate_token)
    v4.post(f"{path}/self/rotate", rule=BOT, success=200, since="16.10", **shown)(rotate_itself)
    v4.delete(f"{path}/:token_id", page=page, since=since)(revoke_token)


def _may(call: dsl.Call, resource: Resource) -> bool:
    """Tell whether the caller may see and manage tokens here: maintainers of a project, owners of a group."""
    least = access.MAINTAINER if isinstance(resource, Project) else access.OWNER
    return access.level(call, resource) >= least


def _kind(resource: Resource) -> str:
    return "project" if isinstance(resource, Project) else "group"


def _tokens(call: dsl.Call, resource: Resource) -> Query[Token]:
    kind = _kind(resource)
    return call.store[Token].where(**{"kind": kind, f"{kind}_id": resource.id})


def _find(call: dsl.Call, resource: Resource, token_id: str) -> Token | None:
    number = int(token_id) if token_id.isascii() and token_id.isdigit() and len(token_id) < 19 else 0
    return _tokens(call, resource).where(id=number).first()


def _found(call: dsl.Call, resource: Resource, token_id: str) -> Token:
    token = _find(call, resource, token_id)
    if token is not None:
        return token
    kind = _kind(resource)
    old = f"Could not find {kind} access token with token_id: {token_id}"
    what = old if call.settings.release < (18,) else f"{kind} Access Token"
    raise NotFound(what, reason=f"{resource.full_path} has no access token {token_id}")


def _refuse_reading(call: dsl.Call, resource: Resource) -> None:
    if not _may(call, resource):
        raise Unauthorized(reason=_why(call, resource))


def _why(call: dsl.Call, resource: Resource) -> str:
    needed = "maintainer" if isinstance(resource, Project) else "owner"
    have = access.NAMES.get(access.level(call, resource), "no member")
    return f"{access.me(call).username} is {have} of {resource.full_path}, {needed} is needed"


def list_tokens(call: dsl.Call, resource: Project | Group) -> Query[Token]:
    """List access tokens, revoked ones too."""
    _refuse_reading(call, resource)
    return _tokens(call, resource)


def show_token(call: dsl.Call, resource: Project | Group, token_id: TokenId) -> Token:
    """Show an access token."""
    _refuse_reading(call, resource)
    return _found(call, resource, token_id)


# Creating and revoking


def create_token(
    call: dsl.Call, resource: Project | Group, access_level: int = access.MAINTAINER, expires_at: ExpiresAt = None
) -> Token:
    """Create an access token and the bot user that it acts as; its secret is shown this once."""
    kind: Any = _kind(resource)
    _check_creator(call, resource, access_level)
    columns = given_columns(call)
    if problems := problems_of(call, columns):
        raise BadRequest(f"400 Bad request - {sentence(problems)}", reason=reason_of(call, problems))
    bot = add_bot(call.store, resource, columns["name"], access_level, host_of(call))
    if access.me(call).external:
        call.store.update(bot, external=True)
    return insert_token(call.store, kind, bot.id, {**columns, f"{kind}_id": resource.id, "access_level": access_level})


def _check_creator(call: dsl.Call, resource: Resource, access_level: int) -> None:
    text = f"400 Bad request - User does not have permission to create {_kind(resource)} access token"
    if access.me(call).bot:
        raise BadRequest(text, reason="bot users create no access tokens")
    if not _may(call, resource):
        raise BadRequest(text, reason=_why(call, resource))
    if access.level(call, resource) < access_level:
        text = "Access level of the token contains permissions not held by the creating user"
        raise BadRequest(f"400 Bad request - {text}", reason=f"access_level is {access_level}")


def revoke_token(call: dsl.Call, resource: Project | Group, token_id: TokenId) -> None:
    """Revoke an access token; the bot user stays, so that what it wrote keeps its author and the token stays listed."""
    token = _found(call, resource, token_id)
    if not _may(call, resource) or access.me(call).bot:
        bot = call.store[User].get(token.user_id)
        text = f"{access.me(call).name} cannot delete {bot.name if bot else token.name}"
        raise BadRequest(f"400 Bad request - {text}", reason=_why(call, resource))
    call.store.update(token, revoked=True)


# Rotating


def rotate_token(call: dsl.Call, resource: Project | Group, token_id: TokenId, expires_at: ExpiresAt = None) -> Any:
    """Replace an access token by a new one of the same bot user, by default for a week."""
    token = _find(call, resource, token_id) if _may(call, resource) else None
    if token is None:
        reason = f"no access token {token_id} of {resource.full_path}" if _may(call, resource) else _why(call, resource)
        raise NotFound(reason=reason) if access.is_admin(call) else Unauthorized(reason=reason)
    if not token.revoked and _level_of_bot(call, resource, token) > access.level(call, resource):
        text = "Not eligible to rotate tokens with permissions not held by the user"
        raise BadRequest(f"400 Bad request - {text}", reason=_why(call, resource))
    return rotate(call, token, RESOURCE_TOKEN_WITH_SECRET)


def _level_of_bot(call: dsl.Call, resource: Resource, token: Token) -> int:
    bot = call.store[User].get(token.user_id)
    if isinstance(resource, Project):
        return access.project_level(call.store, bot, resource)
    return access.group_level(call.store, bot, resource)


def _check_bot(call: dsl.Call) -> None:
    if call.token is None or call.token.kind not in ("project", "group"):
        kind = call.token.kind if call.token is not None else "no"
        reason = f"this rotates the project or group access token that is used, and a {kind} token is"
        raise MethodNotAllowed(message="405 Method Not Allowed", reason=reason)


BOT = dsl.Rule("a project or group access token", _check_bot, early=True)


def rotate_itself(call: dsl.Call, resource: Project | Group, expires_at: ExpiresAt = None) -> Any:
    """Replace the access token that the request carries."""
    token = _find(call, resource, str(call.token.id))
    if token is None:
        raise Unauthorized(reason=f"the token {call.token.name} is none of {resource.full_path}")
    return rotate(call, token, RESOURCE_TOKEN_WITH_SECRET)
