import json
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import Client, EnvironBuilder

from mockgitlab import dsl
from mockgitlab.api.access import ANYONE, USER
from mockgitlab.api.definitions import definitions
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.user import User
from mockgitlab.api.scopes import allowing
from mockgitlab.web.pipeline import Pipeline
from mockgitlab.web.request import Request
from mockgitlab.web.routes import Routes
from tests.support import WORLD, Answer, Api

UNAUTHORIZED = {"message": "401 Unauthorized"}
EXPIRED = {
    "error": "invalid_token",
    "error_description": "Token is expired. You can either do re-authorization or token refresh.",
}
REVOKED = {
    "error": "invalid_token",
    "error_description": "Token was revoked. You have to re-authorize from the user.",
}
NO_IMPERSONATION = {
    "error": "invalid_token",
    "error_description": "Token is an impersonation token but impersonation was disabled.",
}
KINDS: dict[str, dict[str, Any]] = {
    "personal": {"user": "ada"},
    "impersonation": {"user": "ada"},
    "oauth": {"user": "ada"},
    "session": {"user": "ada"},
    "job": {"user": "ada", "project": "acme/rocket"},
    "project": {"project": "acme/rocket"},
    "group": {"group": "acme"},
    "deploy": {"project": "acme/rocket", "scopes": ["read_repository"]},
    "runner": {},
    "registration": {},
    "trigger": {"project": "acme/rocket", "user": "ada"},
    "ci_project": {"project": "acme/rocket"},
}
PLACES: dict[str, Any] = {
    "PRIVATE-TOKEN": lambda secret: {"headers": {"PRIVATE-TOKEN": secret}},
    "private_token": lambda secret: {"query_string": {"private_token": secret}},
    "Bearer": lambda secret: {"headers": {"Authorization": f"Bearer {secret}"}},
    "access_token": lambda secret: {"query_string": {"access_token": secret}},
    "cookie": lambda secret: {"headers": {"Cookie": f"_gitlab_session={secret}"}},
    "JOB-TOKEN": lambda secret: {"headers": {"JOB-TOKEN": secret}},
    "job_token": lambda secret: {"query_string": {"job_token": secret}},
    "Deploy-Token": lambda secret: {"headers": {"Deploy-Token": secret}},
    "basic": lambda secret: {"auth": ("ada", secret)},
}
GIVEN_AS_ACCESS_TOKEN = ("PRIVATE-TOKEN", "private_token", "Bearer", "access_token")
TAKEN = {
    **dict.fromkeys(("personal", "impersonation", "project", "group"), GIVEN_AS_ACCESS_TOKEN),
    "oauth": ("Bearer", "access_token"),
    "session": ("cookie",),
}
IGNORED = ("cookie", "JOB-TOKEN", "job_token", "Deploy-Token", "basic")


def world(*tokens: Any, **gitlab: Any) -> Api:
    return Api({**WORLD, "gitlab": gitlab, "tokens": [*WORLD["tokens"], *tokens]})


def call(api: Api, path: str, method: str = "GET", **how: Any) -> Answer:
    answer = Answer(Client(api.server.app, use_cookies=False).open(f"/api/v4/{path}", method=method, **how))
    api.server.check()
    return answer


@pytest.fixture(scope="module")
def every_kind() -> Api:
    return world(*({"token": f"a-{kind}", "kind": kind, **more} for kind, more in KINDS.items()))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_token_is_taken_in_its_places_only(every_kind: Api, kind: str, place: str) -> None:
    on_private = call(every_kind, "projects/acme%2Frocket", **PLACES[place](f"a-{kind}"))
    on_public = call(every_kind, "projects/open%2Fsource", **PLACES[place](f"a-{kind}"))
    if place in TAKEN.get(kind, ()):
        assert (on_private.status, on_public.status) == (200, 200)
    elif place in IGNORED:
        assert (on_private.status, on_public.status) == (404, 200)
    else:
        assert (on_private.status, on_public.status) == (401, 401)
        assert on_public.json == UNAUTHORIZED


