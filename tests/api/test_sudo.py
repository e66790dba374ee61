from typing import Any

import pytest

from tests.support import WORLD, Answer, Api

MUST_BE_ADMIN = {"message": "403 Forbidden - Must be admin to use sudo"}
MUST_HAVE_SCOPE = {
    "error": "insufficient_scope",
    "error_description": "The request requires higher privileges than provided by the access token.",
    "scope": "sudo",
}


def world(*tokens: Any) -> Api:
    return Api({**WORLD, "tokens": [*WORLD["tokens"], *tokens]})


def whose(answer: Answer) -> int:
    """Return the id of the user as whom the call was made, from the tokens that it lists."""
    assert answer.status == 200, answer
    (user_id,) = {token["user_id"] for token in answer.json}
    return int(user_id)


@pytest.mark.parametrize("wanted", ["2", "ada", "ADA", "Ada"])
def test_an_administrator_acts_as_the_user_of_a_parameter_or_header(api: Api, wanted: str) -> None:
    assert whose(api.get("personal_access_tokens", sudo=wanted)) == 2
    assert whose(api.get("personal_access_tokens", headers={"Sudo": wanted})) == 2
    assert whose(api.get("personal_access_tokens", headers={"SUDO": wanted})) == 2


def test_the_parameter_wins_over_the_header(api: Api) -> None:
    assert whose(api.get("personal_access_tokens", headers={"Sudo": "bob"}, sudo="ada")) == 2


def test_the_parameter_may_be_in_the_body(api: Api) -> None:
    answer = api.post("user/personal_access_tokens", sudo=2, name="x", scopes=["k8s_proxy"])
    assert (answer.status, answer.json["user_id"]) == (201, 2)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [("", ""), (" ", " "), ("nobody", "nobody"), ("42", "42"), ("2.0", "2.0"), ("-2", "-2"), ("bób", "bób")],
)
def test_sudo_to_nobody_names_whom_it_wants(api: Api, wanted: str, told: str) -> None:
    expected = {"message": f"404 User with ID or username '{told}' Not Found"}
    answer = api.get("personal_access_tokens", sudo=wanted)
    assert (answer.status, answer.json) == (404, expected)


@pytest.mark.parametrize(("wanted", "told"), [("", ""), (" ", ""), ("bób", "bób")])
def test_a_header_to_nobody_is_refused_alike(api: Api, wanted: str, told: str) -> None:
    answer = api.get("personal_access_tokens", headers={"Sudo": wanted.encode().decode("latin-1")})
    assert (answer.status, answer.json) == (404, {"message": f"404 User with ID or username '{told}' Not Found"})
    assert api.get("personal_access_tokens", "ada", headers={"Sudo": wanted.encode().decode("latin-1")}).status == 403


def test_a_list_names_nobody(api: Api) -> None:
    answer = api.get("personal_access_tokens", **{"sudo[]": "ada"})
    assert (answer.status, answer.json) == (404, {"message": "404 User with ID or username '[\"ada\"]' Not Found"})


@pytest.mark.parametrize("none", [None, False])
def test_null_is_no_sudo(api: Api, none: bool | None) -> None:
    assert api.post("user/personal_access_tokens", sudo=none, name="x", scopes=["k8s_proxy"]).json["user_id"] == 1


def test_a_rate_limit_counts_for_who_asks_not_for_whom_sudo_names() -> None:
    api = Api({**WORLD, "gitlab": {"limits": {"requests_per_minute": 2}}})
    statuses = [api.get("version", sudo=name).status for name in ("ada", "bob", "rex")]
    assert (statuses, api.get("version", "ada").status) == ([200, 200, 429], 200)


def test_sudo_needs_a_token(api: Api) -> None:
    answer = api.get("projects/open%2Fsource", None, sudo="ada")
    assert (answer.status, answer.json) == (401, {"message": "401 Unauthorized"})


def test_sudo_is_for_administrators(api: Api) -> None:
    answer = api.get("personal_access_tokens", "ada", sudo="bob")
    assert (answer.status, answer.json) == (403, MUST_BE_ADMIN)


def test_sudo_to_oneself_is_for_administrators_too(api: Api) -> None:
    assert api.get("personal_access_tokens", "ada", sudo="ada").json == MUST_BE_ADMIN


def test_sudo_needs_its_scope() -> None:
    api = world({"token": "plain-token", "user": "root", "scopes": ["api"]})
    answer = api.get("personal_access_tokens", "plain", sudo="ada")
    assert (answer.status, answer.json) == (403, MUST_HAVE_SCOPE)


def test_a_session_cannot_sudo() -> None:
    api = world({"token": "cookie", "kind": "session", "user": "root"})
    answer = api.get("personal_access_tokens", None, headers={"Cookie": "_gitlab_session=cookie"}, sudo="ada")
    text = "403 Forbidden - Must be authenticated using an OAuth or personal access token to use sudo"
    assert (answer.status, answer.json) == (403, {"message": text})


def test_an_oauth_token_with_the_scope_can_sudo() -> None:
    api = world({"token": "o", "kind": "oauth", "user": "root", "scopes": ["sudo"]})
    assert whose(api.get("personal_access_tokens", None, headers={"Authorization": "Bearer o"}, sudo="ada")) == 2


@pytest.mark.parametrize("wanted", ["123", "nobody", "Zoë", "0"])
def test_sudo_to_nobody_is_not_found(api: Api, wanted: str) -> None:
    answer = api.get("personal_access_tokens", sudo=wanted)
    assert (answer.status, answer.json) == (404, {"message": f"404 User with ID or username '{wanted}' Not Found"})


def test_sudo_is_carried_out_with_the_rights_of_the_other_user(api: Api) -> None:
    answer = api.get("projects/acme%2Frocket", sudo="nora")
    assert (answer.status, answer.json) == (404, {"message": "404 Project Not Found"})
    refused = api.post("users/3/personal_access_tokens", sudo="ada", name="x", scopes=["api"])
    assert (refused.status, refused.json) == (403, {"message": "403 Forbidden"})


def test_the_scope_sudo_is_enough_to_act_as_another_user_and_not_as_oneself() -> None:
    api = world({"token": "only-token", "user": "root", "scopes": ["sudo"]})
    assert whose(api.get("personal_access_tokens", "only", sudo="ada")) == 2
    answer = api.get("personal_access_tokens", "only", sudo="root")
    assert (answer.status, answer.json) == (403, {**MUST_HAVE_SCOPE, "scope": "api read_api"})


def test_an_expired_token_is_expired_before_anything_else() -> None:
    api = world({"token": "old-token", "user": "ada", "expires_at": "2024-01-01"})
    answer = api.get("personal_access_tokens", "old", sudo="nobody")
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")


def test_a_blocked_administrator_cannot_sudo(api: Api) -> None:
    from mockgitlab.api.models.user import User

    api.store.update(api.store[User][1], state="blocked")
    answer = api.get("personal_access_tokens", sudo="ada")
    assert answer.json == {"message": "403 Forbidden - Your account has been blocked."}


def test_the_state_of_the_other_user_does_not_matter(api: Api) -> None:
    from mockgitlab.api.models.user import User

    api.store.update(api.store[User].find(username="ada"), state="blocked")
    assert whose(api.get("personal_access_tokens", sudo="ada")) == 2
