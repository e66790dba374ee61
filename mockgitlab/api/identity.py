"""Who is asking: what a token stands for, whether it may still be used and for this, and sudo.

The checks come in GitLab's order: unknown, expired, revoked, impersonation, the user's state, sudo, scopes. That the
family of a token was revoked stays even when the request is refused; that a token was used is noted when it is not.

Source: https://docs.gitlab.com/api/rest/authentication/, GitLab's lib/gitlab/auth/auth_finders.rb and lib/api/helpers/.
"""

import re
from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import scopes
from mockgitlab.api.models.pipeline import CommitStatus
from mockgitlab.api.models.token import ACCESS_TOKENS, PREFIXES, Token
from mockgitlab.api.models.user import User, find_user
from mockgitlab.api.ruby import inspect
from mockgitlab.api.services.access_tokens import revoke_family
from mockgitlab.api.services.private_tokens import PRIVATE, find_private_token
from mockgitlab.errors import Forbidden, InsufficientScope, InvalidToken, NotFound, Unauthorized
from mockgitlab.store import duration_text, parse_instant

EXPIRED = "Token is expired. You can either do re-authorization or token refresh."
REVOKED = "Token was revoked. You have to re-authorize from the user."
NO_IMPERSONATION = "Token is an impersonation token but impersonation was disabled."
WITH_SCOPES = (*ACCESS_TOKENS, "oauth")
INTERNAL = "This action cannot be performed by internal users"
STATES = {
    "blocked_pending_approval": "Your account is pending approval from your administrator and hence blocked.",
    "deactivated": "Your account has been deactivated by your administrator. "
    "Please log back in from a web browser to reactivate your account at {base}",
}
BLOCKED = "Your account has been blocked."
PASSWORD_EXPIRED = "Your password expired. Please access GitLab from a web browser to update your password."
USED_AT_MOST_EVERY = 600
ADDRESSES_AT_MOST = 7
RUNNING = ("running", "canceling")
"""So stands a job whose token may be used."""
WITH_PRIVATE_TOKENS = ("v3", "ci")
"""The APIs that every user has a private token for; there sudo needs no scope, and to oneself it is nothing."""
_ROTATION = re.compile(r"access_tokens/(:\w+|self)/rotate\Z")


class SignInRefused(Forbidden):
    """The user of the token may not sign in."""


class SudoRefused(Forbidden):
    """Somebody who is no administrator wants to act as another user."""


class SudoToNobody(NotFound):
    """Sudo names a user who is not there."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"User with ID or username '{wanted}'", reason="sudo names nobody")
        self.wanted = wanted


def identify(call: dsl.Call, credentials: Iterable[dsl.Credential]) -> None:
    """Set the call's user and token; raises where the credential is wrong, spent, or not enough for the operation."""
    given, operation = tuple(credentials), call.operation
    key = ("identity", given, operation.api, operation.job_token, operation.basic_auth, call.settings.impersonation)
    call.token, call.user = call.store.remember(key, lambda: _found(call, given))
    wanted = sudo_wanted(call)
    if wanted is not None:
        become(call, wanted)
    elif call.token is not None:
        check_scopes(call, call.token)


def _found(call: dsl.Call, credentials: Iterable[dsl.Credential]) -> tuple[Token | None, User | None]:
    """Return the token and its user, checked; the call has them before a check fails, so that the journal does."""
    token = next(filter(None, (find_token(call, credential) for credential in credentials)), None)
    if token is not None:
        call.token, call.user = token, call.store[User].get(token.user_id)
        check_usable(call, token)
        if call.user is None and token.kind in WITH_SCOPES:
            raise Unauthorized(reason=f"the user of the token {token.name} is no more")
        check_state(call)
    return call.token, call.user


# Which token


def find_token(call: dsl.Call, credential: dsl.Credential) -> Token | None:
    """Return the token that a credential names, nothing where the next credential is to be tried.

    Raises ``Unauthorized`` for an access token or job token that is not known.
    """
    found = call.store[Token].having("value", credential.secret)
    token = found[0] if found else None
    finder = _FINDERS.get(credential.place)
    return finder(call, credential, token) if finder else None


def _by_bearer(call: dsl.Call, credential: dsl.Credential, token: Token | None) -> Token | None:
    if token is not None and token.kind == "job" and call.operation.job_token:
        return token if is_live(call, token) else None
    return token if token is not None and token.kind == "oauth" else None


def _by_private_token(call: dsl.Call, credential: dsl.Credential, token: Token | None) -> Token | None:
    if credential.secret.startswith(PREFIXES["job"]):
        return None  # runners send their job's token here as well
    if token is None and call.operation.api in WITH_PRIVATE_TOKENS:
        token = find_private_token(call.store, credential.secret)
    if token is None:
        raise Unauthorized(reason=f"no token has the value given as {credential.place}{_blanks(call, credential)}")
    if token.kind not in (*ACCESS_TOKENS, PRIVATE):
        raise Unauthorized(reason=f"the token is of kind {token.kind} and cannot be given as {credential.place}")
    return token


def _blanks(call: dsl.Call, credential: dsl.Credential) -> str:
    """Say of a secret that nobody has that it only has too much white space around it."""
    known = call.store[Token].having("value", credential.secret.strip())
    return ": it has white space, such as a line break, before or after a known one" if known else ""


def _by_job_token(call: dsl.Call, credential: dsl.Credential, token: Token | None) -> Token | None:
    if token is None or token.kind != "job" or not is_live(call, token):
        raise Unauthorized(reason="no running job has the token that is given")
    return token


def _by_deploy_token(call: dsl.Call, credential: dsl.Credential, token: Token | None) -> Token | None:
    return token if token is not None and token.kind == "deploy" and is_live(call, token) else None


