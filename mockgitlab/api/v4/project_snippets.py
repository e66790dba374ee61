"""Snippets of projects. Source: https://docs.gitlab.com/api/project_snippets/, GitLab's lib/api/project_snippets.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, snippet_access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.snippet import SNIPPET, Snippet
from mockgitlab.api.services import snippets
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4 import snippets as page
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden, NotFound, RecordNotFound
from mockgitlab.store import Query

ALL = "projects/:id/snippets"
AT = f"{ALL}/:snippet_id"


def _check_enabled(call: dsl.Call) -> None:
    project = call.at(Project)
    if not access.feature_open(call, project, "snippets"):
        raise Forbidden(reason=f"the snippets of {project.full_path} are not open to this user")


def _check_create(call: dsl.Call) -> None:
    _check_enabled(call)
    access.AS_REPORTER.check(call)
    if call.at(Project).archived:
        raise Forbidden(reason=f"{call.at(Project).full_path} is archived")


READ = dsl.Rule("reader of snippets", _check_enabled, login=False)
LIST = dsl.Rule("reader of snippets", _check_enabled)
CREATE = dsl.Rule("reporter", _check_create)


def _readable(call: dsl.Call, value: str) -> Snippet | None:
    _check_enabled(call)
    snippet = call.store[Snippet].find(id=int(value), project_id=call.at(Project).id)
    sees = snippet is not None and snippet_access.may_read(call.store, call.user, snippet)
    return snippet if sees or (snippet and access.is_admin(call)) else None


def _reason(call: dsl.Call, value: str) -> str:
    return f"{call.at(Project).full_path} has no snippet {value} that this user may see"


@v4.locator(AT, integer=True)
def find_snippet(call: dsl.Call, value: str) -> Snippet:
    """Return the snippet of the project with an id that the caller may see."""
    snippet = _readable(call, value)
    if snippet is None:
        raise NotFound("Snippet", reason=_reason(call, value))
    return snippet


def _to_show(call: dsl.Call, value: str) -> Snippet:
    snippet = _readable(call, value)
    if snippet is None:
        raise RecordNotFound(reason=_reason(call, value))
    return snippet


SHOWN = (("snippet_id", dsl.Locator(_to_show, integer=True)),)


@v4.get(ALL, rule=LIST, shape=SNIPPET)
def list_snippets(call: dsl.Call, project: Project) -> Query[Snippet]:
    """List the snippets of a project."""
    if access.is_admin(call):
        return snippet_access.in_order(call.store[Snippet].where(project_id=project.id))
    return snippet_access.readable_snippets(call.store, call.user).where(project_id=project.id)


@v4.get(AT, rule=READ, shape=SNIPPET, locators=SHOWN)
def show_snippet(snippet: Snippet) -> Snippet:
    """Show a snippet of a project."""
    return snippet


@v4.post(
    ALL,
    rule=CREATE,
    shape=SNIPPET,
    params=[
        *page.CREATE,
        dsl.param("visibility", str, "Who sees the snippet", required=True, enum=page.VISIBILITIES),
    ],
    constraints=page.CREATE_RULES,
)
def create_snippet(call: dsl.Call, project: Project, given: dsl.Given) -> Snippet:
    """Create a snippet in a project."""
    return snippets.create(call, project, given)


@v4.put(AT, rule=page.UPDATES, shape=SNIPPET, params=page.UPDATE, constraints=page.UPDATE_RULES)
def update_snippet(call: dsl.Call, snippet: Snippet, given: dsl.Given) -> Snippet:
    """Change a snippet of a project."""
    return snippets.update(call, snippet, given)


@v4.delete(AT, rule=page.DELETES)
def delete_snippet(call: dsl.Call, snippet: Snippet) -> None:
    """Delete a snippet of a project."""
    remove(call.store, snippet)


@v4.get(f"{AT}/raw", rule=READ)
def show_raw_snippet(call: dsl.Call, snippet: Snippet) -> dsl.Raw:
    """Show what is in a snippet of a project."""
    return page.first_file(call, snippet)


@v4.get(f"{AT}/files/:ref/:file_path/raw", rule=READ)
def show_raw_file(call: dsl.Call, snippet: Snippet, ref: str, file_path: str) -> dsl.Raw:
    """Show what is in a file of a snippet of a project."""
    return page.file_at(call, snippet, ref, file_path)


@v4.get(f"{AT}/user_agent_detail", rule=access.ADMIN, locators=SHOWN)
def show_user_agent(snippet: Snippet) -> dict[str, Any]:
    """Show with which client a snippet of a project was created; for administrators."""
    return page.user_agent_of(snippet)
