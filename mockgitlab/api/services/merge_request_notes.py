"""What GitLab remarks on a merge request when it changes. Source: GitLab's app/services/system_notes/."""

from collections.abc import Sequence

from mockgitlab import dsl
from mockgitlab.api import effects
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.merge_request import MergeRequest, latest_version, without_draft
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services.issue_notes import (
    assignees_text,
    description_remarks,
    estimate_text,
    sentence,
    title_text,
)
from mockgitlab.git.objects import Commit


def note_changes(call: dsl.Call, before: MergeRequest, after: MergeRequest) -> None:
    """Write a system note for each difference that GitLab remarks."""
    for body, action in _remarks(before, after):
        effects.system_note(call, after, body, action)


def _remarks(before: MergeRequest, after: MergeRequest) -> list[tuple[str, str]]:
    remarks = _title_remarks(before, after)
    if before.description != after.description:
        remarks += description_remarks(before.description, after.description)
    if before.target_branch != after.target_branch:
        text = f"changed target branch from `{before.target_branch}` to `{after.target_branch}`"
        remarks.append((text, "branch"))
    if before.time_estimate != after.time_estimate:
        remarks.append((estimate_text(before.time_estimate, after.time_estimate), "time_tracking"))
    if bool(before.discussion_locked) != bool(after.discussion_locked):
        verb = "locked" if after.discussion_locked else "unlocked"
        remarks.append((f"{verb} the discussion in this merge request", verb))
    return remarks


def _title_remarks(before: MergeRequest, after: MergeRequest) -> list[tuple[str, str]]:
    remarks = []
    if before.draft != after.draft:
        remarks.append((f"marked this merge request as **{'draft' if after.draft else 'ready'}**", "title"))
    if without_draft(before.title) != without_draft(after.title):
        remarks.append((title_text(before.title, after.title), "title"))
    return remarks


def note_people(call: dsl.Call, merge_request: MergeRequest, before: MergeRequest | None) -> None:
    """Write the system notes on assignees and reviewers who are new or gone."""
    text = assignees_text(call.store, before.assignee_ids if before else (), merge_request.assignee_ids)
    if text:
        effects.system_note(call, merge_request, text, "assignee")
    text = _reviewers_text(call.store, before.reviewer_ids if before else (), merge_request.reviewer_ids)
    if text:
        effects.system_note(call, merge_request, text, "reviewer")


def _reviewers_text(store: dsl.Store, before: Sequence[int], after: Sequence[int]) -> str:
    added = [f"@{store[User][user_id].username}" for user_id in after if user_id not in before]
    gone = [f"@{user.username}" for id in before if id not in after and (user := store[User].get(id))]
    parts = [f"requested review from {sentence(added)}"] if added else []
    return " and ".join([*parts, f"removed review request for {sentence(gone)}"] if gone else parts)


def note_commits(call: dsl.Call, merge_request: MergeRequest, new: list[Commit], known: list[Commit], old: str) -> None:
    """Remark on the commits that a push brought: those that are new, and those of the target branch."""
    count = len(new) + len(known)
    lines = [_known_line(call.store, merge_request, known, old)] if known else []
    lines += [f"<li>{one.sha[:8]} - {one.title}</li>" for one in reversed(new)]
    project = call.store[Project][merge_request.project_id]
    version = latest_version(call.store, merge_request)
    path = f"/{project.full_path}/-/merge_requests/{merge_request.iid}/diffs?diff_id={version.id}&start_sha={old}"
    parts = [f"added {count} commit{'' if count == 1 else 's'}", f"<ul>{''.join(lines)}</ul>"]
    parts.append(f"[Compare with previous version]({path})")
    effects.system_note(call, merge_request, "\n\n".join(parts), "commit")


def _known_line(store: dsl.Store, merge_request: MergeRequest, known: list[Commit], old: str) -> str:
    shas = known[0].sha[:8] if len(known) == 1 else f"{old[:8]}...{known[0].sha[:8]}"
    count = f"{len(known)} commit{'' if len(known) == 1 else 's'}"
    branch = merge_request.target_branch
    if merge_request.from_fork:
        branch = f"{store[Group][store[Project][merge_request.project_id].namespace_id].full_path}:{branch}"
    return f"<li>{shas} - {count} from branch <code>{branch}</code></li>"
