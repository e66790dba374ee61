"""Quick actions that merge requests alone take, such as ``/draft`` and ``/merge``.

Source: https://docs.gitlab.com/user/project/quick_actions/ and GitLab's
lib/gitlab/quick_actions/merge_request_actions.rb.
"""

from mockgitlab.api import access, mergeability, protected_refs
from mockgitlab.api.command_arguments import named_users, references
from mockgitlab.api.commands import COMMANDS, Work, command
from mockgitlab.api.merge_request_access import may_merge
from mockgitlab.api.models.merge_request import MergeRequest, latest_version
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import protections
from mockgitlab.api.services import approvals, merge_request_reviews
from mockgitlab.api.services.repositories import HEADS, find_ref

NO_CHANGE = "No change to this merge request's draft status."
NOBODY = "Failed to assign a reviewer because no user was specified."


def _is_one(work: Work) -> bool:
    return isinstance(work.target, MergeRequest)


def exists(work: Work) -> bool:
    """Tell whether the text is about a merge request that is there already, not one that is about to be opened."""
    return _is_one(work) and work.call.maybe_at(MergeRequest) is not None


def _updates(work: Work) -> bool:
    return _is_one(work) and work.may_update


def _plans(work: Work) -> bool:
    return _is_one(work) and work.plans


@command("draft", when=_updates, bare=True)
def draft(work: Work, text: str) -> str:
    """Mark it as a draft."""
    if work.target.draft:
        return NO_CHANGE
    work.changes["wip_event"] = "draft"
    return "Marked this merge request as a draft."


@command("ready", when=_updates, bare=True)
def ready(work: Work, text: str) -> str:
    """Mark it as ready."""
    if not work.target.draft:
        return NO_CHANGE
    work.changes["wip_event"] = "ready"
    return "Marked this merge request as ready."


@command("target_branch", when=_updates)
def target_branch(work: Work, text: str) -> str:
    """Let it be merged into another branch, if there is one of this name."""
    if find_ref(work.call.store, work.project, HEADS + text) is not None:
        work.changes["target_branch"] = text
    return f"Set target branch to {text}."


# Reviewers


@command("assign_reviewer", "reviewer", when=_plans)
def assign_reviewer(work: Work, text: str) -> str:
    """Ask users to review it; the first alone in the Community Edition."""
    users = named_users(work, text)[0]
    users = users if work.ee else users[:1]
    if not users:
        return NOBODY
    work.add_people("reviewer_ids", users)
    return f"Assigned {references(users)} as reviewer{'' if len(users) == 1 else 's'}."


@command("request_review", when=_plans)
def request_review(work: Work, text: str) -> str:
    """Ask users to review it, those who are reviewers already once more."""
    users = named_users(work, text)[0]
    if not users:
        return "Failed to request a review because no user was specified."
    for user in users:
        if user.id in work.target.reviewer_ids:
            merge_request_reviews.request_again(work.call, work.target, user)
    work.add_people("reviewer_ids", users)
    return f"Requested a review from {references(users)}."


def _has_reviewers(work: Work) -> bool:
    return _plans(work) and bool(work.changes.get("reviewer_ids", work.target.reviewer_ids))


@command("unassign_reviewer", "remove_reviewer", when=_has_reviewers, bare=True)
def unassign_reviewer(work: Work, text: str) -> str:
    """Ask users no longer to review it, none of them without a text."""
    gone = work.remove_people("reviewer_ids", named_users(work, text)[0])
    return f"Removed reviewer{'' if len(gone) == 1 else 's'} {references(gone)}."


# Reviews


def _may_approve(work: Work) -> bool:
    return exists(work) and approvals.can_approve(work.call.store, work.call.user, work.target)


@command("approve", when=_may_approve, bare=True)
def approve(work: Work, text: str) -> str:
    """Approve it."""
    return "Approved the current merge request." if approvals.approve(work.call, work.target) else ""


def _may_unapprove(work: Work) -> bool:
    return exists(work) and approvals.has_approved(work.call.store, work.target, work.call.user)


@command("unapprove", when=_may_unapprove, bare=True)
def unapprove(work: Work, text: str) -> str:
    """Take the approval back."""
    return "Unapproved the current merge request." if approvals.unapprove(work.call, work.target) else ""


def _reviews(work: Work) -> bool:
    return exists(work) and access.me(work.call).id in work.target.reviewer_ids


@command("request_changes", when=_reviews, bare=True)
def request_changes(work: Work, text: str) -> str:
    """Ask for changes: until the reviewer approves, it is not merged."""
    wrong = merge_request_reviews.review(work.call, work.target, "requested_changes")
    return wrong or "Changes requested to the current merge request."


# Merging


def _mergeable(work: Work) -> bool:
    if not _is_one(work) or not may_merge(work.call.store, access.me(work.call), work.target):
        return False
    return all(one.awaitable for one in mergeability.failures(work.call.store, work.target))


@command("merge", when=_mergeable, bare=True)
def merge(work: Work, text: str) -> str:
    """Merge it, where the client knows its head; once its checks pass where they do not yet."""
    store, known = work.call.store, work.call.given.get("merge_request_diff_head_sha")
    if not known:
        return "The `/merge` quick action requires the SHA of the head of the branch."
    if known != latest_version(store, work.target).head_commit_sha:
        return "Branch has been updated since the merge was requested."
    work.changes["merge"] = known
    waits = mergeability.failures(store, work.target) or mergeability.runs_pipeline(store, work.target)
    return "Scheduled to merge this merge request (Merge when checks pass)." if waits else "Merged this merge request."


def _may_rebase(work: Work) -> bool:
    if not _is_one(work) or work.target.state != "opened":
        return False
    store, branch = work.call.store, work.target.source_branch
    project = store[Project].get(work.target.source_project_id)
    gone = project is None or find_ref(store, project, HEADS + branch) is None
    return project is not None and not gone and protected_refs.may_push_to(store, access.me(work.call), project, branch)


@command("rebase", when=_may_rebase, bare=True)
def rebase(work: Work, text: str) -> str:
    """Put its commits on top of the target branch."""
    store, branch = work.call.store, work.target.source_branch
    kept = protections(store, store[Project][work.target.source_project_id], branch)
    if any(not one.allow_force_push for one in kept):
        return "This merge request branch is protected from force push."
    if not mergeability.can_be_merged(store, work.target):
        return "This merge request cannot be rebased while there are conflicts."
    if mergeability.is_being_rebased(store, work.target):
        return "A rebase is already in progress."
    work.changes["rebase"] = True
    return f"Scheduled a rebase of branch {branch}."


NAMES = frozenset(COMMANDS)
"""The words that are commands of merge requests."""
