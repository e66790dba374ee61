from typing import Any

import pytest

from tests.support import WORLD, Api, names

LATEST = {**WORLD, "gitlab": {"version": "18.11.0"}}
GROUP = "groups/1/service_accounts"
pytestmark = pytest.mark.mockgitlab(scenario=LATEST)


def made(api: Api, path: str = GROUP, as_: str = "ada", **given: Any) -> Any:
    answer = api.post(path, as_, **given)
    assert answer.status == 201, answer
    return answer.json


# Accounts


@pytest.mark.parametrize(
    ("path", "as_", "prefix"),
    [
        ("service_accounts", "root", "service_account_"),
        (GROUP, "ada", "service_account_group_1_"),
        ("projects/1/service_accounts", "ada", "service_account_project_1_"),
    ],
)
def test_a_service_account_is_named_by_itself(api: Api, path: str, as_: str, prefix: str) -> None:
    account = made(api, path, as_)
    username = account["username"]
    assert account == {
        "id": 7,
        "username": username,
        "public_email": None,
        "name": "Service account user",
        "email": f"{username}@noreply.localhost",
    }
    assert (username[: len(prefix)], len(username)) == (prefix, len(prefix) + 32)
    assert api.get(path, as_).json == [account]
    user = api.get("users/7").json
    assert (user["bot"], user["external"], user["can_create_group"], user["state"]) == (True, True, False, "active")
    assert user["provisioned_by_group_id"] == (1 if path == GROUP else None)


def test_a_service_account_may_be_given_names(api: Api) -> None:
    account = made(api, name="Deployer", username="deployer", email="deployer@example.com")
    assert [account[key] for key in ("name", "username", "email")] == ["Deployer", "deployer", "deployer@example.com"]
    again = api.post(GROUP, "ada", username="deployer", email="deployer@example.com")
    text = "400 Bad request - Username has already been taken and Email has already been taken"
    assert (again.status, again.json) == (400, {"message": text})


def test_service_accounts_are_sorted(api: Api) -> None:
    for name in ("bb", "cc", "aa"):
        made(api, username=name)
    made(api, "service_accounts", "root", username="dd")
    assert names(api.get(GROUP, "ada"), "username") == ["aa", "cc", "bb"]
    assert names(api.get(GROUP, "ada", order_by="username", sort="asc"), "username") == ["aa", "bb", "cc"]
    assert names(api.get("service_accounts", per_page=2), "username") == ["dd", "aa"]
    page = api.get("service_accounts", pagination="keyset", order_by="username", sort="asc", per_page=2)
    assert names(page, "username") == ["aa", "bb"]
    assert 'rel="next"' in page.headers["Link"]


@pytest.mark.parametrize("path", ["service_accounts", GROUP, "projects/1/service_accounts"])
def test_a_service_account_is_changed(api: Api, path: str) -> None:
    id = made(api, path, "root")["id"]
    changed = api.request("PATCH", f"{path}/{id}", name="New", username="newer", email="new@example.com")
    assert changed.status == 200
    assert (changed.json["name"], changed.json["username"]) == ("New", "newer")
    assert changed.json["unconfirmed_email"] == "new@example.com"
    taken = api.request("PATCH", f"{path}/{id}", username="ada")
    assert (taken.status, taken.json) == (400, {"message": "400 Bad request - Username has already been taken"})


def test_what_is_no_service_account_is_not_changed(api: Api) -> None:
    answer = api.request("PATCH", "service_accounts/2", name="x")
    assert (answer.status, answer.json) == (400, {"message": "400 Bad request - User is not a service account"})
    answer = api.request("PATCH", "service_accounts/99", name="x")
    assert (answer.status, answer.json) == (404, {"message": "404 Not found"})
    for id in (2, made(api, "service_accounts", "root")["id"]):
        answer = api.request("PATCH", f"{GROUP}/{id}", "ada", name="x")
        assert (answer.status, answer.json) == (404, {"message": "404 User Not Found"})


def test_a_person_whom_a_group_provisioned_is_no_service_account() -> None:
    users = [*WORLD["users"][:5], {"username": "nora", "provisioned_by_group_id": 1}]
    answer = Api({**LATEST, "users": users}).delete(f"{GROUP}/6", "ada")
    assert (answer.status, answer.json) == (400, {"message": "400 Bad request - User is not of type Service Account"})


def test_a_service_account_is_deleted_but_no_sole_owner(api: Api) -> None:
    id = made(api)["id"]
    assert api.delete(f"{GROUP}/{id}", "ada").status == 204
    assert api.get(f"users/{id}").status == 404
    owner = made(api)["id"]
    api.post("groups/3/members", user_id=owner, access_level=50)
    refused = api.delete(f"{GROUP}/{owner}", "ada")
    text = "User cannot be removed while is the sole-owner of a group"
    assert (refused.status, refused.json) == (409, {"message": text})
    assert api.delete(f"{GROUP}/{owner}", "ada", hard_delete=True).status == 204


# Tokens


@pytest.mark.parametrize("path", [GROUP, "projects/1/service_accounts"])
def test_a_service_account_has_tokens(api: Api, path: str) -> None:
    account = made(api, path)["id"]
    at = f"{path}/{account}/personal_access_tokens"
    token = made(api, at, name="ci", scopes=["api"], description="for CI")
    assert token["token"].startswith("glpat-")
    assert (token["user_id"], token["expires_at"], token["active"]) == (account, "2025-05-01", True)
    listed = api.get(at, "ada").json
    assert listed == [{key: value for key, value in token.items() if key != "token"}]
    me = api.get("user", None, private_token=token["token"]).json
    assert me["id"] == account
    fresh = api.post(f"{at}/{token['id']}/rotate", "ada")
    assert (fresh.status, fresh.json["expires_at"]) == (200, "2024-05-08")
    assert names(api.get(at, "ada", state="active"), "id") == [fresh.json["id"]]
    assert api.delete(f"{at}/{fresh.json['id']}", "ada").status == 204
    assert names(api.get(at, "ada", revoked=True), "revoked") == [True, True]


def test_a_token_lives_for_ever_where_the_group_allows_it(api: Api) -> None:
    api.put("groups/1", "ada", service_access_tokens_expiration_enforced=False)
    at = f"{GROUP}/{made(api)['id']}/personal_access_tokens"
    assert made(api, at, name="ci", scopes=["api"])["expires_at"] is None


def test_a_missing_token_is_told_in_two_ways(api: Api) -> None:
    at = f"{GROUP}/{made(api)['id']}/personal_access_tokens/1"
    revoked = api.delete(at, "ada")
    assert (revoked.status, revoked.json) == (404, {"message": "404 Personal Access Token Not Found"})
    rotated = api.post(f"{at}/rotate", "ada")
    assert (rotated.status, rotated.json) == (404, {"message": "404 Not Found"})


# Who may


def test_only_those_who_manage_a_place_have_service_accounts(api: Api) -> None:
    assert api.get("service_accounts", "ada").status == 403
    assert api.get(GROUP, "bob").status == 403
    assert api.get(GROUP, "nora").status == 404
    assert api.post("projects/1/service_accounts", "bob").status == 403
    assert api.get("projects/1/service_accounts", None).status == 401


def test_what_came_later_is_not_there_before() -> None:
    api = Api({**WORLD, "gitlab": {"version": "17.5.0"}})
    assert api.get(GROUP, "ada").status == 200
    assert api.post("groups/2/service_accounts", "ada").status == 403
    assert api.post("projects/1/service_accounts", "ada").status == 404
    assert api.request("PATCH", f"{GROUP}/{made(api)['id']}", "ada", name="x").status == 405
