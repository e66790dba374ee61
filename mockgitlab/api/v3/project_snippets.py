"""Snippets of projects. Source: GitLab 8's doc/api/project_snippets.md and lib/api/project_snippets.rb."""

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.snippet import SNIPPET, Snippet
from mockgitlab.api.services import snippets
from mockgitlab.api.v3.base import signed_in, v3
from mockgitlab.api.v3.snippets import FILE, RENAMES, TITLE, check_content, show_raw_snippet
from mockgitlab.api.v4 import project_snippets as page
from mockgitlab.api.v4.base import v4

SHOWN = SNIPPET.plus(expires_at=lambda snippet, view: None).only(
    *("id", "title", "file_name", "author", "updated_at", "created_at", "expires_at", "web_url")
)
OWN_NAMES = {"code": dsl.Renamed("content"), **RENAMES}
CODE = dsl.param("code", str, "What is in it", required=True)
LEVEL = dsl.param("visibility_level", int, "Who sees it", required=True, enum=RENAMES["visibility_level"].enum)


def create_snippet(call: dsl.Call, project: Project, given: dsl.Given) -> Snippet:
    """Create a snippet in a project."""
    check_content(given)
    return snippets.create(call, project, given)


def update_snippet(call: dsl.Call, snippet: Snippet, given: dsl.Given) -> Snippet:
    """Change a snippet of a project; an empty content is none."""
    return snippets.update(call, snippet, given if given.get("content") else dsl.Given(given.without("content")))


v3.locator(page.AT, integer=True)(page.find_snippet)
v3.adopt(v4, "GET", page.ALL, shape=SHOWN)
v3.adopt(v4, "GET", page.AT, rule=signed_in(page.READ), shape=SHOWN)
v3.adopt(
    v4,
    "POST",
    page.ALL,
    shape=SHOWN,
    takes=(TITLE, FILE, CODE, LEVEL),
    renames=OWN_NAMES,
    handler=create_snippet,
)
v3.adopt(
    v4,
    "PUT",
    page.AT,
    shape=SHOWN,
    takes=("title", "file_name", *OWN_NAMES),
    renames=OWN_NAMES,
    handler=update_snippet,
)
v3.adopt(v4, "DELETE", page.AT, gives_back=SHOWN)
v3.adopt(v4, "GET", f"{page.AT}/raw", rule=signed_in(page.READ), handler=show_raw_snippet)
