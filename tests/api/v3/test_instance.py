"""What concerns the instance: settings, messages, notifications, templates, Sidekiq, version."""

from typing import Any

import pytest

from tests.support import Api, names, refused, seen

FORBIDDEN = (403, {"message": "403 Forbidden"})

# Application settings

SETTINGS: dict[str, Any] = {
    "id": 1,
    "default_projects_limit": 100000,
    "signup_enabled": True,
    "signin_enabled": True,
    "gravatar_enabled": True,
    "sign_in_text": None,
    "after_sign_up_text": None,
    "created_at": "2024-05-01T09:00:00.000Z",
    "updated_at": "2024-05-01T09:00:00.000Z",
    "home_page_url": None,
    "default_branch_protection": 2,
    "restricted_visibility_levels": [],
    "max_attachment_size": 100,
    "session_expire_delay": 10080,
    "default_project_visibility": 0,
    "default_snippet_visibility": 0,
    "default_group_visibility": 0,
    "domain_whitelist": [],
    "domain_blacklist_enabled": False,
    "domain_blacklist": [],
    "user_oauth_applications": True,
    "after_sign_out_path": None,
    "container_registry_token_expire_delay": 5,
    "repository_storage": "default",
    "repository_storages": ["default"],
    "koding_enabled": False,
    "koding_url": None,
    "plantuml_enabled": False,
    "plantuml_url": None,
}
NEWS = {
    "default_projects_limit": 7,
    "signin_enabled": False,
    "sign_in_text": "Hello",
    "restricted_visibility_levels": [20],
    "default_group_visibility": 10,
    "domain_whitelist": ["example.com"],
    "domain_blacklist_enabled": True,
    "domain_blacklist": ["evil.org", "*.evil.org"],
    "koding_enabled": True,
    "koding_url": "http://koding.example.com",
    "default_branch_protection": 1,
}


def test_the_settings_are_shown_and_changed(world: Api) -> None:
    assert seen(world.get("application/settings")) == (200, SETTINGS)
    assert seen(world.put("application/settings", **NEWS)) == (200, {**SETTINGS, **NEWS})
    assert world.put("application/settings", max_attachment_size=3).json == {
        **SETTINGS,
        **NEWS,
        "max_attachment_size": 3,
    }
    assert world.put("application/settings").json["max_attachment_size"] == 3


def test_a_changed_setting_has_its_effect(world: Api) -> None:
    world.put("application/settings", default_group_visibility=20)
    assert world.post("groups", "bob", name="x", path="x").json["visibility_level"] == 20


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"default_project_visibility": 5}, {"error": "default_project_visibility does not have a valid value"}),
        ({"default_branch_protection": 3}, {"error": "default_branch_protection does not have a valid value"}),
        ({"koding_enabled": True}, {"message": '400 (Bad request) "koding_url" not given'}),
        ({"max_attachment_size": 0}, {"message": {"max_attachment_size": ["must be greater than 0"]}}),
        ({"repository_storage": "nas"}, {"message": {"repository_storages": ["can't include: nas"]}}),
    ],
)
def test_settings_are_refused(world: Api, given: dict[str, Any], body: Any) -> None:
    assert seen(world.put("application/settings", **given)) == (400, body)
    assert world.get("application/settings").json == SETTINGS


def test_only_one_protocol_of_git_is_allowed_or_both(world: Api) -> None:
    world.put("application/settings", enabled_git_access_protocol="ssh")
    assert _in_v4(world)["enabled_git_access_protocol"] == "ssh"
    world.put("application/settings", enabled_git_access_protocol="nil")
    assert _in_v4(world)["enabled_git_access_protocol"] is None


def _in_v4(world: Api) -> Any:
    world.prefix = "/api/v4/"
    try:
        return world.get("application/settings").json
    finally:
        world.prefix = "/api/v3/"


# Broadcast messages

MESSAGE = {
    "id": 1,
    "message": "Coffee",
    "starts_at": "2024-05-01T09:00:00.000Z",
    "ends_at": "2024-05-01T10:00:00.000Z",
    "color": "#E75E40",
    "font": "#FFFFFF",
    "active": True,
}


