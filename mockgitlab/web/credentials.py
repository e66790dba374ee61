"""Where a request may carry a secret, in GitLab's order of precedence.

Source: https://docs.gitlab.com/api/rest/authentication/ and GitLab's lib/gitlab/auth/auth_finders.rb.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

from mockgitlab.dsl import Credential
from mockgitlab.web.request import Headers

COOKIE = "_gitlab_session"
_HEADERS = (
    *("HTTP_AUTHORIZATION", "HTTP_DEPLOY_TOKEN", "HTTP_PRIVATE_TOKEN", "HTTP_JOB_TOKEN"),
    *("HTTP_X_CSRF_TOKEN", "HTTP_COOKIE", "HTTP_X_NUGET_APIKEY"),
)
_PARAMETERS = ("access_token", "bearer_token", "private_token", "job_token", "token")
"""Where a secret may stand in the environ, and in the parameters."""


def credentials_of(
    method: str, environ: Mapping[str, Any], sent: Mapping[str, Any], *, job_token: bool, deploy_token: bool
) -> tuple[Credential, ...]:
    """Return the secrets that a request carries; most carry the same headers as the one before."""
    carried = tuple(map(environ.get, _HEADERS))
    if sent.keys().isdisjoint(_PARAMETERS):
        return _in_headers(method, carried, job_token, deploy_token)
    headers = Headers(environ)
    return tuple(find_credentials(method, headers, sent, job_token=job_token, deploy_token=deploy_token))


@lru_cache(maxsize=256)
def _in_headers(
    method: str, carried: tuple[str | None, ...], job_token: bool, deploy_token: bool
) -> tuple[Credential, ...]:
    headers = Headers(dict(zip(_HEADERS, carried, strict=True)))
    return tuple(find_credentials(method, headers, {}, job_token=job_token, deploy_token=deploy_token))


def find_credentials(
    method: str, headers: Mapping[str, str], sent: Mapping[str, Any], *, job_token: bool, deploy_token: bool
) -> Iterator[Credential]:
    """Yield the secrets that a request carries, in the order in which GitLab tries them; blank ones do not count.

    Job and deploy tokens count only where the operation takes them; a session's cookie counts for reading, and for
    writing only with the header ``X-CSRF-Token``. A bearer is tried as an OAuth token first, then as an access token.
    """
    bearer = _bearer(headers, sent)
    if deploy_token and (secret := _deploy(headers) or bearer or _key(headers)):
        yield Credential("deploy_token", secret)
    if bearer:
        yield Credential("bearer", bearer)
    if secret := _private(headers, sent) or bearer:
        yield Credential("private_token", secret)
    if job_token and (secret := _job(headers, sent)):
        yield Credential("job_token", secret)
    if _verified(method, headers) and (secret := _session(headers)):
        yield Credential("session", secret)
    if basic := _basic(headers):
        yield basic
    if secret := _key(headers):
        yield Credential("key", secret)


def explain(method: str, headers: Mapping[str, str], sent: Mapping[str, Any]) -> str:
    """Say why what a request carries identifies nobody."""
    if _session(headers) and not _verified(method, headers):
        return f"the cookie {COOKIE} counts for writing only together with the header X-CSRF-Token"
    if _text(sent.get("job_token")) or _header(headers, "Job-Token"):
        return "a job token is given, and this operation takes none"
    if _header(headers, "Deploy-Token"):
        return "a deploy token is given, and this operation takes none"
    if _basic(headers):
        return "basic authentication is given, and the API takes tokens: PRIVATE-TOKEN or Authorization: Bearer"
    if _session(headers):
        return f"no session has the cookie {COOKIE} that is given"
    return "the request carries no token"


def _bearer(headers: Mapping[str, str], sent: Mapping[str, Any]) -> str:
    authorization = _header(headers, "Authorization")
    if not authorization and "access_token" not in sent and "bearer_token" not in sent:
        return ""
    scheme, _, secret = authorization.partition(" ")
    return (
        _text(sent.get("access_token"))
        or (secret if scheme.lower() == "bearer" else "")
        or _text(sent.get("bearer_token"))
    )


def _deploy(headers: Mapping[str, str]) -> str:
    basic = _basic(headers)
    return (basic.secret if basic else "") or _header(headers, "Deploy-Token")


def _private(headers: Mapping[str, str], sent: Mapping[str, Any]) -> str:
    given = _text(sent["private_token"]) if "private_token" in sent else ""
    return given or _header(headers, "Private-Token")


def _job(headers: Mapping[str, str], sent: Mapping[str, Any]) -> str:
    return _text(sent.get("job_token")) or _text(sent.get("token")) or _header(headers, "Job-Token")


def _key(headers: Mapping[str, str]) -> str:
    """Return the bare token that gem and NuGet send, where the operation takes a token as a password."""
    authorization = _header(headers, "Authorization")
    bare = " " not in authorization and authorization.lower() not in ("basic", "bearer")
    return (authorization if bare else "") or _header(headers, "X-NuGet-ApiKey")


def _verified(method: str, headers: Mapping[str, str]) -> bool:
    return method in ("GET", "HEAD") or bool(_header(headers, "X-Csrf-Token"))


def _session(headers: Mapping[str, str]) -> str:
    """Return the first cookie of that name, whatever stands beside it, as Rack does."""
    for cookie in _header(headers, "Cookie").split(";"):
        name, _, value = cookie.strip().partition("=")
        if name == COOKIE:
            return unquote_plus(value).strip()
    return ""


def _basic(headers: Mapping[str, str]) -> Credential | None:
    scheme, _, encoded = _header(headers, "Authorization").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        username, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return Credential("basic", secret, username)


def _header(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name, "").strip()


def _text(value: Any) -> str:
    """Return a parameter as it came, a line break at its end included; blank is nothing, and a list nobody's secret."""
    return "" if value is None or str(value).isspace() else str(value)
