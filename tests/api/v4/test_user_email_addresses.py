from typing import Any

import pytest

from tests.support import WORLD, Api, names

NOW = "2024-05-01T09:00:00.000Z"


def test_the_primary_email_comes_first(api: Api) -> None:
    api.post("users/3/emails", email="bob@more.org", skip_confirmation=True)
    assert api.get("user/emails", "bob").json == [
        {"id": 3, "email": "bob@example.com", "confirmed_at": NOW},
        {"id": 7, "email": "bob@more.org", "confirmed_at": NOW},
    ]
    assert names(api.get("users/3/emails"), "id") == [3, 7]


def test_a_new_email_waits_for_confirmation(api: Api) -> None:
    made = api.post("user/emails", "bob", email=" Bob@More.org ")
    assert (made.status, made.json) == (201, {"id": 7, "email": "bob@more.org", "confirmed_at": None})
    assert api.get("user/emails/7", "bob").json == made.json
    assert api.post("users/3/emails", email="b@more.org").json["confirmed_at"] is None


@pytest.mark.parametrize(
    ("email", "problem"),
    [("nonsense", "is invalid"), ("", "can't be blank"), ("ADA@example.com", "has already been taken")],
)
@pytest.mark.parametrize(("path", "as_"), [("user/emails", "bob"), ("users/3/emails", "root")])
def test_a_wrong_email_is_refused(api: Api, path: str, as_: str, email: str, problem: str) -> None:
    answer = api.post(path, as_, email=email)
    assert (answer.status, answer.json) == (400, {"message": {"email": [problem]}})


def test_an_email_is_added_once(api: Api) -> None:
    api.post("user/emails", "bob", email="bob@more.org")
    for as_ in ("bob", "ada"):
        answer = api.post("user/emails", as_, email="bob@more.org")
        assert answer.json == {"message": {"email": ["has already been taken"]}}


@pytest.mark.parametrize(("whose", "as_"), [("user", "bob"), ("users/3", "root")])
def test_an_email_is_deleted(api: Api, whose: str, as_: str) -> None:
    api.post("users/3/emails", email="bob@more.org", skip_confirmation=True)
    api.put("users/3", public_email="bob@more.org", commit_email="bob@more.org")
    assert api.delete(f"{whose}/emails/7", as_).status == 204
    assert names(api.get(f"{whose}/emails", as_), "id") == [3]
    user = api.get("users/3").json
    assert (user["public_email"], user["commit_email"]) == (None, "bob@example.com")
    gone = api.delete(f"{whose}/emails/7", as_)
    assert (gone.status, gone.json) == (404, {"message": "404 Email Not Found"})


def test_the_primary_email_stays(api: Api) -> None:
    assert api.delete("user/emails/3", "bob").status == 204
    assert names(api.get("user/emails", "bob"), "id") == [3]


def test_a_confirmed_email_keeps_others_from_it(api: Api) -> None:
    api.post("users/3/emails", email="bob@more.org", skip_confirmation=True)
    given = {"name": "Zoe", "username": "zoe", "reset_password": True}
    answer = api.post("users", email="bob@more.org", **given)
    assert (answer.status, answer.json) == (409, {"message": "Email has already been taken"})


REFUSALS: list[Any] = [
    ("GET", "user/emails", None, 401, {"message": "401 Unauthorized"}),
    ("GET", "user/emails/1", "bob", 404, {"message": "404 Email Not Found"}),
    ("DELETE", "user/emails/first", "bob", 400, {"error": "email_id is invalid"}),
    ("GET", "users/3/emails", "bob", 403, {"message": "403 Forbidden"}),
    ("POST", "users/3/emails", "bob", 400, {"message": '400 (Bad request) "email" not given'}),
    ("POST", "users/99/emails", "root", 400, {"message": '400 (Bad request) "email" not given'}),
    ("DELETE", "users/3/emails/3", "bob", 403, {"message": "403 Forbidden"}),
    ("GET", "users/99/emails", "root", 404, {"message": "404 User Not Found"}),
    ("GET", "users/bob/emails", "root", 404, {"error": "404 Not Found"}),
    ("GET", "users/3/emails/3", "root", 405, {"error": "405 Not Allowed"}),
]


@pytest.mark.parametrize(("method", "path", "as_", "status", "body"), REFUSALS)
def test_a_request_is_refused(api: Api, method: str, path: str, as_: str | None, status: int, body: Any) -> None:
    answer = api.request(method, path, as_)
    assert (answer.status, answer.json) == (status, body)


def test_a_scenario_declares_emails() -> None:
    user = {"username": "zoe", "emails": [{"email": "z@z.org"}, {"email": "zz@z.org", "confirmed_at": None}]}
    emails = Api({**WORLD, "users": [*WORLD["users"], user]}).get("users/7/emails").json
    assert [(one["email"], one["confirmed_at"]) for one in emails] == [
        ("zoe@example.com", NOW),
        ("z@z.org", NOW),
        ("zz@z.org", None),
    ]
