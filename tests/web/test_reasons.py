from typing import Any

import pytest

from mockgitlab.errors import ApiError, Conflict, ValidationFailed
from mockgitlab.web.reasons import compare, header_text, of_refusal
from tests.support import WORLD, Api
from tests.web.zoo import Zoo


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("projects/acme/rocket", "projects/acme%2Frocket"),
        ("projects/acme/labs/x/issues/1", "projects/acme%2Flabs%2Fx/issues/1"),
        ("projects/1/repository/files/src/main.py", "projects/1/repository/files/src%2Fmain.py"),
    ],
)
def test_a_slash_that_is_not_encoded_is_told_with_the_path_that_was_meant(api: Api, path: str, meant: str) -> None:
    answer = api.get(path)
    assert (answer.status, answer.json) == (404, {"error": "404 Not Found"})
    told = f"no route /api/v4/{path}; a slash inside an id or path must be written %2F: /api/v4/{meant}"
    assert answer.headers["X-Mockgitlab-Reason"] == api.server.journal[0].reason == told


def test_an_unknown_route_is_compared_with_the_nearest(api: Api) -> None:
    api.get("projects/1/isues")
    told = "GET /api/v4/projects/:id/issues (method ✓, api ✓, v4 ✓, projects ✓, :id ✓, isues ✗ issues)"
    assert told in api.server.journal[0].reason
    assert "isues [no] issues" in api.get("projects/1/isues").headers["X-Mockgitlab-Reason"]


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/api/v4/a/1/b", "GET /api/v4/a/:id/b (method ✓, api ✓, v4 ✓, a ✓, :id ✓, b ✓)"),
        ("POST", "/v4/a/1/b", "GET /api/v4/a/:id/b (method ✗ GET/PUT, missing ✗ api, v4 ✓, a ✓, :id ✓, b ✓)"),
        ("GET", "/api/v4/a/1/b/c", "GET /api/v4/a/:id/b (method ✓, api ✓, v4 ✓, a ✓, :id ✓, b ✓, c ✗ not in it)"),
    ],
)
def test_a_request_is_compared_with_a_route_by_criteria(method: str, path: str, told: str) -> None:
    assert compare("api/v4/a/:id/b", ("GET", "PUT"), method, path) == told


@pytest.mark.parametrize("name", ["a%20b", "", "x" * 101])
def test_a_name_that_no_sandbox_can_have_is_told(name: str) -> None:
    reason = Api(WORLD, prefix="").get(f"/@{name}/api/v4/version").headers["X-Mockgitlab-Reason"]
    assert "the name of a sandbox has up to 100 letters, digits, '.', '_' and '-'" in reason


@pytest.mark.parametrize(
    ("method", "path", "nearest"),
    [
        ("GET", "user.xml", "GET /api/v4/user (method [ok], api [ok], v4 [ok], user.xml [no] user)"),
        ("HEAD", "user%3Fx=1", "GET /api/v4/user (method [ok], api [ok], v4 [ok], user%3Fx=1 [no] user)"),
        ("GET", "projects/1/issues;state=closed", "GET /api/v4/projects/:id/issues (method [ok]"),
    ],
)
def test_what_stands_behind_a_word_does_not_hide_it(api: Api, method: str, path: str, nearest: str) -> None:
    reason = Api(WORLD, prefix="").request(method, f"/api/v4/{path}").headers["X-Mockgitlab-Reason"]
    assert f"the nearest is {nearest}" in reason


def test_a_path_far_from_all_is_told_where_the_api_is(api: Api) -> None:
    api = Api(WORLD, prefix="")
    assert api.get("/wp-admin").headers["X-Mockgitlab-Reason"] == "no route /wp-admin; the API is below /api/v4"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("projects/acme%2Frocket%2fissues", "there is acme/rocket, and the slash after it is not to be"),
        ("projects/acme%2Frocket%2Frepository/tree", "/api/v4/projects/acme%2Frocket/repository/tree"),
        ("projects/acme/labs/rocket/issues", "/api/v4/projects/acme%2Flabs%2Frocket/issues"),
        ("projects/acme%2Flabs/rocket/issues", "/api/v4/projects/acme%2Flabs%2Frocket/issues"),
        ("projects/1/repository/branches/%FF", "branches/%FF has bytes that are no UTF-8, in which names"),
        ("projects/acme%2Frockett", "there is no project acme/rockett; the nearest is acme/rocket"),
        ("groups/acm/members", "there is no group acm; the nearest is acme"),
        ("projects/99", "there is no project 99"),
        ("projects/acme%252Frocket", "there is no project acme%2Frocket; its slash was encoded twice"),
    ],
)
def test_a_path_that_is_encoded_in_the_wrong_way_is_told_the_right_one(path: str, told: str) -> None:
    assert told in Api(WORLD, prefix="").get(f"/api/v4/{path}").headers["X-Mockgitlab-Reason"]


def test_a_wrong_method_is_told_those_that_there_are(api: Api) -> None:
    answer = api.request("PATCH", "projects/1")
    assert answer.headers["X-Mockgitlab-Reason"] == "this path takes DELETE, GET, HEAD, OPTIONS, PUT, not PATCH"


def test_an_expired_token_is_told_for_how_long(api: Api) -> None:
    token = {"token": "old", "name": "old", "user": "ada", "scopes": ["api"], "expires_at": "2024-04-30"}
    api = Api(WORLD, {"mockgitlab": 1, "tokens": [token]})
    answer = api.request("GET", "user", None, headers={"Private-Token": "old"})
    told = "the token old expired at 2024-04-30, 1d 9h ago: the clock stands at 2024-05-01T09:00:00.000Z"
    assert (answer.status, answer.headers["X-Mockgitlab-Reason"]) == (401, told)
    assert (api.server.journal[0].user, api.server.journal[0].token) == ("ada", "old")


def test_a_missing_scope_is_told_with_those_that_there_are(api: Api) -> None:
    token = {"token": "few", "name": "few", "user": "ada", "scopes": ["read_user"]}
    api = Api(WORLD, {"mockgitlab": 1, "tokens": [token]})
    answer = api.request("POST", "projects", None, headers={"Private-Token": "few"}, name="x")
    told = "the token few has the scopes read_user; one of api"
    assert (answer.status, answer.headers["X-Mockgitlab-Reason"][: len(told)]) == (403, told)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValidationFailed({"path": ["is taken", "is bad"], "a": {"b": ["c"]}}), "path is taken, path is bad, a.b c"),
        (Conflict("gone"), "gone"),
        (Conflict("gone", reason="deleted before"), "deleted before"),
        (ApiError({}), "400"),
    ],
)
def test_an_error_without_a_reason_says_what_gitlab_says(error: ApiError, told: str) -> None:
    assert of_refusal(error, None) == told


def test_every_refusal_has_a_reason_that_names_the_operation() -> None:
    answer = Zoo().get("keepers/1/animals/99")
    assert answer.headers["X-Mockgitlab-Reason"] == "GET /keepers/:id/animals/:animal_iid: 404 Animal Not Found"


@pytest.mark.parametrize(
    ("text", "shown"), [("a → b ✓", "a -> b [ok]"), ("ü\n✂", r"\xfc\n\u2702"), ("x" * 600, "x" * 500)]
)
def test_a_header_is_one_line_of_ascii(text: str, shown: Any) -> None:
    assert header_text(text) == shown
