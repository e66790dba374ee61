"""Mirrors to which projects push, in scenarios: ``remote_mirrors: [{url: https://…, enabled: true}]``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.mirror import RemoteMirror, url_problems
from mockgitlab.api.models.project import Project, tied_to


def seed_remote_mirror(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> RemoteMirror:
    """Make a mirror of a project."""
    url = str(extras.get("url") or "")
    for text in url_problems(url).get("url", ()):
        seeding.problem("url", text)
    return seeding.store.insert(RemoteMirror(**columns, address=url))


REMOTE_MIRRORS = dsl.Collection(
    "remote_mirrors",
    RemoteMirror,
    {Project: tied_to},
    seed_remote_mirror,
    None,
    {"url": {"type": "string", "description": "Where it is"}},
    "Repositories to which the project pushes",
)
