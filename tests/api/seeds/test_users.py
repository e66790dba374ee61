from typing import Any

import pytest

from mockgitlab.api.models.user import User
from mockgitlab.scenario.problems import ScenarioError
from tests.support import WORLD, Api, names

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB zoe@laptop"


def world(*users: dict[str, Any]) -> Api:
    return Api({**WORLD, "users": [*WORLD["users"], *users]})


def problems(*users: dict[str, Any]) -> str:
    with pytest.raises(ScenarioError) as refused:
        world(*users)
    return str(refused.value)


def test_a_user_needs_no_more_than_a_name() -> None:
    user = world({"username": "zoe"}).get("users/7").json
    assert (user["name"], user["email"], user["state"]) == ("zoe", "zoe@example.com", "active")


def test_root_is_completed_by_what_a_scenario_says_of_it() -> None:
    root = {"username": "root", "name": "Chief", "email": "chief@x.org", "admin": True}
    api = Api({**WORLD, "users": [root, *WORLD["users"][1:]]})
    shown = api.get("user").json
    assert (shown["id"], shown["name"], shown["email"]) == (1, "Chief", "chief@x.org")
    assert names(api.get("user/emails"), "email") == ["chief@x.org"]
    assert api.get("namespaces/root").json["name"] == "Chief"


def test_keys_and_identities_stand_below_their_user() -> None:
    user = {"username": "zoe", "keys": [{"key": KEY}], "identities": [{"provider": "saml", "extern_uid": "z"}]}
    api = world(user)
    assert names(api.get("users/zoe/keys"), "title") == ["zoe@laptop"]
    assert api.get("users/7").json["identities"][0]["provider"] == "saml"


def test_a_password_and_a_private_token_are_kept() -> None:
    user = world({"username": "zoe", "password": "secret-123", "private_token": "old"}).store[User][7]
    assert (user.password, user.private_token) == ("secret-123", "old")


def test_an_email_that_is_not_given_is_free() -> None:
    assert world({"username": "admin"}).get("users/7").json["email"] == "admin@users.example.com"


@pytest.mark.parametrize(
    ("user", "problem"),
    [
        ({"name": "Zoe"}, "username: is missing"),
        ({"username": "ADA"}, "is taken: ADA"),
        ({"username": "zo e"}, "username: can have letters, digits, '_', '-' and '.' alone, not 'zo e'"),
        ({"username": "zoe", "email": "Ada@example.com"}, "Ada@example.com is the email of ada"),
        ({"username": "zoe", "keys": [{"key": "nonsense"}]}, "is invalid"),
        ({"username": "zoe", "gpg_keys": [{"key": "nonsense"}]}, "BEGIN PGP"),
        ({"username": "zoe", "emails": [{"email": "ada@example.com"}]}, "is the email of ada"),
        ({"username": "zoe", "status": {"mood": "good"}}, "must be a mapping of emoji"),
        ({"username": "zoe", "preferences": {"view_diffs_file_by_file": "no"}}, "must be a mapping of view"),
        ({"username": "zoe", "following": ["adda"]}, "ada"),
        ({"username": "zoe", "following": "ada"}, "must be a list of usernames"),
    ],
)
def test_what_cannot_be_is_told(user: dict[str, Any], problem: str) -> None:
    assert problem in problems(user)
