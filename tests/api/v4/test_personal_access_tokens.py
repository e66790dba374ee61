from typing import Any

import pytest

from mockgitlab.api.models.token import Token
from tests.support import WORLD, Answer, Api, names

UNAUTHORIZED = {"message": "401 Unauthorized"}
OTHERS: list[dict[str, Any]] = [
    {
        "token": "first",
        "user": "bob",
        "name": "Alpha",
        "created_at": "2022-01-01T12:30:25Z",
        "expires_at": "2024-06-01",
    },
    {
        "token": "second",
        "user": "bob",
        "name": "beta",
        "created_at": "2022-01-01T12:30:26Z",
        "expires_at": "2024-04-01",
    },
    {"token": "third", "user": "bob", "name": "Gamma", "created_at": "2022-01-02T00:00:00Z", "revoked": True},
    {
        "token": "fourth",
        "user": "bob",
        "name": "delta ray",
        "created_at": "2022-01-03T00:00:00Z",
        "expires_at": "2024-05-01",
    },
]
USED = {"first": "2022-06-01T00:00:00Z", "third": "2022-05-01T00:00:00Z"}
BOB: dict[str, Any] = {
    **WORLD,
    "tokens": [
        {"token": "root-token", "user": "root", "name": "root", "scopes": ["api", "sudo"]},
        {"token": "ada-token", "user": "ada", "name": "ada"},
        *({**token, "last_used_at": USED.get(token["token"])} for token in OTHERS),
    ],
}


@pytest.fixture(scope="module")
def bobs() -> Api:
    return Api(BOB)


def listed(bobs: Api, **given: Any) -> list[str]:
    return names(bobs.get("personal_access_tokens", user_id=3, **given))


# Listing


def test_a_token_is_shown_without_its_secret(bobs: Api) -> None:
    assert bobs.get("personal_access_tokens", user_id=3).json[0] == {
        "id": 3,
        "name": "Alpha",
        "revoked": False,
        "created_at": "2022-01-01T12:30:25.000Z",
        "scopes": ["api"],
        "user_id": 3,
        "last_used_at": "2022-06-01T00:00:00.000Z",
        "active": True,
        "expires_at": "2024-06-01",
    }


def test_a_list_is_in_the_order_of_ids_and_paginated(bobs: Api) -> None:
    answer = bobs.get("personal_access_tokens", user_id=3, per_page=3)
    assert names(answer) == ["Alpha", "beta", "Gamma"]
    assert (answer.headers["X-Total"], answer.headers["X-Next-Page"]) == ("4", "2")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"revoked": "true"}, ["Gamma"]),
        ({"revoked": "false"}, ["Alpha", "beta", "delta ray"]),
        ({"state": "active"}, ["Alpha"]),
        ({"state": "inactive"}, ["beta", "Gamma"]),
        ({"created_before": "2022-01-01T12:30:25"}, ["Alpha"]),
        ({"created_after": "2022-01-01T12:30:26"}, ["beta", "Gamma", "delta ray"]),
        ({"created_after": "2022-01-01T12:30:25", "created_before": "2022-01-01T12:30:25"}, ["Alpha"]),
        ({"last_used_before": "2022-05-01T00:00:00"}, ["Gamma"]),
        ({"last_used_after": "2022-05-01T00:00:01"}, ["Alpha"]),
        ({"expires_before": "2024-05-01"}, ["beta"]),
        ({"expires_after": "2024-05-01"}, ["Alpha", "delta ray"]),
        ({"expires_after": "2024-05-01T23:00:00Z"}, ["Alpha", "delta ray"]),
        ({"search": "TA"}, ["beta", "delta ray"]),
        ({"search": "ray"}, ["delta ray"]),
        ({"search": ""}, ["Alpha", "beta", "Gamma", "delta ray"]),
        ({"search": "nothing"}, []),
        ({"state": "inactive", "revoked": "false"}, ["beta"]),
    ],
)
def test_filters_narrow_the_list(bobs: Api, given: Any, expected: list[str]) -> None:
    assert listed(bobs, **given) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("created_asc", ["Alpha", "beta", "Gamma", "delta ray"]),
        ("created_desc", ["delta ray", "Gamma", "beta", "Alpha"]),
        ("created_at_desc", ["delta ray", "Gamma", "beta", "Alpha"]),
        ("id_desc", ["delta ray", "Gamma", "beta", "Alpha"]),
        ("name_asc", ["Alpha", "beta", "delta ray", "Gamma"]),
        ("name_desc", ["Gamma", "delta ray", "beta", "Alpha"]),
        ("expires_asc", ["beta", "delta ray", "Alpha", "Gamma"]),
        ("expires_desc", ["Gamma", "Alpha", "delta ray", "beta"]),
        ("last_used_asc", ["Gamma", "Alpha", "delta ray", "beta"]),
        ("last_used_desc", ["delta ray", "beta", "Alpha", "Gamma"]),
        ("mood_asc", ["Alpha", "beta", "Gamma", "delta ray"]),
        ("nonsense", ["Alpha", "beta", "Gamma", "delta ray"]),
    ],
)
def test_the_list_can_be_sorted(bobs: Api, sort: str, expected: list[str]) -> None:
    assert listed(bobs, sort=sort) == expected


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"revoked": "maybe"}, "revoked is invalid"),
        ({"state": "asleep"}, "state does not have a valid value"),
        ({"created_before": "soon"}, "created_before is invalid"),
        ({"expires_after": "soon"}, "expires_after is invalid"),
        ({"user_id": "bob"}, "user_id is invalid"),
    ],
)
def test_wrong_filters_are_refused(bobs: Api, given: Any, error: str) -> None:
    answer = bobs.get("personal_access_tokens", **given)
    assert (answer.status, answer.json) == (400, {"error": error})


