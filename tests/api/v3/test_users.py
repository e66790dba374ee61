from typing import Any

import pytest

from mockgitlab.api.models.user import User
from tests.api.v3.conftest import basic, unpictured, world_of
from tests.support import Api, names, refused, seen

BOB = basic(3, "bob", "Bob Kahn")
CREATED = "2024-05-01T09:00:00.000Z"


def about(created_at: str = CREATED) -> dict[str, Any]:
    """Return what everybody may know of a user who says nothing of himself."""
    texts = ("bio", "location", "skype", "linkedin", "twitter", "website_url", "organization")
    return {**dict.fromkeys(texts, ""), "created_at": created_at, "is_admin": False}


def account(user: dict[str, Any], email: str, created_at: str = CREATED) -> dict[str, Any]:
    """Return all that is known of a user, but for the picture."""
    return {
        **user,
        **about(created_at),
        "last_sign_in_at": None,
        "confirmed_at": created_at,
        "email": email,
        "theme_id": 1,
        "color_scheme_id": 1,
        "projects_limit": 100000,
        "current_sign_in_at": None,
        "identities": [],
        "can_create_group": True,
        "can_create_project": True,
        "two_factor_enabled": False,
        "external": False,
    }


def test_users_see_themselves_with_their_private_token(api: Api) -> None:
    shown = api.get("user", None, private_token="QVy1PB7sTxfy4pqfZM1U").json
    assert shown.pop("avatar_url").startswith("https://www.gravatar.com/avatar/")
    john = account(basic(2, "john_smith", "John Smith"), "john@example.com", "2016-06-01T09:00:00.000Z")
    assert shown == {**john, "private_token": "QVy1PB7sTxfy4pqfZM1U"}


@pytest.mark.parametrize(
    ("version", "shown"), [("8.11.0", True), ("8.12.0", False), ("10.0.0", False), ("18.0.0", True)]
)
def test_the_private_token_is_shown_up_to_8_11(version: str, shown: bool) -> None:
    api = Api({"mockgitlab": 1, "gitlab": {"api": ["v3"], "version": version}}, prefix="/api/v3/")
    answer = api.get("user", None, private_token=_token(api))
    assert ("private_token" in answer.json, answer.json["skype"]) == (shown, "")


def _token(api: Api) -> str:
    from mockgitlab.api.services.private_tokens import private_token_of

    return private_token_of(api.store[User][1])


# Lists


def test_users_are_listed_by_id_and_shortly(world: Api) -> None:
    answer = world.get("users", "ada")
    assert names(answer, "id") == [1, 2, 3, 4, 5, 6]
    assert unpictured(answer.json[2]) == BOB
    assert answer.headers["X-Total"] == "6"
    assert seen(world.get("users", None)) == (401, {"message": "401 Unauthorized"})


def test_administrators_are_told_all_of_users(world: Api) -> None:
    shown = unpictured(world.get("users").json[2])
    assert shown == account(BOB, "bob@example.com")
    assert unpictured(world.get("users/3").json) == shown


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"username": "BOB"}, ["bob"]),
        ({"username": "bob", "search": "ada"}, ["bob"]),
        ({"search": "LOVE"}, ["ada"]),
        ({"search": "ada@EXAMPLE"}, ["ada"]),
        ({"search": "nobody-at-all"}, []),
        ({"blocked": True}, ["bob", "rex"]),
        ({"active": True}, ["root", "ada", "gil", "nora"]),
        ({"active": True, "blocked": True}, []),
        ({"external": True}, ["gil"]),
    ],
)
def test_users_are_filtered(world: Api, given: dict[str, Any], found: list[str]) -> None:
    store = world.store
    store.update(store[User][3], state="blocked")
    store.update(store[User][4], state="ldap_blocked")
    store.update(store[User][5], external=True)
    assert names(world.get("users", **given), "username") == found


def test_only_administrators_ask_for_external_users(world: Api) -> None:
    assert len(world.get("users", "ada", external=True).json) == 6


def test_a_user_is_shown_to_others_without_the_account(world: Api) -> None:
    assert unpictured(world.get("users/3", "ada").json) == {**BOB, **about()}


@pytest.mark.parametrize(
    ("path", "body"), [("users/99", {"message": "404 User Not Found"}), ("users/bob", {"error": "404 Not Found"})]
)
def test_a_user_that_is_not_there_is_not_found(world: Api, path: str, body: Any) -> None:
    assert seen(world.get(path)) == (404, body)


