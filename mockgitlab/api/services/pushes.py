"""Moving refs, with all that follows: the default branch, its protection, what the project shows, the event.

The API's commits and git's pushes come through here alike. Source: GitLab's app/services/git/*_push_service.rb.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import effects, protected_refs
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import ProtectedBranch, open_to, protections
from mockgitlab.api.models.repository import shown
from mockgitlab.api.models.user import User
from mockgitlab.api.models.user_profile import commit_email
from mockgitlab.api.services.commit_references import process, pushed_commits
from mockgitlab.api.services.merge_request_refresh import refresh
from mockgitlab.api.services.push_checks import Change, refusal
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository, set_ref
from mockgitlab.api.services.signatures import look
from mockgitlab.errors import BadRequest
from mockgitlab.git.detect import license_of, readme
from mockgitlab.git.history import ancestors, walk
from mockgitlab.git.objects import Person, peeled, read_commit
from mockgitlab.store import parse_instant

COMMITS_COUNTED = 10_000


@dataclass(frozen=True)
class Pushed:
    """A ref that was moved, from what to what, and with which push options; ``runs_pipelines`` unless too many were."""

    name: str
    old: str | None
    new: str | None
    options: Sequence[str] = ()
    runs_pipelines: bool = True


def person_of(user: User, view: dsl.View, at: str = "") -> Person:
    """Return who a user is in commits, now or at another instant."""
    return Person(user.name, commit_email(user, view), int(parse_instant(at or view.store.now).timestamp()))


def move_ref(store: dsl.Store, project: Project, name: str, new: str | None) -> Project:
    """Let a ref name another object, or delete it, and let the project show what it has now."""
    before = Repository(store, project)
    old, headless = before.ref(name), before.default_branch is None
    set_ref(store, project, name, new)
    if not name.startswith(HEADS):
        return project
    project = store.fresh(project)
    if new is not None and headless:
        project = _first_branch(store, project, name.removeprefix(HEADS))
    return _shown(store, project, old if name == HEADS + (project.default_branch or "main") else None)


def _first_branch(store: dsl.Store, project: Project, branch: str) -> Project:
    project = store.update(project, default_branch=branch, updated_at=project.updated_at)
    protect_default(store, project)
    return project


def protect_default(store: dsl.Store, project: Project) -> None:
    """Protect the default branch of a new project as its namespace wants."""
    branch = project.default_branch or "main"
    if not protected_refs.protects_default(store, project) or protections(store, project, branch):
        return
    wanted = protected_refs.default_protection(store, project)
    switches = {name: wanted.get(name) is True for name in ("allow_force_push", "code_owner_approval_required")}
    kept = store.insert(ProtectedBranch(project_id=project.id, name=branch, **switches))
    for action in protected_refs.DEFAULT:
        open_to(store, kept, action, [{"access_level": protected_refs.default_role(store, project, action)}])


def _shown(store: dsl.Store, project: Project, old: str | None) -> Project:
    """Bring up to date what a project shows of its default branch."""
    repository = Repository(store, project)
    head = repository.head
    known = project.statistics or {}
    count = 0
    if head is not None:
        one_more = old is not None and head.parents == (old,) and "commit_count" in known
        count = known["commit_count"] + 1 if one_more else len(ancestors(repository.objects, [head.sha]))
    return store.update(
        project,
        empty_repo=repository.empty,
        readme_file=readme(repository.objects, head.sha) if head else None,
        license_key=license_of(repository.objects, head.sha) if head else None,
        statistics={**known, "commit_count": count},
        updated_at=project.updated_at,
    )


def push(call: dsl.Call, project: Project, name: str, new: str | None, *, merge: bool = False) -> Project:
    """Let the current user move a ref, by a ``merge`` or not; raises ``BadRequest`` for what GitLab refuses."""
    old = Repository(call.store, project).ref(name)
    refused = refusal(call, project, Change(name, old, new, merge=merge))
    if refused:
        raise BadRequest(refused, reason=f"{shown(name)} of {project.full_path} is kept from {call.user.username}")
    return carry_out(call, project, name, new)


def carry_out(
    call: dsl.Call,
    project: Project,
    name: str,
    new: str | None,
    *,
    options: Sequence[str] = (),
    runs_pipelines: bool = True,
) -> Project:
    """Let the current user move a ref, which is an event where it is a branch or a tag."""
    old = Repository(call.store, project).ref(name)
    project = move_ref(call.store, project, name, new)
    if not name.startswith((HEADS, TAGS)):
        return project
    event = effects.record_event(call, project.id, "pushed")
    repository = Repository(call.store, project)
    known = [old] if old else []
    if repository.head and not old and name != f"{HEADS}{repository.default_branch}":
        known = [repository.head.sha]
    data = _push_data(call.store, name, old, new, known)
    call.store.update(event, push_data=data, push_options=tuple(options))
    if name.startswith(HEADS):
        branch = name.removeprefix(HEADS)
        refresh(call, project, branch, old, new)
        commits = pushed_commits(call.store, project, branch, old, new)
        process(call, project, branch, commits)
        look(call, project, commits)
    _follow(call, project, Pushed(name, old, new, options, runs_pipelines))
    return call.store.fresh(project)


def _follow(call: dsl.Call, project: Project, pushed: Pushed) -> None:
    """Let happen what a push causes elsewhere, which may be further pushes."""
    from mockgitlab.api.services.environment_stops import stop_with_branch
    from mockgitlab.api.services.merge_request_pipelines import create_after_push
    from mockgitlab.api.services.mirrors import push_to_mirrors

    create_after_push(call, call.store.fresh(project), pushed)
    if pushed.new is None and pushed.name.startswith(HEADS):
        stop_with_branch(call, call.store.fresh(project), pushed.name.removeprefix(HEADS))
    push_to_mirrors(call, call.store.fresh(project))


def _new_commits(store: dsl.Store, tip: str, known: list[str]) -> int:
    """Return how many commits a push brought; where each has one parent, without a look at those known."""
    sha, count = tip, 0
    while sha not in known:
        parents = read_commit(store.objects, sha).parents
        if len(parents) != 1 or count == COMMITS_COUNTED:
            return sum(1 for _, _ in zip(range(COMMITS_COUNTED), walk(store.objects, [tip], known), strict=False))
        sha, count = parents[0], count + 1
    return count


def _push_data(store: dsl.Store, name: str, old: str | None, new: str | None, known: list[str]) -> dict[str, Any]:
    before, after = (peeled(store.objects, sha) if sha else None for sha in (old, new))
    is_branch = name.startswith(HEADS)
    count = _new_commits(store, after, known) if after and is_branch else 0
    return {
        "commit_count": count,
        "action": "removed" if new is None else "created" if old is None else "pushed",
        "ref_type": "branch" if is_branch else "tag",
        "commit_from": before,
        "commit_to": after,
        "ref": shown(name.split("/", 2)[2]),
        "commit_title": shown(read_commit(store.objects, after).title)[:70] if after else None,
        "ref_count": None,
    }
