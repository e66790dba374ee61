"""Making commits through the API: from actions on files, by picking one and by reverting one.

Source: GitLab's app/services/commits/*.rb, app/services/files/*.rb, app/models/commit.rb.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.mergeability import commits_of
from mockgitlab.api.models.merge_request import MergeRequest, merged_as, reference
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.pushes import person_of, push
from mockgitlab.api.services.repositories import HEADS, Repository
from mockgitlab.errors import ApiError, BadRequest
from mockgitlab.git.actions import Action, ActionError, Index
from mockgitlab.git.history import last_touching
from mockgitlab.git.merge import merge_trees
from mockgitlab.git.names import is_ref_name, is_sha
from mockgitlab.git.objects import Commit, Person, cleaned, read_commit, write_commit


class ChangeFailed(BadRequest):
    """A commit could not be picked or reverted: ``error_code`` is ``conflict`` or ``empty``."""

    def __init__(self, what: str, kind: str, code: str, *, dry_run: bool, reason: str) -> None:
        done = "cherry-picked" if what == "cherry-pick" else "reverted"
        super().__init__(
            f"Sorry, we cannot {what} this {kind} automatically. This {kind} may already have been {done}, "
            "or a more recent commit may have updated some of its content.",
            reason=reason,
        )
        self.more = {"error_code": code, **({"dry_run": "error"} if dry_run else {})}

    def body(self, style: Any) -> Any:
        """Return the message with the code beside it."""
        return {"message": self.message, **self.more}


def author_of(call: dsl.Call, given: Mapping[str, Any]) -> tuple[Person, Person]:
    """Return author and committer of a commit by the current user, who may name another author."""
    committer = person_of(access.me(call), call.view())
    name = cleaned(given.get("author_name") or "") or committer.name
    email = cleaned(given.get("author_email") or "") or committer.email
    return Person(name, email, committer.time, committer.zone), committer


def commit_files(
    call: dsl.Call,
    project: Project,
    branch: str,
    message: str,
    actions: Iterable[Action],
    *,
    start: Commit | None = None,
    given: Mapping[str, Any] | None = None,
) -> Commit:
    """Commit actions on top of ``start``, the branch's last commit unless given, and move the branch there."""
    repository = Repository(call.store, project)
    parent = start or repository.branch(branch)
    try:
        tree = Index(repository.objects, parent.tree if parent else "").perform(actions)
    except ActionError as error:
        raise BadRequest(str(error), reason=f"cannot {error.wanted} in {branch} of {project.full_path}") from None
    author, committer = author_of(call, given or {})
    commit = write_commit(repository.objects, tree, [parent.sha] if parent else [], author, committer, message)
    push(call, project, HEADS + branch, commit.sha)
    return commit


def start_of(
    call: dsl.Call, project: Project, given: Mapping[str, Any], source: Project | None = None
) -> Commit | None:
    """Return the commit on which ``branch`` goes on, by ``start_branch`` or ``start_sha``; nothing where all is empty.

    Raises ``BadRequest`` as GitLab's ``Commits::CreateService`` does.
    """
    own, origin = Repository(call.store, project), Repository(call.store, source or project)
    branch, sha = given["branch"], given.get("start_sha")
    start = given.get("start_branch") or ("" if sha else branch)
    commit = _start_commit(origin, start, sha)
    elsewhere = origin.project.id != project.id or start != branch or bool(sha)
    if not own.empty and elsewhere and own.branch(branch) and not given.get("force"):
        text = f"A branch called '{branch}' already exists. Switch to that branch in order to make changes"
        raise BadRequest(text, reason="send no start_branch and no start_sha, or force=true")
    if elsewhere and not is_ref_name(branch):
        text = f"Something went wrong when we tried to create '{branch}' for you: Branch name is invalid"
        raise BadRequest(text, reason=f"{branch!r} is no name for a branch")
    if elsewhere and own.blocks(HEADS + branch):
        text = f"9:Could not update {HEADS}{branch}. Please refresh and try again.."
        raise BadRequest(text, reason="git keeps refs like files: a and a/b cannot both be")
    return commit


