"""Messages that everybody on the instance sees.

Source: https://docs.gitlab.com/api/broadcast_messages/ and GitLab's app/models/system/broadcast_message.rb.
"""

from typing import Literal

from mockgitlab import dsl

THEMES = ("indigo", "light-indigo", "blue", "light-blue", "green", "light-green", "red", "light-red", "dark", "light")
TYPES = ("banner", "notification")
LEVELS = (10, 15, 20, 30, 40, 50)


class BroadcastMessage(dsl.Entity):
    """A message and when it is shown, to whom and where."""

    id: int = dsl.serial()
    message: str = dsl.required("The message to show")
    starts_at: dsl.Timestamp = dsl.required("When it is shown first")
    ends_at: dsl.Timestamp = dsl.required("When it is shown last")
    color: str | None = dsl.optional(
        "The color of the background, in place of which there is the theme", default="#E75E40"
    )
    font: str | None = dsl.optional("The color of the text, in place of which there is the theme", default="#FFFFFF")
    target_access_levels: tuple[int, ...] = dsl.optional("The roles that see it", default=())
    target_path: str | None = dsl.optional("The paths at which it is shown, with * for anything")
    broadcast_type: Literal["banner", "notification"] = dsl.optional("How it is shown", default="banner")
    theme: str = dsl.optional("The color of a banner", default="indigo")
    dismissable: bool | None = dsl.optional("Whether it can be closed")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()

    @dsl.computed
    def active(self, view: dsl.View) -> bool:
        """Whether it is shown now."""
        return self.starts_at <= view.store.now < self.ends_at


BROADCAST_MESSAGE = BroadcastMessage.shape(
    *("id", "message", "starts_at", "ends_at", "color", "font", "target_access_levels", "target_path"),
    *("broadcast_type", "theme", "dismissable", "active"),
    name="BroadcastMessage",
)