@pytest.mark.parametrize("place", GIVEN_AS_ACCESS_TOKEN)
def test_an_unknown_token_is_refused_even_on_public_data(every_kind: Api, place: str) -> None:
    answer = call(every_kind, "projects/open%2Fsource", **PLACES[place]("nobody-has-this"))
    assert (answer.status, answer.json) == (401, UNAUTHORIZED)
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize("place", PLACES)
def test_a_blank_credential_is_an_anonymous_request(every_kind: Api, place: str) -> None:
    assert call(every_kind, "projects/open%2Fsource", **PLACES[place]("")).status == 200
    assert call(every_kind, "version", **PLACES[place]("")).json == UNAUTHORIZED


def test_an_access_token_may_be_in_the_body(every_kind: Api) -> None:
    path = "projects/acme%2Frocket/access_tokens"
    for how in ("data", "json"):
        given = {"name": "x", "scopes": "api", "private_token": "a-personal"}
        assert call(every_kind, path, "POST", **{how: given}).status == 201


def test_an_oauth_token_wins_over_an_access_token(every_kind: Api) -> None:
    headers = {"Authorization": "Bearer a-oauth", "PRIVATE-TOKEN": "root-token"}
    answer = call(every_kind, "personal_access_tokens/self", headers=headers)
    assert answer.status == 400


def test_an_access_token_beside_an_unknown_bearer_is_taken(every_kind: Api) -> None:
    headers = {"Authorization": "Bearer unknown", "PRIVATE-TOKEN": "root-token"}
    assert call(every_kind, "personal_access_tokens/self", headers=headers).json["user_id"] == 1


# Sessions


def test_a_session_writes_only_with_a_csrf_token(every_kind: Api) -> None:
    path, given = "projects/acme%2Frocket/access_tokens", {"name": "x", "scopes": ["api"]}
    refused = call(every_kind, path, "POST", json=given, headers={"Cookie": "_gitlab_session=a-session"})
    assert (refused.status, refused.json) == (401, UNAUTHORIZED)
    assert "X-CSRF-Token" in refused.headers["X-Mockgitlab-Reason"]
    headers = {"Cookie": "_gitlab_session=a-session", "X-CSRF-Token": "any"}
    assert call(every_kind, path, "POST", json=given, headers=headers).status == 201


@pytest.mark.parametrize("more", [{"expires_at": "2024-05-01"}, {"revoked": True}])
def test_a_session_that_is_over_is_an_anonymous_request(more: Any) -> None:
    api = world({"token": "over", "kind": "session", "user": "ada", **more})
    cookie = {"Cookie": "_gitlab_session=over"}
    assert call(api, "projects/open%2Fsource", headers=cookie).status == 200
    assert call(api, "version", headers=cookie).json == UNAUTHORIZED


# Job and deploy tokens, where an operation takes them


def who_asks(call: dsl.Call) -> dict[str, Any]:
    """Say who asks."""
    return {"user": call.user.username if call.user else None, "kind": call.token.kind if call.token else None}


def taking(*tokens: Any, job_token: bool = False, deploy_token: bool = False) -> Any:
    """Return a function that sends GET /whoami, an operation taking such tokens, to a world with these tokens."""
    api = dsl.Api("v4", "/api/v4", scopes=allowing, anyone=ANYONE, user=USER)
    api.get("whoami", job_token=job_token, deploy_token=deploy_token)(who_asks)
    known = replace(definitions(), tables=dsl.Tables({"v4": api.table}))
    worlds = world(*tokens).server.worlds
    pipeline = Pipeline(known, Routes(known, worlds.settings), lambda error: None)

    def send(**how: Any) -> tuple[int, Any]:
        environ = EnvironBuilder(path="/api/v4/whoami", **how).get_environ()
        answer = pipeline.answer(Request(environ), worlds.main)
        return answer.status, json.loads(answer.body)

    return send