def _by_session(call: dsl.Call, credential: dsl.Credential, token: Token | None) -> Token | None:
    return token if token is not None and token.kind == "session" and is_live(call, token) else None


def _by_basic(call: dsl.Call, credential: dsl.Credential, token: Token | None) -> Token | None:
    """Return the token that is given as a password, where the operation takes one so; the name does not matter."""
    known = token is not None and token.kind in (*ACCESS_TOKENS, *(["job"] if call.operation.job_token else []))
    return token if call.operation.basic_auth and known else None


_FINDERS: dict[str, Any] = {
    "basic": _by_basic,
    "key": _by_basic,
    "deploy_token": _by_deploy_token,
    "bearer": _by_bearer,
    "private_token": _by_private_token,
    "job_token": _by_job_token,
    "session": _by_session,
}


def is_live(call: dsl.Call, token: Token) -> bool:
    """Tell whether a token is neither revoked nor expired, and its job, where it is of one, runs."""
    job = call.store[CommitStatus].get(token.job_id)
    return not token.revoked and not token.expired(call.now) and (job is None or job.status in RUNNING)


# Whether it may be used


def check_usable(call: dsl.Call, token: Token) -> None:
    """Refuse an expired or revoked token, and impersonation where it is switched off.

    A revoked token that asks for its rotation is taken for stolen: the tokens it was rotated to are revoked.
    """
    if token.expires_at is not None and token.expired(call.now):
        ago = duration_text(call.store.clock.instant - parse_instant(token.expires_at or call.now))
        when = f"expired at {token.expires_at}, {ago} ago: the clock stands at {call.now}"
        raise InvalidToken(EXPIRED, reason=f"the token {token.name} {when}")
    if token.revoked:
        if _ROTATION.search(call.operation.path):
            revoke_family(call.store, token)
        raise InvalidToken(REVOKED, reason=f"the token {token.name} was revoked")
    if token.kind == "impersonation" and not call.settings.impersonation:
        raise InvalidToken(NO_IMPERSONATION, reason="gitlab.impersonation is false in the scenario")


def check_state(call: dsl.Call) -> None:
    """Refuse users who may not sign in, and GitLab's own."""
    user: User | None = call.user
    if user is None:
        return
    if user.internal:
        raise SignInRefused(INTERNAL, reason=f"{user.username} is a {user.user_type}")
    if user.blocked or user.state == "deactivated":
        text = STATES.get(user.state, BLOCKED).format(base=call.base)
        raise SignInRefused(text, reason=f"{user.username} is {user.state}")
    if user.password_expires_at is not None and user.password_expires_at <= call.now and not user.bot:
        raise SignInRefused(PASSWORD_EXPIRED, reason=f"the password expired at {user.password_expires_at}")


def check_scopes(call: dsl.Call, token: Token) -> None:
    """Refuse a token none of whose scopes allows the operation; sessions, job and deploy tokens need none.

    What is not built has no scopes either: it says so to everybody.
    """
    allowing = call.operation.scopes
    if token.kind not in WITH_SCOPES or not call.operation.built or not set(allowing).isdisjoint(token.scopes):
        return
    named = scopes.registered(call.operation.path)
    extra = [scope for scope in allowing if scope not in named]
    have = f"the token {token.name} has the scopes {', '.join(token.scopes)}"
    raise InsufficientScope([*extra, *named], reason=f"{have}; one of {', '.join(allowing)} is needed")


# On whose behalf


def sudo_wanted(call: dsl.Call) -> str | None:
    """Return whom sudo names, the parameter before the header; an empty one names nobody, who is not there."""
    given = call.sent.get("sudo")
    if given is None or given is False:
        header = call.headers.get("Sudo")
        return header if header is None else header.strip()
    return given if isinstance(given, str) else inspect(given)


def become(call: dsl.Call, wanted: str) -> None:
    """Act as another user (sudo); raises GitLab's refusals for everybody but administrators with the scope for it."""
    if call.user is None or call.token is None:
        raise Unauthorized(reason="sudo needs the token of an administrator")
    target = find_user(call.store, wanted)
    oneself = target is not None and target.id == call.user.id
    if not (oneself and call.operation.api in WITH_PRIVATE_TOKENS):
        _check_may_sudo(call, call.token)
    if target is None:
        raise SudoToNobody(wanted)
    if oneself:
        check_scopes(call, call.token)
    call.user = target


def _check_may_sudo(call: dsl.Call, token: Token) -> None:
    if not call.user.admin:
        raise SudoRefused("Must be admin to use sudo", reason=f"{call.user.username} is no administrator")
    if call.operation.api in WITH_PRIVATE_TOKENS:
        if token.kind != PRIVATE and call.settings.errors == "observed":
            raise Forbidden("Private token must be specified in order to use sudo", reason=f"a {token.kind} was given")
        return
    if token.kind not in WITH_SCOPES:
        text = "Must be authenticated using an OAuth or personal access token to use sudo"
        raise Forbidden(text, reason=f"a {token.kind} was given")
    if "sudo" not in token.scopes:
        raise InsufficientScope(["sudo"], reason=f"the token {token.name} lacks the scope sudo")


def note_use(call: dsl.Call) -> None:
    """Note when and from where the call's token was used."""
    token = call.token
    if token is None or token.kind not in WITH_SCOPES:
        return
    used, now = token.last_used_at, call.store.clock
    if used is None or (used != now.now and (now.instant - parse_instant(used)).total_seconds() >= USED_AT_MOST_EVERY):
        call.token = token = call.store.update(token, last_used_at=call.now)
    if call.address and call.address not in token.last_used_ips:
        addresses = (*token.last_used_ips, call.address)[-ADDRESSES_AT_MOST:]
        call.token = call.store.update(token, last_used_ips=addresses)
