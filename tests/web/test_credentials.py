import base64
from typing import Any

import pytest

from mockgitlab.dsl import Credential
from mockgitlab.web.credentials import explain, find_credentials


def found(
    method: str = "GET", headers: Any = None, sent: Any = None, job_token: bool = False, deploy_token: bool = False
) -> list[tuple[str, str]]:
    credentials = find_credentials(method, headers or {}, sent or {}, job_token=job_token, deploy_token=deploy_token)
    return [(one.place, one.secret) for one in credentials]


def basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"Private-Token": "x"}, {}),
        ({"Private-Token": "  x "}, {}),
        ({}, {"private_token": "x"}),
    ],
)
def test_an_access_token_is_a_header_or_a_parameter(headers: Any, sent: Any) -> None:
    assert found(headers=headers, sent=sent) == [("private_token", "x")]


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"Authorization": "Bearer x"}, {}),
        ({"Authorization": "bearer x "}, {}),
        ({}, {"access_token": "x"}),
        ({}, {"bearer_token": "x"}),
    ],
)
def test_a_bearer_is_tried_as_an_oauth_token_and_then_as_an_access_token(headers: Any, sent: Any) -> None:
    assert found(headers=headers, sent=sent) == [("bearer", "x"), ("private_token", "x")]


@pytest.mark.parametrize("sent", [{"private_token": "x\n"}, {"private_token": " x"}])
def test_a_parameter_is_the_secret_as_it_came(sent: dict[str, str]) -> None:
    assert found(sent=sent) == [("private_token", sent["private_token"])]


def test_a_bearer_begins_after_one_space() -> None:
    assert found(headers={"Authorization": "Bearer  x"})[0] == ("bearer", " x")


def test_the_parameter_wins_over_the_header_and_both_over_the_bearer_as_an_access_token() -> None:
    headers = {"Private-Token": "header", "Authorization": "Bearer bearer"}
    assert found(headers=headers, sent={"private_token": "sent"}) == [("bearer", "bearer"), ("private_token", "sent")]
    assert found(headers=headers) == [("bearer", "bearer"), ("private_token", "header")]


def test_the_parameter_access_token_wins_over_the_bearer_header_and_that_over_bearer_token() -> None:
    headers = {"Authorization": "Bearer header"}
    assert found(headers=headers, sent={"access_token": "a", "bearer_token": "b"})[0] == ("bearer", "a")
    assert found(headers=headers, sent={"bearer_token": "b"})[0] == ("bearer", "header")


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({}, {}),
        ({"Private-Token": ""}, {"private_token": ""}),
        ({"Private-Token": "   "}, {"private_token": None}),
        ({"Authorization": "Bearer"}, {"access_token": " "}),
        ({"Authorization": "Bearer  "}, {}),
        ({"Authorization": "Digest x"}, {}),
        ({"Cookie": "_gitlab_session="}, {}),
        ({"Cookie": "other=x"}, {}),
    ],
)
def test_a_blank_credential_is_none(headers: Any, sent: Any) -> None:
    assert found(headers=headers, sent=sent, job_token=True, deploy_token=True) == []


def test_a_parameter_that_is_no_text_is_a_credential_that_nobody_has() -> None:
    assert found(sent={"private_token": ["x"]}) == [("private_token", "['x']")]
    assert found(sent={"private_token": 123}) == [("private_token", "123")]


def test_a_job_token_counts_only_where_it_is_taken() -> None:
    sent = {"job_token": "x"}
    assert found(sent=sent) == []
    assert found(sent=sent, job_token=True) == [("job_token", "x")]


def test_a_job_token_is_the_parameter_before_token_before_the_header() -> None:
    headers = {"Job-Token": "header"}
    assert found(headers=headers, job_token=True) == [("job_token", "header")]
    assert found(headers=headers, sent={"token": "t"}, job_token=True) == [("job_token", "t")]
    assert found(headers=headers, sent={"token": "t", "job_token": "j"}, job_token=True) == [("job_token", "j")]


def test_a_deploy_token_counts_only_where_it_is_taken_and_before_all_others() -> None:
    headers = {"Deploy-Token": "x", "Private-Token": "y"}
    assert found(headers=headers) == [("private_token", "y")]
    assert found(headers=headers, deploy_token=True) == [("deploy_token", "x"), ("private_token", "y")]


def test_a_deploy_token_may_be_the_password_of_basic_authentication() -> None:
    places = find_credentials("GET", basic("gitlab+deploy-token-1:x"), {}, job_token=False, deploy_token=True)
    assert list(places) == [Credential("deploy_token", "x"), Credential("basic", "x", "gitlab+deploy-token-1")]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_session_counts_for_reading(method: str) -> None:
    assert found(method, {"Cookie": "a=b; _gitlab_session=x; c=d"}) == [("session", "x")]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_session_counts_for_writing_only_with_a_csrf_token(method: str) -> None:
    cookie = {"Cookie": "_gitlab_session=x"}
    assert found(method, cookie) == []
    assert found(method, {**cookie, "X-Csrf-Token": " "}) == []
    assert found(method, {**cookie, "X-Csrf-Token": "y"}) == [("session", "x")]


@pytest.mark.parametrize(
    "cookies",
    [
        "a=1; _gitlab_session=x; b=2",
        "a=1;_gitlab_session=x",
        'no cookie at all; {"a": 1}; _gitlab_session=x',
        "_gitlab_session=x; _gitlab_session=y",
        "not_gitlab_session=y; _gitlab_session=%78",
    ],
)
def test_the_session_is_the_first_cookie_of_its_name_whatever_stands_beside_it(cookies: str) -> None:
    assert found("GET", {"Cookie": cookies}) == [("session", "x")]


@pytest.mark.parametrize("text", ["Basic !!!", "Basic " + base64.b64encode(b"\xff\xfe").decode()])
def test_basic_authentication_that_cannot_be_read_is_none(text: str) -> None:
    assert found(headers={"Authorization": text}) == []


def test_basic_authentication_comes_last_and_its_password_may_hold_colons() -> None:
    (credential,) = find_credentials("GET", basic("ada:a:b"), {}, job_token=False, deploy_token=False)
    assert credential == Credential("basic", "a:b", "ada")


@pytest.mark.parametrize(
    ("method", "headers", "sent", "text"),
    [
        ("GET", {}, {}, "the request carries no token"),
        ("POST", {"Cookie": "_gitlab_session=x"}, {}, "together with the header X-CSRF-Token"),
        ("GET", {"Cookie": "_gitlab_session=x"}, {}, "no session has the cookie"),
        ("GET", {"Job-Token": "x"}, {}, "a job token is given, and this operation takes none"),
        ("GET", {}, {"job_token": "x"}, "a job token is given, and this operation takes none"),
        ("GET", {"Deploy-Token": "x"}, {}, "a deploy token is given"),
        ("GET", basic("ada:x"), {}, "basic authentication is given"),
    ],
)
def test_what_identifies_nobody_is_explained(method: str, headers: Any, sent: Any, text: str) -> None:
    assert text in explain(method, headers, sent)
