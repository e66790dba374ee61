"""Where a request may carry a secret, in GitLab's order of precedence.

Source: https://docs.gitlab.com/api/rest/authentication/ and GitLab's lib/gitlab/auth/auth_finders.rb.
"""

import base64
import binascii
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from mockgitlab.dsl import Credential


def find_credential(
    headers: Mapping[str, str], sent: Mapping[str, Any], *, job_token: bool, deploy_token: bool
) -> Credential | None:
    """Return the secret that a request carries, if any; job and deploy tokens only where the operation takes them."""
    if deploy_token and (secret := headers.get("Deploy-Token")):
        return Credential("deploy_token", secret)
    if found := _access_token(headers, sent):
        return found
    if job_token and (secret := _text(sent.get("job_token")) or headers.get("Job-Token")):
        return Credential("job_token", secret)
    return _session(headers) or _basic(headers)


def _access_token(headers: Mapping[str, str], sent: Mapping[str, Any]) -> Credential | None:
    if secret := _text(sent.get("access_token")) or _text(sent.get("bearer_token")):
        return Credential("bearer", secret)
    if secret := _text(sent.get("private_token")) or headers.get("Private-Token", "").strip():
        return Credential("private_token", secret)
    scheme, _, secret = headers.get("Authorization", "").partition(" ")
    return Credential("bearer", secret.strip()) if scheme.lower() == "bearer" and secret.strip() else None


def _session(headers: Mapping[str, str]) -> Credential | None:
    try:
        cookie = SimpleCookie(headers.get("Cookie", "")).get("_gitlab_session")
    except CookieError:
        return None
    return Credential("session", cookie.value) if cookie else None


def _basic(headers: Mapping[str, str]) -> Credential | None:
    scheme, _, encoded = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        username, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return Credential("basic", secret, username)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
