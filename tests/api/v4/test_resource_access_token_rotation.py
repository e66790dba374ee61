"""Rotating project and group access tokens, by somebody and by themselves."""

from typing import Any

import pytest

from tests.api.v4.test_resource_access_tokens import MAINTAINED, PATHS, UNAUTHORIZED, make
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario=MAINTAINED)


def using(token: Any) -> dict[str, str]:
    return {"PRIVATE-TOKEN": token["token"]}


@pytest.mark.parametrize("kind", PATHS)
def test_a_rotated_token_has_the_same_bot_and_lasts_a_week(api: Api, kind: str) -> None:
    old = make(api, kind, description="Deploys", access_level=20)
    answer = api.post(f"{PATHS[kind]}/7/rotate", "ada")
    new = answer.json
    assert answer.status == 200
    assert new == {**old, "id": 8, "expires_at": "2024-05-08", "token": new["token"]}
    assert api.get("version", None, headers=using(old)).status == 401
    assert api.get("version", None, headers=using(new)).status == 200


@pytest.mark.parametrize("kind", PATHS)
def test_a_rotated_token_expires_when_it_is_told_to(api: Api, kind: str) -> None:
    make(api, kind)
    assert api.post(f"{PATHS[kind]}/7/rotate", "ada", expires_at="2024-12-24").json["expires_at"] == "2024-12-24"
    late = api.post(f"{PATHS[kind]}/8/rotate", "ada", expires_at="2025-12-24")
    assert (late.status, late.json) == (400, {"message": "400 Bad request - Expires at must be before 2025-05-01"})


@pytest.mark.parametrize("kind", PATHS)
def test_rotating_a_revoked_token_revokes_what_it_was_rotated_to(api: Api, kind: str) -> None:
    make(api, kind)
    new = api.post(f"{PATHS[kind]}/7/rotate", "ada").json
    answer = api.post(f"{PATHS[kind]}/7/rotate", "ada")
    assert (answer.status, answer.json) == (400, {"message": "400 Bad request - Token already revoked"})
    assert api.get("version", None, headers=using(new)).status == 401


@pytest.mark.parametrize(("kind", "as_"), [("project", "rex"), ("group", "bob")])
def test_rotating_needs_the_role_for_it(api: Api, kind: str, as_: str) -> None:
    make(api, kind)
    answer = api.post(f"{PATHS[kind]}/7/rotate", as_)
    assert (answer.status, answer.json) == (401, UNAUTHORIZED)


@pytest.mark.parametrize("kind", PATHS)
def test_whether_a_token_exists_is_for_administrators_to_know(api: Api, kind: str) -> None:
    assert api.post(f"{PATHS[kind]}/99/rotate", "ada").json == UNAUTHORIZED
    unknown = api.post(f"{PATHS[kind]}/99/rotate")
    assert (unknown.status, unknown.json) == (404, {"message": "404 Not Found"})


def test_nobody_rotates_a_token_with_a_higher_level_than_their_own(api: Api) -> None:
    old = make(api, "project", access_level=50)
    answer = api.post(f"{PATHS['project']}/7/rotate", "bob")
    text = "400 Bad request - Not eligible to rotate tokens with permissions not held by the user"
    assert (answer.status, answer.json) == (400, {"message": text})
    assert api.get("version", None, headers=using(old)).status == 200


# By itself


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("scope", ["api", "self_rotate"])
def test_a_token_rotates_itself(api: Api, kind: str, scope: str) -> None:
    old = make(api, kind, access_level=10, scopes=[scope])
    answer = api.post(f"{PATHS[kind]}/self/rotate", None, headers=using(old), expires_at="2024-06-01")
    assert answer.status == 200
    assert answer.json == {**old, "id": 8, "expires_at": "2024-06-01", "token": answer.json["token"]}


@pytest.mark.parametrize("kind", PATHS)
def test_it_needs_a_scope_for_that(api: Api, kind: str) -> None:
    answer = api.post(f"{PATHS[kind]}/self/rotate", None, headers=using(make(api, kind, scopes=["read_api"])))
    assert (answer.status, answer.json["scope"]) == (403, "api self_rotate api read_api")


@pytest.mark.parametrize("kind", PATHS)
def test_other_tokens_are_not_rotated_here(api: Api, kind: str) -> None:
    answer = api.post(f"{PATHS[kind]}/self/rotate", "ada")
    assert (answer.status, answer.json) == (405, {"message": "405 Method Not Allowed"})
    assert api.post(f"{PATHS[kind]}/self/rotate", None).json == UNAUTHORIZED


def test_a_token_rotates_itself_in_its_own_place_only(api: Api) -> None:
    of_group = make(api, "group")
    answer = api.post(f"{PATHS['project']}/self/rotate", None, headers=using(of_group))
    assert (answer.status, answer.json) == (401, UNAUTHORIZED)
    assert api.get("version", None, headers=using(of_group)).status == 200


def test_a_token_that_was_rotated_and_rotates_itself_again_is_taken_for_stolen(api: Api) -> None:
    old = make(api, "project")
    new = api.post(f"{PATHS['project']}/self/rotate", None, headers=using(old)).json
    assert api.post(f"{PATHS['project']}/self/rotate", None, headers=using(old)).status == 401
    assert api.get("version", None, headers=using(new)).status == 401
