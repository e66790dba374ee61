"""What browsers of another origin may do: everything with the API, but without the session's cookie.

Source: GitLab's config/application.rb, and rack-cors, whose words these are.
"""

from mockgitlab.web.request import Request

METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
EXPOSED = (
    "Link, X-Total, X-Total-Pages, X-Per-Page, X-Page, X-Next-Page, X-Prev-Page, X-Gitlab-Blob-Id, X-Gitlab-Commit-Id, "
    "X-Gitlab-Content-Sha256, X-Gitlab-Encoding, X-Gitlab-File-Name, X-Gitlab-File-Path, X-Gitlab-Last-Commit-Id, "
    "X-Gitlab-Ref, X-Gitlab-Size, X-Request-Id, ETag"
)
MAX_AGE = "7200"


def is_preflight(request: Request) -> bool:
    """Tell whether a browser asks whether it may send a request to the API."""
    asks = request.headers.get("Origin") and request.headers.get("Access-Control-Request-Method")
    return bool(asks) and request.method == "OPTIONS" and request.path.startswith("/api/")


def of_preflight(request: Request) -> dict[str, str]:
    """Return what a preflight is told besides what every answer has."""
    wanted = request.headers.get("Access-Control-Request-Headers")
    return {"Access-Control-Allow-Headers": wanted} if wanted else {}


def of_answer(request: Request) -> dict[str, str]:
    """Return the headers of an answer of the API to a browser; nothing to others."""
    origin = request.headers.get("Origin")
    if not origin or not request.path.startswith("/api/"):
        return {}
    own = origin == request.base.partition("/@")[0]
    shared = {
        "Access-Control-Allow-Origin": origin if own else "*",
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Expose-Headers": EXPOSED,
        "Access-Control-Max-Age": MAX_AGE,
    }
    return {**shared, "Access-Control-Allow-Credentials": "true"} if own else shared