JOB = {"token": "glcbt-job", "kind": "job", "user": "ada", "project": "acme/rocket"}
DEPLOY = {"token": "a-deploy", "kind": "deploy", "group": "acme", "scopes": ["read_package_registry"]}


@pytest.mark.parametrize("place", ["JOB-TOKEN", "job_token", "Bearer"])
def test_a_job_token_acts_as_its_user_where_it_is_taken(place: str) -> None:
    send = taking(JOB, job_token=True)
    assert send(**PLACES[place]("glcbt-job")) == (200, {"user": "ada", "kind": "job"})


def test_a_job_token_may_be_the_parameter_token_too() -> None:
    assert taking(JOB, job_token=True)(query_string={"token": "glcbt-job"}) == (200, {"user": "ada", "kind": "job"})


@pytest.mark.parametrize("place", ["JOB-TOKEN", "job_token"])
@pytest.mark.parametrize("change", [{"token": "glcbt-other"}, {"revoked": True}, {"expires_at": "2024-04-01"}])
def test_the_token_of_a_job_that_does_not_run_is_refused(change: Any, place: str) -> None:
    send = taking({**JOB, **change}, job_token=True)
    assert send(**PLACES[place]("glcbt-job")) == (401, UNAUTHORIZED)


def test_a_job_token_in_the_place_of_an_access_token_is_passed_over() -> None:
    send = taking(JOB, job_token=True)
    both = {"headers": {"PRIVATE-TOKEN": "glcbt-job"}, "query_string": {"token": "glcbt-job"}}
    assert send(**both) == (200, {"user": "ada", "kind": "job"})
    assert send(**PLACES["PRIVATE-TOKEN"]("glcbt-job")) == (200, {"user": None, "kind": None})


@pytest.mark.parametrize("place", ["Deploy-Token", "Bearer", "basic"])
def test_a_deploy_token_is_nobody_but_known_where_it_is_taken(place: str) -> None:
    send = taking(DEPLOY, deploy_token=True)
    assert send(**PLACES[place]("a-deploy")) == (200, {"user": None, "kind": "deploy"})


@pytest.mark.parametrize("change", [{"token": "other"}, {"revoked": True}, {"expires_at": "2024-04-01"}])
def test_a_deploy_token_that_is_over_is_passed_over(change: Any) -> None:
    send = taking({**DEPLOY, **change}, deploy_token=True)
    assert send(**PLACES["Deploy-Token"]("a-deploy")) == (200, {"user": None, "kind": None})


# What may not be used any more


def test_an_oauth_token_lives_to_its_instant() -> None:
    api = world({"token": "a", "kind": "oauth", "user": "ada", "expires_at": "2024-05-01T09:30:00Z"})
    assert call(api, "version", **PLACES["Bearer"]("a")).status == 200
    api.server.advance("30m")
    assert call(api, "version", **PLACES["Bearer"]("a")).json == EXPIRED


@pytest.mark.parametrize("kind", ["personal", "impersonation", "project", "group", "oauth"])
@pytest.mark.parametrize("path", ["version", "projects/open%2Fsource"])
def test_an_expired_token_is_refused_with_a_challenge(kind: str, path: str) -> None:
    api = world({"token": "a", "kind": kind, "expires_at": "2024-05-01", **KINDS[kind]})
    answer = call(api, path, **PLACES["Bearer"]("a"))
    assert (answer.status, answer.json) == (401, EXPIRED)
    told = f'error="invalid_token", error_description="{EXPIRED["error_description"]}"'
    assert answer.headers["WWW-Authenticate"] == f'Bearer realm="Protected by OAuth 2.0", {told}'


def test_a_token_can_be_used_until_the_day_begins_on_which_it_expires() -> None:
    api = world({"token": "a", "user": "ada", "expires_at": "2024-05-02"})
    assert call(api, "version", **PLACES["PRIVATE-TOKEN"]("a")).status == 200
    api.server.advance("15h")
    assert call(api, "version", **PLACES["PRIVATE-TOKEN"]("a")).json == EXPIRED


