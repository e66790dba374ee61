"""Of what the current user is told by email.

Source: GitLab 8's doc/api/notification_settings.md and lib/api/notification_settings.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.notification_setting import (
    GLOBAL_NOTIFICATION_SETTING,
    NOTIFICATION_SETTING,
    NotificationSetting,
)
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4

EVENTS = (
    *("new_note", "new_issue", "reopen_issue", "close_issue", "reassign_issue", "new_merge_request"),
    *("reopen_merge_request", "close_merge_request", "reassign_merge_request", "merge_merge_request"),
    *("failed_pipeline", "success_pipeline"),
)


def _older(shape: dsl.Shape) -> dsl.Shape:
    newer = dict(shape.members)["events"]

    def events(setting: NotificationSetting, view: dsl.View) -> Any:
        found = newer(setting, view)
        return found if found is dsl.OMIT else {name: found[name] for name in EVENTS}

    return shape.plus(events=events)


v3.dialect.show({one: _older(one) for one in (NOTIFICATION_SETTING, GLOBAL_NOTIFICATION_SETTING)})
for _at, _more in (("", ("notification_email",)), ("groups/:id/", ()), ("projects/:id/", ())):
    v3.adopt(v4, "GET", f"{_at}notification_settings")
    v3.adopt(v4, "PUT", f"{_at}notification_settings", takes=("level", *_more, *EVENTS))