def test_users_see_their_own_tokens_and_administrators_all(api: Api) -> None:
    api.post("users/2/impersonation_tokens", name="as ada", scopes=["api"])
    assert names(api.get("personal_access_tokens", "ada"), "user_id") == [2]
    assert names(api.get("personal_access_tokens", "ada", user_id=2), "user_id") == [2]
    assert names(api.get("personal_access_tokens"), "user_id") == [1, 2, 3, 4, 5, 6, 2]


@pytest.mark.parametrize("user_id", [3, 99, "bob"])
def test_users_cannot_list_the_tokens_of_others(api: Api, user_id: Any) -> None:
    answer = api.get("personal_access_tokens", "ada", user_id=user_id)
    assert (answer.status, answer.json) == (401, UNAUTHORIZED)


@pytest.mark.parametrize("user_id", [99, ""])
def test_an_administrator_who_names_nobody_is_told_so(api: Api, user_id: Any) -> None:
    answer = api.get("personal_access_tokens", user_id=user_id)
    assert (answer.status, answer.json) == (404, {"message": "404 Not Found"})


def test_the_list_needs_a_user(api: Api) -> None:
    answer = api.get("personal_access_tokens", None)
    assert (answer.status, answer.json) == (401, UNAUTHORIZED)


def test_tokens_that_are_no_access_tokens_are_not_listed() -> None:
    api = Api({**WORLD, "tokens": [*WORLD["tokens"], {"token": "o", "kind": "oauth", "user": "ada", "name": "other"}]})
    assert "other" not in names(api.get("personal_access_tokens"))
    assert api.get("personal_access_tokens/7").status == 404


def test_newer_versions_show_from_where_a_token_was_used() -> None:
    api = Api({**WORLD, "gitlab": {"version": "18.0.0"}})
    assert api.get("personal_access_tokens/2", "ada").json["last_used_ips"] == []


# Showing, rotating and revoking one


def test_a_token_is_shown_to_its_user_and_to_administrators(api: Api) -> None:
    assert api.get("personal_access_tokens/2", "ada").json["user_id"] == 2
    assert api.get("personal_access_tokens/2").json["user_id"] == 2


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "personal_access_tokens/{}"), ("POST", "personal_access_tokens/{}/rotate")]
)
def test_whether_a_token_exists_is_for_administrators_to_know(api: Api, method: str, path: str) -> None:
    for token_id in (3, 99):
        answer = api.request(method, path.format(token_id), "ada")
        assert (answer.status, answer.json) == (401, UNAUTHORIZED)
    unknown = api.request(method, path.format(99))
    assert (unknown.status, unknown.json) == (404, {"message": "404 Not Found"})


def test_the_id_of_a_token_is_a_number(api: Api) -> None:
    answer = api.get("personal_access_tokens/mine", "ada")
    assert (answer.status, answer.json) == (400, {"error": "id is invalid"})


def rotated(answer: Answer) -> Any:
    assert answer.status == 200, answer
    assert answer.json["token"].startswith("glpat-")
    return answer.json


def test_rotating_makes_a_new_token_like_the_old_one_and_revokes_that(api: Api) -> None:
    new = rotated(api.post("personal_access_tokens/2/rotate", "ada"))
    assert new == {
        "id": 7,
        "name": "personal token of ada",
        "revoked": False,
        "created_at": "2024-05-01T09:00:00.000Z",
        "scopes": ["api"],
        "user_id": 2,
        "last_used_at": None,
        "active": True,
        "expires_at": "2024-05-08",
        "token": new["token"],
    }
    assert api.get("version", "ada").json["error_description"].startswith("Token was revoked.")
    assert api.get("version", None, headers={"PRIVATE-TOKEN": new["token"]}).status == 200
    assert "token" not in api.get("personal_access_tokens/7").json


