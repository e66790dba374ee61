"""Templates of files, with ``templates`` in the path and without.

Source: GitLab 8's doc/api/templates/, lib/api/templates.rb and GitLab 9's lib/api/v3/templates.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access, file_templates
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.templates import kind_of


def list_templates(call: dsl.Call) -> list[dict[str, str]]:
    """List the names of the templates of a kind."""
    return [{"name": name} for name in file_templates.names_of(kind_of(call))]


def _declare(kind: str, prefix: str) -> None:
    handler = list_templates if kind in file_templates.KINDS else None
    name = "name" if handler else "key"
    v3.adopt(v4, "GET", f"templates/{kind}", at=f"{prefix}{kind}", rule=access.ANYONE, handler=handler, paginated=False)
    v3.adopt(v4, "GET", f"templates/{kind}/:{name}", at=f"{prefix}{kind}/:{name}", rule=access.ANYONE)


for _kind in (*file_templates.KINDS, "licenses"):
    for _prefix in ("templates/", ""):
        _declare(_kind, _prefix)
