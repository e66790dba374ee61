"""Making pipelines from the CI configuration of a commit, and letting them go on until they end.

How long they take is said by the settings, under ``transitions: {pipelines: …}``.

Source: GitLab's app/services/ci/create_pipeline_service.rb, lib/gitlab/ci/pipeline/chain/*.rb,
app/services/ci/pipeline_creation/cancel_redundant_pipelines_service.rb.
"""

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockgitlab import dsl
from mockgitlab.api import access, protected_refs
from mockgitlab.api.models.merge_request import MergeRequest, latest_version
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.progress import Progress
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services import pipeline_jobs, progress
from mockgitlab.api.services.merge_request_merges import merge_if_ready
from mockgitlab.api.services.pipeline_jobs import DELAYED
from mockgitlab.api.services.repositories import text_at
from mockgitlab.dsl.validation import ParamSet
from mockgitlab.git.objects import read_commit

if TYPE_CHECKING:
    from mockgitlab.ci_config import Plan

PIPELINES = "pipelines"
"""The kind of GitLab's background work that runs the jobs of a pipeline."""
CONFIG = ".gitlab-ci.yml"
MISSING = "Missing CI config file"
FILTERED = (
    "no job is for a pipeline of source {source} on {ref}; those without rules, only and workflow:rules are for "
    "branches and tags alone"
)
NO_PERMISSION = (
    "You do not have sufficient permission to run a pipeline on '{ref}'. "
    "Please select a different branch or contact your administrator for assistance. Learn more"
)
_SKIP = re.compile(r"\[(ci[ _-]skip|skip[ _-]ci)\]", re.IGNORECASE)
SKIP = "ci.skip"
_TAGS = re.compile(r"<[^<>]*>")


