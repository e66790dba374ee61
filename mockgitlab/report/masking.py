"""Hiding secrets in what is shown: by the name of what holds them, by GitLab's prefixes, and wherever repeated."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

MASK = "***"
HEADERS = (
    "private-token",
    "authorization",
    "job-token",
    "deploy-token",
    "cookie",
    "set-cookie",
    "x-gitlab-token",
    "x-nuget-apikey",
)
"""Headers whose value is a secret, in small letters."""
SHORTEST = 6
"""A secret of fewer characters is hidden where it stands by name only: elsewhere it may be part of any word."""

_NAME = r"(?:\w*_)?(?:token|secret|(?:api|user|license|private|account)_key)|\w*password\w*"
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
_IN_JSON = re.compile(rf'("(?:{_NAME})"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|\Z)', re.IGNORECASE)
_IN_QUERY = re.compile(rf"((?:\A|[?&;])(?:{_NAME})=)[^&;>\s\"]*", re.IGNORECASE)
_PREFIXES = "glpat|glcbt|gldt|glrtr?|glptt|glft|glimt|glagent|glsoat|gloas|glffct|glwt|gldp"
_PREFIXED = re.compile(rf"\b(?:(?:{_PREFIXES})-[\w.\-]{{10,}}|GR1348941[\w\-]{{10,}})")


def is_secret(name: str) -> bool:
    """Tell whether what has this name is a secret."""
    return _SECRET_NAME.fullmatch(name) is not None


def masked_headers(headers: Iterable[tuple[str, str]], secrets: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return headers with their secrets hidden; of a header that is one, the scheme stays."""
    return [(name, _masked_header(name, value, secrets)) for name, value in headers]


def _masked_header(name: str, value: str, secrets: Iterable[str]) -> str:
    if name.lower() not in HEADERS:
        return masked_text(value, secrets)
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {MASK}" if space and name.lower() == "authorization" else MASK


def masked_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a text, JSON or a URL with its secrets hidden."""
    for secret in secrets:
        if len(secret) >= SHORTEST:
            text = text.replace(secret, MASK)
    text = _IN_JSON.sub(rf'\1"{MASK}"', text)
    return _PREFIXED.sub(MASK, _IN_QUERY.sub(rf"\1{MASK}", text))


def masked_value(value: Any, secrets: Iterable[str] = (), name: str = "") -> Any:
    """Return a parameter with its secrets hidden, the members of a hash by their names; bytes become their length."""
    if isinstance(value, Mapping):
        return {str(key): masked_value(one, secrets, str(key)) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked_value(one, secrets, name) for one in value]
    if isinstance(value, str):
        return MASK if value and is_secret(name) else masked_text(value, secrets)
    return value if value is None or isinstance(value, (bool, int, float)) else _described(value)


def _described(value: Any) -> str:
    content = value if isinstance(value, bytes) else getattr(value, "data", b"")
    name = getattr(value, "filename", "") or "a file"
    return f"<{name}: {len(content)} bytes>"
