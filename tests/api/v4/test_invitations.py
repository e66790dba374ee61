import pytest

from tests.support import Api, names

FORBIDDEN = (403, {"message": "403 Forbidden"})
SOURCES = pytest.mark.parametrize("path", ["groups/1/invitations", "projects/1/invitations"])


@SOURCES
def test_people_are_invited_by_email(api: Api, path: str) -> None:
    answer = api.post(path, "ada", email="new@example.org", access_level=30, expires_at="2024-12-31")
    assert (answer.status, answer.json) == (201, {"status": "success"})
    shown = api.get(path, "ada").json[0]
    assert len(shown.pop("invite_token")) == 20
    assert shown == {
        "access_level": 30,
        "created_at": "2024-05-01T09:00:00.000Z",
        "expires_at": "2024-12-31",
        "invite_email": "new@example.org",
        "user_name": None,
        "created_by_name": "Ada Lovelace",
    }


def test_who_has_an_account_becomes_a_member_at_once(api: Api) -> None:
    answer = api.post("projects/1/invitations", "ada", email="Nora@example.com", user_id="1", access_level=20)
    assert answer.json == {"status": "success"}
    assert names(api.get("projects/1/members", "ada"), "username") == ["root", "nora"]
    assert api.get("projects/1/invitations", "ada").json == []


def test_every_failure_is_told_by_its_address(api: Api) -> None:
    api.post("groups/1/invitations", "ada", email="twice@example.org", access_level=30)
    emails = "twice@example.org,wrong,bob@example.com,fine@example.org"
    answer = api.post("groups/1/invitations", "ada", email=emails, access_level=30)
    expected = {
        "twice@example.org": "The member's email address has already been taken",
        "wrong": "Invite email is invalid",
        "bob@example.com": "User already exists in source",
    }
    assert (answer.status, answer.json) == (201, {"status": "error", "message": expected})
    assert names(api.get("groups/1/invitations", "ada", query="fine@example.org"), "invite_email") == [
        "fine@example.org"
    ]
    lower = api.post("projects/1/invitations", "ada", user_id="3", access_level=10).json["message"]
    assert lower == {
        "3": "Access level should be greater than or equal to Developer inherited membership from group acme"
    }


def test_too_many_addresses_and_none_are_refused(api: Api) -> None:
    many = ",".join(f"user{number}@example.org" for number in range(101))
    answer = api.post("groups/1/invitations", "ada", email=many, access_level=30)
    assert answer.json == {"status": "error", "message": "Too many users specified (limit is 100)"}
    answer = api.post("groups/1/invitations", "ada", access_level=30)
    assert answer.json == {"error": "email, user_id are missing, at least one parameter must be provided"}


@SOURCES
def test_invitations_are_for_who_administers_members(api: Api, path: str) -> None:
    for answer in (
        api.get(path, "bob"),
        api.post(path, "bob", email="x@example.org", access_level=10),
        api.put(f"{path}/x@example.org", "bob", access_level=10),
        api.delete(f"{path}/x@example.org", "bob"),
    ):
        assert (answer.status, answer.json) == FORBIDDEN


@SOURCES
def test_an_invitation_is_changed_and_deleted(api: Api, path: str) -> None:
    api.post(path, "ada", email="new@example.org", access_level=30)
    one = f"{path}/new@example.org"
    changed = api.put(one, "ada", access_level=20, expires_at="2024-12-31T00:00:00Z").json
    assert (changed["access_level"], changed["expires_at"]) == (20, "2024-12-31T00:00:00.000Z")
    answer = api.put(one, "ada")
    assert (answer.status, answer.json) == (400, {"message": "400 Bad request"})
    assert api.delete(one, "ada").status == 204
    for gone in (api.delete(one, "ada"), api.put(one, "ada", access_level=10)):
        assert (gone.status, gone.json) == (404, {"message": "404 Not Found"})