def test_a_rotated_token_expires_when_it_is_told_to(api: Api) -> None:
    new = rotated(api.post("personal_access_tokens/2/rotate", expires_at="2025-05-01"))
    assert (new["expires_at"], new["user_id"]) == ("2025-05-01", 2)


@pytest.mark.parametrize(
    ("expires_at", "body"),
    [
        ("2025-05-02", {"message": "400 Bad request - Expires at must be before 2025-05-01"}),
        ("soon", {"error": "expires_at is invalid"}),
    ],
)
def test_a_rotated_token_cannot_expire_then(api: Api, expires_at: str, body: Any) -> None:
    for path in ("personal_access_tokens/2/rotate", "personal_access_tokens/self/rotate"):
        answer = api.post(path, "ada", expires_at=expires_at)
        assert (answer.status, answer.json) == (400, body)
    assert api.get("version", "ada").status == 200


def test_before_16_tokens_live_for_ever_unless_told() -> None:
    api = Api({**WORLD, "gitlab": {"version": "15.11.0"}})
    made = api.post("users/2/personal_access_tokens", name="x", scopes=["api"])
    assert made.json["expires_at"] is None
    assert api.post("personal_access_tokens/2/rotate").status == 404
    late = api.post("users/2/personal_access_tokens", name="x", scopes=["api"], expires_at="2044-01-01")
    assert late.json["expires_at"] == "2044-01-01"


def test_rotating_a_revoked_token_revokes_what_it_was_rotated_to(api: Api) -> None:
    second = rotated(api.post("personal_access_tokens/2/rotate"))
    third = rotated(api.post(f"personal_access_tokens/{second['id']}/rotate"))
    assert api.get("version", None, headers={"PRIVATE-TOKEN": third["token"]}).status == 200
    answer = api.post("personal_access_tokens/2/rotate")
    assert (answer.status, answer.json) == (400, {"message": "400 Bad request - Token already revoked"})
    assert "revoked already" in answer.headers["X-Mockgitlab-Reason"]
    assert api.get("version", None, headers={"PRIVATE-TOKEN": third["token"]}).status == 401


def test_a_revoked_token_that_rotates_itself_revokes_what_it_was_rotated_to(api: Api) -> None:
    second = rotated(api.post("personal_access_tokens/self/rotate", "ada"))
    headers = {"PRIVATE-TOKEN": second["token"]}
    assert api.get("version", "ada").status == 401
    assert api.get("version", None, headers=headers).status == 200
    assert api.post("personal_access_tokens/self/rotate", "ada").status == 401
    assert api.get("version", None, headers=headers).status == 401


def test_a_family_that_goes_in_circles_is_revoked_once(api: Api) -> None:
    tokens = api.store[Token]
    api.store.update(tokens[2], previous_id=3, revoked=True)
    api.store.update(tokens[3], previous_id=2)
    assert api.post("personal_access_tokens/2/rotate").status == 400
    assert tokens[3].revoked


def test_users_revoke_their_own_tokens_and_administrators_any(api: Api) -> None:
    assert api.delete("personal_access_tokens/3", "bob").status == 204
    assert api.get("version", "bob").status == 401
    assert [api.delete("personal_access_tokens/4").status for _ in range(2)] == [204, 204]
    assert api.get("personal_access_tokens/4").json["active"] is False


def test_the_tokens_of_others_cannot_be_revoked(api: Api) -> None:
    answer = api.delete("personal_access_tokens/3", "ada")
    assert (answer.status, answer.json) == (400, {"message": "400 Bad request"})
    unknown = api.delete("personal_access_tokens/99", "ada")
    assert (unknown.status, unknown.json) == (404, {"message": "404 Not found"})


def test_impersonation_tokens_are_for_administrators_to_see_and_revoke(api: Api) -> None:
    made = api.post("users/2/impersonation_tokens", name="x", scopes=["api"]).json
    path = f"personal_access_tokens/{made['id']}"
    assert api.get(path, "ada").json == UNAUTHORIZED
    assert api.delete(path, "ada").json == {"message": "400 Bad request"}
    assert api.get(path).json["name"] == "x"
    assert api.delete(path).status == 204


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("users/2/personal_access_tokens", 422),
        ("users/2/impersonation_tokens", 400),
        ("projects/1/access_tokens", 400),
        ("personal_access_tokens/2/rotate", 400),
    ],
)
def test_a_refusal_of_the_last_day_tells_what_day_it_is(api: Api, path: str, status: int) -> None:
    answer = api.post(path, name="x", scopes=["api"], expires_at="2026-12-01")
    assert answer.status == status
    assert "must be before 2025-05-01" in answer.text
    assert answer.headers["X-Mockgitlab-Reason"].endswith("gitlab: clock, today is 2024-05-01")
