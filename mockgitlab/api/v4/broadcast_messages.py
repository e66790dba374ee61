"""Messages that everybody on the instance sees; administrators write them.

Source: https://docs.gitlab.com/api/broadcast_messages/, GitLab's lib/api/admin/broadcast_messages.rb.
"""

from datetime import timedelta
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.colors import read_color
from mockgitlab.api.models.broadcast_message import BROADCAST_MESSAGE, LEVELS, THEMES, TYPES, BroadcastMessage
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import RecordNotFound, ValidationFailed
from mockgitlab.store import Query

COLORS = ("color", "font")
PARAMS = [
    dsl.param("starts_at", dsl.Timestamp, "When it is shown first, now unless given"),
    dsl.param("ends_at", dsl.Timestamp, "When it is shown last, an hour later unless given"),
    dsl.param("color", str, "The color of the background", deprecated="Use theme instead"),
    dsl.param("font", str, "The color of the text", deprecated="Use theme instead"),
    dsl.param("target_access_levels", dsl.IdList, "The roles that see it", enum=LEVELS, since="15.8"),
    dsl.param("target_path", str, "The paths at which it is shown, with * for anything"),
    dsl.param("broadcast_type", str, "How it is shown", enum=TYPES),
    dsl.param("dismissable", bool, "Whether it can be closed"),
    dsl.param("theme", str, "The color of a banner", enum=THEMES, since="17.6"),
]
MESSAGE = "The message to show"


@v4.locator("broadcast_messages/:id", integer=True)
def find_message(call: dsl.Call, value: str) -> BroadcastMessage:
    """Return the message with this id."""
    found = call.store[BroadcastMessage].get(int(value))
    if found is None:
        raise RecordNotFound(reason=f"there is no broadcast message {value}")
    return found


@v4.get("broadcast_messages", shape=BROADCAST_MESSAGE, since="8.12")
def list_messages(call: dsl.Call) -> Query[BroadcastMessage]:
    """List all messages, the newest first."""
    return call.store[BroadcastMessage].all().order_by("id", descending=True)


@v4.get("broadcast_messages/:id", shape=BROADCAST_MESSAGE, since="8.12")
def show_message(message: BroadcastMessage) -> BroadcastMessage:
    """Show a message."""
    return message


@v4.post(
    "broadcast_messages",
    rule=access.ADMIN_AFTER_PARAMETERS,
    shape=BROADCAST_MESSAGE,
    params=[dsl.param("message", str, MESSAGE, required=True), *PARAMS],
    since="8.12",
)
def create_message(call: dsl.Call, given: dsl.Given) -> BroadcastMessage:
    """Create a message, by default for an hour from now on."""
    instant = (call.store.clock.instant + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    given_times = {name: given.get(name, default) for name, default in (("starts_at", call.now), ("ends_at", instant))}
    columns = _columns({**given, **given_times})
    return call.store.insert(BroadcastMessage(**columns))


@v4.put(
    "broadcast_messages/:id",
    rule=access.ADMIN_AFTER_PARAMETERS,
    shape=BROADCAST_MESSAGE,
    params=[dsl.param("message", str, MESSAGE), *PARAMS],
    since="8.12",
)
def update_message(call: dsl.Call, message: BroadcastMessage, given: dsl.Given) -> BroadcastMessage:
    """Change a message."""
    return call.store.update(message, **_columns(given))


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    needed = ("message", "starts_at", "ends_at", "broadcast_type")
    problems = {name: ["can't be blank"] for name in needed if name in given and not str(given[name] or "").strip()}
    for name in COLORS:
        if given.get(name) and read_color(given[name]) is None:
            problems[name] = ["must be a valid color code"]
    if problems:
        raise ValidationFailed(problems, reason=f"not allowed: {', '.join(problems)}")
    levels = (
        {"target_access_levels": tuple(given["target_access_levels"] or ())} if "target_access_levels" in given else {}
    )
    kept = {name: value for name, value in given.items() if name in BroadcastMessage.fields}
    return {**kept, **levels}


@v4.delete("broadcast_messages/:id", rule=access.ADMIN_AFTER_PARAMETERS, since="8.12")
def delete_message(call: dsl.Call, message: BroadcastMessage) -> None:
    """Delete a message."""
    call.store.delete(message)