@pytest.mark.parametrize("kind", ["personal", "impersonation", "project", "group", "oauth"])
def test_a_revoked_token_is_refused(kind: str) -> None:
    api = world({"token": "a", "kind": kind, "revoked": True, **KINDS[kind]})
    answer = call(api, "version", **PLACES["Bearer"]("a"))
    assert (answer.status, answer.json) == (401, REVOKED)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_both_expired_and_revoked_is_expired() -> None:
    api = world({"token": "a", "user": "ada", "revoked": True, "expires_at": "2024-04-01"})
    assert call(api, "version", **PLACES["PRIVATE-TOKEN"]("a")).json == EXPIRED


def test_impersonation_can_be_switched_off() -> None:
    token = {"token": "a", "kind": "impersonation", "user": "ada"}
    answer = call(world(token, impersonation=False), "version", **PLACES["PRIVATE-TOKEN"]("a"))
    assert (answer.status, answer.json) == (401, NO_IMPERSONATION)
    assert call(world(token), "version", **PLACES["PRIVATE-TOKEN"]("a")).status == 200


def test_the_token_of_a_user_who_is_gone_is_unknown(api: Api) -> None:
    api.store.delete(api.store[User].find(username="ada"))
    assert (api.get("version", "ada").status, api.get("version", "ada").json) == (401, UNAUTHORIZED)


# Users who may not


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"state": "blocked"}, "Your account has been blocked."),
        ({"state": "ldap_blocked"}, "Your account has been blocked."),
        ({"state": "banned"}, "Your account has been blocked."),
        (
            {"state": "blocked_pending_approval"},
            "Your account is pending approval from your administrator and hence blocked.",
        ),
        (
            {"state": "deactivated"},
            "Your account has been deactivated by your administrator. Please log back in from a web browser to "
            "reactivate your account at http://localhost",
        ),
        ({"user_type": "ghost"}, "This action cannot be performed by internal users"),
        (
            {"password_expires_at": "2024-05-01T09:00:00.000Z"},
            "Your password expired. Please access GitLab from a web browser to update your password.",
        ),
    ],
)
def test_users_who_may_not_sign_in_are_told_why(api: Api, changes: Any, text: str) -> None:
    api.store.update(api.store[User].find(username="ada"), **changes)
    for path in ("version", "projects/open%2Fsource"):
        answer = api.get(path, "ada")
        assert (answer.status, answer.json) == (403, {"message": f"403 Forbidden - {text}"})


# Use


def token_of(api: Api, name: str) -> Token:
    found: Token = api.store[Token].find(value=f"{name}-token")
    return found


def test_using_a_token_notes_when_at_most_every_ten_minutes(api: Api) -> None:
    api.get("version", "ada")
    assert token_of(api, "ada").last_used_at == "2024-05-01T09:00:00.000Z"
    api.server.advance("9m")
    api.get("version", "ada")
    assert token_of(api, "ada").last_used_at == "2024-05-01T09:00:00.000Z"
    api.server.advance("1m")
    api.get("version", "ada")
    assert token_of(api, "ada").last_used_at == "2024-05-01T09:10:00.000Z"


def test_a_refused_request_leaves_its_token_as_it_was(api: Api) -> None:
    before = api.server.state()
    assert api.get("projects/acme%2Frocket", "nora").status == 404
    assert api.server.state() == before
    assert api.get("user", "nora").status == 200
    assert token_of(api, "nora").last_used_at == "2024-05-01T09:00:00.000Z"


def test_the_last_addresses_from_which_a_token_was_used_are_kept(api: Api) -> None:
    for last in (1, 2, 2, 3, 4, 5, 6, 7, 8):
        environ = {"REMOTE_ADDR": f"10.0.0.{last}"}
        call(api, "version", headers={"PRIVATE-TOKEN": "ada-token"}, environ_overrides=environ)
    assert token_of(api, "ada").last_used_ips == tuple(f"10.0.0.{last}" for last in range(2, 9))
