"""One call of every operation on integrations that answers with a record."""

from collections.abc import Iterator
from typing import Any

from mockgitlab.api.models.integration_kinds import Kind
from mockgitlab.api.models.integration_table import KINDS

PLACES = {
    "projects/:id/services": "projects/1/services",
    "projects/:id/integrations": "projects/1/integrations",
    "groups/:id/integrations": "groups/6/integrations",
}
VALUES = {
    "app_store_issuer_id": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    "app_store_key_id": "ABC1",
    "confluence_url": "https://example.atlassian.net/wiki",
    "package_name": "com.example.app",
    "workspace_url": "https://linear.app/example",
}


def needed(kind: Kind) -> dict[str, Any]:
    """Return values with which an integration can be set up."""
    given = {one.name: "http://localhost:9/" if one.url else "x" for one in kind.own if one.required}
    more = {"username": "x"} if kind.slug == "jira" else {}
    return {**given, **{name: value for name, value in VALUES.items() if name in given}, **more}


def _steps() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for at, path in PLACES.items():
        for slug, kind in KINDS.items():
            yield f"PUT /{at}/{slug}", f"{path}/{slug}", "root", needed(kind)
            if kind.category == "issue_tracker":
                yield f"DELETE /{at}/:slug", f"{path}/{slug}", "root", {}


STEPS = list(_steps())
"""The key of an operation, a path of it, who calls it, and what is given."""
READS = {f"{at}/:slug": f"{path}/slack" for at, path in PLACES.items()} | {
    "groups/:id/integrations": "groups/6/integrations"
}
