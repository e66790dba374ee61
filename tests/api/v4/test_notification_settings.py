from typing import Any

import pytest

from tests.support import Api, refused, seen

EVENTS = {
    **dict.fromkeys(("new_note", "new_issue", "reopen_issue", "close_issue", "reassign_issue", "issue_due"), False),
    **dict.fromkeys(("new_merge_request", "push_to_merge_request", "reopen_merge_request"), False),
    **dict.fromkeys(("close_merge_request", "reassign_merge_request", "merge_merge_request"), False),
    "failed_pipeline": True,
    "fixed_pipeline": True,
    "success_pipeline": False,
    "moved_project": True,
    "merge_when_pipeline_succeeds": False,
}


@pytest.fixture
def api() -> Api:
    return Api()


def test_users_are_told_of_what_they_take_part_in_unless_they_choose(api: Api) -> None:
    everywhere = {"level": "participating", "notification_email": "ada@example.com"}
    assert seen(api.get("notification_settings", "ada")) == (200, everywhere)
    for path in ("projects/1", "groups/acme"):
        assert seen(api.get(f"{path}/notification_settings", "ada")) == (200, {"level": "global"})


@pytest.mark.parametrize("level", ["disabled", "participating", "watch", "global", "mention"])
def test_a_level_is_chosen(api: Api, level: str) -> None:
    for path in ("projects/1", "groups/1"):
        assert seen(api.put(f"{path}/notification_settings", "ada", level=level)) == (200, {"level": level})
        assert api.get(f"{path}/notification_settings", "ada").json == {"level": level}
        assert api.get(f"{path}/notification_settings", "bob").json == {"level": "global"}
    assert api.put("notification_settings", "ada", level=level).json["level"] == level


def test_events_are_chosen_with_the_level_custom(api: Api) -> None:
    path = "projects/1/notification_settings"
    assert api.put(path, "ada", new_note=True, failed_pipeline=False).json == {"level": "global"}
    custom = {"level": "custom", "events": {**EVENTS, "new_note": True, "failed_pipeline": False}}
    changed = api.put(path, "ada", level="custom")
    assert seen(changed) == (200, custom)
    assert list(changed.json["events"]) == list(EVENTS)
    in_group = api.put("groups/1/notification_settings", "ada", level="custom", new_epic=True).json
    assert in_group == {"level": "custom", "events": {**EVENTS, "new_epic": True}}
    assert api.put("notification_settings", "ada", level="custom").json["events"] == EVENTS


def test_emails_go_to_an_address_that_is_confirmed(api: Api) -> None:
    unverified = refused(api.put("notification_settings", "ada", notification_email="x@example.com"))
    assert unverified == {"notification_email": ["must be an email you have verified"]}
    api.post("users/2/emails", email="x@example.com", skip_confirmation=True)
    changed = api.put("notification_settings", "ada", notification_email="x@example.com")
    assert seen(changed) == (200, {"level": "participating", "notification_email": "x@example.com"})
    assert api.get("notification_settings", "ada").json["notification_email"] == "x@example.com"


@pytest.mark.parametrize("path", ["", "projects/1/", "groups/1/"])
def test_what_is_no_level_or_not_seen_is_refused(api: Api, path: str) -> None:
    assert refused(api.put(f"{path}notification_settings", "ada", level="loud")) == "'loud' is not a valid level"
    wrong: Any = api.put(f"{path}notification_settings", "ada", new_note="maybe")
    assert seen(wrong) == (400, {"error": "new_note is invalid"})
    assert api.get(f"{path}notification_settings", None).status == 401
    assert api.get(f"{path}notification_settings", "nora").status == (404 if path else 200)
