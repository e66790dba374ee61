from typing import Any

import pytest

from tests.receiver import Receiver
from tests.support import Api

AT = {"created_at": "2024-05-01T09:00:00Z", "updated_at": "2024-05-01T09:00:00Z"}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFRinb5PmqRDUT7cVjih2IDMhvIRMsH96UZ8FNzKuJM+ x@y"
NORA = {"user_username": "nora", "user_name": "Nora Nobody", "user_email": "[REDACTED]", "user_id": 6}
PROJECT: dict[str, Any] = {
    **AT,
    "name": "fresh",
    "path": "fresh",
    "path_with_namespace": "acme/fresh",
    "project_id": 4,
    "owner_name": "acme",
    "owner_email": "",
    "owners": [{"name": "Ada Lovelace", "email": "[REDACTED]"}],
    "project_visibility": "private",
}


@pytest.fixture
def heard(api: Api, receiver: Receiver) -> Receiver:
    api.post("hooks", url=receiver.url, repository_update_events=False)
    return receiver


def told(api: Api, heard: Receiver) -> list[Any]:
    api.server.deliveries()
    found = heard.bodies
    heard.got.clear()
    return found


def test_projects(api: Api, heard: Receiver) -> None:
    api.post("projects", name="fresh", namespace_id=1)
    assert told(api, heard) == [{"event_name": "project_create", **PROJECT}]
    api.put("projects/4", description="x")
    assert told(api, heard) == [{"event_name": "project_update", **PROJECT}]
    api.put("projects/4", path="newer")
    newer = {**PROJECT, "path": "newer", "path_with_namespace": "acme/newer"}
    assert told(api, heard) == [
        {"event_name": "project_rename", **newer, "old_path_with_namespace": "acme/fresh"},
    ]
    api.put("projects/4/transfer", namespace="open")
    [moved] = told(api, heard)
    assert (moved["event_name"], moved["path_with_namespace"]) == ("project_transfer", "open/newer")
    assert moved["old_path_with_namespace"] == "acme/newer"
    api.post("projects/4/star")
    assert told(api, heard) == []


def test_a_project_is_deleted(receiver: Receiver) -> None:
    tokens = [{"token": "root-token", "user": "root", "scopes": ["api"]}]
    api = Api({"mockgitlab": 1, "gitlab": {"edition": "ce"}, "tokens": tokens, "projects": [{"path": "root/x"}]})
    api.post("hooks", url=receiver.url, repository_update_events=False)
    api.delete("projects/1")
    api.server.deliveries()
    [body] = receiver.bodies
    assert (body["event_name"], body["owner_name"], body["owners"]) == (
        "project_destroy",
        "Administrator",
        [{"name": "Administrator", "email": "[REDACTED]"}],
    )


def test_groups(api: Api, heard: Receiver) -> None:
    api.post("groups/1/hooks", url=heard.url, push_events=False, subgroup_events=True)
    api.post("groups", name="Sub", path="sub", parent_id=1)
    place = {"name": "Sub", "path": "sub", "full_path": "acme/sub", "group_id": 4}
    above = {"parent_group_id": 1, "parent_name": "acme", "parent_path": "acme", "parent_full_path": "acme"}
    made, below = told(api, heard)[:2]
    assert made == {**AT, "event_name": "group_create", **place}
    assert below == {**AT, "event_name": "subgroup_create", **place, **above}
    api.put("groups/4", path="other")
    [renamed] = told(api, heard)
    assert renamed == {
        **AT,
        "event_name": "group_rename",
        **place,
        "path": "other",
        "full_path": "acme/other",
        "old_path": "sub",
        "old_full_path": "acme/sub",
    }


def test_users_and_keys(api: Api, heard: Receiver) -> None:
    api.post("users", email="n@e.com", name="N", username="nn", password="Xyz12345!")
    who = {"name": "N", "email": "n@e.com", "user_id": 7, "username": "nn"}
    assert told(api, heard) == [{**AT, "event_name": "user_create", **who}]
    api.put("users/7", username="mm")
    assert told(api, heard) == [{**AT, "event_name": "user_rename", **who, "username": "mm", "old_username": "nn"}]
    api.post("users/7/keys", title="t", key=KEY)
    key = {**AT, "username": "mm", "key": KEY, "id": 1}
    assert told(api, heard) == [{"event_name": "key_create", **key}]
    api.delete("users/7")
    gone, removed = told(api, heard)
    assert gone == {**AT, "event_name": "user_destroy", **who, "username": "mm"}
    assert removed == {"event_name": "key_destroy", **key}


def test_members_of_groups(api: Api, heard: Receiver) -> None:
    api.post("groups/1/hooks", url=heard.url, push_events=False, member_events=True)
    api.post("groups/1/members", user_id=6, access_level=20)
    api.put("groups/1/members/6", access_level=30, expires_at="2024-06-01")
    api.delete("groups/1/members/6")
    bodies = told(api, heard)
    group = {"group_name": "acme", "group_path": "acme", "group_id": 1, **NORA, "group_plan": None}
    first = {**AT, **group, "group_access": "Reporter", "expires_at": None, "event_name": "user_add_to_group"}
    later = {**first, "group_access": "Developer", "expires_at": "2024-06-01T00:00:00Z"}
    assert bodies == [
        *(first, first),
        *[{**later, "event_name": "user_update_for_group"}] * 2,
        *[{**later, "event_name": "user_remove_from_group"}] * 2,
    ]


def test_members_of_projects(api: Api, heard: Receiver) -> None:
    api.post("projects/1/members", user_id=6, access_level=20)
    assert told(api, heard) == [
        {
            **AT,
            "project_name": "rocket",
            "project_path": "rocket",
            "project_path_with_namespace": "acme/rocket",
            "project_id": 1,
            **NORA,
            "access_level": "Reporter",
            "event_name": "user_add_to_team",
            "project_visibility": "private",
        }
    ]
    api.put("projects/1/members/6", access_level=30)
    api.delete("projects/1/members/6")
    assert [body["event_name"] for body in told(api, heard)] == ["user_update_for_team", "user_remove_from_team"]


def test_who_asks_to_become_a_member(api: Api, heard: Receiver) -> None:
    api.post("groups/3/access_requests", "nora")
    api.post("projects/2/access_requests", "nora")
    names = [body["event_name"] for body in told(api, heard)]
    assert names == ["user_access_request_to_group", "user_access_request_to_project"]
