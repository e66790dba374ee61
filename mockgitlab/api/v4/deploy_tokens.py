"""Deploy tokens of projects and groups, with which code is fetched by a name and a password.

Source: https://docs.gitlab.com/api/deploy_tokens/, GitLab's lib/api/deploy_tokens.rb and app/models/deploy_token.rb.
"""

import re
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.token import DEPLOY_TOKEN, DEPLOY_TOKEN_WITH_TOKEN, PREFIXES, Token
from mockgitlab.api.scopes import DEPLOY
from mockgitlab.api.services.access_tokens import Problems, sentence
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, RecordNotFound
from mockgitlab.store import Query

RULES = {
    "projects/:id": (access.AS_MAINTAINER, access.AS_MAINTAINER),
    "groups/:id": (access.AS_MAINTAINER, access.AS_OWNER),
}
"""Who reads and who writes the tokens of each kind of parent."""
USERNAME_AT_MOST = 255
_USERNAME = re.compile(r"[a-zA-Z0-9.+_-]+")
SINGLE_SINCE = "14.9"
PARAMS = [
    dsl.param("name", str, "The name of the token", required=True),
    dsl.param("scopes", dsl.CommaList, "What the token is good for", required=True, enum=DEPLOY),
    dsl.param("expires_at", dsl.Timestamp, "When the token expires; it never does unless given"),
    dsl.param("username", str, "The name that goes with the token, gitlab+deploy-token-<id> unless given"),
]


def _active(tokens: Query[Token], value: bool, call: dsl.Call) -> Query[Token]:
    now = call.now
    live = tokens.where(revoked=False).filter(
        lambda one: one.expires_at is None or one.expires_at >= now, ("live", now)
    )
    return live if value else tokens


FILTERS = [dsl.by("active", bool, "Only tokens that are neither revoked nor expired", _active)]


def _of(call: dsl.Call, at: Project | Group) -> Query[Token]:
    return call.store[Token].where(kind="deploy", **tied_to(at))


def _find(call: dsl.Call, at: Project | Group, token_id: int) -> Token:
    found = _of(call, at).where(id=token_id).first()
    if found is None:
        raise RecordNotFound(reason=f"{at.full_path} has no deploy token {token_id}")
    return found


@v4.get("deploy_tokens", rule=access.ADMIN, shape=DEPLOY_TOKEN, filters=FILTERS, since="12.9")
def list_all_tokens(call: dsl.Call) -> Query[Token]:
    """List all deploy tokens."""
    return call.store[Token].where(kind="deploy")


def list_tokens(call: dsl.Call, at: Project | Group) -> Query[Token]:
    """List the deploy tokens of a project or group."""
    return _of(call, at)


def show_token(call: dsl.Call, at: Project | Group, token_id: int) -> Token:
    """Show a deploy token."""
    return _find(call, at, token_id)


def create_token(call: dsl.Call, at: Project | Group, given: dsl.Given) -> Token:
    """Create a deploy token; its secret is shown this once."""
    columns = given.only("name", "expires_at", "username")
    scopes = tuple(dict.fromkeys(given["scopes"]))
    if problems := _problems(columns.get("username"), scopes):
        raise BadRequest(sentence(problems), reason=f"not allowed: {', '.join(problems)}")
    value = call.store.mint(PREFIXES["deploy"])
    return call.store.insert(Token(**columns, **tied_to(at), scopes=scopes, kind="deploy", value=value))


def _problems(username: str | None, scopes: tuple[str, ...]) -> Problems:
    problems = [] if username is None or _USERNAME.fullmatch(username) else [WRONG_LETTERS]
    if len(username or "") > USERNAME_AT_MOST:
        problems.insert(0, f"is too long (maximum is {USERNAME_AT_MOST} characters)")
    found: Problems = {} if scopes else {"scopes": ["can't be blank"]}
    return {**found, "username": problems} if problems else found


WRONG_LETTERS = "can contain only letters, digits, '_', '-', '+', and '.'"


def delete_token(call: dsl.Call, at: Project | Group, token_id: int) -> None:
    """Delete a deploy token."""
    call.store.delete(_find(call, at, token_id))


for parent, (reads, writes) in RULES.items():
    tokens = f"{parent}/deploy_tokens"
    of_one: dict[str, Any] = {"since": SINGLE_SINCE, "shape": DEPLOY_TOKEN}
    v4.get(tokens, rule=reads, shape=DEPLOY_TOKEN, filters=FILTERS, since="12.9")(list_tokens)
    v4.post(tokens, rule=writes, shape=DEPLOY_TOKEN_WITH_TOKEN, params=PARAMS, since="12.9")(create_token)
    v4.get(f"{tokens}/:token_id", rule=reads, **of_one)(show_token)
    v4.delete(f"{tokens}/:token_id", rule=writes, since="12.9", conditional=False)(delete_token)
