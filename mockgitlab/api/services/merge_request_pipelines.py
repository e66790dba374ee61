"""The pipelines of merge requests and of pushes: in which project, on which commit, and whether there is one.

Source: GitLab's app/services/merge_requests/create_pipeline_service.rb, its part in ee/, and
app/services/git/base_hooks_service.rb.
"""

from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, mergeability, protected_refs
from mockgitlab.api.models.merge_request import MergeRequest, head_ref, latest_version, merge_ref
from mockgitlab.api.models.pipeline import NOTHING, Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import pipeline_progress, pipelines
from mockgitlab.api.services.merge_request_rebases import up_to_date_merge_ref
from mockgitlab.api.services.pipelines import NotCreated
from mockgitlab.api.services.pushes import Pushed
from mockgitlab.api.services.repositories import HEADS, TAGS
from mockgitlab.git.objects import peeled

EVENT = "merge_request_event"
NO_PIPELINE = "ci.no_pipeline"


def create_for(call: dsl.Call, merge_request: MergeRequest, options: Iterable[str] = ()) -> Pipeline | None:
    """Make a pipeline for a merge request, as it is first written down; nothing where it has no commits.

    Raises ``NotCreated`` as ``pipelines.create`` does.
    """
    if _merges_results(call, merge_request):
        try:
            return pipelines.create(call, _merged_result(call, merge_request), options)
        except NotCreated:
            return pipelines.create(call, _detached(call, merge_request), options)
    if not mergeability.commits_of(call.store, merge_request):
        return None
    return pipelines.create(call, _detached(call, merge_request), options)


def create_unless_there(call: dsl.Call, merge_request: MergeRequest, options: Iterable[str] = ()) -> None:
    """Make a pipeline for a merge request that is new or was pushed to, unless its head has one."""
    known = mergeability.head_pipeline(call.store, merge_request)
    if known is None or known.source != EVENT:
        create_if_wanted(call, merge_request, options)


def create_if_wanted(call: dsl.Call, merge_request: MergeRequest, options: Iterable[str] = ()) -> None:
    """Make a pipeline for a merge request if its configuration wants one, and let it go on."""
    try:
        made = create_for(call, merge_request, options)
    except NotCreated:
        return
    if made is not None:
        pipeline_progress.begin(call, made)


def _detached(call: dsl.Call, merge_request: MergeRequest) -> Pipeline:
    """Return the pipeline on the head of the source branch, in the target project for those who may do so there."""
    head = latest_version(call.store, merge_request).head_commit_sha or ""
    if _runs_in_target(call, merge_request):
        return _draft(call, merge_request, merge_request.project_id, head_ref(merge_request), head)
    source = merge_request.source_project_id or merge_request.project_id
    return _draft(call, merge_request, source, merge_request.source_branch, head)


def _draft(call: dsl.Call, merge_request: MergeRequest, project_id: int, ref: str, sha: str, **more: Any) -> Pipeline:
    made = {"project_id": project_id, "ref": ref, "sha": sha, "source": EVENT, "user_id": access.me(call).id}
    return Pipeline(**made, merge_request_id=merge_request.id, **more)


def _runs_in_target(call: dsl.Call, merge_request: MergeRequest) -> bool:
    store, user, target = call.store, access.me(call), call.store[Project][merge_request.project_id]
    if not protected_refs.may_push(store, user, target):
        return False
    if merge_request.from_fork:
        return target.ci_allow_fork_pipelines_to_run_in_parent_project
    return protected_refs.may_merge_into(store, user, target, merge_request.source_branch)


# Merged results


def _merges_results(call: dsl.Call, merge_request: MergeRequest) -> bool:
    target = call.store[Project][merge_request.project_id]
    wanted = call.settings.edition == "ee" and target.merge_pipelines_enabled and merge_request.state == "opened"
    fits = wanted and mergeability.can_be_merged(call.store, merge_request)
    return bool(fits) and _runs_in_target(call, merge_request)


def _merged_result(call: dsl.Call, merge_request: MergeRequest) -> Pipeline:
    """Return the pipeline on what merging would give."""
    merged = up_to_date_merge_ref(call, merge_request)
    heads = {
        "source_sha": mergeability.source_head(call.store, merge_request),
        "target_sha": mergeability.target_head(call.store, merge_request),
    }
    project_id, ref = merge_request.project_id, merge_ref(merge_request)
    return _draft(call, merge_request, project_id, ref, merged, before_sha=merged, **heads)


# Pushes


def create_after_push(call: dsl.Call, project: Project, pushed: Pushed) -> None:
    """Make the pipelines that a push causes: of the branch or tag, and of the merge requests from the branch."""
    sha = peeled(call.store.objects, pushed.new) if pushed.new else None
    if sha is None or not pushed.runs_pipelines or NO_PIPELINE in pushed.options:
        return
    if pipelines.config_text(call.store, project, sha) is not None:
        for prefix in (HEADS, TAGS):
            if pushed.name.startswith(prefix):
                _create_for_ref(call, project, pushed, pushed.name.removeprefix(prefix), sha, tag=prefix == TAGS)
    if pushed.name.startswith(HEADS):
        branch = pushed.name.removeprefix(HEADS)
        own = call.store[MergeRequest].where(source_project_id=project.id, source_branch=branch, state="opened")
        for one in list(own):
            create_unless_there(call, call.store.fresh(one), pushed.options)


def _create_for_ref(call: dsl.Call, project: Project, pushed: Pushed, ref: str, sha: str, *, tag: bool) -> None:
    before = peeled(call.store.objects, pushed.old) if pushed.old else None
    made = {"project_id": project.id, "ref": ref, "sha": sha, "tag": tag, "user_id": access.me(call).id}
    given = {"source": "push", "before_sha": before or NOTHING, "variables": _variables(pushed.options) or None}
    try:
        pipeline = pipelines.create(call, Pipeline(**made, **given), pushed.options)
    except NotCreated:
        return
    pipeline_progress.begin(call, pipeline)


def _variables(options: Iterable[str]) -> dict[str, str]:
    """Return the variables that push options give a pipeline: ``ci.variable="MAX_RETRIES=10"``."""
    given = (line.partition("=")[2].strip().strip('"') for line in options if line.startswith("ci.variable="))
    return {name: value for name, _, value in (one.partition("=") for one in given) if name}
