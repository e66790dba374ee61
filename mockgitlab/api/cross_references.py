"""References in texts: which issues and merge requests are meant, and the remarks that they leave there.

Source: https://docs.gitlab.com/user/project/issues/crosslinking_issues/.
"""

import re
from collections.abc import Iterable

from mockgitlab import dsl
from mockgitlab.api import access, effects, issue_access, merge_request_access
from mockgitlab.api.markdown import Reference, issue_references, merge_request_references
from mockgitlab.api.models import issue as issues
from mockgitlab.api.models import merge_request as merge_requests
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest, find_merge_request
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project, find_project, namespace_of
from mockgitlab.api.models.user import User

Referable = Issue | MergeRequest
_COMMIT = re.compile(r"([\w.-]+(?:/[\w.-]+)+)@[0-9a-f]{7,40}\b")
REFERRING = ("commit", "cross_reference", "closed", "duplicate", "moved", "merge", "relate", "unrelate", "cloned")
"""The kinds of GitLab's remarks that may refer to what not everybody sees who sees the remark.

Source: GitLab's app/models/system_note_metadata.rb.
"""


def referred_issues(store: dsl.Store, text: str | None, project: Project) -> list[Issue]:
    """Return the issues that a text of a project refers to: ``#3``, ``other#3``, ``group/other#3``."""
    return resolved_issues(store, issue_references(text), project)


def resolved_issues(store: dsl.Store, wanted: Iterable[Reference], project: Project) -> list[Issue]:
    """Return the issues that references in a text of a project mean, each once."""
    pairs = ((_project(store, one, project), one.iid) for one in wanted)
    found = [find_issue(store, target, iid) for target, iid in pairs if target is not None]
    return list({issue.id: issue for issue in found if issue is not None}.values())


def referred_merge_requests(store: dsl.Store, text: str | None, project: Project) -> list[MergeRequest]:
    """Return the merge requests that a text of a project refers to: ``!3``, ``other!3``, ``group/other!3``."""
    pairs = ((_project(store, one, project), one.iid) for one in merge_request_references(text))
    found = [find_merge_request(store, target, iid) for target, iid in pairs if target is not None]
    return [one for one in found if one is not None]


def _project(store: dsl.Store, wanted: Reference, project: Project) -> Project | None:
    if not wanted.path:
        return project
    path = wanted.path if "/" in wanted.path else f"{namespace_of(store, project).full_path}/{wanted.path}"
    return find_project(store, path)


def find_issue(store: dsl.Store, project: Project, iid: int) -> Issue | None:
    """Return the issue of a project with an internal id."""
    return store[Issue].find(project_id=project.id, iid=iid)


def reference(store: dsl.Store, record: Referable, seen_from: Project | None = None) -> str:
    """Return how texts of a project refer to an issue or merge request."""
    if isinstance(record, Issue):
        return issues.reference(store, record, seen_from)
    return merge_requests.reference(store, record, seen_from)


def may_read(store: dsl.Store, user: User | None, record: Referable) -> bool:
    """Tell whether a user, or anybody when there is none, sees an issue or merge request."""
    if isinstance(record, Issue):
        return issue_access.may_read(store, user, record)
    return merge_request_access.may_read(store, user, record)


def shows_only_what_is_seen(store: dsl.Store, user: User | None, note: Note) -> bool:
    """Tell whether a user sees everything that a remark of GitLab's own refers to; others hide the remark."""
    project = store[Project].get(note.project_id) if note.system_action in REFERRING else None
    if project is None:
        return True
    others = (find_project(store, path) for path in _COMMIT.findall(note.body))
    if any(other is not None and not access.can_read(store, user, other) for other in others):
        return False
    return all(may_read(store, user, one) for one in _referred(store, (note.body,), project))


def _referred(store: dsl.Store, texts: Iterable[str | None], project: Project) -> list[Referable]:
    kept = [text for text in texts if issue_references(text) or merge_request_references(text)]
    found: list[Referable] = [one for text in kept for one in referred_issues(store, text, project)]
    found += [one for text in kept for one in referred_merge_requests(store, text, project)]
    return list({(type(one), one.id): one for one in found}.values())


def note_references(call: dsl.Call, source: Referable, texts: Iterable[str | None]) -> None:
    """Remark on everything that texts of a record refer to and their author sees, once each, that this one does."""
    project = call.store[Project][source.project_id]
    for target in _referred(call.store, texts, project):
        if may_read(call.store, access.me(call), target):
            _note_reference(call, source, target)


def _note_reference(call: dsl.Call, source: Referable, target: Referable) -> None:
    kind = "issue" if isinstance(source, Issue) else "merge request"
    body = f"mentioned in {kind} {reference(call.store, source, call.store[Project][target.project_id])}"
    notes = call.store[Note].having("noteable_id", target.id)
    known = any(note.system and note.body == body and note.noteable_type == type(target).__name__ for note in notes)
    if (type(source), source.id) != (type(target), target.id) and not known:
        effects.system_note(call, target, body, "cross_reference")
