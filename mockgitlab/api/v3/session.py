"""Signing in with a password, which gives the private token.

Source: GitLab 8's doc/api/session.md and lib/api/session.rb.
"""

from typing import Annotated

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.user import User, find_user
from mockgitlab.api.services.accounts import email_owner
from mockgitlab.api.v3.base import era, v3
from mockgitlab.api.v3.users import USER_LOGIN
from mockgitlab.errors import MissingParameters, Unauthorized

TWO_FACTOR = "401 Unauthorized. You have 2FA enabled. Please use a personal access token to access the API"


@v3.post("session", rule=access.ANYONE, shape=USER_LOGIN)
def sign_in(
    call: dsl.Call,
    login: Annotated[str | None, "The username"] = None,
    email: Annotated[str | None, "The email"] = None,
    password: Annotated[str | None, "The password"] = None,
) -> User:
    """Sign in."""
    if not password and era(call.settings) >= (8, 14):
        raise MissingParameters(["password"])
    user = _find(call.store, email or login or "")
    if user is None or not password or user.password != password:
        raise Unauthorized(reason=_why(user, email or login))
    if user.blocked:
        raise Unauthorized(reason=f"{user.username} is {user.state}")
    if user.two_factor_enabled:
        raise Unauthorized(TWO_FACTOR, reason=f"two_factor_enabled of {user.username} is true")
    return user


def _find(store: dsl.Store, name: str) -> User | None:
    if "@" in name:
        return email_owner(store, name)
    return None if name.isdigit() else find_user(store, name)


def _why(user: User | None, name: str | None) -> str:
    if not name:
        return "login or email must say who signs in"
    if user is None:
        return f"there is no user {name}"
    return f"the password of {user.username} is another" if user.password else f"{user.username} has no password"
