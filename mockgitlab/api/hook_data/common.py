"""What the payloads of all events have in common: users, projects, commits, labels, times, changes.

Source: https://docs.gitlab.com/user/project/integrations/webhook_events/ and the methods ``hook_attrs`` of GitLab's
models, lib/gitlab/hook_data/base_builder.rb.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from mockgitlab import dsl
from mockgitlab.api.models.group import VISIBILITIES, Group
from mockgitlab.api.models.label import Label
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.project_view import host
from mockgitlab.api.models.repository import commit_changes, date_of, shown
from mockgitlab.api.models.user import User
from mockgitlab.git.objects import Commit

REDACTED = "[REDACTED]"
VISIBILITY_LEVELS = dict(zip(VISIBILITIES, (0, 10, 20), strict=True))
OF_REPOSITORY = ("name", "url", "description", "homepage")
_IMAGE = re.compile(r"!\[([^\n\]]*)\]\((?!https?://|//)/?([^\n)]+)\)")
R = TypeVar("R", bound=dsl.Entity)
Changes = tuple[tuple[Any, Any], ...]
"""The rows that a call wrote: each as it was before, and as it is now."""


@dataclass(frozen=True)
class Occasion:
    """Something that hooks are told: what set it off, such as ``push_hooks``, the payload, and where it happened.

    ``branch`` is the one that was pushed to.
    """

    trigger: str
    data: dict[str, Any]
    at: Project | Group | None = None
    branch: str | None = None


@dataclass(frozen=True)
class Seen:
    """How an event is seen: by the call that made it, who made it, and all that the call wrote."""

    call: dsl.Call
    view: dsl.View
    changes: Changes

    @property
    def store(self) -> dsl.Store:
        """The store."""
        return self.view.store

    def user(self, author_id: int | None = None) -> User | None:
        """Return who made it; where nobody asked for it, the author of the record."""
        return self.store[User].get(self.call.user.id if self.call.user else author_id)

    def known(self, kind: type[R], id: int | None) -> R | None:
        """Return a record, also one that the call deleted."""
        gone = (before for before, after in self.changes if after is None and isinstance(before, kind))
        return self.store[kind].get(id) or next((row for row in gone if row.id == id), None)

    def inserted(self, kind: type[dsl.Entity]) -> list[Any]:
        """Return the rows of a kind that were made."""
        return [after for before, after in self.changes if before is None and isinstance(after, kind)]


def time(instant: str | None) -> str | None:
    """Return an instant as records write it, ``2024-05-01 09:00:00 UTC``."""
    return f"{instant[:10]} {instant[11:19]} UTC" if instant else None


def second(instant: str | None) -> str | None:
    """Return an instant as system hooks write it, ``2024-05-01T09:00:00Z``."""
    return f"{instant[:19]}Z" if instant else None


def absolute_images(text: str | None, view: dsl.View) -> str | None:
    """Return Markdown whose images on this instance have their whole address."""
    return _IMAGE.sub(rf"![\1]({view.base}/\2)", text) if text else text


def email(user: User | None) -> str:
    """Return the email of a user that everybody may see."""
    return (user.public_email if user else "") or REDACTED


def user_attrs(user: User | None, view: dsl.View) -> dict[str, Any] | None:
    """Return a user as payloads show one."""
    if user is None:
        return None
    shown = {"id": user.id, "name": user.name, "username": user.username, "avatar_url": user.avatar_url(view)}
    return {**shown, "email": email(user)}


def users(ids: Iterable[int], view: dsl.View) -> list[dict[str, Any] | None]:
    """Return some users."""
    rows = (view.store[User].get(user_id) for user_id in ids)
    return [user_attrs(user, view) for user in rows if user is not None]


def project_attrs(project: Project, view: dsl.View, *, backward: bool = True) -> dict[str, Any]:
    """Return a project as payloads show one; ``backward`` with what is there for older clients."""
    url = project.web_url(view)
    ssh = f"git@{host(view)}:{project.full_path}.git"
    shown = {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "web_url": url,
        "avatar_url": project.avatar_url(view),
        "git_ssh_url": ssh,
        "git_http_url": f"{url}.git",
        "namespace": namespace_of(view.store, project).name,
        "visibility_level": VISIBILITY_LEVELS[project.visibility],
        "path_with_namespace": project.full_path,
        "default_branch": project.default_branch,
        "ci_config_path": project.ci_config_path,
    }
    older = {"homepage": url, "url": ssh, "ssh_url": ssh, "http_url": f"{url}.git"}
    return {**shown, **older} if backward else shown


def repository_attrs(project: Project, view: dsl.View, *more: str) -> dict[str, Any]:
    """Return what payloads had of a project before they had the project."""
    found = project_attrs(project, view)
    return {name: found[name] for name in (*OF_REPOSITORY, *more)}


def commit_attrs(commit: Commit, project: Project, view: dsl.View, *, files: bool = False) -> dict[str, Any]:
    """Return a commit as payloads show one, with the ``files`` that it changed where wanted."""
    found = {
        "id": commit.sha,
        "message": shown(commit.message),
        "title": shown(commit.title),
        "timestamp": date_of(commit.committer).replace(".000", ""),
        "url": f"{project.web_url(view)}/-/commit/{commit.sha}",
        "author": {"name": shown(commit.author.name), "email": shown(commit.author.email)},
    }
    return {**found, **_files(commit, view)} if files else found


def _files(commit: Commit, view: dsl.View) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"added": [], "modified": [], "removed": []}
    for change in commit_changes(view.store.objects, commit):
        kind = "added" if change.old is None or change.renamed else "removed" if change.new is None else "modified"
        found[kind].append(shown(change.path))
        if change.renamed:
            found["removed"].append(shown(change.old_path))
    return found


def labels(ids: Iterable[int], view: dsl.View) -> list[dict[str, Any]]:
    """Return labels as payloads show them."""
    rows = [row for row in (view.store[Label].get(label_id) for label_id in ids) if row is not None]
    return [_label(row) for row in sorted(rows, key=lambda row: row.name)]


def _label(label: Label) -> dict[str, Any]:
    return {
        "id": label.id,
        "title": label.name,
        "color": label.color,
        "project_id": label.project_id,
        "created_at": time(label.created_at),
        "updated_at": time(label.updated_at),
        "template": False,
        "description": label.description,
        "type": "GroupLabel" if label.project_id is None else "ProjectLabel",
        "group_id": label.group_id,
    }


def differences(before: Any, after: Any, reads: Mapping[str, Callable[[Any], Any]]) -> dict[str, dict[str, Any]]:
    """Return what changed of a record, by the names that payloads have for it; before it was made there was nothing."""
    found = {name: (None if before is None else read(before), read(after)) for name, read in reads.items()}
    changed = {name: pair for name, pair in found.items() if pair[0] != pair[1] and pair != (None, [])}
    return {name: {"previous": old, "current": new} for name, (old, new) in changed.items()}