class NotCreated(Exception):
    """No pipeline is made; the message is GitLab's, the ``reason`` is for the developer of the client."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


def create(call: dsl.Call, draft: Pipeline, options: Iterable[str] = ()) -> Pipeline:
    """Make a pipeline as it was first written down: created, failed for a wrong configuration, or skipped.

    ``draft`` is the record to be; ``options`` are those of a push. Raises ``NotCreated`` where there is none.
    """
    check_rights(call, draft)
    project = call.store[Project][draft.project_id]
    text = config_text(call.store, project, draft.sha)
    if text is None:
        raise NotCreated(MISSING, f"{draft.sha} of {project.full_path} has no {project.ci_config_path or CONFIG}")
    if SKIP in options or _SKIP.search(read_commit(call.store.objects, draft.sha).message):
        return call.store.insert(draft.replaced({"status": "skipped"}))
    return _made(call, draft, text)


def _made(call: dsl.Call, draft: Pipeline, text: str) -> Pipeline:
    from mockgitlab.api.services.pipeline_configs import planned
    from mockgitlab.ci_config import ConfigError, Filtered

    try:
        plan = planned(call.view(), draft, text)
    except ConfigError as error:
        told = sanitized(str(error))
        return call.store.insert(draft.replaced({"status": "failed", "yaml_errors": told}))
    except Filtered as error:
        raise NotCreated(str(error), FILTERED.format(source=draft.source, ref=draft.ref)) from None
    made = call.store.insert(draft.replaced({"name": plan.name}))
    _insert_jobs(call.store, made, plan)
    return made


def _insert_jobs(store: dsl.Store, pipeline: Pipeline, plan: "Plan") -> None:
    from mockgitlab.api.services.pipeline_configs import kept

    tie = {"project_id": pipeline.project_id, "pipeline_id": pipeline.id, "sha": pipeline.sha, "ref": pipeline.ref}
    for place, stage, jobs in plan.stages:
        for job in jobs:
            needs = None if job.needs is None else tuple(need.name for need in job.needs)
            own = {"name": job.name, "stage": stage, "stage_idx": place, "when": job.when, "needs": needs}
            kind = "Ci::Bridge" if job.trigger else "Ci::Build"
            more = {"allow_failure": bool(job.allow_failure), "config": kept(job), "user_id": pipeline.user_id}
            store.insert(CommitStatus(**tie, **own, **more, kind=kind))


def sanitized(message: str) -> str:
    """Return a message as GitLab keeps it: without tags, its signs as HTML has them."""
    text = _TAGS.sub("", message)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def config_text(store: dsl.Store, project: Project, sha: str) -> str | None:
    """Return the CI configuration of a commit, where its project says it is; nothing where it has none."""
    path = project.ci_config_path or CONFIG
    file, at, place = path.partition("@")
    if at:
        other, _, ref = place.partition(":")
        include = {"project": other, "file": file, **({"ref": ref} if ref else {})}
        return json.dumps({"include": [include]})
    if re.match("https?://", path):
        return json.dumps({"include": [{"remote": path}]})
    return text_at(store, sha, path)


# Who may


def check_rights(call: dsl.Call, draft: Pipeline) -> None:
    """Raise ``NotCreated`` where the current user may not make a pipeline, or nobody may."""
    store, user = call.store, access.me(call)
    project = store[Project][draft.project_id]
    if project.builds_access_level == "disabled":
        raise NotCreated("Pipelines are disabled!", f"builds_access_level of {project.full_path} is disabled")
    if not protected_refs.may_push(store, user, project):
        known = access.NAMES.get(access.project_level(store, user, project), "no member")
        reason = f"{user.username} is {known} of {project.full_path}, developer is needed"
        raise NotCreated("Insufficient permissions to create a new pipeline", reason)
    if not _may_run_on(store, user, project, draft):
        reason = f"{draft.ref} is protected, and {user.username} may neither push nor merge there"
        raise NotCreated(NO_PERMISSION.format(ref=sanitized(draft.ref)), reason)


def _may_run_on(store: dsl.Store, user: User, project: Project, draft: Pipeline) -> bool:
    merge_request = store[MergeRequest].get(draft.merge_request_id)
    if draft.tag:
        return protected_refs.may_create_tag(store, user, project, draft.ref)
    branch = merge_request.source_branch if merge_request else draft.ref
    return protected_refs.may_merge_into(store, user, project, branch)


# Going on


def begin(call: dsl.Call, pipeline: Pipeline) -> None:
    """Let the jobs of a new pipeline wait for a runner, and go on."""
    go_on(call, start(call, pipeline))


def start(call: dsl.Call, pipeline: Pipeline) -> Pipeline:
    """Let the jobs of a new pipeline wait for a runner, in place of those of older ones."""
    if pipeline.status != "created":
        return pipeline
    cancel_redundant(call.store, pipeline)
    return pipeline_jobs.process(call.store, pipeline, call.base)


def go_on(call: dsl.Call, pipeline: Pipeline) -> None:
    """Let the jobs of a pipeline end, at once unless the settings let them wait."""
    if pipeline_jobs.is_active(pipeline):
        if progress.begin(call.store, PIPELINES, pipeline, call.base):
            return
        pipeline = pipeline_jobs.run(call.store, pipeline, call.base)
    merge_what_waits(call, pipeline)


def merge_what_waits(call: dsl.Call, pipeline: Pipeline) -> None:
    """Merge the merge requests that wait for a pipeline, if they can be merged now."""
    own = {"source_project_id": pipeline.project_id, "merge_when_pipeline_succeeds": True, "state": "opened"}
    waiting = list(call.store[MergeRequest].where(**own))
    made_for = call.store[MergeRequest].get(pipeline.merge_request_id)
    for one in waiting if made_for is None else [made_for]:
        if latest_version(call.store, one).head_commit_sha in (pipeline.sha, pipeline.source_sha):
            merge_if_ready(call, one)


def cancel_redundant(store: dsl.Store, pipeline: Pipeline) -> None:
    """Cancel the older pipelines of a ref that have not ended, where the project does so."""
    project = store[Project][pipeline.project_id]
    if project.auto_cancel_pending_pipelines != "enabled":
        return
    for one in list(store[Pipeline].where(project_id=project.id, ref=pipeline.ref)):
        older = one.id < pipeline.id and one.sha != pipeline.sha and one.tag == pipeline.tag
        if older and one.status in pipeline_jobs.CANCELABLE:
            progress.forget(store, PIPELINES, one.id)
            pipeline_jobs.cancel(store, one)


def read(store: dsl.Store, pipelines: Iterable[Pipeline]) -> None:
    """Note that a client asks for pipelines, which go on when that was often enough."""
    for one in pipelines:
        progress.read(store, PIPELINES, one.id)


# In the background


def _nothing() -> None:
    """Stand for an operation where nobody asked for one."""


def background_call(store: dsl.Store, base: str) -> dsl.Call:
    """Return a call that nobody made, by which GitLab does what it does later; ``base`` is that of the first call."""
    operation = dsl.Operation("v4", "POST", "", _nothing, access.USER, ParamSet(()), ())
    return dsl.Call(operation, store, base, {}, {}, {})


@progress.finishes(PIPELINES)
def _run(store: dsl.Store, waiting: Progress) -> None:
    pipeline = store[Pipeline].get(waiting.subject_id)
    if pipeline is not None:
        done = pipeline_jobs.run(store, pipeline, waiting.detail)
        merge_what_waits(background_call(store, waiting.detail), done)


@progress.finishes(DELAYED)
def _start(store: dsl.Store, waiting: Progress) -> None:
    """Let a delayed job begin, and end unless its pipeline waits by itself."""
    job = store[CommitStatus].get(waiting.subject_id)
    if job is None or job.status != "scheduled":
        return
    store.update(job, status="pending")
    pipeline = pipeline_jobs.process(store, store[Pipeline][job.pipeline_id], waiting.detail)
    if store[Progress].find(kind=PIPELINES, subject_id=pipeline.id) is None:
        done = pipeline_jobs.run(store, pipeline, waiting.detail)
        merge_what_waits(background_call(store, waiting.detail), done)
