"""Rebasing merge requests, and trying what merging them would give.

Source: GitLab's app/services/merge_requests/{rebase,mergeability_check}_service.rb.
"""

import json
from dataclasses import replace

from mockgitlab import dsl
from mockgitlab.api import access, mergeability, protected_refs
from mockgitlab.api.models.merge_request import MergeRequest, merge_ref
from mockgitlab.api.models.progress import Progress
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import protections
from mockgitlab.api.models.user import User
from mockgitlab.api.services import merge_request_git, progress
from mockgitlab.api.services.pushes import carry_out, person_of
from mockgitlab.api.services.repositories import HEADS, find_ref, set_ref
from mockgitlab.errors import BadRequest
from mockgitlab.git.objects import read_commit

REBASE_FAILED = {
    "documented": "Rebase failed. Please rebase locally",
    "observed": "Rebase failed: Rebase locally, resolve all conflicts, then push the branch.",
}
UNMERGEABLE = "Merge request is not mergeable"


def refusal(call: dsl.Call, merge_request: MergeRequest) -> str:
    """Return why the current user may not rebase a merge request, in GitLab's words; nothing where he may."""
    store, branch = call.store, merge_request.source_branch
    project = store[Project].get(merge_request.source_project_id)
    if project is None or mergeability.source_head(store, merge_request) is None:
        return "Source branch does not exist"
    if not protected_refs.may_push_to(store, access.me(call), project, branch):
        return "Cannot push to source branch"
    kept = protections(store, project, branch)
    return "Source branch is protected from force push" if any(not one.allow_force_push for one in kept) else ""


def rebase(call: dsl.Call, merge_request: MergeRequest, *, skip_ci: bool = False) -> None:
    """Put the commits of a merge request on top of its target branch, at once or when the settings say."""
    detail = json.dumps([access.me(call).id, call.base, skip_ci])
    if not progress.begin(call.store, mergeability.REBASES, merge_request, detail):
        _rebase_now(call, merge_request, skip_ci=skip_ci)


@progress.finishes(mergeability.REBASES)
def _rebase_later(store: dsl.Store, waiting: Progress) -> None:
    """Rebase what waited for it, in the name of who asked for it."""
    user_id, base, skip_ci = json.loads(waiting.detail)
    user, merge_request = store[User].get(user_id), store[MergeRequest].get(waiting.subject_id)
    if user is not None and merge_request is not None and merge_request.state == "opened":
        _rebase_now(replace(progress.background_call(store, base), user=user), merge_request, skip_ci=skip_ci)


def _rebase_now(call: dsl.Call, merge_request: MergeRequest, *, skip_ci: bool) -> None:
    """Rebase; where the commits conflict, the merge request keeps the error."""
    store = call.store
    source, target = mergeability.source_head(store, merge_request), mergeability.target_head(store, merge_request)
    project = store[Project].get(merge_request.source_project_id)
    if source is None or target is None or project is None:
        store.update(merge_request, merge_error=REBASE_FAILED[call.settings.errors])
        return
    head = merge_request_git.rebase(store, target, source, person_of(access.me(call), call.view()))
    error = None if head else REBASE_FAILED[call.settings.errors]
    store.update(merge_request, merge_error=error, rebase_commit_sha=head)
    if head is not None and head != source:
        options = ("ci.skip",) if skip_ci else ()
        carry_out(call, project, HEADS + merge_request.source_branch, head, options=options)


def up_to_date_merge_ref(call: dsl.Call, merge_request: MergeRequest) -> str:
    """Return the commit that merging would give, kept under a ref; raises ``BadRequest`` where it cannot be merged."""
    store, project = call.store, call.store[Project][merge_request.project_id]
    if merge_request.state != "opened" or not mergeability.can_be_merged(store, merge_request):
        raise BadRequest(UNMERGEABLE, reason=mergeability.mergeability(store, merge_request).detailed)
    target, source = mergeability.target_head(store, merge_request), mergeability.source_head(store, merge_request)
    known = find_ref(store, project, merge_ref(merge_request))
    if known is not None and read_commit(store.objects, known.sha).parents == (target, source):
        return known.sha
    who = person_of(store[User][merge_request.author_id], call.view())
    message = f"Merge {source} into {target}"
    made = merge_request_git.merge_commit(store, target or "", source or "", who, message)
    if made is None:
        raise BadRequest(UNMERGEABLE, reason="the branches conflict")
    set_ref(store, project, merge_ref(merge_request), made.sha)
    return made.sha
