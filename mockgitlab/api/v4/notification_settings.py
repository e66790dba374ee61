"""Of what the current user is told by email.

Source: https://docs.gitlab.com/api/notification_settings/ and GitLab's lib/api/notification_settings.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.email import Email
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.notification_setting import (
    EVENTS,
    EVENTS_OF_GROUPS,
    GLOBAL_NOTIFICATION_SETTING,
    LEVELS,
    NOTIFICATION_SETTING,
    NotificationSetting,
)
from mockgitlab.api.models.project import Project
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, ValidationFailed

UNVERIFIED = "must be an email you have verified"
OF_EVERY = [
    dsl.param("level", str, "The notification level"),
    *(dsl.param(name, bool, "Whether to tell of this, with the level custom") for name in (*EVENTS, *EVENTS_OF_GROUPS)),
]
EMAIL = dsl.param("notification_email", str, "The address to which emails are sent")


def _setting(call: dsl.Call, at: Project | Group | None) -> NotificationSetting:
    """Return what the user chose, or what holds until then, which is not kept yet."""
    source_type = None if at is None else "Project" if isinstance(at, Project) else "Namespace"
    place: dict[str, Any] = {"source_type": source_type, "source_id": at and at.id}
    found = call.store[NotificationSetting].where(user_id=access.me(call).id, **place).first()
    level = "participating" if at is None else "global"
    return found or NotificationSetting(user_id=access.me(call).id, level=level, **place)


def _change(call: dsl.Call, at: Project | Group | None, given: dsl.Given) -> NotificationSetting:
    level = given.get("level")
    if level is not None and level not in LEVELS:
        raise BadRequest(f"'{level}' is not a valid level", reason=f"the levels are {', '.join(LEVELS)}")
    email = given.get("notification_email")
    if email and email not in _verified(call):
        raise ValidationFailed({"notification_email": [UNVERIFIED]}, reason=f"{email} is no confirmed one of theirs")
    setting = _setting(call, at)
    events = {name: value for name, value in given.only(*EVENTS, *EVENTS_OF_GROUPS).items() if value is not None}
    columns: dict[str, Any] = {"chosen": {**(setting.chosen or {}), **events}, "level": level or setting.level}
    columns |= {"notification_email": email} if email else {}
    kept = setting if setting.id else call.store.insert(setting)
    return call.store.update(kept, **columns)


def _verified(call: dsl.Call) -> set[str]:
    user = access.me(call)
    others = call.store[Email].where(user_id=user.id)
    return {user.email, *(one.email for one in others if one.confirmed_at)}


@v4.get("notification_settings", rule=access.USER, shape=GLOBAL_NOTIFICATION_SETTING, since="8.12")
def show_global_settings(call: dsl.Call) -> NotificationSetting:
    """Show of what the current user is told where nothing else is chosen."""
    return _setting(call, None)


@v4.put("notification_settings", shape=GLOBAL_NOTIFICATION_SETTING, params=[*OF_EVERY, EMAIL], since="8.12")
def update_global_settings(call: dsl.Call, given: dsl.Given) -> NotificationSetting:
    """Choose of what the current user is told where nothing else is chosen."""
    return _change(call, None, given)


PATHS = ("projects/:id/notification_settings", "groups/:id/notification_settings")


@v4.get(*PATHS, rule=access.USER, shape=NOTIFICATION_SETTING, since="8.12")
def show_settings(call: dsl.Call, at: Project | Group) -> NotificationSetting:
    """Show of what the current user is told in a project or group."""
    return _setting(call, at)


@v4.put(*PATHS, shape=NOTIFICATION_SETTING, params=OF_EVERY, since="8.12")
def update_settings(call: dsl.Call, at: Project | Group, given: dsl.Given) -> NotificationSetting:
    """Choose of what the current user is told in a project or group."""
    return _change(call, at, given)