def test_the_events_of_a_user_are_listed_newest_first(world: Api) -> None:
    world.post("projects/1/issues", "bob", title="One")
    world.post("projects/1/issues", "bob", title="Two")
    assert names(world.get("users/3/events", "ada"), "target_title") == ["Two", "One"]
    assert names(world.get("users/3/events", "ada", action="closed", sort="asc"), "target_title") == ["Two", "One"]
    assert world.get("users/3/events", "nora").json == []


# Accounts

NEW = {"email": "new@example.com", "password": "long-and-secret-42", "name": "New", "username": "new"}


def test_an_administrator_makes_a_user_who_has_to_confirm_the_email(world: Api) -> None:
    answer = world.post("users", **NEW, projects_limit=3, provider="ldapmain", extern_uid="cn=new", bio="Fresh")
    shown = answer.json
    assert (answer.status, shown["id"], shown["confirmed_at"]) == (201, 7, None)
    assert (shown["projects_limit"], shown["bio"]) == (3, "Fresh")
    assert shown["identities"] == [{"provider": "ldapmain", "extern_uid": "cn=new"}]
    assert world.get("namespaces", search="new").json == [{"id": 1000007, "name": "New", "path": "new", "kind": "user"}]


def test_a_user_need_not_confirm_the_email(world: Api) -> None:
    assert world.post("users", **NEW, confirm=False).json["confirmed_at"] == "2024-05-01T09:00:00.000Z"


@pytest.mark.parametrize("missing", ["email", "password", "name", "username"])
def test_a_user_needs_all_of_these(world: Api, missing: str) -> None:
    answer = world.post("users", **{name: value for name, value in NEW.items() if name != missing})
    assert refused(answer) == f'400 (Bad request) "{missing}" not given'


def test_what_somebody_else_has_is_a_conflict(world: Api) -> None:
    email, username = {**NEW, "email": "ada@example.com"}, {**NEW, "username": "ada"}
    assert seen(world.post("users", **email)) == (409, {"message": "Email has already been taken"})
    assert seen(world.post("users", **username)) == (409, {"message": "Username has already been taken"})
    assert seen(world.put("users/3", username="ada")) == (409, {"message": "Username has already been taken"})


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("POST", "users", NEW),
        ("PUT", "users/3", {}),
        ("DELETE", "users/3", {}),
        ("PUT", "users/3/block", {}),
        ("PUT", "users/3/unblock", {}),
        ("GET", "users/3/keys", {}),
        ("GET", "users/3/emails", {}),
    ],
)
def test_accounts_are_for_administrators(world: Api, method: str, path: str, given: Any) -> None:
    assert seen(world.request(method, path, "ada", **given)) == (403, {"message": "403 Forbidden"})


def test_an_administrator_changes_a_user(world: Api) -> None:
    answer = world.put("users/3", name="Robert", admin=True, website_url="https://bob.org", can_create_group=False)
    shown = answer.json
    assert answer.status == 200
    assert (shown["name"], shown["is_admin"], shown["website_url"]) == ("Robert", True, "https://bob.org")
    assert shown["can_create_group"] is False
    assert world.put("users/3").json == shown


def test_block_and_unblock_tell_whether_there_was_something_to_do(world: Api) -> None:
    paths = ("block", "block", "unblock", "unblock")
    assert [world.put(f"users/3/{path}").text for path in paths] == ["true", "false", "true", "false"]
    world.put("users/3/block")
    assert seen(world.get("user", "bob")) == (401, {"message": "401 Unauthorized"})


def test_who_ldap_blocked_stays_blocked(world: Api) -> None:
    world.store.update(world.store[User][3], state="ldap_blocked")
    text = "403 Forbidden - LDAP blocked users cannot be {} by the API"
    assert seen(world.put("users/3/block")) == (403, {"message": text.format("modified")})
    assert seen(world.put("users/3/unblock")) == (403, {"message": text.format("unblocked")})


def test_a_deleted_user_is_answered_and_gone(world: Api) -> None:
    shown = world.get("users/3").json
    assert seen(world.delete("users/3")) == (200, shown)
    assert seen(world.delete("users/3")) == (404, {"message": "404 User Not Found"})


def test_the_only_owner_of_a_group_is_answered_and_stays(world: Api) -> None:
    assert world.delete("users/2").status == 200
    assert world.get("users/2").status == 200


@pytest.mark.parametrize(("version", "authors"), [("8.8.0", []), ("9.0.0", ["ghost"])])
def test_what_a_deleted_user_wrote_goes_too_before_9(version: str, authors: list[str]) -> None:
    world = world_of(version=version)
    world.post("projects/1/issues", "bob", title="Mine")
    world.delete("users/3")
    assert [issue["author"]["username"] for issue in world.get("projects/1/issues").json] == authors
