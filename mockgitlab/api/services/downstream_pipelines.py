"""Pipelines that trigger jobs start: children of their own pipeline, and pipelines of other projects.

Source: https://docs.gitlab.com/ci/pipelines/downstream_pipelines/ and GitLab's
app/services/ci/create_downstream_pipeline_service.rb, app/models/ci/bridge.rb,
lib/gitlab/ci/variables/downstream/generator.rb.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.pipeline import (
    CHILD_SOURCE,
    COMPLETED,
    CommitStatus,
    Pipeline,
    downstream_of,
    latest_statuses,
    update_status,
)
from mockgitlab.api.models.plan_limits import limits_of
from mockgitlab.api.models.progress import Progress
from mockgitlab.api.models.project import find_project
from mockgitlab.api.services import pipeline_jobs, pipeline_progress, progress
from mockgitlab.api.services.merge_request_merges import as_user
from mockgitlab.api.services.pipeline_runs import draft_on
from mockgitlab.api.services.pipelines import (
    NotCreated,
    check_rights,
    create_from,
    create_or_refuse,
    keep_failed,
)

BRIDGE = "Ci::Bridge"
NESTED_AT_MOST = 2
CIRCLES_AT_MOST = 2
FOLLOWING = {
    "depend": {"success": "success", "canceled": "canceled", "failed": "failed", "skipped": "failed"},
    "mirror": {one: one for one in (*COMPLETED, "manual")},
}
"""How a trigger job stands that waits for the pipeline that it started; else it runs."""


class Dropped(Exception):
    """A trigger job fails; the message is GitLab's reason."""


def options_of(bridge: CommitStatus) -> Mapping[str, Any]:
    """Return what a trigger job says of the pipeline that it starts; nothing where it does not say it."""
    return (bridge.config or {}).get("trigger") or {}


# Starting


def start(store: dsl.Store, bridge: CommitStatus, base: str) -> None:
    """Let a trigger job start its pipeline; then it has ended, unless its strategy is to wait for that."""
    options = options_of(bridge)
    running = store.update(bridge, status="running", started_at=store.now)
    try:
        if options:
            _start(store, running, base)
    except Dropped as reason:
        store.update(running, status="failed", finished_at=store.now, failure_reason=str(reason))
    if store.fresh(running).status == "running" and not options.get("strategy"):
        store.update(running, status="success", finished_at=store.now)


def _start(store: dsl.Store, bridge: CommitStatus, base: str) -> None:
    if bridge.user_id is None:
        raise Dropped("insufficient_bridge_permissions")
    call = as_user(progress.background_call(store, base), bridge.user_id)
    made = _made(call, bridge)
    if made.yaml_errors:
        raise Dropped("downstream_pipeline_creation_failed")
    started = pipeline_progress.start(call, made)
    if pipeline_jobs.is_active(started):
        progress.begin(store, pipeline_progress.PIPELINES, started, base)


def _made(call: dsl.Call, bridge: CommitStatus) -> Pipeline:
    parent = call.store[Pipeline][bridge.pipeline_id]
    values = _values(call.view(), parent, bridge)
    variables = _variables(parent, bridge, values)
    tie = {"source_job_id": bridge.id, "root_pipeline_id": parent.root_pipeline_id or parent.id}
    more = {**tie, "variables": variables or None}
    _check_size(call, tie["root_pipeline_id"])
    if "include" in options_of(bridge):
        return _child(call, bridge, parent, more)
    return _of_project(call, bridge, parent, values, more)


def _check_size(call: dsl.Call, root_id: int) -> None:
    most = limits_of(call.store).pipeline_hierarchy_size
    if most and len(call.store[Pipeline].having("root_pipeline_id", root_id)) + 1 >= most:
        raise Dropped("reached_max_pipeline_hierarchy_size")


def _child(call: dsl.Call, bridge: CommitStatus, parent: Pipeline, more: dict[str, Any]) -> Pipeline:
    if sum(1 for one in _up(call.store, parent, children=True)) > NESTED_AT_MOST:
        raise Dropped("reached_max_descendant_pipelines_depth")
    same = ("project_id", "sha", "ref", "tag", "before_sha", "merge_request_id", "source_sha", "target_sha")
    kept = {name: getattr(parent, name) for name in same}
    draft = Pipeline(**kept, **more, source=CHILD_SOURCE, user_id=bridge.user_id)
    _check_rights(call, draft)
    text = json.dumps({"include": options_of(bridge)["include"]}, default=str)
    try:
        return create_from(call, draft, text)
    except NotCreated as error:
        return _kept(call.store, draft, error)


def _of_project(
    call: dsl.Call, bridge: CommitStatus, parent: Pipeline, values: Mapping[str, str], more: dict[str, Any]
) -> Pipeline:
    from mockgitlab.ci_config.variables import expanded

    options = options_of(bridge)
    path = expanded(str(options.get("project")), values)
    project = find_project(call.store, path) if "/" in path else None
    if project is None or not access.can_read(call.store, access.me(call), project):
        raise Dropped("downstream_bridge_project_not_found")
    if project.id == parent.project_id:
        raise Dropped("invalid_bridge_trigger")
    ref = expanded(options.get("branch") or "", values) or project.default_branch or "main"
    _check_rights(call, Pipeline(project_id=project.id, ref=ref))
    _check_circles(call.store, parent)
    try:
        draft = draft_on(call, project, ref, "pipeline").replaced(more)
    except NotCreated:
        raise Dropped("downstream_pipeline_creation_failed") from None
    try:
        return create_or_refuse(call, draft, options.get("inputs"))
    except NotCreated as error:
        return _kept(call.store, draft, error)


