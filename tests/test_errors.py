from typing import Any

import pytest

from mockgitlab import errors
from mockgitlab.errors import ApiError

BOTH: list[tuple[ApiError, int, Any]] = [
    (errors.BadRequest(), 400, {"message": "400 Bad request"}),
    (errors.BadRequest("400 Bad request - no"), 400, {"message": "400 Bad request - no"}),
    (errors.InvalidParameters(["a is invalid", "b is empty"]), 400, {"error": "a is invalid, b is empty"}),
    (errors.ValidationFailed({"title": ["can't be blank"]}), 400, {"message": {"title": ["can't be blank"]}}),
    (errors.Unauthorized(), 401, {"message": "401 Unauthorized"}),
    (
        errors.InvalidToken("Token was revoked."),
        401,
        {"error": "invalid_token", "error_description": "Token was revoked."},
    ),
    (errors.Forbidden(), 403, {"message": "403 Forbidden"}),
    (errors.Forbidden("Must be admin"), 403, {"message": "403 Forbidden - Must be admin"}),
    (
        errors.InsufficientScope(["api", "read_api"]),
        403,
        {
            "error": "insufficient_scope",
            "error_description": "The request requires higher privileges than provided by the access token.",
            "scope": "api read_api",
        },
    ),
    (errors.NotFound(), 404, {"message": "404 Not Found"}),
    (errors.NotFound("Project"), 404, {"message": "404 Project Not Found"}),
    (errors.RecordNotFound(), 404, {"message": "404 Not found"}),
    (errors.RouteNotFound(), 404, {"error": "404 Not Found"}),
    (errors.MethodNotAllowed(["GET"]), 405, {"error": "405 Not Allowed"}),
    (errors.MethodNotAllowed(message="Moved"), 405, {"message": "Moved"}),
    (errors.NotAcceptable(), 406, {"message": "406 Not Acceptable"}),
    (errors.Conflict(), 409, {"message": "409 Conflict"}),
    (errors.ApiRemoved(), 410, {"error": "API V3 is no longer supported. Use API V4 instead."}),
    (errors.PreconditionFailed(), 412, {"message": "412 Precondition Failed"}),
    (errors.PayloadTooLarge(), 413, {"error": "413 Request Entity Too Large"}),
    (errors.UriTooLong(), 414, {"error": "414 Request-URI Too Large"}),
    (errors.UnsupportedMediaType("a/b"), 415, {"error": "The provided content-type 'a/b' is not supported."}),
    (errors.Unprocessable(), 422, {"message": "422 Unprocessable Entity"}),
    (errors.TooManyRequests(), 429, {"message": "429 Too Many Requests"}),
    (
        errors.NotBuilt("GET /later"),
        501,
        {"message": "501 Not Implemented: GitLab has GET /later, mockgitlab does not answer it yet"},
    ),
]


@pytest.mark.parametrize(("error", "status", "body"), BOTH, ids=lambda value: type(value).__name__)
def test_an_error_has_gitlabs_status_and_body(error: ApiError, status: int, body: Any) -> None:
    assert (error.status, error.body("documented"), error.body("observed")) == (status, body, body)


def test_every_error_is_in_this_table() -> None:
    def below(kind: type[ApiError]) -> set[type[ApiError]]:
        own = {kind} if kind.__module__ == "mockgitlab.errors" else set()
        return own.union(*map(below, kind.__subclasses__()))

    tested = {type(error) for error, _, _ in BOTH} | {ApiError, errors.GrapeError, errors.MissingParameters}
    assert below(ApiError) == tested


def test_missing_parameters_differ_between_documents_and_servers() -> None:
    error = errors.MissingParameters(["title", "id"])
    assert error.body("documented") == {"message": '400 (Bad request) "title" not given'}
    assert error.body("observed") == {"error": "title is missing, id is missing"}


def test_too_many_requests_are_plain_text_on_servers() -> None:
    error = errors.TooManyRequests()
    assert (error.text("documented"), error.text("observed")) == ("", "Retry later\n")


def test_a_wrong_method_says_what_is_allowed() -> None:
    assert errors.MethodNotAllowed(["GET", "HEAD"]).headers == {"Allow": "GET, HEAD"}
    assert errors.MethodNotAllowed(message="Moved").headers == {}


def test_a_spent_token_is_challenged_in_oauths_words() -> None:
    assert errors.InvalidToken("It expired.").headers["WWW-Authenticate"] == (
        'Bearer realm="Protected by OAuth 2.0", error="invalid_token", error_description="It expired."'
    )


def test_the_reason_is_kept_out_of_the_body() -> None:
    error = errors.NotFound("Project", reason="it is private")
    assert error.reason == "it is private"
    assert "private" not in str(error.body("documented"))
