"""Templates that a project has: those of the instance, and those of issues and merge requests in its repository.

Source: https://docs.gitlab.com/api/project_templates/ and GitLab's lib/api/project_templates.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, file_templates
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import reads_code
from mockgitlab.api.models.repository import shown
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.templates import filled_license, listed
from mockgitlab.errors import Forbidden, NotFound
from mockgitlab.git.objects import text_of
from mockgitlab.git.trees import files

FOLDERS = {"issues": ".gitlab/issue_templates/", "merge_requests": ".gitlab/merge_request_templates/"}
"""Where the default branch has templates of descriptions."""
TYPE = dsl.param(
    "type", str, "The kind of templates", required=True, enum=(*file_templates.KINDS, "licenses", *FOLDERS)
)

PROJECT = dsl.param("project", str, "The name of the project, for licenses")


def _check_reads(call: dsl.Call) -> None:
    """Raise ``Forbidden`` for who may not read the code; issues' templates are for whoever sees issues."""
    project, kind = call.at(Project), call.given.get("type")
    if kind == "issues" and access.feature_open(call, project, "issues"):
        return
    if not reads_code(project, call.view()) and not access.is_admin(call):
        raise Forbidden(
            f"Your current role does not have the required permissions to access the {kind} template. "
            "Contact your project administrator for assistance.",
            reason=f"the code of {project.full_path} is closed to the caller",
        )


READ = dsl.Rule("reader of the code", _check_reads, login=False)


def _in_repository(call: dsl.Call, project: Project, kind: str) -> dict[str, str]:
    """Return the templates of descriptions by name, from the default branch."""
    repository, folder = Repository(call.store, project), FOLDERS[kind]
    head = repository.head
    found = files(repository.objects, head.tree) if head else {}
    return {
        shown(path[len(folder) : -len(".md")]): shown(text_of(repository.objects.data(one.sha, "blob")))
        for path, one in found.items()
        if path.startswith(folder) and path.endswith(".md") and one.kind == "blob"
    }


@v4.get("projects/:id/templates/:type", rule=READ, params=[TYPE])
def list_project_templates(call: dsl.Call, project: Project, given: dsl.Given) -> list[dict[str, str]]:
    """List the templates of a kind that a project has."""
    kind = given["type"]
    if kind == "licenses":
        return [{"key": one["key"], "name": one["name"]} for one in file_templates.licenses()]
    return listed(sorted(_in_repository(call, project, kind)) if kind in FOLDERS else file_templates.names_of(kind))


def _source(call: dsl.Call, project: Project, wanted: int | None) -> Project:
    """Return the project whose repository has the template: another one where the caller reads its code."""
    other = call.store[Project].get(wanted) if wanted is not None else project
    if other is None or not access.can_read(call.store, call.user, other) or not reads_code(other, call.view()):
        return project
    return other


@v4.get("projects/:id/templates/:type/:name", rule=READ, params=[TYPE, PROJECT], json_suffix=False)
def show_project_template(
    call: dsl.Call,
    project: Project,
    given: dsl.Given,
    name: str,
    source_template_project_id: Annotated[int | None, "The project that has the template"] = None,
    fullname: Annotated[str | None, "The holder of the copyright, for licenses"] = None,
) -> dict[str, Any]:
    """Show a template that a project has."""
    kind = given["type"]
    if kind == "licenses":
        found = filled_license(call, name, given.get("project"), fullname)
    elif kind in FOLDERS:
        content = _in_repository(call, _source(call, project, source_template_project_id), kind).get(name)
        found = {"name": name, "content": content} if content is not None else None
    else:
        content = file_templates.content_of(kind, name)
        found = {"name": name, "content": content} if content is not None else None
    if found is None:
        raise NotFound("Template", reason=f"{project.full_path} has no template {name!r} of {kind}")
    return found
