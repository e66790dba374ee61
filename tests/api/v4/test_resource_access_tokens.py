"""Project and group access tokens, which differ in their paths and in who may manage them."""

from typing import Any

import pytest

from mockgitlab.api.models.user import User
from tests.support import WORLD, Api, names

PATHS = {"project": "projects/acme%2Frocket/access_tokens", "group": "groups/acme/access_tokens"}
UNAUTHORIZED = {"message": "401 Unauthorized"}
MAINTAINED = {
    **WORLD,
    "gitlab": {"version": "17.7.0"},
    "groups": [
        {"path": "acme", "members": {"ada": "owner", "bob": "maintainer", "rex": "developer"}},
        WORLD["groups"][2],
    ],
}
pytestmark = pytest.mark.mockgitlab(scenario=MAINTAINED)


def make(api: Api, kind: str, as_: str = "ada", **given: Any) -> Any:
    answer = api.post(PATHS[kind], as_, **{"name": "bot", "scopes": ["api"], **given})
    assert answer.status == 201, answer
    return answer.json


@pytest.mark.parametrize("kind", PATHS)
def test_a_token_is_made_with_a_bot_that_is_a_member(api: Api, kind: str) -> None:
    made = make(api, kind, name="deployer", description="Deploys", access_level=30)
    assert made == {
        "id": 7,
        "name": "deployer",
        "revoked": False,
        "created_at": "2024-05-01T09:00:00.000Z",
        "description": "Deploys",
        "scopes": ["api"],
        "user_id": 7,
        "last_used_at": None,
        "active": True,
        "expires_at": "2025-05-01",
        "access_level": 30,
        "resource_type": kind,
        "resource_id": 1,
        "token": made["token"],
    }
    bot = api.store[User][7]
    assert (bot.name, bot.bot, bot.user_type, bot.state) == ("deployer", True, "project_bot", "active")
    assert bot.username.startswith(f"{kind}_1_bot_")
    assert len(bot.username) == len(f"{kind}_1_bot_") + 32
    assert bot.email == f"{bot.username}@noreply.localhost"
    shown = api.get(f"{PATHS[kind]}/7", "ada").json
    assert shown == {key: value for key, value in made.items() if key != "token"}


@pytest.mark.parametrize("kind", PATHS)
def test_the_bot_is_listed_among_the_members(api: Api, kind: str) -> None:
    make(api, kind, name="R2", access_level=20)
    members = api.get(PATHS[kind].replace("access_tokens", "members"), "ada").json
    assert [(one["id"], one["access_level"]) for one in members if one["name"] == "R2"] == [(7, 20)]


@pytest.mark.parametrize("kind", PATHS)
def test_a_bot_may_what_its_level_allows(api: Api, kind: str) -> None:
    headers = {"PRIVATE-TOKEN": make(api, kind, access_level=40)["token"]}
    assert api.get("projects/acme%2Frocket", None, headers=headers).status == 200
    assert api.get("projects/ada%2Fnotes", None, headers=headers).status == 404
    assert api.get(PATHS["project"], None, headers=headers).status == 200
    assert api.get(PATHS["group"], None, headers=headers).status == 401


@pytest.mark.parametrize("kind", PATHS)
def test_bots_make_and_revoke_no_tokens(api: Api, kind: str) -> None:
    headers = {"PRIVATE-TOKEN": make(api, kind, access_level=50, name="R2")["token"]}
    answer = api.post(PATHS[kind], None, headers=headers, name="x", scopes=["api"])
    text = f"400 Bad request - User does not have permission to create {kind} access token"
    assert (answer.status, answer.json) == (400, {"message": text})
    revoked = api.delete(f"{PATHS[kind]}/7", None, headers=headers)
    assert (revoked.status, revoked.json) == (400, {"message": "400 Bad request - R2 cannot delete R2"})


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"scopes": ["read_user"]}, {"error": "scopes does not have a valid value"}),
        ({"scopes": ["sudo"]}, {"error": "scopes does not have a valid value"}),
        ({"access_level": 45}, {"error": "access_level does not have a valid value"}),
        ({"access_level": "high"}, {"error": "access_level is invalid, access_level does not have a valid value"}),
        ({"expires_at": "soon"}, {"error": "expires_at is invalid"}),
        ({"expires_at": "2025-05-02"}, {"message": "400 Bad request - Expires at must be before 2025-05-01"}),
        ({"scopes": []}, {"message": "400 Bad request - Scopes can't be blank"}),
        ({"name": ""}, {"message": "400 Bad request - Name can't be blank"}),
    ],
)
def test_wrong_values_are_refused_and_leave_no_bot(api: Api, kind: str, given: Any, body: Any) -> None:
    answer = api.post(PATHS[kind], "ada", **{"name": "x", "scopes": ["api"], **given})
    assert (answer.status, answer.json) == (400, body)
    assert api.store[User].get(7) is None


@pytest.mark.parametrize("kind", PATHS)
def test_what_is_missing_is_told(kind: str) -> None:
    api = Api({**MAINTAINED, "gitlab": {"errors": "observed"}})
    assert api.post(PATHS[kind], "ada").json == {"error": "name is missing, scopes is missing"}


