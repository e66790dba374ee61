from typing import Any

import pytest

from tests.keys import ed25519
from tests.support import WORLD, Api, seen

FORBIDDEN = (403, {"message": "403 Forbidden"})


def told(api: Api, at: str = "projects/1", as_: str = "root") -> list[tuple[str, Any]]:
    """Return the names and the details of events, without who did it and where."""
    own = ("author_name", "author_email", "ip_address", "entity_path", "target_id", "target_type", "target_details")
    found = api.get(f"{at}/audit_events" if at else "audit_events", as_).json
    return [
        (one["event_name"], {name: value for name, value in one["details"].items() if name not in own}) for one in found
    ]


def test_a_member_is_added_changed_and_removed(api: Api) -> None:
    api.post("projects/1/members", "ada", user_id=6, access_level=30)
    event = {
        "id": 1,
        "author_id": 2,
        "entity_id": 1,
        "entity_type": "Project",
        "event_name": "member_created",
        "details": {
            "add": "user_access",
            "as": "Developer",
            "author_name": "Ada Lovelace",
            "author_email": "ada@example.com",
            "target_id": 6,
            "target_type": "User",
            "target_details": "Nora Nobody",
            "ip_address": None,
            "entity_path": "acme/rocket",
        },
        "created_at": "2024-05-01T09:00:00.000Z",
    }
    assert seen(api.get("projects/1/audit_events", "ada")) == (200, [event])
    assert seen(api.get("projects/1/audit_events/1", "ada")) == (200, event)
    assert seen(api.get("audit_events/1")) == (200, event)
    api.put("projects/1/members/6", "ada", access_level=40)
    api.delete("projects/1/members/6", "ada")
    assert told(api)[:2] == [
        ("member_destroyed", {"remove": "user_access"}),
        ("member_updated", {"change": "access_level", "from": "Developer", "to": "Maintainer"}),
    ]


def test_members_of_groups_are_of_the_group(api: Api) -> None:
    api.post("groups/1/members", "ada", user_id=6, access_level=10)
    assert told(api, "groups/1") == [("member_created", {"add": "user_access", "as": "Guest"})]
    assert told(api) == []


def test_projects_are_made_archived_changed_and_deleted(api: Api) -> None:
    made = api.post("projects", "ada", name="x", namespace_id=1).json
    at = f"projects/{made['id']}"
    assert told(api, at) == [("project_created", {"add": "project"})]
    api.put(at, "ada", name="y", merge_requests_author_approval=True)
    api.post(f"{at}/archive", "ada")
    assert told(api, at)[0] == ("project_archived", {"custom_message": "Project archived"})
    assert sorted(told(api, at)[1:3], key=str) == [
        (
            "project_merge_requests_author_approval_updated",
            {"change": "prevent merge request approval from authors", "from": "true", "to": "false"},
        ),
        ("project_name_updated", {"change": "name", "from": "x", "to": "y"}),
    ]


def test_a_deleted_project_leaves_its_events() -> None:
    api = Api({**WORLD, "gitlab": {"settings": {"deletion_adjourned_period": 1}}})
    api.put("projects/1", "ada", visibility="private", description="x")
    api.put("projects/1", "ada", name="New")
    api.delete("projects/1", "ada")
    api.server.advance("8d")
    found = api.get("audit_events", entity_type="Project", entity_id=1).json
    assert "project_name_updated" in [one["event_name"] for one in found]


def test_groups_are_made_and_changed(api: Api) -> None:
    made = api.post("groups", "ada", name="x", path="x").json
    at = f"groups/{made['id']}"
    api.put(at, "ada", visibility="public")
    assert told(api, at) == [
        ("group_visibility_level_updated", {"change": "visibility", "from": "Private", "to": "Public"}),
        ("group_created", {"add": "group"}),
    ]


