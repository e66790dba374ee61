"""Which GitLab this is. Source: GitLab 8's doc/api/version.md and lib/api/version.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.metadata import show_metadata


def show_version(call: dsl.Call) -> dict[str, Any]:
    """Show which GitLab this is."""
    known = show_metadata(call)
    return {name: known[name] for name in ("version", "revision")}


v3.adopt(v4, "GET", "version", handler=show_version)
