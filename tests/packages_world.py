"""A small world in which packages of every kind are published, and the ways in which their clients say who they are."""

import copy
from typing import Any

from werkzeug.test import Client

from tests.support import WORLD as PEOPLE
from tests.support import Api

WORLD: dict[str, Any] = copy.deepcopy(PEOPLE)
WORLD["groups"][1]["package_settings"] = {
    "npm_package_requests_forwarding": False,
    "pypi_package_requests_forwarding": False,
    "maven_package_requests_forwarding": False,
    "maven_duplicates_allowed": False,
    "maven_duplicate_exception_regex": ".*SNAPSHOT",
    "generic_duplicates_allowed": False,
}
WORLD["projects"][0] |= {
    "repository": {"branches": {"main": {"README.md": "# Rocket\n"}}},
    "pipelines": [{"id": 7, "jobs": [{"name": "publish", "status": "running", "token": "glcbt-job", "user": "bob"}]}],
}
WORLD["projects"] += [{"path": "acme/labs/tool"}, {"path": "acme/labs/toy"}]
WORLD["tokens"] += [
    {"token": "reads", "kind": "deploy", "group": "acme", "scopes": ["read_package_registry"]},
    {"token": "writes", "kind": "deploy", "project": "acme/rocket", "scopes": ["write_package_registry"]},
]
"""Ada owns acme, bob develops acme/rocket (1), rex reports there; acme/labs, with the projects tool (4) and toy (5),
asks nobody else for packages and allows no duplicates."""


def send(api: Api, method: str, path: str, secret: str = "", **more: Any) -> Any:
    """Send a request with a token as a bearer, or with what else is told."""
    headers = {**({"Authorization": f"Bearer {secret}"} if secret else {}), **more.pop("headers", {})}
    return Client(api.server.app, use_cookies=False).open(f"/api/v4/{path}", method=method, headers=headers, **more)