def test_protected_branches_and_deploy_keys_are_watched(api: Api) -> None:
    api.post("projects/1/protected_branches", "ada", name="stable")
    api.delete("projects/1/protected_branches/stable", "ada")
    key = api.post("projects/1/deploy_keys", "ada", title="ci", key=ed25519(1)).json
    api.delete(f"projects/1/deploy_keys/{key['id']}", "ada")
    protected = (
        'Added protected branch with [allowed to push: ["Maintainers"], allowed to merge: ["Maintainers"], '
        "allow force push: false, code owner approval required: false]"
    )
    assert told(api) == [
        ("deploy_key_removed", {"custom_message": "Removed deploy key"}),
        ("deploy_key_added", {"custom_message": "Added deploy key"}),
        ("protected_branch_removed", {"custom_message": "Unprotected branch"}),
        ("protected_branch_created", {"custom_message": protected}),
    ]


def test_access_tokens_are_watched(api: Api) -> None:
    given = {"name": "bot", "scopes": ["api"], "expires_at": "2024-06-01"}
    token = api.post("projects/1/access_tokens", "ada", **given, access_level=40).json
    api.delete(f"projects/1/access_tokens/{token['id']}", "ada")
    found = [one for one in told(api) if "token" in one[0]]
    made = f"Created project access token with token_id: {token['id']} with scopes: [:api] and Maintainer access level."
    assert found == [
        (
            "project_access_token_deleted",
            {"custom_message": f"Revoked project access token with token_id: {token['id']}"},
        ),
        ("project_access_token_created", {"custom_message": made}),
    ]
    own = api.post("users/2/personal_access_tokens", **given).json
    event = api.get("audit_events").json[0]
    assert (event["entity_type"], event["entity_id"]) == ("User", 2)
    assert event["details"]["custom_message"] == f"Created personal access token with id {own['id']}"


def test_events_are_narrowed_by_time_and_by_what_they_are_about(api: Api) -> None:
    api.post("projects/1/members", "ada", user_id=6, access_level=30)
    api.server.advance("1h")
    api.post("groups/1/members", "ada", user_id=6, access_level=30)

    def ids(path: str = "audit_events", **given: Any) -> list[int]:
        return [one["id"] for one in api.get(path, **given).json]

    assert ids() == [2, 1]
    assert ids(created_after="2024-05-01T09:30:00Z") == [2]
    assert ids(created_before="2024-05-01T09:30:00Z") == [1]
    assert ids("projects/1/audit_events", created_after="2024-05-01T09:30:00Z") == []
    assert ids(entity_type="Project") == [1]
    assert ids(entity_type="Group", entity_id=2) == []
    assert ids(entity_type="Group", entity_id=1) == [2]
    assert api.get("audit_events", entity_type="Robot").status == 400


def test_who_sees_which_events(api: Api) -> None:
    api.post("projects/1/members", "ada", user_id=6, access_level=40)
    assert told(api, as_="bob") == []
    assert len(told(api, as_="nora")) == 1
    for who in ("rex", "gil"):
        assert seen(api.get("projects/1/audit_events", who)) == FORBIDDEN
        assert seen(api.get("groups/1/audit_events", who)) == FORBIDDEN
    assert seen(api.get("projects/1/audit_events/1", "bob")) == FORBIDDEN
    assert seen(api.get("groups/1/audit_events/1", "bob")) == FORBIDDEN
    assert seen(api.get("audit_events", "ada")) == FORBIDDEN
    assert seen(api.get("groups/1/audit_events/1", "ada")) == (404, {"message": "404 Not found"})


def test_the_community_edition_has_none() -> None:
    api = Api({**WORLD, "gitlab": {"edition": "ce"}})
    api.post("projects/1/members", "ada", user_id=6, access_level=30)
    assert api.get("projects/1/audit_events").status == 404


@pytest.mark.parametrize("version", ["15.8.0", "16.0.0"])
def test_addresses_of_authors_are_told_since_15_9(version: str) -> None:
    api = Api({**WORLD, "gitlab": {"version": version}})
    api.post("projects/1/members", "ada", user_id=6, access_level=30)
    [event] = api.get("projects/1/audit_events").json
    assert ("author_email" in event["details"], "event_name" in event) == (version == "16.0.0", False)
