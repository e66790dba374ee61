import copy

import pytest

from tests.support import WORLD, Api, names

BAD = (400, {"message": "400 Bad request"})


@pytest.fixture
def api() -> Api:
    """The world where gil waits for approval in acme, rex in acme/rocket, and somebody is invited to acme/labs."""
    world = copy.deepcopy(WORLD)
    world["groups"][0]["members"] = [
        {"user": "ada", "access": "owner"},
        {"user": "gil", "access": "guest", "state": "awaiting"},
        {"user": "bob", "access": "developer", "ldap": True},
        {"user": "rex", "access": "reporter"},
    ]
    world["projects"][0]["members"] = [{"user": "rex", "access": "maintainer", "state": "awaiting"}]
    api = Api(world)
    api.post("groups/2/invitations", email="new@example.com", access_level=30)
    return api


# Pending members


def test_who_waits_and_who_is_invited_is_listed(api: Api) -> None:
    rex, gil, guest = api.get("groups/1/pending_members", "ada").json
    assert rex == {
        "id": rex["id"],
        "name": "Rex Porter",
        "username": "rex",
        "email": "rex@example.com",
        "web_url": "http://localhost/rex",
        "invited": False,
        "avatar_url": rex["avatar_url"],
        "approved": False,
    }
    assert gil["username"] == "gil"
    assert guest == {
        "id": 1,
        "email": "new@example.com",
        "invited": True,
        "avatar_url": guest["avatar_url"],
        "approved": True,
    }


def test_who_waits_has_no_role_until_approved(api: Api) -> None:
    assert api.get("groups/1", "gil").status == 404
    assert api.put("projects/1", "rex", description="x").status == 403
    waiting = api.get("groups/1/pending_members", "ada").json[1]["id"]
    approved = api.put(f"groups/1/members/{waiting}/approve", "ada")
    assert (approved.status, approved.text) == (204, "")
    assert api.get("groups/1", "gil").status == 200
    again = api.put(f"groups/1/members/{waiting}/approve", "ada")
    assert (again.status, again.json) == (400, {"message": "400 Bad request - No memberships found"})


def test_all_are_approved_together(api: Api) -> None:
    assert api.post("groups/1/members/approve_all", "ada").status == 204
    assert api.put("projects/1", "rex", description="x").status == 200
    assert names(api.get("groups/1/pending_members", "ada"), "invited") == [True]
    again = api.post("groups/1/members/approve_all", "ada")
    assert (again.status, again.json) == (400, {"message": "400 Bad request - No memberships found"})


def test_the_state_of_all_memberships_of_a_user_is_changed(api: Api) -> None:
    answer = api.put("groups/1/members/4/state", "ada", state="active")
    assert (answer.status, answer.json) == (200, {"success": True})
    assert api.put("groups/1/members/4/state", "ada", state="awaiting").status == 200
    assert names(api.get("groups/1/members/all", "ada", state="awaiting"), "username") == ["rex", "gil"]
    for user, state, text in (
        (5, "awaiting", "No memberships found"),
        (2, "awaiting", "The last owner cannot be set to awaiting"),
        (6, "active", "No memberships found"),
    ):
        refused = api.put(f"groups/1/members/{user}/state", "ada", state=state)
        assert (refused.status, refused.json) == (422, {"message": text})


def test_a_missing_user_is_told_before_a_missing_group(api: Api) -> None:
    for path, text in (("groups/99/members/99", "404 User Not Found"), ("groups/99/members/4", "404 Group Not Found")):
        answer = api.put(f"{path}/state", "ada", state="active")
        assert (answer.status, answer.json) == (404, {"message": text})


def test_only_owners_of_a_top_level_group_approve(api: Api) -> None:
    for method, path in (
        ("GET", "groups/1/pending_members"),
        ("POST", "groups/1/members/approve_all"),
        ("PUT", "groups/1/members/2/approve"),
    ):
        for as_, at in (("bob", path), ("ada", path.replace("groups/1", "groups/2"))):
            answer = api.request(method, at, as_)
            assert (answer.status, answer.json) == BAD
    missing = api.put("groups/1/members/99/approve", "ada")
    assert (missing.status, missing.json) == (404, {"message": "404 Not Found"})


# LDAP


def test_the_role_that_an_ldap_group_gives_is_overridden(api: Api) -> None:
    assert api.post("groups/1/members/3/override", "ada").status == 403
    api.post("groups/1/ldap_group_links", "ada", cn="devs", group_access=30, provider="main")
    assert api.get("groups/1/members/3", "ada").json["override"] is False
    made = api.post("groups/1/members/3/override", "ada")
    assert (made.status, made.json["username"], made.json["override"]) == (201, "bob", True)
    taken_back = api.delete("groups/1/members/3/override", "ada")
    assert (taken_back.status, taken_back.json["override"]) == (200, False)
    assert api.post("groups/1/members/4/override", "ada").status == 403
    assert api.post("groups/1/members/6/override", "ada").status == 404
    assert "override" not in api.get("groups/1/members/4", "ada").json
