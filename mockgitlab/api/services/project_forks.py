"""Forking projects. Source: GitLab's app/services/projects/fork_service.rb."""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.progress import Progress
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import branch, is_available, reads_code
from mockgitlab.api.services import project_checks as checks
from mockgitlab.api.services.paths import lowest
from mockgitlab.api.services.progress import begin, finishes
from mockgitlab.api.services.projects import IMPORTED, LimitReached, add_project, check_limit
from mockgitlab.api.services.pushes import protect_default
from mockgitlab.api.services.repositories import copy_refs
from mockgitlab.errors import Conflict, NotFound

ARCHIVED = "from archive "
"""Before the name of what is imported from an archive, in the detail of that work: ``project``, or a relation."""
OF_THE_REPOSITORY = ("empty_repo", "readme_file", "license_key", "languages", "statistics")
COPIED = (
    *(name for name in Project.fields if name.endswith(("_access_level", "_template"))),
    "avatar_file",
    "avatar_data",
    "ci_config_path",
    "shared_runners_enabled",
    "suggestion_commit_message",
    "default_branch",
    "repository_object_format",
    *OF_THE_REPOSITORY,
)
"""What a fork has of its source."""


class ForkRefused(Conflict):
    """A fork did not pass its validations; ``problems`` are what is wrong, by column."""

    def __init__(self, problems: checks.Problems, *, reason: str = "") -> None:
        super().__init__(full_messages(problems), reason=reason)
        self.problems = problems


def may_fork(call: dsl.Call, source: Project) -> bool:
    """Tell whether the current user may fork a project."""
    view = call.view()
    return is_available(source, "forking", view) and reads_code(source, view)


def fork(call: dsl.Call, source: Project, namespace: Group, given: Mapping[str, Any]) -> Project:
    """Fork a project into a namespace; raises ``NotFound`` or ``Conflict`` with GitLab's refusal."""
    user = access.me(call)
    if given.get("branches") and given["branches"] != branch(source):
        raise NotFound("Source Branch", reason=f"{source.full_path} has no branch {given['branches']}")
    if not access.may_create_projects(call.store, user, namespace):
        raise NotFound("Target Namespace", reason=f"{user.username} may not create projects in {namespace.full_path}")
    changes = _columns(source, namespace, given)
    problems = _problems(call, namespace, changes)
    if problems:
        raise ForkRefused(problems, reason=f"{namespace.full_path} has such a project already")
    made = add_project(call, user, namespace, changes)
    if begin(call.store, "imports", made, given.get("branches") or ""):
        return call.store.update(made, import_status="scheduled", empty_repo=True)
    copy_refs(call.store, source, made, branch=given.get("branches"))
    if not source.empty_repo:
        protect_default(call.store, made)
    return made


@finishes("imports")
def finish_import(store: dsl.Store, waiting: Progress) -> None:
    """Fill the repository of a project that waits for it, a fork with that of its source.

    What comes from another project of this instance has that one's, what comes from an archive all that is in it; what
    comes from elsewhere stays empty.
    """
    project = store[Project].get(waiting.subject_id)
    if project is None:
        return
    if waiting.detail.startswith(ARCHIVED):
        # Archives are read by much that nothing else needs.
        from mockgitlab.api.services.project_imports import finish

        finish(store, project, waiting.detail.removeprefix(ARCHIVED))
        return
    imported = waiting.detail.startswith(IMPORTED)
    source_id = int(waiting.detail.removeprefix(IMPORTED)) if imported else project.forked_from_project_id
    source = store[Project].get(source_id)
    if source is not None:
        copy_refs(store, source, project, branch=None if imported else waiting.detail or None)
    columns = {name: getattr(source, name) for name in ("default_branch", *OF_THE_REPOSITORY)} if source else {}
    project = store.update(project, import_status="finished", **columns)
    if not project.empty_repo:
        protect_default(store, project)


def _columns(source: Project, namespace: Group, given: Mapping[str, Any]) -> dict[str, Any]:
    limits = [source.visibility, *([namespace.visibility] if namespace.kind == "group" else [])]
    return {
        **{name: getattr(source, name) for name in COPIED},
        **{name: given.get(name) or getattr(source, name) for name in ("name", "path", "description")},
        "visibility": lowest(*limits, given.get("visibility") or source.visibility),
        "mr_default_target_self": bool(given.get("mr_default_target_self")),
        "forked_from_project_id": source.id,
        "import_status": "finished",
    }


def _problems(call: dsl.Call, namespace: Group, changes: Mapping[str, Any]) -> checks.Problems:
    store = call.store
    try:
        check_limit(store, access.me(call), namespace)
    except LimitReached as reached:
        return {"limit_reached": reached.message}
    name = checks.name_problems(store, changes["name"], namespace)
    return name | checks.path_problems(store, changes["path"], namespace)


def full_messages(problems: checks.Problems) -> list[str]:
    """Return problems as sentences: ``Path has already been taken``."""
    names = {key: key.replace(".", " ").replace("_", " ").capitalize() for key in problems}
    return [f"{names[key]} {text}" for key, texts in problems.items() for text in texts]
