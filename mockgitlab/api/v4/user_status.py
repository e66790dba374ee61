"""Status, preferences and support PIN of users.

Source: https://docs.gitlab.com/api/users/, https://docs.gitlab.com/api/user_preferences/.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.emoji import find_emoji
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_settings import (
    CLEAR_AFTER,
    DEFAULT_EMOJI,
    NO_STATUS,
    SUPPORT_PIN,
    USER_PREFERENCES,
    USER_STATUS,
    SupportPin,
    UserPreferences,
    UserStatus,
    preferences_of,
    set_preferences,
    status_of,
)
from mockgitlab.api.v4.base import BY_NAME, v4
from mockgitlab.errors import NotFound, ValidationFailed
from mockgitlab.store import parse_duration, timestamp

MESSAGE_AT_MOST = 100
SETTABLE = ("emoji", "message", "availability", "clear_status_after")
PREFERENCES = ("view_diffs_file_by_file", "show_whitespace_in_diffs", "pass_user_identities_to_ci_jwt")
PIN_LIVES = "7d"
STATUS_PARAMS = [
    dsl.param("emoji", str, "The name of the emoji, speech_balloon unless given"),
    dsl.param("message", str, "The message, at most 100 characters; emoji may be written in it by their names"),
    dsl.param("availability", str, "busy or not_set"),
    dsl.param("clear_status_after", str, "When the status goes away by itself", enum=tuple(CLEAR_AFTER)),
]


# Status


@v4.get("users/:id_or_username/status", shape=USER_STATUS, locators=BY_NAME)
def show_status(call: dsl.Call, user: User) -> Any:
    """Show the status of a user, named by id or username."""
    return status_of(call.store, user.id) or NO_STATUS


@v4.get("user/status", rule=access.USER, shape=USER_STATUS)
def show_own_status(call: dsl.Call) -> Any:
    """Show the status of the current user."""
    return status_of(call.store, access.me(call).id) or NO_STATUS


@v4.put("user/status", shape=USER_STATUS, params=STATUS_PARAMS)
def set_status(call: dsl.Call, given: dsl.Given) -> Any:
    """Set the status of the current user; what is not given is cleared, and with everything cleared there is none."""
    return _set(call, {**dict.fromkeys(SETTABLE), **given.only(*SETTABLE)})


@v4.operation("PATCH", "user/status", shape=USER_STATUS, params=STATUS_PARAMS)
def change_status(call: dsl.Call, given: dsl.Given) -> Any:
    """Change the status of the current user; what is not given stays, and without anything given null is answered."""
    changes = given.only(*SETTABLE)
    return _set(call, changes) if changes else None


def _set(call: dsl.Call, given: dict[str, Any]) -> Any:
    user = access.me(call)
    if not (given.get("emoji") or given.get("message") or given.get("availability") == "busy"):
        return _clear(call.store, user)
    status = status_of(call.store, user.id) or UserStatus(id=user.id, user_id=user.id)
    columns = given_columns(call, status, given)
    _check(columns)
    call.store.delete(status)
    return call.store.insert(status.replaced(columns))


def given_columns(call: dsl.Call, status: UserStatus, given: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that parameters change; one given as null gets its default."""
    columns = {
        "emoji": given.get("emoji", status.emoji) or DEFAULT_EMOJI,
        "message": given.get("message", status.message),
        "availability": given.get("availability", status.availability) or "not_set",
        "clear_status_at": status.clear_status_at,
    }
    if "clear_status_after" in given:
        columns["clear_status_at"] = _clear_at(call, given["clear_status_after"])
    return columns


def _clear(store: dsl.Store, user: User) -> dict[str, None]:
    status = store[UserStatus].get(user.id)
    if status is not None:
        store.delete(status)
    return NO_STATUS


def _clear_at(call: dsl.Call, after: str | None) -> str | None:
    return timestamp(call.store.clock.instant + parse_duration(CLEAR_AFTER[after])) if after else None


def _check(columns: dict[str, Any]) -> None:
    problems = {}
    if find_emoji(columns["emoji"]) is None:
        problems["emoji"] = ["is not a valid emoji name"]
    if len(columns.get("message") or "") > MESSAGE_AT_MOST:
        problems["message"] = [f"is too long (maximum is {MESSAGE_AT_MOST} characters)"]
    if columns["availability"] not in ("not_set", "busy"):
        problems["availability"] = ["is not included in the list"]
    if problems:
        raise ValidationFailed(problems, reason=f"not allowed: {', '.join(problems)}")


# Preferences


@v4.get("user/preferences", rule=access.USER, shape=USER_PREFERENCES)
def show_preferences(call: dsl.Call) -> UserPreferences:
    """Show the preferences of the current user."""
    return preferences_of(call.store, access.me(call).id)


@v4.put(
    "user/preferences",
    shape=USER_PREFERENCES,
    params=[dsl.param(name, bool, UserPreferences.fields[name].description) for name in PREFERENCES],
    constraints=[dsl.at_least_one_of(*PREFERENCES)],
)
def update_preferences(call: dsl.Call, given: dsl.Given) -> UserPreferences:
    """Change the preferences of the current user."""
    changes = {name: value for name, value in given.only(*PREFERENCES).items() if value is not None}
    return set_preferences(call.store, access.me(call).id, **changes)


# Support PIN


@v4.post("user/support_pin", shape=SUPPORT_PIN, since="17.8")
def create_support_pin(call: dsl.Call) -> SupportPin:
    """Make a support PIN for the current user, in place of the one before."""
    user = access.me(call)
    old = call.store[SupportPin].get(user.id)
    if old is not None:
        call.store.delete(old)
    pin = f"{int(call.store.mint_hex('support pin'), 16) % 1_000_000:06}"
    until = timestamp(call.store.clock.instant + parse_duration(PIN_LIVES))
    return call.store.insert(SupportPin(id=user.id, user_id=user.id, pin=pin, expires_at=until))


@v4.get("user/support_pin", rule=access.USER, shape=SUPPORT_PIN, since="17.8")
@v4.get("users/:id/support_pin", rule=access.ADMIN_AFTER_PARAMETERS, shape=SUPPORT_PIN, since="17.8")
def show_support_pin(call: dsl.Call) -> SupportPin:
    """Show the support PIN of a user."""
    user = call.maybe_at(User) or access.me(call)
    pin = call.store[SupportPin].get(user.id)
    if pin is None or pin.expires_at <= call.now:
        raise NotFound("Support PIN", reason=f"{user.username} has no support PIN that is still valid")
    return pin