@pytest.mark.parametrize(("kind", "as_"), [("project", "rex"), ("group", "bob"), ("group", "rex")])
def test_making_a_token_needs_the_role_for_it(api: Api, kind: str, as_: str) -> None:
    answer = api.post(PATHS[kind], as_, name="x", scopes=["api"])
    text = f"400 Bad request - User does not have permission to create {kind} access token"
    assert (answer.status, answer.json) == (400, {"message": text})


def test_nobody_makes_a_token_with_a_higher_level_than_their_own(api: Api) -> None:
    assert make(api, "project", "bob", access_level=40)["access_level"] == 40
    answer = api.post(PATHS["project"], "bob", name="x", scopes=["api"], access_level=50)
    text = "400 Bad request - Access level of the token contains permissions not held by the creating user"
    assert (answer.status, answer.json) == (400, {"message": text})
    assert make(api, "project", "root", access_level=50)["access_level"] == 50


def test_the_bot_of_an_external_user_is_external(api: Api) -> None:
    api.store.update(api.store[User][2], external=True)
    assert api.store[User][make(api, "project")["user_id"]].external is True


# Listing and showing


@pytest.mark.parametrize("kind", PATHS)
def test_tokens_are_listed_with_the_same_filters_as_personal_ones(api: Api, kind: str) -> None:
    make(api, kind, name="one")
    make(api, kind, name="two", expires_at="2024-06-01")
    make(api, {"project": "group", "group": "project"}[kind], name="elsewhere")
    api.delete(f"{PATHS[kind]}/7", "ada")
    assert names(api.get(PATHS[kind], "ada")) == ["one", "two"]
    assert names(api.get(PATHS[kind], "ada", state="active")) == ["two"]
    assert names(api.get(PATHS[kind], "ada", state="inactive")) == ["one"]
    assert names(api.get(PATHS[kind], "ada", revoked="true")) == ["one"]
    assert names(api.get(PATHS[kind], "ada", search="TW")) == ["two"]
    assert names(api.get(PATHS[kind], "ada", expires_before="2024-06-02")) == ["two"]
    assert names(api.get(PATHS[kind], "ada", sort="name_desc")) == ["two", "one"]
    assert api.get(PATHS[kind], "ada", per_page=1).headers["X-Total"] == "2"


@pytest.mark.parametrize("suffix", ["", "/7"])
@pytest.mark.parametrize(("kind", "as_"), [("project", "rex"), ("group", "bob"), ("group", "rex")])
def test_seeing_tokens_needs_the_role_for_it(api: Api, kind: str, as_: str, suffix: str) -> None:
    make(api, kind)
    answer = api.get(PATHS[kind] + suffix, as_)
    assert (answer.status, answer.json) == (401, UNAUTHORIZED)
    assert "is needed" in answer.headers["X-Mockgitlab-Reason"]


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize(("method", "suffix"), [("GET", ""), ("POST", ""), ("GET", "/7"), ("DELETE", "/7")])
def test_what_is_hidden_is_not_found(api: Api, kind: str, method: str, suffix: str) -> None:
    given = {"name": "x", "scopes": ["api"]} if method == "POST" else {}
    answer = api.request(method, PATHS[kind] + suffix, "nora", **given)
    assert (answer.status, answer.json) == (404, {"message": f"404 {kind.capitalize()} Not Found"})
    assert api.request(method, PATHS[kind] + suffix, None).json == UNAUTHORIZED


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("token_id", ["2", "99", "mine"])
def test_only_the_tokens_of_this_place_are_found(api: Api, kind: str, method: str, token_id: str) -> None:
    answer = api.request(method, f"{PATHS[kind]}/{token_id}", "ada")
    text = f"404 Could not find {kind} access token with token_id: {token_id} Not Found"
    assert (answer.status, answer.json) == (404, {"message": text})


def test_newer_versions_tell_it_shorter() -> None:
    api = Api({**MAINTAINED, "gitlab": {"version": "18.0.0"}})
    assert api.get(f"{PATHS['project']}/99", "ada").json == {"message": "404 project Access Token Not Found"}


# Revoking


@pytest.mark.parametrize("kind", PATHS)
def test_a_revoked_token_is_of_no_use_and_its_bot_stays(api: Api, kind: str) -> None:
    made = make(api, kind)
    assert api.delete(f"{PATHS[kind]}/7", "ada").status == 204
    assert api.get("version", None, headers={"PRIVATE-TOKEN": made["token"]}).status == 401
    shown = api.get(f"{PATHS[kind]}/7", "ada").json
    assert (shown["revoked"], shown["active"], shown["access_level"]) == (True, False, 40)
    assert api.store[User].get(made["user_id"]) is not None


@pytest.mark.parametrize(("kind", "as_", "name"), [("project", "rex", "Rex Porter"), ("group", "bob", "Bob Kahn")])
def test_revoking_needs_the_role_for_it(api: Api, kind: str, as_: str, name: str) -> None:
    make(api, kind, name="R2")
    answer = api.delete(f"{PATHS[kind]}/7", as_)
    assert (answer.status, answer.json) == (400, {"message": f"400 Bad request - {name} cannot delete R2"})
