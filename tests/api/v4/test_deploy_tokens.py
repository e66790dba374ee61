from typing import Any

import pytest

from tests.support import WORLD, Api, names, refused, seen

SEEDED = {"kind": "deploy", "scopes": ["read_repository"]}
WITH_TOKENS = {
    **WORLD,
    "tokens": [
        *WORLD["tokens"],
        {**SEEDED, "token": "of-project", "name": "fetch", "project": "acme/rocket", "username": "cd"},
        {**SEEDED, "token": "old", "name": "old", "project": "acme/rocket", "expires_at": "2024-04-30"},
        {**SEEDED, "token": "of-group", "name": "all", "group": "acme", "expires_at": "2024-05-01"},
    ],
}
FETCH = {
    "id": 7,
    "name": "fetch",
    "username": "cd",
    "expires_at": None,
    "scopes": ["read_repository"],
    "revoked": False,
    "expired": False,
}
OLD = {**FETCH, "id": 8, "name": "old", "username": "gitlab+deploy-token-8", "expired": True}
GROUPS = {**OLD, "id": 9, "name": "all", "username": "gitlab+deploy-token-9", "expired": False}
PARENTS = ["projects/1", "groups/1"]


@pytest.fixture
def api() -> Api:
    return Api(WITH_TOKENS)


def test_tokens_are_listed_of_the_instance_a_project_and_a_group(api: Api) -> None:
    old = {**OLD, "expires_at": "2024-04-30T00:00:00.000Z"}
    of_group = {**GROUPS, "expires_at": "2024-05-01T00:00:00.000Z"}
    assert seen(api.get("projects/1/deploy_tokens", "ada")) == (200, [FETCH, old])
    assert seen(api.get("groups/acme/deploy_tokens", "ada")) == (200, [of_group])
    assert seen(api.get("deploy_tokens")) == (200, [FETCH, old, of_group])
    assert api.get("projects/1/deploy_tokens/8", "ada").json == old
    assert api.get("groups/1/deploy_tokens/9", "ada").json == of_group


def test_only_tokens_that_are_active_are_listed_where_that_is_asked(api: Api) -> None:
    assert names(api.get("projects/1/deploy_tokens", "ada", active=True)) == ["fetch"]
    assert names(api.get("projects/1/deploy_tokens", "ada", active=False)) == ["fetch", "old"]
    assert names(api.get("deploy_tokens", active=True)) == ["fetch"]


@pytest.mark.parametrize("at", PARENTS)
def test_a_token_is_made_shown_with_its_secret_once_and_deleted(api: Api, at: str) -> None:
    scopes = ["write_registry", "read_repository", "read_registry"]
    given = {"name": "new", "username": "me.+_-", "scopes": scopes, "expires_at": "2025-01-02T03:04:05Z"}
    made = api.post(f"{at}/deploy_tokens", "ada", **given)
    shown = {
        "id": 10,
        "name": "new",
        "username": "me.+_-",
        "expires_at": "2025-01-02T03:04:05.000Z",
        "scopes": ["read_repository", "read_registry", "write_registry"],
        "revoked": False,
        "expired": False,
    }
    assert made.status == 201
    assert made.json == {**shown, "token": made.json["token"]}
    assert made.json["token"].startswith("gldt-")
    assert api.get(f"{at}/deploy_tokens/10", "ada").json == shown
    assert api.delete(f"{at}/deploy_tokens/10", "ada").status == 204
    assert api.get(f"{at}/deploy_tokens/10", "ada").json == {"message": "404 Not found"}


@pytest.mark.parametrize("at", PARENTS)
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scopes": []}, "Scopes can't be blank"),
        ({"username": "me and you"}, "Username can contain only letters, digits, '_', '-', '+', and '.'"),
        ({"username": "m" * 256}, "Username is too long (maximum is 255 characters)"),
    ],
)
def test_a_token_that_is_not_valid_is_refused(api: Api, at: str, given: dict[str, Any], message: str) -> None:
    assert (
        refused(api.post(f"{at}/deploy_tokens", "ada", **{"name": "x", "scopes": "read_registry", **given})) == message
    )


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"name": "x"}, {"message": '400 (Bad request) "scopes" not given'}),
        ({"scopes": "read_registry"}, {"message": '400 (Bad request) "name" not given'}),
        ({"name": "x", "scopes": "api"}, {"error": "scopes does not have a valid value"}),
        ({"name": "x", "scopes": "read_registry", "expires_at": "soon"}, {"error": "expires_at is invalid"}),
    ],
)
def test_wrong_parameters_are_refused(api: Api, given: dict[str, Any], body: dict[str, str]) -> None:
    assert seen(api.post("projects/1/deploy_tokens", "ada", **given)) == (400, body)


def test_reading_is_for_maintainers_and_writing_in_groups_for_owners(api: Api) -> None:
    api.post("groups/1/members", user_id=6, access_level=40)
    given = {"name": "x", "scopes": ["read_registry"]}
    assert api.get("groups/1/deploy_tokens", "nora").status == 200
    assert api.post("projects/1/deploy_tokens", "nora", **given).status == 201
    assert api.post("groups/1/deploy_tokens", "nora", **given).status == 403
    assert api.delete("groups/1/deploy_tokens/9", "nora").status == 403
    for at in PARENTS:
        assert seen(api.get(f"{at}/deploy_tokens", "bob")) == (403, {"message": "403 Forbidden"})
        assert api.get(f"{at}/deploy_tokens", None).json == {"message": "401 Unauthorized"}
    assert seen(api.get("deploy_tokens", "ada")) == (403, {"message": "403 Forbidden"})


def test_tokens_of_others_are_not_found(api: Api) -> None:
    for path in ("projects/1/deploy_tokens/9", "groups/1/deploy_tokens/7", "projects/1/deploy_tokens/1"):
        assert seen(api.get(path, "ada")) == (404, {"message": "404 Not found"})
        assert api.delete(path, "ada").status == 404
    assert api.get("projects/1/deploy_tokens/x", "ada").json == {"error": "token_id is invalid"}


def test_a_deploy_token_is_no_access_token(api: Api) -> None:
    assert api.get("projects/1", None, headers={"Private-Token": "of-project"}).status == 401
    assert names(api.get("personal_access_tokens")) == [
        f"personal token of {name}" for name in ("root", "ada", "bob", "rex", "gil", "nora")
    ]
