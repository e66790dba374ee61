from typing import Any

import pytest

from mockgitlab.api.scopes import AVAILABLE
from tests.support import WORLD, Api


def test_an_administrator_makes_a_token_for_a_user_and_sees_its_secret_once() -> None:
    api = Api({**WORLD, "gitlab": {"version": "17.7.0"}})
    answer = api.post("users/2/personal_access_tokens", name="ci", scopes=["read_api", "api"], description="For CI")
    made = answer.json
    assert answer.status == 201
    assert made == {
        "id": 7,
        "name": "ci",
        "revoked": False,
        "created_at": "2024-05-01T09:00:00.000Z",
        "description": "For CI",
        "scopes": ["read_api", "api"],
        "user_id": 2,
        "last_used_at": None,
        "active": True,
        "expires_at": "2025-05-01",
        "token": made["token"],
    }
    assert made["token"].startswith("glpat-")
    assert len(made["token"]) == 26
    assert api.get("personal_access_tokens/self", None, headers={"PRIVATE-TOKEN": made["token"]}).json["id"] == 7
    assert made["token"] not in api.get("personal_access_tokens").text


def test_scopes_may_be_one_text_with_commas(api: Api) -> None:
    assert api.post("users/2/personal_access_tokens", name="x", scopes="api, read_user").json["scopes"] == [
        "api",
        "read_user",
    ]


def test_every_scope_can_be_given_and_any_day_up_to_a_year_ahead(api: Api) -> None:
    for expires_at, active in (("2025-05-01", True), ("2024-05-01", False), ("2001-01-01", False)):
        answer = api.post("users/2/personal_access_tokens", name="x", scopes=list(AVAILABLE), expires_at=expires_at)
        assert answer.status == 201
        assert (answer.json["expires_at"], answer.json["active"]) == (expires_at, active)


@pytest.mark.parametrize(
    ("given", "status", "body"),
    [
        ({"scopes": ["root"], "name": "x"}, 400, {"error": "scopes does not have a valid value"}),
        ({"scopes": ["api"], "name": "x", "expires_at": "soon"}, 400, {"error": "expires_at is invalid"}),
        ({"scopes": ["api"], "name": " "}, 422, {"message": "Name can't be blank"}),
        ({"scopes": [], "name": "x"}, 422, {"message": "Scopes can't be blank"}),
        ({"scopes": [], "name": ""}, 422, {"message": "Name can't be blank and Scopes can't be blank"}),
        (
            {"scopes": ["api"], "name": "x", "expires_at": "2025-05-02"},
            422,
            {"message": "Expires at must be before 2025-05-01"},
        ),
        (
            {"scopes": [], "name": "", "expires_at": "2025-05-02"},
            422,
            {"message": "Name can't be blank, Scopes can't be blank, and Expires at must be before 2025-05-01"},
        ),
    ],
)
def test_wrong_values_are_refused(api: Api, given: Any, status: int, body: Any) -> None:
    answer = api.post("users/2/personal_access_tokens", **given)
    assert (answer.status, answer.json) == (status, body)
    assert api.get("personal_access_tokens", user_id=2).headers["X-Total"] == "1"


def test_a_long_description_is_refused_and_before_17_7_there_was_none(api: Api) -> None:
    long = {"scopes": ["api"], "name": "x", "description": "x" * 256}
    answer = Api({**WORLD, "gitlab": {"version": "17.7.0"}}).post("users/2/personal_access_tokens", **long)
    told = {"message": "Description is too long (maximum is 255 characters)"}
    assert (answer.status, answer.json) == (422, told)
    assert "description" not in api.post("users/2/personal_access_tokens", **long).json


def test_what_is_missing_is_told() -> None:
    api = Api({**WORLD, "gitlab": {"errors": "observed"}})
    answer = api.post("users/2/personal_access_tokens")
    assert (answer.status, answer.json) == (400, {"error": "name is missing, scopes is missing"})


def test_only_administrators_make_tokens_for_others_and_are_asked_first(api: Api) -> None:
    refused = api.post("users/2/personal_access_tokens", "ada")
    assert (refused.status, refused.json) == (403, {"message": "403 Forbidden"})
    assert api.post("users/2/personal_access_tokens", None).status == 401


def test_a_token_needs_a_user_who_exists(api: Api) -> None:
    answer = api.post("users/99/personal_access_tokens", name="x", scopes=["api"])
    assert (answer.status, answer.json) == (404, {"message": "404 User Not Found"})


# For oneself


def test_a_user_makes_a_token_with_few_scopes_that_lasts_a_day(api: Api) -> None:
    answer = api.post("user/personal_access_tokens", "ada", name="k8s", scopes=["k8s_proxy"])
    assert answer.status == 201
    assert (answer.json["user_id"], answer.json["expires_at"]) == (2, "2024-05-02")
    assert answer.json["token"].startswith("glpat-")


def test_newer_versions_let_it_last_a_year_and_a_given_day_wins() -> None:
    api = Api({**WORLD, "gitlab": {"version": "18.0.0"}})
    given: Any = {"name": "x", "scopes": ["k8s_proxy", "self_rotate"]}
    assert api.post("user/personal_access_tokens", "ada", **given).json["expires_at"] == "2025-05-01"
    assert api.post("user/personal_access_tokens", "ada", **given, expires_at="2024-06-01").json["expires_at"] == (
        "2024-06-01"
    )


@pytest.mark.parametrize(
    ("given", "status", "body"),
    [
        ({"name": "x", "scopes": ["api"]}, 400, {"error": "scopes does not have a valid value"}),
        ({"name": "", "scopes": ["k8s_proxy"]}, 422, {"message": "Name can't be blank"}),
        (
            {"name": "x", "scopes": ["k8s_proxy"], "expires_at": "2026-01-01"},
            422,
            {"message": "Expires at must be before 2025-05-01"},
        ),
    ],
)
def test_wrong_values_are_refused_for_oneself_too(api: Api, given: Any, status: int, body: Any) -> None:
    answer = api.post("user/personal_access_tokens", "ada", **given)
    assert (answer.status, answer.json) == (status, body)


def test_a_token_for_oneself_needs_a_user(api: Api) -> None:
    assert api.post("user/personal_access_tokens", None, name="x", scopes=["k8s_proxy"]).status == 401
