"""What users say and set of themselves: status, preferences, support PIN. The ids are those of the users.

Source: https://docs.gitlab.com/api/users/ and https://docs.gitlab.com/api/user_preferences/.
"""

from html import escape
from typing import Literal

from mockgitlab import dsl

Availability = Literal["not_set", "busy"]
CLEAR_AFTER = {
    "30_minutes": "30m",
    "3_hours": "3h",
    "8_hours": "8h",
    "1_day": "1d",
    "3_days": "3d",
    "7_days": "7d",
    "30_days": "30d",
}
DEFAULT_EMOJI = "speech_balloon"


class UserStatus(dsl.Entity):
    """What a user is up to."""

    id: int = dsl.serial()
    emoji: str | None = dsl.optional("The name of the emoji", default=DEFAULT_EMOJI)
    availability: Availability = dsl.optional("The availability of the user", default="not_set")
    message: str | None = dsl.optional("The message, in Markdown", max_length=100)
    clear_status_at: str | None = dsl.readonly()
    user_id: int = dsl.parent("User")

    @dsl.computed
    def message_html(self, view: dsl.View) -> str:
        """The message as HTML."""
        return escape(self.message or "", quote=False)


class UserPreferences(dsl.Entity):
    """How a user wants GitLab to be."""

    id: int = dsl.serial()
    user_id: int = dsl.parent("User")
    view_diffs_file_by_file: bool = dsl.optional("Whether diffs show one file on each page", default=False)
    show_whitespace_in_diffs: bool = dsl.optional("Whether diffs show changes of white space", default=True)
    pass_user_identities_to_ci_jwt: bool = dsl.optional(
        "Whether jobs get the user's external identities in their JSON web token", default=False, since="16.0"
    )


class SupportPin(dsl.Entity):
    """A number by which GitLab's support knows a user."""

    id: int = dsl.serial()
    pin: str = dsl.readonly()
    expires_at: str = dsl.readonly()
    user_id: int = dsl.parent("User")


USER_STATUS = UserStatus.shape("emoji", "availability", "message", "message_html", "clear_status_at")
NO_STATUS = dict.fromkeys(name for name, _ in USER_STATUS.members)
USER_PREFERENCES = UserPreferences.shape()
SUPPORT_PIN = SupportPin.shape("pin", "expires_at")


def status_of(store: dsl.Store, user_id: int) -> UserStatus | None:
    """Return a user's status, unless there is none or it was to be cleared by now."""
    status = store[UserStatus].get(user_id)
    over = status is not None and status.clear_status_at is not None and status.clear_status_at <= store.now
    return None if over else status


def preferences_of(store: dsl.Store, user_id: int) -> UserPreferences:
    """Return a user's preferences, GitLab's defaults where none were set."""
    return store[UserPreferences].get(user_id) or UserPreferences(id=user_id, user_id=user_id)


def set_preferences(store: dsl.Store, user_id: int, **columns: bool) -> UserPreferences:
    """Change a user's preferences."""
    if store[UserPreferences].get(user_id) is None:
        store.insert(UserPreferences(id=user_id, user_id=user_id))
    return store.update(store[UserPreferences][user_id], **columns)
