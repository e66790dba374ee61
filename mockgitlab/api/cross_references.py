"""References to issues in texts: which issues are meant, and the remarks that they leave there.

Source: https://docs.gitlab.com/user/project/issues/crosslinking_issues/.
"""

from collections.abc import Iterable

from mockgitlab import dsl
from mockgitlab.api import effects
from mockgitlab.api.markdown import Reference, issue_references
from mockgitlab.api.models.issue import Issue, reference
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project, find_project, namespace_of


def referred_issues(store: dsl.Store, text: str | None, project: Project) -> list[Issue]:
    """Return the issues that a text of a project refers to: ``#3``, ``other#3``, ``group/other#3``."""
    found = (_resolve(store, one, project) for one in issue_references(text))
    return [issue for issue in found if issue is not None]


def _resolve(store: dsl.Store, wanted: Reference, project: Project) -> Issue | None:
    target: Project | None = project
    if wanted.path:
        path = wanted.path if "/" in wanted.path else f"{namespace_of(store, project).full_path}/{wanted.path}"
        target = find_project(store, path)
    return find_issue(store, target, wanted.iid) if target else None


def find_issue(store: dsl.Store, project: Project, iid: int) -> Issue | None:
    """Return the issue of a project with an internal id."""
    return store[Issue].find(project_id=project.id, iid=iid)


def note_references(call: dsl.Call, issue: Issue, texts: Iterable[str | None]) -> None:
    """Remark on every issue that texts of an issue refer to, once each, that this one mentions it."""
    project = call.store[Project][issue.project_id]
    for target in {one.id: one for text in texts for one in referred_issues(call.store, text, project)}.values():
        body = f"mentioned in issue {reference(call.store, issue, call.store[Project][target.project_id])}"
        known = any(note.system and note.body == body for note in call.store[Note].having("noteable_id", target.id))
        if target.id != issue.id and not known:
            effects.system_note(call, target, body, "cross_reference")
