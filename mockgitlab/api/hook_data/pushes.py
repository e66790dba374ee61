"""Pushes of branches and tags, and the updates of a repository that system hooks are told.

Source: https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events,
https://docs.gitlab.com/administration/system_hooks/ and GitLab's lib/gitlab/data_builder/push.rb, repository.rb,
app/services/git/base_hooks_service.rb.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.hook_data.common import (
    Occasion,
    Seen,
    commit_attrs,
    project_attrs,
    repository_attrs,
)
from mockgitlab.api.models.event import Event
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import protections, tag_protections
from mockgitlab.api.models.repository import Ref, shown
from mockgitlab.api.models.user import User
from mockgitlab.api.services.commit_references import pushed_commits
from mockgitlab.api.services.push_options import read_options
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.git.history import walk
from mockgitlab.git.objects import Commit, peeled, read_commit, read_tag

NOTHING = "0" * 40
REFS_AT_MOST = 3
"""A push of more branches, or of more tags, than these is not told."""
COMMITS_AT_MOST = 20
TESTED = 3


def of_pushes(seen: Seen) -> Iterator[Occasion]:
    """Yield what is told of the pushes of a call: each branch and tag, and for each project the whole."""
    pushed = [event for event in seen.inserted(Event) if event.action == "pushed" and event.push_data]
    for project_id in dict.fromkeys(event.project_id for event in pushed):
        project = seen.store[Project].get(project_id)
        if project is not None:
            yield from _of_project(seen, project, [event for event in pushed if event.project_id == project_id])


def _of_project(seen: Seen, project: Project, events: list[Event]) -> Iterator[Occasion]:
    told: list[dict[str, Any]] = []
    for kind, prefix in (("branch", HEADS), ("tag", TAGS)):
        found = [event.push_data or {} for event in events]
        names = list(dict.fromkeys(prefix + one["ref"] for one in found if one["ref_type"] == kind))
        moved = [(name, *_shas(seen, project, name)) for name in names]
        told += [{"before": old or NOTHING, "after": new or NOTHING, "ref": name} for name, old, new in moved]
        for name, old, new in moved if len(names) <= REFS_AT_MOST else ():
            yield occasion(seen, project, name, old, new, events[0].push_options)
    yield Occasion("repository_update_hooks", _update(seen, project, told), project)


def _shas(seen: Seen, project: Project, name: str) -> tuple[str | None, str | None]:
    """Return what a ref named before the call, and what it names now."""
    for before, after in seen.changes:
        row = after or before
        if isinstance(row, Ref) and (row.project_id, row.name) == (project.id, name):
            return before.sha if before else None, after.sha if after else None
    now = Repository(seen.store, project).ref(name)
    return now, now


def occasion(
    seen: Seen, project: Project, name: str, old: str | None, new: str | None, options: Sequence[str] = ()
) -> Occasion:
    """Return what is told of a ref that was moved, by a push with ``options``."""
    said = {"push_options": _options(options)}
    if name.startswith(TAGS):
        commit, message = _tagged(seen, new)
        commits = [commit] if commit else []
        data = push_data(seen, project, name, old, new, commits, len(commits), message)
        return Occasion("tag_push_hooks", {**data, **said}, project)
    branch = name.removeprefix(HEADS)
    commits = pushed_commits(seen.store, project, branch, old, new)[::-1] if new else []
    data = push_data(seen, project, name, old, new, commits, len(commits))
    return Occasion("push_hooks", {**data, **said}, project, branch)


def _options(lines: Sequence[str]) -> dict[str, Any]:
    """Return push options as payloads have them; of those that may be said several times, how often each was."""
    found: dict[str, Any] = {"ci": {"skip": True}} if "ci.skip" in lines else {}
    wanted = {
        name: {value: values.count(value) for value in values} if isinstance(values, list) else values
        for name, values in read_options(lines).items()
    }
    return {**found, **({"merge_request": wanted} if wanted else {})}


def _tagged(seen: Seen, sha: str | None) -> tuple[Commit | None, str | None]:
    tag = read_tag(seen.store.objects, sha) if sha else None
    commit = peeled(seen.store.objects, sha) if sha else None
    found = read_commit(seen.store.objects, commit) if commit else None
    return found, shown(tag.message).rstrip("\n") if tag else None


def push_data(
    seen: Seen,
    project: Project,
    name: str,
    old: str | None,
    new: str | None,
    commits: Sequence[Commit],
    count: int,
    message: str | None = None,
) -> dict[str, Any]:
    """Return the payload of a push; ``commits`` are the oldest first."""
    kind = "tag_push" if name.startswith(TAGS) else "push"
    view = seen.view
    return {
        "object_kind": kind,
        "event_name": kind,
        "before": old or NOTHING,
        "after": new or NOTHING,
        "ref": shown(name),
        "ref_protected": _is_protected(seen.store, project, name),
        "checkout_sha": peeled(seen.store.objects, new) if new else None,
        "message": message,
        **_pusher(seen),
        "project_id": project.id,
        "project": project_attrs(project, view),
        "commits": [commit_attrs(commit, project, view, files=True) for commit in commits[-COMMITS_AT_MOST:]],
        "total_commits_count": count,
        "push_options": {},
        "repository": repository_attrs(project, view, "git_http_url", "git_ssh_url", "visibility_level"),
    }


def _pusher(seen: Seen) -> dict[str, Any]:
    user: User | None = seen.user()
    return {
        "user_id": user.id if user else None,
        "user_name": user.name if user else None,
        "user_username": user.username if user else None,
        "user_email": (user.public_email or None) if user else None,
        "user_avatar": user.avatar_url(seen.view) if user else None,
    }


def _is_protected(store: dsl.Store, project: Project, name: str) -> bool:
    if name.startswith(TAGS):
        return bool(tag_protections(store, project, name.removeprefix(TAGS)))
    return bool(protections(store, project, name.removeprefix(HEADS)))


def _update(seen: Seen, project: Project, told: list[dict[str, Any]]) -> dict[str, Any]:
    who = {name: value for name, value in _pusher(seen).items() if name != "user_username"}
    return {
        "event_name": "repository_update",
        **who,
        "project_id": project.id,
        "project": project_attrs(project, seen.view),
        "changes": told,
        "refs": [one["ref"] for one in told],
    }


def sample(seen: Seen, project: Project, *, tag: bool = False) -> dict[str, Any] | None:
    """Return the payload of a push that might have been: of the last commits of the default branch."""
    repository = Repository(seen.store, project)
    head = repository.head
    if head is None:
        return None
    if tag:
        name = next(iter(repository.named(TAGS)), None)
        return occasion(seen, project, TAGS + name, None, repository.ref(TAGS + name)).data if name else None
    commits = [commit for _, commit in zip(range(TESTED), walk(repository.objects, [head.sha]), strict=False)][::-1]
    name = f"{HEADS}{repository.default_branch}"
    return push_data(seen, project, name, commits[0].sha, head.sha, commits, len(commits))
