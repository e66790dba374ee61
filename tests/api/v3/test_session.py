from typing import Any

import pytest

from mockgitlab.api.models.user import User
from tests.support import Api

PASSWORD = "no-secret-at-all"


@pytest.mark.parametrize(
    "name", [{"login": "john_smith"}, {"email": "john@example.com"}, {"login": "john@example.com"}]
)
def test_a_password_gives_the_private_token(api: Api, name: dict[str, str]) -> None:
    answer = api.post("session", None, password=PASSWORD, **name)
    assert answer.status == 201
    assert answer.json == api.get("user", None, private_token="QVy1PB7sTxfy4pqfZM1U").json
    assert answer.json["private_token"] == "QVy1PB7sTxfy4pqfZM1U"


@pytest.mark.parametrize(
    "given",
    [
        {"login": "john_smith", "password": "wrong"},
        {"login": "john_smith"},
        {"login": "nobody", "password": PASSWORD},
        {"login": "2", "password": PASSWORD},
        {"login": "jane", "password": ""},
        {},
    ],
)
def test_anything_else_is_refused(api: Api, given: dict[str, Any]) -> None:
    answer = api.post("session", None, **given)
    assert (answer.status, answer.json) == (401, {"message": "401 Unauthorized"})
    assert answer.headers["X-Mockgitlab-Reason"]


def test_the_password_is_a_required_parameter_since_8_14() -> None:
    later = Api({"mockgitlab": 1, "gitlab": {"api": ["v3"], "version": "8.14.0"}}, prefix="/api/v3/")
    answer = later.post("session", None, login="root")
    assert (answer.status, answer.json) == (400, {"message": '400 (Bad request) "password" not given'})


def test_with_two_factors_a_password_is_not_enough(api: Api) -> None:
    api.store.update(api.store[User][2], two_factor_enabled=True)
    text = "401 Unauthorized. You have 2FA enabled. Please use a personal access token to access the API"
    answer = api.post("session", None, login="john_smith", password=PASSWORD)
    assert (answer.status, answer.json) == (401, {"message": text})


def test_who_is_blocked_does_not_sign_in(api: Api) -> None:
    api.store.update(api.store[User][2], state="blocked")
    assert api.post("session", None, login="john_smith", password=PASSWORD).status == 401
