from typing import Any

import pytest

from tests.support import WORLD, Api, names

TOKENS = [
    {"token": "o", "kind": "oauth", "user": "ada"},
    {"token": "s", "kind": "session", "user": "ada"},
    {"token": "imp-token", "kind": "impersonation", "user": "ada"},
    {"token": "bot-token", "kind": "project", "project": "acme/rocket"},
]
OTHER_KINDS = [{"Authorization": "Bearer o"}, {"Cookie": "_gitlab_session=s", "X-CSRF-Token": "x"}]


@pytest.fixture
def more() -> Api:
    return Api({**WORLD, "tokens": [*WORLD["tokens"], *TOKENS]})


def test_a_token_shows_itself_as_used_just_now(api: Api) -> None:
    assert api.get("personal_access_tokens/self", "ada").json == {
        "id": 2,
        "name": "personal token of ada",
        "revoked": False,
        "created_at": "2024-05-01T09:00:00.000Z",
        "scopes": ["api"],
        "user_id": 2,
        "last_used_at": "2024-05-01T09:00:00.000Z",
        "active": True,
        "expires_at": None,
    }


@pytest.mark.parametrize("name", ["imp", "bot"])
def test_every_kind_of_access_token_shows_and_revokes_itself(more: Api, name: str) -> None:
    assert more.get("personal_access_tokens/self", name).json["active"] is True
    assert more.get("personal_access_tokens/self/associations", name).status == 200


@pytest.mark.parametrize("headers", OTHER_KINDS)
def test_other_kinds_of_tokens_have_no_self(more: Api, headers: Any) -> None:
    text = "400 Bad request - This endpoint requires token type to be a personal access token"
    for method, path in (("GET", "self"), ("DELETE", "self"), ("GET", "self/associations")):
        answer = more.request(method, f"personal_access_tokens/{path}", None, headers=headers)
        assert (answer.status, answer.json) == (400, {"message": text})
    rotated = more.post("personal_access_tokens/self/rotate", None, headers=headers)
    assert (rotated.status, rotated.json) == (405, {"message": "405 Method Not Allowed"})


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "self"), ("DELETE", "self"), ("POST", "self/rotate"), ("GET", "self/associations")]
)
def test_without_a_token_there_is_no_self(api: Api, method: str, path: str) -> None:
    answer = api.request(method, f"personal_access_tokens/{path}", None)
    assert (answer.status, answer.json) == (401, {"message": "401 Unauthorized"})


def test_a_token_revokes_itself(api: Api) -> None:
    assert api.delete("personal_access_tokens/self", "ada").status == 204
    answer = api.get("personal_access_tokens/self", "ada")
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")


def test_a_bot_and_an_impersonated_user_differ_in_what_they_may_revoke(more: Api) -> None:
    assert more.delete("personal_access_tokens/self", "bot").status == 204
    assert more.delete("personal_access_tokens/self", "imp").json == {"message": "400 Bad request"}


def test_under_sudo_the_token_is_still_the_administrators(api: Api) -> None:
    assert api.get("personal_access_tokens/self", sudo="ada").json["user_id"] == 1
    assert api.delete("personal_access_tokens/self", sudo="ada").status == 400


def test_a_token_rotates_itself(api: Api) -> None:
    answer = api.post("personal_access_tokens/self/rotate", "ada", expires_at="2024-12-24")
    assert (answer.status, answer.json["expires_at"], answer.json["user_id"]) == (200, "2024-12-24", 2)
    assert api.get("version", None, headers={"PRIVATE-TOKEN": answer.json["token"]}).status == 200
    assert api.get("version", "ada").status == 401


# Associations


def associations(api: Api, as_: str = "ada", **given: Any) -> tuple[list[str], list[str]]:
    found = api.get("personal_access_tokens/self/associations", as_, **given).json
    return [one["name"] for one in found["groups"]], [one["path_with_namespace"] for one in found["projects"]]


def test_the_groups_and_projects_in_reach_are_shown_newest_first(api: Api) -> None:
    assert associations(api) == (["open", "labs", "acme"], ["ada/notes", "open/source", "acme/rocket"])
    assert associations(api, "nora") == (["open"], ["open/source"])


def test_associations_are_shown_with_levels(api: Api) -> None:
    found = api.get("personal_access_tokens/self/associations", "ada").json
    assert found["groups"][2] == {
        "id": 1,
        "web_url": "http://localhost/groups/acme",
        "name": "acme",
        "parent_id": None,
        "organization_id": 1,
        "access_levels": 50,
        "visibility": "private",
    }
    namespace = api.get("namespaces/1", "ada").json
    keys = ("id", "name", "path", "kind", "full_path", "parent_id", "avatar_url", "web_url")
    assert found["projects"][2] == {
        "id": 1,
        "description": None,
        "name": "rocket",
        "name_with_namespace": "acme / rocket",
        "path": "rocket",
        "path_with_namespace": "acme/rocket",
        "created_at": "2024-05-01T09:00:00.000Z",
        "access_levels": {"project_access_level": None, "group_access_level": 50},
        "visibility": "private",
        "web_url": "http://localhost/acme/rocket",
        "namespace": {key: namespace[key] for key in keys},
    }


@pytest.mark.parametrize(
    ("as_", "level", "groups"), [("ada", 50, ["labs", "acme"]), ("bob", 40, []), ("bob", 30, ["labs", "acme"])]
)
def test_associations_can_be_limited_to_a_role(api: Api, as_: str, level: int, groups: list[str]) -> None:
    assert associations(api, as_, min_access_level=level)[0] == groups


def test_associations_of_no_role_are_refused(api: Api) -> None:
    answer = api.get("personal_access_tokens/self/associations", "ada", min_access_level=25)
    assert (answer.status, answer.json) == (400, {"error": "min_access_level does not have a valid value"})


def test_the_page_applies_to_each_list(api: Api) -> None:
    assert associations(api, page=2, per_page=2) == (["acme"], ["acme/rocket"])
    assert associations(api, page=3, per_page=2) == ([], [])


def test_a_projects_own_members_have_a_level_there() -> None:
    api = Api({**WORLD, "projects": [{"path": "acme/rocket", "members": {"nora": "maintainer"}}]})
    (project,) = api.get("personal_access_tokens/self/associations", "nora").json["projects"]
    assert project["access_levels"] == {"project_access_level": 40, "group_access_level": None}
    assert names(api.get("personal_access_tokens", "nora"), "user_id") == [6]
