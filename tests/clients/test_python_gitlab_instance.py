"""What belongs to the instance itself through python-gitlab."""

from typing import Any

import gitlab

from tests.clients.python_gitlab_rig import refused


def test_notification_settings_are_chosen(ada: Any, rocket: Any) -> None:
    everywhere = ada.notificationsettings.get()
    everywhere.level = gitlab.const.NOTIFICATION_LEVEL_WATCH
    everywhere.save()
    assert ada.notificationsettings.get().level == "watch"
    assert rocket.notificationsettings.get().level == "global"
    settings = ada.groups.get("acme").notificationsettings.get()
    settings.level, settings.new_note = "custom", True
    settings.save()
    assert settings.events["new_note"] is True


def test_an_application_is_made_and_deleted(root: Any, ada: Any) -> None:
    given = {"name": "Chat", "redirect_uri": "https://chat.example", "scopes": "api"}
    assert refused(gitlab.GitlabCreateError, ada.applications.create, given)[0] == 403
    made = root.applications.create(given)
    assert [one.application_name for one in root.applications.list(all=True)] == ["Chat"]
    root.applications.delete(made.id)
    assert root.applications.list(all=True) == []


def test_a_broadcast_message_is_written_and_read(root: Any, ada: Any) -> None:
    made = root.broadcastmessages.create({"message": "Soon", "color": "#123456"})
    made.message = "Now"
    made.save()
    assert [(one.message, one.active) for one in ada.broadcastmessages.list(all=True)] == [("Now", True)]
    made.delete()
    assert ada.broadcastmessages.list(all=True) == []


def test_statistics_are_counted(root: Any) -> None:
    assert int(root.statistics.get().projects) >= 1


def test_a_feature_flag_is_set_and_forgotten(root: Any, ada: Any) -> None:
    flag = root.features.set("new_ui", True, user="ada")
    assert (flag.state, flag.gates[1]["key"]) == ("conditional", "actors")
    assert root.features.set("new_ui", 30).gates[-1] == {"key": "percentage_of_time", "value": 30}
    assert refused(gitlab.GitlabListError, ada.features.list)[0] == 403
    flag.delete()
    assert root.features.list(all=True) == []


def test_plan_limits_are_changed(root: Any) -> None:
    root.http_put("/application/plan_limits", post_data={"plan_name": "default", "dotenv_variables": 30})
    limits: Any = root.http_get("/application/plan_limits")
    assert limits["dotenv_variables"] == 30


def test_the_appearance_is_changed(root: Any) -> None:
    appearance = root.appearance.get()
    appearance.title = "Acme"
    appearance.save()
    assert root.appearance.get().title == "Acme"
