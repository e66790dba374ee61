"""The application settings, which only administrators see and change.

Source: https://docs.gitlab.com/api/settings/ and GitLab's lib/api/settings.rb, ee/lib/ee/api/settings.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.application_setting import shown, table
from mockgitlab.api.services import application_settings
from mockgitlab.api.v4.base import v4

OLDER_NAMES = {"performance_bar_allowed_group_id": "performance_bar_allowed_group_path"}
TAKEN = tuple(name for name, setting in table().items() if setting.taken)
PASSWORDS = ("password_authentication_enabled_for_web", "password_authentication_enabled", "signin_enabled")


@v4.get("application/settings", rule=access.ADMIN)
def show_application_settings(call: dsl.Call) -> dict[str, Any]:
    """Show the settings of the instance."""
    return shown(call.store)


@v4.put(
    "application/settings",
    rule=access.ADMIN,
    params=[
        *(table()[name].param() for name in TAKEN),
        *(dsl.param(name, str, "An older name") for name in OLDER_NAMES),
    ],
    constraints=[dsl.mutually_exclusive(*PASSWORDS), dsl.at_least_one_of(*TAKEN, *OLDER_NAMES)],
)
def update_application_settings(call: dsl.Call, given: dsl.Given) -> dict[str, Any]:
    """Change settings of the instance; those of another edition or version are ignored."""
    application_settings.update(call.store, {OLDER_NAMES.get(name, name): value for name, value in given.items()})
    return shown(call.store)