def _check_rights(call: dsl.Call, draft: Pipeline) -> None:
    try:
        check_rights(call, draft)
    except NotCreated:
        raise Dropped("insufficient_bridge_permissions") from None


def _check_circles(store: dsl.Store, parent: Pipeline) -> None:
    above = Counter((one.project_id, one.ref, one.source) for one in _up(store, parent) if not one.is_child)
    if max(above.values(), default=0) > CIRCLES_AT_MOST:
        raise Dropped("pipeline_loop_detected")


def _kept(store: dsl.Store, draft: Pipeline, error: NotCreated) -> Pipeline:
    try:
        return keep_failed(store, draft, error)
    except NotCreated:
        raise Dropped("downstream_pipeline_creation_failed") from None


def _up(store: dsl.Store, pipeline: Pipeline, *, children: bool = False) -> Iterator[Pipeline]:
    """Yield a pipeline and those above it; only as far as they are ``children``, if that is wanted."""
    seen: set[int] = set()
    while pipeline.id not in seen:
        yield pipeline
        seen.add(pipeline.id)
        job = store[CommitStatus].get(pipeline.source_job_id)
        if job is None or (children and not pipeline.is_child):
            return
        pipeline = store[Pipeline][job.pipeline_id]


# Variables


def _values(view: dsl.View, parent: Pipeline, bridge: CommitStatus) -> dict[str, str]:
    from mockgitlab.api.services.pipeline_configs import context_of

    context = context_of(view, parent)
    return {**context.variables, **((bridge.config or {}).get("variables") or {}), **context.given}


def _variables(parent: Pipeline, bridge: CommitStatus, values: Mapping[str, str]) -> dict[str, str]:
    """Return what a pipeline gets: the variables of the trigger job, and of its pipeline where that is asked for."""
    from mockgitlab.ci_config.variables import expanded

    forward = options_of(bridge).get("forward") or {}
    own = (bridge.config or {}).get("variables") or {} if forward.get("yaml_variables", True) else {}
    passed = parent.variables or {} if forward.get("pipeline_variables") else {}
    return {**{name: expanded(value, values) for name, value in own.items()}, **passed}


# Following


def unfinished(store: dsl.Store, pipeline: Pipeline) -> list[Pipeline]:
    """Return the pipelines that the jobs of one started whose own jobs could end now."""
    bridges = [one for one in latest_statuses(store, pipeline) if one.kind == BRIDGE]
    below = [found for one in bridges if (found := downstream_of(store, one)) is not None]
    return [one for one in below if not _waits(store, one) and _could_end(store, one)]


def _waits(store: dsl.Store, pipeline: Pipeline) -> bool:
    return store[Progress].find(kind=pipeline_progress.PIPELINES, subject_id=pipeline.id) is not None


def _could_end(store: dsl.Store, pipeline: Pipeline) -> bool:
    return bool(pipeline_jobs.waiting(store, pipeline) or unfinished(store, pipeline))


def go_on(store: dsl.Store, pipeline: Pipeline, base: str) -> bool:
    """Let the pipelines end that the jobs of one started; tells whether there were any."""
    found = unfinished(store, pipeline)
    for one in found:
        pipeline_progress.go_on(progress.background_call(store, base), one)
    return bool(found)


def inherit(store: dsl.Store, pipeline: Pipeline) -> None:
    """Let the trigger job that waits for a pipeline, if there is one, stand as that does."""
    bridge = store[CommitStatus].get(pipeline.source_job_id)
    strategy = options_of(bridge).get("strategy") if bridge is not None else None
    if bridge is None or strategy is None or bridge.retried:
        return
    status: Any = FOLLOWING[strategy].get(pipeline.status, "running")
    if status != bridge.status:
        store.update(bridge, status=status, finished_at=store.now if status in COMPLETED else None)
        inherit(store, update_status(store, store[Pipeline][bridge.pipeline_id]))


def let_go_on_above(call: dsl.Call, pipeline: Pipeline) -> None:
    """Let the pipeline above one go on whose trigger job waited for it."""
    bridge = call.store[CommitStatus].get(pipeline.source_job_id)
    if bridge is not None and options_of(bridge).get("strategy") and bridge.status != "running":
        above = call.store[Pipeline][bridge.pipeline_id]
        pipeline_progress.go_on(call, pipeline_jobs.process(call.store, above, call.base))


def children_of(store: dsl.Store, pipeline: Pipeline) -> list[Pipeline]:
    """Return the pipelines that are children of one."""
    bridges = [one for one in store[CommitStatus].having("pipeline_id", pipeline.id) if one.kind == BRIDGE]
    found = [downstream_of(store, one) for one in bridges]
    return [one for one in found if one is not None and one.is_child]
