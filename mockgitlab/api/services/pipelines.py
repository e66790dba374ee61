"""Making pipelines from the CI configuration of a commit; ``pipeline_progress`` lets them go on.

Source: GitLab's app/services/ci/create_pipeline_service.rb and lib/gitlab/ci/pipeline/chain/*.rb.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockgitlab import dsl
from mockgitlab.api import access, protected_refs
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.resource_group import ensure_resource_group
from mockgitlab.api.models.user import User
from mockgitlab.api.services.repositories import text_at
from mockgitlab.git.objects import read_commit

if TYPE_CHECKING:
    from mockgitlab.ci_config import Plan

CONFIG = ".gitlab-ci.yml"
MISSING = "Missing CI config file"
FILTERED = (
    "no job is for a pipeline of source {source} on {ref}; those without rules, only and workflow:rules are for "
    "branches and tags alone"
)
INSUFFICIENT = "Insufficient permissions to create a new pipeline"
NO_PERMISSION = (
    "You do not have sufficient permission to run a pipeline on '{ref}'. "
    "Please select a different branch or contact your administrator for assistance. Learn more"
)
SKIP_MARK = re.compile(r"\[(ci[ _-]skip|skip[ _-]ci)\]", re.IGNORECASE)
SKIP = "ci.skip"
_TAGS = re.compile(r"<[^<>]*>")


class NotCreated(Exception):
    """No pipeline is made; the message is GitLab's, the ``reason`` is for the developer of the client.

    ``yaml_errors`` are what is wrong with the configuration.
    """

    def __init__(self, message: str, reason: str, yaml_errors: str | None = None) -> None:
        super().__init__(message)
        self.reason, self.yaml_errors = reason, yaml_errors


def create(call: dsl.Call, draft: Pipeline, options: Iterable[str] = ()) -> Pipeline:
    """Make a pipeline as it was first written down: created, failed for a wrong configuration, or skipped.

    ``draft`` is the record to be; ``options`` are those of a push. Raises ``NotCreated`` where there is none.
    """
    check_rights(call, draft)
    text = _config(call, draft)
    if SKIP in options or SKIP_MARK.search(read_commit(call.store.objects, draft.sha).message):
        return call.store.insert(draft.replaced({"status": "skipped"}))
    try:
        return create_from(call, draft, text)
    except NotCreated as error:
        return keep_failed(call.store, draft, error)


def keep_failed(store: dsl.Store, draft: Pipeline, error: NotCreated) -> Pipeline:
    """Keep a pipeline whose configuration is wrong; raises the error again where it is for another reason."""
    if error.yaml_errors is None:
        raise error
    return store.insert(draft.replaced({"status": "failed", "yaml_errors": error.yaml_errors}))


def create_or_refuse(call: dsl.Call, draft: Pipeline, inputs: Mapping[str, Any] | None = None) -> Pipeline:
    """Make a pipeline that somebody asks for, skipped or not; raises ``NotCreated`` for a wrong configuration, too."""
    check_rights(call, draft)
    return create_from(call, draft, _config(call, draft), inputs)


def create_from(call: dsl.Call, draft: Pipeline, text: str, inputs: Mapping[str, Any] | None = None) -> Pipeline:
    """Make a pipeline from a configuration, whatever it is of; raises ``NotCreated`` for a wrong one."""
    return _made(call, draft, _planned(call, draft, text, inputs))


def _config(call: dsl.Call, draft: Pipeline) -> str:
    project = call.store[Project][draft.project_id]
    text = config_text(call.store, project, draft.sha)
    if text is None:
        raise NotCreated(MISSING, f"{draft.sha} of {project.full_path} has no {project.ci_config_path or CONFIG}")
    return text


def _planned(call: dsl.Call, draft: Pipeline, text: str, inputs: Mapping[str, Any] | None = None) -> "Plan":
    from mockgitlab.api.services.pipeline_configs import planned
    from mockgitlab.ci_config import ConfigError, Filtered

    try:
        return planned(call.view(), draft, text, inputs)
    except ConfigError as error:
        told = sanitized(str(error))
        raise NotCreated(told, f"the CI configuration of {draft.sha} is wrong", told) from None
    except Filtered as error:
        raise NotCreated(str(error), FILTERED.format(source=draft.source, ref=draft.ref)) from None


def _made(call: dsl.Call, draft: Pipeline, plan: "Plan") -> Pipeline:
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
            project = store[Project][pipeline.project_id]
            group = ensure_resource_group(store, project, job.resource_group) if job.resource_group else None
            store.insert(CommitStatus(**tie, **own, **more, kind=kind, resource_group_id=group.id if group else None))


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
        raise NotCreated(INSUFFICIENT, reason)
    if not _may_run_on(store, user, project, draft):
        reason = f"{draft.ref} is protected, and {user.username} may neither push nor merge there"
        raise NotCreated(NO_PERMISSION.format(ref=sanitized(draft.ref)), reason)


def _may_run_on(store: dsl.Store, user: User, project: Project, draft: Pipeline) -> bool:
    merge_request = store[MergeRequest].get(draft.merge_request_id)
    if draft.tag:
        return protected_refs.may_create_tag(store, user, project, draft.ref)
    branch = merge_request.source_branch if merge_request else draft.ref
    return protected_refs.may_merge_into(store, user, project, branch)
