"""Who is asking: what a token stands for, whether it may still be used and for this, and sudo.

The checks come in GitLab's order: unknown, impersonation, expired, revoked, the user's state, sudo, scopes.

Source: https://docs.gitlab.com/api/rest/authentication/, GitLab's lib/gitlab/auth/auth_finders.rb and lib/api/helpers.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.models.token import ACCESS_TOKENS, Token
from mockgitlab.api.models.user import User, find_user
from mockgitlab.errors import Forbidden, InsufficientScope, InvalidToken, NotFound, Unauthorized
from mockgitlab.store import parse_instant

EXPIRED = "Token is expired. You can either do re-authorization or token refresh."
REVOKED = "Token was revoked. You have to re-authorize from the user."
NO_IMPERSONATION = "Token is an impersonation token but impersonation was disabled."
KINDS = {
    "private_token": ACCESS_TOKENS,
    "bearer": (*ACCESS_TOKENS, "oauth"),
    "job_token": ("job",),
    "deploy_token": ("deploy",),
    "session": ("session",),
}
STATES = {
    "blocked_pending_approval": "Your account is pending approval from your administrator and hence blocked.",
    "deactivated": "Your account has been deactivated by your administrator. Please log back in from a web browser to reactivate "
    "your account at {base}",
}
USED_AT_MOST_EVERY = 600


def identify(call: dsl.Call, credential: dsl.Credential | None) -> None:
    """Set the call's user and token; raises where the credential is wrong, spent, or not enough for the operation."""
    if credential is not None and credential.place in KINDS:
        token = find_token(call, credential)
        check_usable(call, token)
        call.token, call.user = token, call.store[User].get(token.user_id)
        check_state(call)
        _note_use(call, token)
    wanted = call.sent.get("sudo") or call.headers.get("Sudo")
    if wanted:
        become(call, str(wanted))
    elif call.token is not None:
        check_scopes(call, call.token)


def find_token(call: dsl.Call, credential: dsl.Credential) -> Token:
    """Return the token with this secret; raises ``Unauthorized`` for one that is unknown or of another kind."""
    token = call.store[Token].find(value=credential.secret)
    if token is None:
        raise Unauthorized(reason=f"no token has the value given as {credential.place}")
    if token.kind not in KINDS[credential.place]:
        raise Unauthorized(reason=f"the token is of kind {token.kind} and cannot be given as {credential.place}")
    return token


def check_usable(call: dsl.Call, token: Token) -> None:
    """Refuse an expired or revoked token, and impersonation where it is switched off."""
    if token.expired(call.store.today):
        raise InvalidToken(
            EXPIRED, reason=f"the token {token.name} expired on {token.expires_at}, the clock stands at {call.now}"
        )
    if token.revoked:
        raise InvalidToken(REVOKED, reason=f"the token {token.name} was revoked")
    if token.kind == "impersonation" and not call.settings.impersonation:
        raise InvalidToken(NO_IMPERSONATION, reason="gitlab.impersonation is false in the scenario")


def check_state(call: dsl.Call) -> None:
    """Refuse users who may not sign in."""
    user = call.user
    if user is not None and (user.blocked or user.state == "deactivated"):
        text = STATES.get(user.state, "Your account has been blocked.").format(base=call.base)
        raise Forbidden(text, reason=f"{user.username} is {user.state}")


def check_scopes(call: dsl.Call, token: Token) -> None:
    """Refuse a token none of whose scopes allows the operation; cookies and job tokens have no scopes."""
    if token.kind in ("session", "job", "deploy") or not set(call.operation.scopes).isdisjoint(token.scopes):
        return
    named = [scope for scope in call.operation.scopes if scope not in ("api", "read_api")]
    reason = f"the token {token.name} has the scopes {', '.join(token.scopes)}; one of {', '.join(call.operation.scopes)} is needed"
    raise InsufficientScope([*named, "api", "read_api"], reason=reason)


def become(call: dsl.Call, wanted: str) -> None:
    """Act as another user (sudo); raises GitLab's refusals for everybody but administrators with the scope for it."""
    if call.user is None or call.token is None:
        raise Unauthorized(reason="sudo needs the token of an administrator")
    if not call.user.admin:
        raise Forbidden("Must be admin to use sudo", reason=f"{call.user.username} is no administrator")
    if call.token.kind not in KINDS["bearer"]:
        raise Forbidden(
            "Must be authenticated using an OAuth or personal access token to use sudo",
            reason=f"a {call.token.kind} was given",
        )
    if "sudo" not in call.token.scopes:
        raise InsufficientScope(["sudo"], reason=f"the token {call.token.name} lacks the scope sudo")
    target = find_user(call.store, wanted)
    if target is None:
        raise NotFound(f"User with ID or username '{wanted}'", reason="sudo names nobody")
    if target.id == call.user.id:
        check_scopes(call, call.token)
    call.user = target


def _note_use(call: dsl.Call, token: Token) -> None:
    used = token.last_used_at
    now = call.store.clock.instant
    if used is None or (now - parse_instant(used)).total_seconds() >= USED_AT_MOST_EVERY:
        call.token = call.store.update(token, last_used_at=call.now)
