"""The changelog of a repository, its health and its size.

Source: https://docs.gitlab.com/api/repositories/, GitLab's lib/api/repositories.rb and lib/api/projects.rb.
"""

import re

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository_health import REPORT, RepositoryHealth, measured
from mockgitlab.api.services.changelogs import SEMVER, Changelog, inserted
from mockgitlab.api.services.commits import commit_files
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Forbidden, InvalidParameters, NotFound
from mockgitlab.git.actions import Action
from mockgitlab.git.objects import bytes_of, text_of
from mockgitlab.git.trees import at_path

RELEASE = [
    dsl.param("version", str, "The version", required=True, present=True),
    dsl.param("from", str, "The revision after which to begin, the tag of the version before unless given"),
    dsl.param("to", str, "The revision to end with, the branch unless given"),
    dsl.param("date", dsl.Timestamp, "When the version came out, now unless given"),
    dsl.param("trailer", str, "The trailer that commits must have", default="Changelog"),
    dsl.param("config_file", str, "The path of the configuration", since="15.3"),
    dsl.param("config_file_ref", str, "The revision that has the configuration"),
]
FILE = [
    dsl.param("branch", str, "The branch to commit to, the default one unless given"),
    dsl.param("file", str, "The path of the changelog", default="CHANGELOG.md"),
    dsl.param("message", str, "The message of the commit"),
]


@v4.get("projects/:id/repository/changelog", rule=code.READ, params=RELEASE, job_token=True)
def show_changelog(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, str]:
    """Show the section of a changelog for a version."""
    return {"notes": _changelog(call, project, given).section()}


def _changelog(call: dsl.Call, project: Project, given: dsl.Given) -> Changelog:
    if not re.search(SEMVER, given["version"]):
        raise InvalidParameters(["version is invalid"], reason=f"{given['version']!r} is no semantic version: 1.0.0")
    return Changelog(call, project, given)


@v4.post("projects/:id/repository/changelog", rule=code.READ, params=[*RELEASE, *FILE], success=200)
def add_to_changelog(call: dsl.Call, project: Project, given: dsl.Given) -> int:
    """Commit the section of a changelog for a version; the answer is its own status."""
    changelog, path = _changelog(call, project, given), given["file"]
    if not code.may_push_to(call, project, changelog.branch):
        text = "You are not allowed to commit a changelog on this branch"
        raise Forbidden(text, reason=f"the caller may not push to {changelog.branch} of {project.full_path}")
    commit = Repository(call.store, project).branch(changelog.branch)
    if commit is None:
        text = "You can only create or edit files when you are on a branch"
        raise BadRequest(text, reason=f"{project.full_path} has no branch {changelog.branch!r}")
    known = at_path(call.store.objects, commit.tree, path)
    content = text_of(call.store.objects.data(known.sha, "blob")) if known and known.kind == "blob" else ""
    written = inserted(content, given["version"], changelog.section())
    if written is not None:
        message = given.get("message") or f"Add changelog for version {given['version']}"
        action = Action("update" if known else "create", path, content=bytes_of(written))
        commit_files(call, project, changelog.branch, message, [action])
    return 200


@v4.get("projects/:id/repository/health", rule=access.AS_MAINTAINER, shape=REPORT)
def show_repository_health(call: dsl.Call, project: Project, generate: bool = False) -> RepositoryHealth:
    """Show how a repository is kept, as it was when that was asked for last with ``generate``."""
    known = call.store[RepositoryHealth].find(project_id=project.id)
    if generate:
        columns = measured(call.store, project)
        return call.store.update(known, **columns) if known else call.store.insert(RepositoryHealth(**columns))
    if known is None:
        raise NotFound(reason="no report was made yet; generate=true makes one")
    return known


@v4.post("projects/:id/repository_size", rule=access.AS_MAINTAINER)
def recalculate_repository_size(call: dsl.Call, project: Project) -> None:
    """Count anew how large the repository is, which the statistics of the project tell."""
    known = {name: value for name, value in (project.statistics or {}).items() if name != "repository_size"}
    call.store.update(project, statistics=known, updated_at=project.updated_at)
