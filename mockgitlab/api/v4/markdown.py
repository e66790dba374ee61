"""Markdown. Source: https://docs.gitlab.com/api/markdown/ and GitLab's lib/api/markdown.rb."""

from typing import Annotated

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.rendering import html_of, plain_html
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound, Unauthorized
from mockgitlab.store import release


def _check_user(call: dsl.Call) -> None:
    if call.user is None and call.settings.release >= release("15.3"):
        raise Unauthorized(reason="this needs a user since GitLab 15.3, the request carries no token")


@v4.post(
    "markdown",
    rule=dsl.Rule("user", _check_user, login=False, early=True),
    scopes=("api", "read_api"),
)
def render_markdown(
    call: dsl.Call,
    text: Annotated[str, "The Markdown"],
    gfm: Annotated[bool, "Whether it is GitLab Flavored Markdown"] = False,
    project: Annotated[str | None, "The path of the project that references are of"] = None,
) -> dict[str, str]:
    """Render Markdown as HTML."""
    at = _project(call, project) if project else None
    return {"html": html_of(text, call.view(), at) if gfm else plain_html(text)}


def _project(call: dsl.Call, path: str) -> Project:
    found = call.store[Project].find(folded=path.lower())
    if found is None or not access.can_read(call.store, call.user, found):
        raise NotFound("Project", reason=f"there is no project {path} that the caller may see; give its full path")
    return found
