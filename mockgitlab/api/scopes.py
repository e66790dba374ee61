"""Scopes of tokens: which there are, and which of them allow an operation.

Source: https://docs.gitlab.com/security/tokens/access_token_scopes/, GitLab's lib/gitlab/auth.rb and the scopes that
the classes of lib/api register.
"""

import re
from functools import cache

GLOBAL = ("api", "read_api")
FOR_ADMINISTRATORS = ("sudo", "admin_mode", "read_service_ping")
FOR_BOTS = (
    "api",
    "read_api",
    "create_runner",
    "manage_runner",
    "k8s_proxy",
    "self_rotate",
    "ai_features",
    "read_repository",
    "write_repository",
    "read_registry",
    "write_registry",
    "read_observability",
    "write_observability",
    "read_virtual_registry",
    "write_virtual_registry",
)
AVAILABLE = (*FOR_BOTS[:2], "read_user", *FOR_BOTS[2:], *FOR_ADMINISTRATORS)
OWN = ("k8s_proxy", "self_rotate")
OAUTH = (*AVAILABLE, "openid", "profile", "email")
DEPLOY = (
    "read_repository",
    "read_registry",
    "write_registry",
    "read_package_registry",
    "write_package_registry",
    "read_virtual_registry",
    "write_virtual_registry",
)
OF_KIND: dict[str, tuple[str, ...]] = {
    "personal": AVAILABLE,
    "impersonation": AVAILABLE,
    "project": FOR_BOTS,
    "group": FOR_BOTS,
    "oauth": OAUTH,
    "deploy": DEPLOY,
}
"""The scopes that a token of each kind may have; kinds that are not here have none."""

READS = ("GET", "HEAD")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
_REGISTERED: tuple[tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), scopes, methods)
    for pattern, scopes, methods in (
        (r"personal_access_tokens/self(/associations)?\Z", AVAILABLE, (*READS, *WRITES)),
        (r"(.*/access_tokens|personal_access_tokens)/self/rotate\Z", ("api", "self_rotate"), WRITES),
        (r"user/runners\Z", ("create_runner",), WRITES),
        (r"(users?|events|metadata|version)(/(?!:\w+/(\w+_)?projects\Z)|\Z)", ("read_user",), READS),
        (r"runners/:\w+\Z", ("manage_runner",), ("PUT", "DELETE")),
        (r"projects/:\w+/runners(/:\w+)?\Z", ("manage_runner",), ("POST", "DELETE")),
        (r"projects/:\w+/repository/files/", ("read_repository",), READS),
        (r"usage_data/(service_ping|queries|non_sql_metrics)\Z", ("read_service_ping",), READS),
        (r"(ai|chat|code_suggestions)/", ("ai_features",), WRITES),
        (r"virtual_registries/", ("read_virtual_registry",), READS),
        (r"virtual_registries/", ("write_virtual_registry",), WRITES),
    )
)
"""Paths that take scopes besides the global ones, and the methods for which they do."""


@cache
def allowing(method: str, path: str) -> tuple[str, ...]:
    """Return the scopes any of which allows an operation: ``api``, ``read_api`` to read, and those of its page."""
    own = [scope for at, scopes, methods in _REGISTERED if method in methods and at.match(path) for scope in scopes]
    return tuple(dict.fromkeys((*own, *(GLOBAL if method in READS else GLOBAL[:1]))))


@cache
def registered(path: str) -> tuple[str, ...]:
    """Return the scopes that a refusal names: all of the page, whatever the method, then the global ones."""
    own = next((scopes for at, scopes, _ in _REGISTERED if at.match(path)), ())
    return (*own, *GLOBAL)


def problem(kind: str, scopes: tuple[str, ...]) -> str | None:
    """Return the first scope that a token of a kind cannot have, if any."""
    known = OF_KIND.get(kind, ())
    return next((scope for scope in scopes if scope not in known), None)
