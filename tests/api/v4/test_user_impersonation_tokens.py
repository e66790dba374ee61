from typing import Any

import pytest

from tests.support import WORLD, Api, names

PATH = "users/2/impersonation_tokens"


def test_an_administrator_makes_a_token_to_act_as_a_user() -> None:
    api = Api({**WORLD, "gitlab": {"version": "17.7.0"}})
    answer = api.post(PATH, name="as ada", scopes=["api"], expires_at="2024-12-31", description="To look")
    made = answer.json
    assert answer.status == 201
    assert made == {
        "id": 7,
        "name": "as ada",
        "revoked": False,
        "created_at": "2024-05-01T09:00:00.000Z",
        "description": "To look",
        "scopes": ["api"],
        "user_id": 2,
        "last_used_at": None,
        "active": True,
        "expires_at": "2024-12-31",
        "token": made["token"],
        "impersonation": True,
    }
    mine = api.get("personal_access_tokens/self", None, headers={"PRIVATE-TOKEN": made["token"]})
    assert (mine.status, mine.json["user_id"]) == (200, 2)
    shown = api.get(f"{PATH}/7").json
    assert shown == {key: value for key, value in {**made, **shown}.items() if key != "token"}
    assert shown["last_used_at"] == "2024-05-01T09:00:00.000Z"


def test_it_lasts_a_year_unless_told(api: Api) -> None:
    assert api.post(PATH, name="x", scopes="read_api,api").json["expires_at"] == "2025-05-01"


def test_a_day_in_the_past_makes_a_token_that_is_not_active(api: Api) -> None:
    assert api.post(PATH, name="x", scopes=["api"], expires_at="2020-01-01").json["active"] is False


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"name": "x"}, {"message": {"scopes": ["can't be blank"]}}),
        ({"name": "x", "scopes": []}, {"message": {"scopes": ["can't be blank"]}}),
        ({"name": "", "scopes": ["api"]}, {"message": {"name": ["can't be blank"]}}),
        (
            {"name": "x", "scopes": ["api", "everything"]},
            {"message": {"scopes": ["can only contain available scopes"]}},
        ),
        (
            {"name": "x", "scopes": ["api"], "expires_at": "2025-05-02"},
            {"message": {"expires_at": ["must be before 2025-05-01"]}},
        ),
        ({"name": "x", "scopes": ["api"], "expires_at": "soon"}, {"error": "expires_at is invalid"}),
        ({"scopes": ["api"]}, {"message": '400 (Bad request) "name" not given'}),
    ],
)
def test_wrong_values_are_refused(api: Api, given: Any, body: Any) -> None:
    answer = api.post(PATH, **given)
    assert (answer.status, answer.json) == (400, body)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, ["live", "old", "gone"]),
        ("all", ["live", "old", "gone"]),
        ("active", ["live"]),
        ("inactive", ["old", "gone"]),
    ],
)
def test_the_tokens_of_a_user_are_listed_by_state(state: Any, expected: list[str]) -> None:
    seeded: Any = {"kind": "impersonation", "user": "ada"}
    tokens = [
        {"name": "live", **seeded},
        {"name": "old", "expires_at": "2024-04-01", **seeded},
        {"name": "gone", "revoked": True, **seeded},
        {"name": "other", **seeded, "user": "bob"},
    ]
    api = Api({**WORLD, "tokens": [*WORLD["tokens"], *tokens]})
    assert names(api.get(PATH, **({"state": state} if state else {}))) == expected


def test_a_list_by_another_state_is_refused(api: Api) -> None:
    answer = api.get(PATH, state="asleep")
    assert (answer.status, answer.json) == (400, {"error": "state does not have a valid value"})


def test_a_token_is_revoked_and_may_be_again(api: Api) -> None:
    made = api.post(PATH, name="x", scopes=["api"]).json
    assert [api.delete(f"{PATH}/7").status for _ in range(2)] == [204, 204]
    assert api.get(f"{PATH}/7").json["revoked"] is True
    assert api.get("version", None, headers={"PRIVATE-TOKEN": made["token"]}).status == 401


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_only_the_impersonation_tokens_of_that_user_are_found(api: Api, method: str) -> None:
    api.post("users/3/impersonation_tokens", name="x", scopes=["api"])
    for token_id in (2, 7, 99):
        answer = api.request(method, f"{PATH}/{token_id}")
        assert (answer.status, answer.json) == (404, {"message": "404 Impersonation Token Not Found"})
    unknown = api.request(method, "users/99/impersonation_tokens/7")
    assert (unknown.status, unknown.json) == (404, {"message": "404 User Not Found"})


def test_a_token_has_a_number(api: Api) -> None:
    answer = api.get(f"{PATH}/mine")
    assert (answer.status, answer.json) == (400, {"error": "impersonation_token_id is invalid"})


@pytest.mark.parametrize(
    ("method", "path"), [("GET", PATH), ("POST", PATH), ("GET", f"{PATH}/1"), ("DELETE", f"{PATH}/1")]
)
def test_all_of_it_is_for_administrators_who_are_asked_first(api: Api, method: str, path: str) -> None:
    refused = api.request(method, path, "ada")
    assert (refused.status, refused.json) == (403, {"message": "403 Forbidden"})
    assert api.request(method, path, None).status == 401


def test_the_user_must_exist(api: Api) -> None:
    assert api.get("users/99/impersonation_tokens").json == {"message": "404 User Not Found"}
    assert api.post("users/99/impersonation_tokens", name="x").json == {"message": "404 User Not Found"}
