"""The errors of GitLab's API, each with the status and the body that GitLab gives it.

    ApiError
    ├── BadRequest                400  a message of its own
    │   ├── MissingParameters     400  a required parameter was not given
    │   ├── InvalidParameters     400  a parameter is of the wrong type or value
    │   └── ValidationFailed      400  the record did not pass its validations
    ├── Unauthorized              401
    │   └── InvalidToken          401  the token is expired, revoked or malformed (OAuth's wording)
    ├── Forbidden                 403
    │   └── InsufficientScope     403  the token lacks a scope (OAuth's wording)
    ├── NotFound                  404  a record is missing, or hidden from this user
    │   └── RecordNotFound        404  the same, of a record looked up by number
    ├── RouteNotFound             404  no operation has this path
    ├── MethodNotAllowed          405
    ├── NotAcceptable             406
    ├── Conflict                  409
    ├── ApiRemoved                410  /api/v3 on an instance that no longer has it
    ├── PreconditionFailed        412
    ├── PayloadTooLarge           413
    ├── UriTooLong                414
    ├── UnsupportedMediaType      415
    ├── Unprocessable             422
    ├── TooManyRequests           429
    └── NotBuilt                  501  GitLab has this operation, mockgitlab does not have it yet

Bodies come in two styles: ``documented``, as GitLab's documents show them, and ``observed``, as a live GitLab sends
them.
Source: https://docs.gitlab.com/api/rest/troubleshooting/ and GitLab's lib/api/helpers.rb.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

Style = Literal["documented", "observed"]


class ApiError(Exception):
    """An answer that refuses a request.

    ``reason`` explains the refusal to the developer of the client; it goes into the header ``X-Mockgitlab-Reason`` and
    never into the body, which stays GitLab's.
    """

    status = 400
    message: Any = "400 Bad request"

    def __init__(self, message: Any = None, *, reason: str = "", headers: Mapping[str, str] | None = None) -> None:
        if message is not None:
            self.message = message
        self.reason = reason
        self.headers = dict(headers or {})
        super().__init__(self.message)

    def body(self, style: Style) -> Any:
        """Return the JSON body of the answer."""
        return {"message": self.message}

    def text(self, style: Style) -> str:
        """Return the body where it is plain text; empty when it is JSON."""
        return ""


class BadRequest(ApiError):
    """The request makes no sense to this operation."""


class MissingParameters(BadRequest):
    """Required parameters were not given; the documents name only the first.

    ``problems`` are all that Grape found, in its order and words; without them, only that the parameters are missing.
    """

    def __init__(self, names: Sequence[str], *, problems: Sequence[str] = (), reason: str = "") -> None:
        super().__init__(f'400 (Bad request) "{names[0]}" not given', reason=reason)
        self.problems = tuple(problems) or tuple(f"{name} is missing" for name in names)

    def body(self, style: Style) -> Any:
        """Return GitLab's documented message, or the one Grape sends."""
        if style == "documented":
            return super().body(style)
        return {"error": ", ".join(self.problems)}


class GrapeError(ApiError):
    """Base of the refusals that come from Grape, GitLab's web framework: their body has the key ``error``."""

    def body(self, style: Style) -> Any:
        """Return the message under Grape's key ``error``."""
        return {"error": self.message}


class InvalidParameters(GrapeError, BadRequest):
    """Parameters did not fit their declaration.

    ``problems`` are sentences such as ``state does not have a valid value``.
    """

    def __init__(self, problems: Iterable[str], *, reason: str = "") -> None:
        super().__init__(", ".join(problems), reason=reason)


class ValidationFailed(BadRequest):
    """A record did not pass its validations: ``{"title": ["can't be blank"]}``, nested for embedded records."""

    def __init__(self, errors: Mapping[str, Any], *, reason: str = "") -> None:
        super().__init__(dict(errors), reason=reason)


class Unauthorized(ApiError):
    """No token was given, or it is not known."""

    status = 401
    message = "401 Unauthorized"


class InvalidToken(Unauthorized):
    """The token is known and may not be used any more; answered in the words of OAuth 2 (RFC 6750)."""

    def __init__(self, description: str, *, reason: str = "") -> None:
        challenge = f'Bearer realm="Protected by OAuth 2.0", error="invalid_token", error_description="{description}"'
        super().__init__(description, reason=reason, headers={"WWW-Authenticate": challenge})

    def body(self, style: Style) -> Any:
        """Return OAuth's error and its description."""
        return {"error": "invalid_token", "error_description": self.message}