def test_a_message_is_made_changed_and_deleted(world: Api) -> None:
    assert seen(world.post("broadcast_messages", message="Coffee")) == (201, MESSAGE)
    assert seen(world.get("broadcast_messages")) == (200, [MESSAGE])
    tea = {**MESSAGE, "message": "Tea", "color": "#000000"}
    assert seen(world.put("broadcast_messages/1", message="Tea", color="#000000")) == (200, tea)
    assert world.get("broadcast_messages/1").json == tea
    assert seen(world.delete("broadcast_messages/1")) == (200, tea)
    assert seen(world.delete("broadcast_messages/1")) == (404, {"message": "404 Not found"})


def test_a_message_is_refused(world: Api) -> None:
    assert refused(world.post("broadcast_messages")) == '400 (Bad request) "message" not given'
    colorful = world.post("broadcast_messages", message="x", color="colorful")
    assert refused(colorful) == {"color": ["must be a valid color code"]}


# Notification settings

OFF = (
    *("new_note", "new_issue", "reopen_issue", "close_issue", "reassign_issue", "new_merge_request"),
    *("reopen_merge_request", "close_merge_request", "reassign_merge_request", "merge_merge_request"),
)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("", {"level": "participating", "notification_email": "ada@example.com"}),
        ("projects/1/", {"level": "global"}),
        ("groups/acme/", {"level": "global"}),
    ],
)
def test_notifications_are_chosen(world: Api, at: str, shown: dict[str, Any]) -> None:
    assert seen(world.get(f"{at}notification_settings", "ada")) == (200, shown)
    events = {**dict.fromkeys(OFF, False), "failed_pipeline": True, "success_pipeline": True}
    custom = world.put(f"{at}notification_settings", "ada", level="custom", success_pipeline=True)
    assert seen(custom) == (200, {**shown, "level": "custom", "events": events})
    assert world.get(f"{at}notification_settings", "ada").json == custom.json
    wrong = world.put(f"{at}notification_settings", "ada", level="loud")
    assert refused(wrong) == "'loud' is not a valid level"


# Templates


@pytest.mark.parametrize(
    ("kind", "name", "missing"),
    [
        ("gitignores", "Ruby", "gitignore"),
        ("gitlab_ci_ymls", "Ruby", "gitlab_ci_yml"),
        ("dockerfiles", "Binary", "dockerfile"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "templates/"])
def test_anybody_reads_templates(world: Api, prefix: str, kind: str, name: str, missing: str) -> None:
    answer = world.get(f"{prefix}{kind}", None, per_page=1)
    assert {"name": name} in answer.json
    assert len(answer.json) > 1
    shown = world.get(f"{prefix}{kind}/{name}", None).json
    assert (shown["name"], sorted(shown)) == (name, ["content", "name"])
    assert seen(world.get(f"{prefix}{kind}/None", None)) == (404, {"message": f"404 {missing} Not Found"})


@pytest.mark.parametrize("prefix", ["", "templates/"])
def test_anybody_reads_licenses(world: Api, prefix: str) -> None:
    assert "mit" in names(world.get(f"{prefix}licenses", None, popular=True), "key")
    filled = world.get(f"{prefix}licenses/mit", None, project="Rocket", fullname="Acme Inc")
    assert filled.json["content"].startswith("MIT License\n\nCopyright (c) 2024 Acme Inc\n")
    assert "2024 Ada Lovelace" in world.get(f"{prefix}licenses/mit", "ada").json["content"]
    assert seen(world.get(f"{prefix}licenses/none", None)) == (404, {"message": "404 License Not Found"})


# Sidekiq and version


def test_administrators_look_at_sidekiq(world: Api) -> None:
    parts = ("queue_metrics", "process_metrics", "job_stats")
    found = [world.get(f"sidekiq/{part}").json for part in parts]
    assert world.get("sidekiq/compound_metrics").json == {**found[0], **found[1], **found[2]}
    assert found[2] == {"jobs": {"processed": 0, "failed": 0, "enqueued": 0, "dead": 0}}


def test_users_ask_for_the_version(world: Api) -> None:
    assert seen(world.get("version", "ada")) == (200, {"version": "17.5.0-ee", "revision": "c14c4eb31bc"})
    assert seen(world.get("version", None)) == (401, {"message": "401 Unauthorized"})


@pytest.mark.parametrize(
    "path",
    [
        "application/settings",
        "broadcast_messages",
        "broadcast_messages/1",
        "sidekiq/job_stats",
        "sidekiq/queue_metrics",
    ],
)
def test_the_instance_is_for_administrators(world: Api, path: str) -> None:
    assert seen(world.get(path, "ada")) == FORBIDDEN
