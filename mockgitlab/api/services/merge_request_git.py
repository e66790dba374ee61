"""Merging in the repository: the commits that a merge request is merged by, squashed into and rebased as.

Source: https://docs.gitlab.com/user/project/merge_requests/methods/ and GitLab's app/services/merge_requests.
"""

from dataclasses import dataclass

from mockgitlab import dsl
from mockgitlab.api import mergeability
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.git.history import merge_base
from mockgitlab.git.merge import merge_commits, merge_trees
from mockgitlab.git.objects import Commit, Person, read_commit, write_commit


@dataclass(frozen=True)
class Plan:
    """How to merge: who does, who wrote the squashed commit, and the messages; without ``squash`` nothing is."""

    merger: Person
    author: Person
    message: str
    squash: str | None = None


@dataclass(frozen=True)
class Merged:
    """The commit to which the target branch moves, and the commits that merging made."""

    head: str
    merge_commit_sha: str | None
    squash_commit_sha: str | None


def merge(store: dsl.Store, merge_request: MergeRequest, plan: Plan) -> Merged | None:
    """Make the commits that merge a merge request as its project merges; nothing where the branches conflict."""
    target, source = mergeability.target_head(store, merge_request), mergeability.source_head(store, merge_request)
    if target is None or source is None:
        return None
    squashed = None if plan.squash is None else squash(store, target, source, plan)
    tip = squashed or source
    if store[Project][merge_request.project_id].merge_method == "ff":
        return Merged(tip, None, squashed)
    made = merge_commit(store, target, tip, plan.merger, plan.message)
    return Merged(made.sha, made.sha, squashed) if made else None


def squash(store: dsl.Store, target: str, source: str, plan: Plan) -> str:
    """Make one commit of those between two commits; a single one with the same message stays as it is."""
    commits = mergeability.commits_between(store, target, source)
    if len(commits) == 1 and commits[0].message.strip() == (plan.squash or "").strip():
        return source
    base = merge_base(store.objects, [target, source])
    tree, parents = read_commit(store.objects, source).tree, [base] if base else []
    return write_commit(store.objects, tree, parents, plan.author, plan.merger, plan.squash or "").sha


def merge_commit(store: dsl.Store, ours: str, theirs: str, who: Person, message: str) -> Commit | None:
    """Make the commit that merges another into ours; nothing where they conflict."""
    merged = merge_commits(store.objects, ours, theirs)
    if merged.conflicts:
        return None
    return write_commit(store.objects, merged.tree, [ours, theirs], who, who, message)


def rebase(store: dsl.Store, target: str, source: str, who: Person) -> str | None:
    """Put the commits that lead to a source, and not to a target, on top of the target; nothing where one conflicts.

    Merges are left out. What stands in one line on top of the target already stays as it is.
    """
    commits = mergeability.commits_between(store, target, source)
    if commits and commits[-1].parents == (target,) and all(len(one.parents) == 1 for one in commits):
        return source
    tip = read_commit(store.objects, target)
    for commit in reversed(commits):
        if len(commit.parents) < 2:
            picked = _pick(store, tip, commit, who)
            if picked is None:
                return None
            tip = picked
    return tip.sha


def _pick(store: dsl.Store, tip: Commit, commit: Commit, who: Person) -> Commit | None:
    """Return the commit done again on a tip, or the tip where nothing is left to do."""
    before = read_commit(store.objects, commit.parents[0]).tree if commit.parents else ""
    merged = merge_trees(store.objects, before, tip.tree, commit.tree)
    if merged.conflicts:
        return None
    if merged.tree == tip.tree:
        return tip
    return write_commit(store.objects, merged.tree, [tip.sha], commit.author, who, commit.message)