class Forbidden(ApiError):
    """The user is known and may not do this."""

    status = 403
    message = "403 Forbidden"

    def __init__(self, detail: str = "", *, reason: str = "") -> None:
        super().__init__(f"403 Forbidden - {detail}" if detail else None, reason=reason)


class InsufficientScope(Forbidden):
    """The token lacks every scope with which this operation may be called; answered in the words of OAuth 2."""

    description = "The request requires higher privileges than provided by the access token."

    def __init__(self, scopes: Sequence[str], *, reason: str = "") -> None:
        super().__init__(reason=reason)
        self.scope = " ".join(scopes)

    def body(self, style: Style) -> Any:
        """Return OAuth's error, its description and the scopes that would do."""
        return {"error": "insufficient_scope", "error_description": self.description, "scope": self.scope}


class NotFound(ApiError):
    """A record does not exist, or this user may not know that it does: ``404 Project Not Found``."""

    status = 404

    def __init__(self, what: str = "", *, reason: str = "") -> None:
        super().__init__(f"404 {what} Not Found" if what else "404 Not Found", reason=reason)


class RecordNotFound(NotFound):
    """A record was looked up by number and is not there; GitLab writes ``found`` small here."""

    def __init__(self, *, reason: str = "") -> None:
        super().__init__(reason=reason)
        self.message = "404 Not found"


class RouteNotFound(GrapeError):
    """No operation of the API has this path."""

    status = 404
    message = "404 Not Found"


class ApiRemoved(GrapeError):
    """The version of the API is no longer served by this instance."""

    status = 410
    message = "API V3 is no longer supported. Use API V4 instead."


class MethodNotAllowed(ApiError):
    """The path is known and does not take this method."""

    status = 405
    message = "405 Not Allowed"

    def __init__(self, allowed: Sequence[str] = (), message: str | None = None, *, reason: str = "") -> None:
        super().__init__(message, reason=reason, headers={"Allow": ", ".join(allowed)} if allowed else None)
        self.from_route = message is None

    def body(self, style: Style) -> Any:
        """Return Grape's body for a wrong method, GitLab's for a record that does not take it."""
        return {"error": self.message} if self.from_route else super().body(style)


class NotAcceptable(ApiError):
    """The answer cannot be given as the client wants it."""

    status = 406
    message = "406 Not Acceptable"


class Conflict(ApiError):
    """Another record already stands where this one would."""

    status = 409
    message = "409 Conflict"


class PreconditionFailed(ApiError):
    """The record changed after the date given in ``If-Unmodified-Since``."""

    status = 412
    message = "412 Precondition Failed"


class PayloadTooLarge(GrapeError):
    """The request body is larger than this server takes."""

    status = 413
    message = "413 Request Entity Too Large"


class UriTooLong(GrapeError):
    """The request line is longer than this server takes."""

    status = 414
    message = "414 Request-URI Too Large"


class UnsupportedMediaType(GrapeError):
    """The body is of a kind from which no parameters can be read."""

    status = 415

    def __init__(self, media_type: str, *, reason: str = "") -> None:
        super().__init__(f"The provided content-type '{media_type}' is not supported.", reason=reason)


class Unprocessable(ApiError):
    """The request is well formed and cannot be carried out."""

    status = 422
    message = "422 Unprocessable Entity"


class TooManyRequests(ApiError):
    """The caller made more requests in a time than are allowed; ``said`` is sent as plain text in place of JSON."""

    status = 429
    message = "429 Too Many Requests"
    said = ""

    def text(self, style: Style) -> str:
        """Return what a live GitLab sends in place of JSON."""
        return self.said or ("Retry later\n" if style == "observed" else "")


class NotBuilt(ApiError):
    """GitLab has this operation and mockgitlab does not answer it yet."""

    status = 501

    def __init__(self, operation: str) -> None:
        super().__init__(
            f"501 Not Implemented: GitLab has {operation}, mockgitlab does not answer it yet",
            reason=f"{operation} is known but not built; a stub in the scenario can answer it meanwhile",
        )
