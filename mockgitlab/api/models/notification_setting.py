"""Of what users are told by email, everywhere, in a group or in a project.

Source: https://docs.gitlab.com/api/notification_settings/ and GitLab's app/models/notification_setting.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.user import User

LEVELS = ("disabled", "participating", "watch", "global", "mention", "custom")
EVENTS = (
    *("new_note", "new_issue", "reopen_issue", "close_issue", "reassign_issue", "issue_due"),
    *("new_merge_request", "push_to_merge_request", "reopen_merge_request", "close_merge_request"),
    *("reassign_merge_request", "merge_merge_request", "failed_pipeline", "fixed_pipeline", "success_pipeline"),
    *("moved_project", "merge_when_pipeline_succeeds"),
)
EVENTS_OF_GROUPS = ("new_epic",)
ON = ("failed_pipeline", "fixed_pipeline", "moved_project")
"""The events of which users are told unless they say otherwise."""


class NotificationSetting(dsl.Entity):
    """What a user chose for a project or a namespace, or without a ``source_type`` for everywhere."""

    id: int = dsl.serial()
    user_id: int = dsl.parent("User")
    source_type: str | None = dsl.hidden("Project, Namespace, or nothing")
    source_id: int | None = dsl.hidden()
    level: str = dsl.optional("The notification level", default="global")
    chosen: dict[str, bool] | None = dsl.hidden("Which events were chosen")
    notification_email: str | None = dsl.hidden("Where emails are sent, the primary email unless chosen")


def _events(setting: NotificationSetting, view: dsl.View) -> Any:
    if setting.level != "custom":
        return dsl.OMIT
    in_group = setting.source_type == "Namespace" and view.store.settings.edition == "ee"
    shown = (*EVENTS, *(EVENTS_OF_GROUPS if in_group else ()))
    return {name: (setting.chosen or {}).get(name, name in ON) for name in shown}


def _email(setting: NotificationSetting, view: dsl.View) -> str:
    return setting.notification_email or view.store[User][setting.user_id].email


NOTIFICATION_SETTING = NotificationSetting.shape("level").plus(events=_events)
GLOBAL_NOTIFICATION_SETTING = NOTIFICATION_SETTING.plus(notification_email=_email).called("GlobalNotificationSetting")
