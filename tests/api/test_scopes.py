from typing import Any

import pytest

from mockgitlab.api.models.user import User
from mockgitlab.api.scopes import allowing
from tests.support import WORLD, Answer, Api

DESCRIPTION = "The request requires higher privileges than provided by the access token."


def call(scope: str, method: str, path: str, **given: Any) -> Answer:
    """Call as ada with a token that has this scope alone."""
    api = Api({**WORLD, "tokens": [*WORLD["tokens"], {"token": "one-token", "user": "ada", "scopes": [scope]}]})
    return api.request(method, path, "one", **given)


def insufficient(scope: str) -> dict[str, str]:
    return {"error": "insufficient_scope", "error_description": DESCRIPTION, "scope": scope}


@pytest.mark.parametrize(
    ("scope", "method", "path", "refused"),
    [
        ("api", "GET", "projects/acme%2Frocket", ""),
        ("api", "POST", "projects/acme%2Frocket/access_tokens", ""),
        ("read_api", "GET", "projects/acme%2Frocket", ""),
        ("read_api", "POST", "projects/acme%2Frocket/access_tokens", "api read_api"),
        ("read_api", "GET", "version", ""),
        ("read_user", "GET", "version", ""),
        ("read_user", "GET", "metadata", ""),
        ("read_user", "GET", "projects/acme%2Frocket", "api read_api"),
        ("read_user", "GET", "personal_access_tokens", "api read_api"),
        ("read_user", "GET", "personal_access_tokens/self", ""),
        ("read_user", "POST", "user/personal_access_tokens", "read_user api read_api"),
        ("read_repository", "GET", "version", "read_user api read_api"),
        ("read_repository", "GET", "personal_access_tokens/self", ""),
        ("sudo", "GET", "personal_access_tokens/self/associations", ""),
        ("sudo", "GET", "version", "read_user api read_api"),
        ("k8s_proxy", "DELETE", "personal_access_tokens/self", ""),
        ("self_rotate", "POST", "personal_access_tokens/self/rotate", ""),
        ("read_api", "POST", "personal_access_tokens/self/rotate", "api self_rotate api read_api"),
        ("self_rotate", "POST", "personal_access_tokens/2/rotate", "api read_api"),
    ],
)
def test_a_scope_allows_what_it_is_for(scope: str, method: str, path: str, refused: str) -> None:
    given = {"name": "x", "scopes": ["k8s_proxy"]} if method == "POST" else {}
    answer = call(scope, method, path, **given)
    if refused:
        assert (answer.status, answer.json) == (403, insufficient(refused))
        assert "WWW-Authenticate" not in answer.headers
    else:
        assert answer.status in (200, 201, 204, 400)


def test_a_token_needs_one_of_the_scopes_even_on_public_data() -> None:
    answer = call("read_user", "GET", "projects/open%2Fsource")
    assert (answer.status, answer.json) == (403, insufficient("api read_api"))


def test_the_state_of_the_user_is_told_before_missing_scopes() -> None:
    api = Api({**WORLD, "tokens": [{"token": "one-token", "user": "ada", "scopes": ["read_user"]}]})
    api.store.update(api.store[User].find(username="ada"), state="blocked")
    answer = api.get("projects/open%2Fsource", "one")
    assert answer.json == {"message": "403 Forbidden - Your account has been blocked."}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "projects/:id/issues", ("api", "read_api")),
        ("POST", "projects/:id/issues", ("api",)),
        ("GET", "users", ("read_user", "api", "read_api")),
        ("GET", "users/:id/keys", ("read_user", "api", "read_api")),
        ("GET", "user", ("read_user", "api", "read_api")),
        ("GET", "user_counts", ("api", "read_api")),
        ("GET", "users/:user_id/projects", ("api", "read_api")),
        ("GET", "users/:user_id/starred_projects", ("api", "read_api")),
        ("GET", "events", ("read_user", "api", "read_api")),
        ("GET", "projects/:id/events", ("api", "read_api")),
        ("POST", "user/runners", ("create_runner", "api")),
        ("PUT", "runners/:id", ("manage_runner", "api")),
        ("GET", "projects/:id/repository/files/:file_path/raw", ("read_repository", "api", "read_api")),
        ("PUT", "projects/:id/repository/files/:file_path", ("api",)),
        ("POST", "groups/:id/access_tokens/self/rotate", ("api", "self_rotate")),
    ],
)
def test_the_scopes_of_an_operation_follow_from_its_page(method: str, path: str, expected: tuple[str, ...]) -> None:
    assert allowing(method, path) == expected


def test_what_is_not_built_says_so_whatever_the_scopes(api: Api) -> None:
    answer = api.get("geo_nodes", "ada")
    assert answer.status == 501, answer
