"""Users. Source: https://docs.gitlab.com/api/users/ and GitLab's lib/api/users.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.models.user_identity import Identity
from mockgitlab.api.models.user_profile import (
    USER,
    USER_DETAILS_WITH_ADMIN,
    USER_PUBLIC,
    USER_WITH_ADMIN,
)
from mockgitlab.api.services.access_tokens import sentence
from mockgitlab.api.services.accounts import remove_user, solely_owned_groups
from mockgitlab.api.services.avatars import avatar_columns
from mockgitlab.api.user_filters import FILTERS, ORDERS, SHOWN_TO_USERS
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Conflict, Forbidden, NotFound, Unauthorized, ValidationFailed
from mockgitlab.store import Query

WITH_CUSTOM_ATTRIBUTES = dsl.param("with_custom_attributes", bool, "Include custom attributes", default=False)


def _signed_in(call: dsl.Call) -> None:
    if call.user is None:
        raise Forbidden("Not authorized!", reason="this needs a user, the request carries no token")


SIGNED_IN = dsl.Rule("user", _signed_in, login=False, before_records=True)
"""As ``access.USER``, with the refusal that GitLab has for anonymous requests for single users."""


def _options(call: dsl.Call) -> list[str]:
    return ["with_custom_attributes"] if call.option("with_custom_attributes") and access.is_admin(call) else []


@v4.get(
    "users",
    shape=USER_BASIC,
    filters=FILTERS,
    params=[WITH_CUSTOM_ATTRIBUTES],
    constraints=[dsl.all_or_none_of("extern_uid", "provider")],
    keyset=ORDERS,
    keyset_since="16.5",
)
def list_users(call: dsl.Call) -> Query[User]:
    """List users; anonymously only the one with a given username."""
    admin = access.is_admin(call)
    if call.given.get("extern_uid") and not admin:
        raise Forbidden(reason="only administrators look for identities") if call.user else Unauthorized()
    if call.user is None and not call.given.get("username"):
        raise Forbidden("Not authorized to access /api/v4/users", reason="anonymously this needs a username")
    users = call.store[User].all()
    shown = users if admin else users.among("state", SHOWN_TO_USERS)
    return dsl.present(shown, USER_WITH_ADMIN if admin else USER_BASIC, options=_options(call))  # type: ignore[no-any-return]


@v4.get("users/:id", rule=SIGNED_IN, shape=USER, params=[WITH_CUSTOM_ATTRIBUTES])
def show_user(call: dsl.Call, user: User) -> Any:
    """Show a user."""
    return dsl.present(user, USER_DETAILS_WITH_ADMIN if access.is_admin(call) else USER, options=_options(call))


@v4.get("user", rule=access.USER, shape=USER_PUBLIC)
def show_current_user(call: dsl.Call) -> Any:
    """Show the current user."""
    return dsl.present(access.me(call), USER_WITH_ADMIN if access.is_admin(call) else USER_PUBLIC)


@v4.delete("users/:id", rule=access.ADMIN_AFTER_PARAMETERS)
def delete_user(call: dsl.Call, user: User, hard_delete: bool = False) -> None:
    """Delete a user and what is the user's alone; contributions move to the Ghost User unless ``hard_delete``."""
    groups = solely_owned_groups(call.store, user)
    if groups and not hard_delete:
        reason = f"{user.username} is the only owner of {', '.join(group.full_path for group in groups)}"
        raise Conflict("User cannot be removed while is the sole-owner of a group", reason=reason)
    remove_user(call.store, user, hard=bool(hard_delete))


# Parts of an account


@v4.delete("users/:id/identities/:provider", rule=access.ADMIN_AFTER_PARAMETERS, conditional=False)
def delete_identity(call: dsl.Call, user: User, provider: str) -> None:
    """Delete a user's identity at another service."""
    identity = call.store[Identity].where(user_id=user.id, provider=provider).first()
    if identity is None:
        known = ", ".join(one.provider for one in call.store[Identity].where(user_id=user.id)) or "none"
        raise NotFound("Identity", reason=f"{user.username} has no identity at {provider}; there are: {known}")
    call.store.delete(identity)


@v4.operation("PATCH", "users/:id/disable_two_factor", rule=access.ADMIN_AFTER_PARAMETERS, success=204)
def disable_two_factor(call: dsl.Call, user: User) -> None:
    """Disable two-factor authentication of a user who is no administrator."""
    if user.admin:
        raise Forbidden(
            "Two-factor authentication for admins cannot be disabled via the API. Use the Rails console",
            reason=f"{user.username} is an administrator",
        )
    if not user.two_factor_enabled:
        raise BadRequest(
            "400 Bad request - Two-factor authentication is not enabled for this user",
            reason=f"two_factor_enabled of {user.username} is false",
        )
    call.store.update(user, two_factor_enabled=False)


@v4.put("user/avatar", since="17.0", params=[dsl.param("avatar", dsl.File, "The picture", required=True)])
def upload_avatar(call: dsl.Call, given: dsl.Given) -> dict[str, str | None]:
    """Give the current user another picture."""
    try:
        columns = avatar_columns(given["avatar"])
    except ValidationFailed as error:
        raise BadRequest(sentence(error.message), reason=error.reason) from None
    user = call.store.update(access.me(call), **columns)
    return {"avatar_url": user.avatar_url(call.view())}