def _start_commit(origin: Repository, start: str, sha: str | None) -> Commit | None:
    if sha:
        if not is_sha(sha):
            raise BadRequest(f"Invalid start_sha '{sha}'", reason="a start_sha has 40 hexadecimal digits")
        found = origin.commit(sha)
        if found is None:
            raise BadRequest(f"Cannot find start_sha '{sha}'", reason=f"{origin.project.full_path} has no such commit")
        return found
    found = origin.branch(start)
    if found is None and not origin.empty:
        text = "You can only create or edit files when you are on a branch"
        raise BadRequest(text, reason=f"{origin.project.full_path} has no branch {start!r}")
    return found


def check_unchanged(
    repository: Repository, commit: Commit | None, path: str, known: str | None, error: ApiError
) -> None:
    """Raise an error where another commit than the one known to the client changed a file last."""
    last = last_touching(repository.objects, commit.sha, path) if commit and known else None
    if last is not None and last.sha != known:
        error.reason = f"{path} was changed last by {last.sha}, last_commit_id was {known}"
        raise error


# Picking and reverting


def cherry_pick(call: dsl.Call, project: Project, commit: Commit, branch: str, given: Mapping[str, Any]) -> Commit:
    """Do on a branch what a commit did."""
    base = _parent_tree(call, commit)
    message = given.get("message") or _picking(call, project, commit)
    author = commit.author
    return _apply(call, project, commit, branch, ("cherry-pick", base, commit.tree), message, given, author)


def revert(call: dsl.Call, project: Project, commit: Commit, branch: str, given: Mapping[str, Any]) -> Commit:
    """Undo on a branch what a commit did."""
    merged = _merged(call, project, commit)
    what = f"merge request {reference(call.store, merged, project)}" if merged else f"commit {commit.sha}"
    message = f'Revert "{commit.title.strip()}"\n\nThis reverts {what}'
    return _apply(
        call, project, commit, branch, ("revert", commit.tree, _parent_tree(call, commit)), message, given, None
    )


def _picking(call: dsl.Call, project: Project, commit: Commit) -> str:
    """Return the message of a commit that is picked: its own, where it is from, and what it merged."""
    merged = _merged(call, project, commit)
    brought = commits_of(call.store, merged)[::-1] if merged else []
    lines = ["", *(f"{one.sha[:8]} {one.title}" for one in brought)] if brought else []
    return "\n".join([commit.message, "", f"(cherry-picked from commit {commit.sha})", *lines])


def _merged(call: dsl.Call, project: Project, commit: Commit) -> MergeRequest | None:
    """Return the merge request that a commit with two parents merged, as far as the current user sees it."""
    found = merged_as(call.store, project, commit.sha) if len(commit.parents) > 1 else None
    return found if access.feature_open(call, project, "merge_requests") else None


def _parent_tree(call: dsl.Call, commit: Commit) -> str:
    return read_commit(call.store.objects, commit.parents[0]).tree if commit.parents else ""


def _apply(
    call: dsl.Call,
    project: Project,
    commit: Commit,
    branch: str,
    change: tuple[str, str, str],
    message: str,
    given: Mapping[str, Any],
    author: Person | None,
) -> Commit:
    objects, (what, base, theirs) = call.store.objects, change
    parent = Repository(call.store, project).branch(branch)
    if parent is None:
        raise KeyError(f"there is no branch {branch}")
    kind = "merge request" if _merged(call, project, commit) else "commit"
    merged = merge_trees(objects, base, parent.tree, theirs)
    if merged.conflicts or merged.tree == parent.tree:
        code = "conflict" if merged.conflicts else "empty"
        reason = f"conflicts in {', '.join(merged.conflicts)}" if merged.conflicts else "it would change nothing"
        raise ChangeFailed(what, kind, code, dry_run=given.get("dry_run") is True, reason=reason)
    if given.get("dry_run"):
        return parent
    committer = person_of(access.me(call), call.view())
    made = write_commit(objects, merged.tree, [parent.sha], author or committer, committer, message)
    push(call, project, HEADS + branch, made.sha)
    return made
