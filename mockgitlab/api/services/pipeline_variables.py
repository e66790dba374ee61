"""The variables that a pipeline has before its configuration is read, by which rules decide.

Source: https://docs.gitlab.com/ci/variables/predefined_variables/, GitLab's
lib/gitlab/ci/variables/builder/pipeline.rb, app/models/project.rb and app/models/merge_request.rb.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api.mergeability import source_head, target_head
from mockgitlab.api.models.freeze_period import is_frozen
from mockgitlab.api.models.label import Label
from mockgitlab.api.models.merge_request import MergeRequest, latest_version, reference
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.pipeline import Pipeline
from mockgitlab.api.models.pipeline_schedule import PipelineSchedule
from mockgitlab.api.models.project import Project, namespace_of
from mockgitlab.api.models.repository import date_of, shown
from mockgitlab.api.models.user import User
from mockgitlab.api.protected_refs import is_protected
from mockgitlab.api.services.approvals import is_approved
from mockgitlab.api.services.repositories import TAGS, find_ref
from mockgitlab.git.objects import Commit, read_commit, read_tag

OPEN_AT_MOST = 4
SLUG_AT_MOST = 63
SCHEDULES_DESCRIBED_SINCE = (17, 8)


def variables_of(view: dsl.View, pipeline: Pipeline) -> dict[str, str]:
    """Return the predefined variables of a pipeline, made or to be made."""
    store, commit = view.store, read_commit(view.store.objects, pipeline.sha)
    project = store[Project][pipeline.project_id]
    found = {**_of_instance(view), **_of_project(view, project), **_of_user(store, pipeline)}
    found |= _of_commit(store, project, pipeline, commit)
    merge_request = store[MergeRequest].get(pipeline.merge_request_id)
    if merge_request is not None:
        found |= _of_merge_request(view, merge_request, pipeline)
    opened = _open_merge_requests(store, project, source_ref(store, pipeline))
    values = {**found, "CI_OPEN_MERGE_REQUESTS": ",".join(opened) or None}
    return {name: _text(value) for name, value in values.items() if value is not None}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else shown(str(value))


def source_ref(store: dsl.Store, pipeline: Pipeline) -> str:
    """Return the branch or tag that a pipeline is about: of a merge request its source branch."""
    merge_request = store[MergeRequest].get(pipeline.merge_request_id)
    return merge_request.source_branch if merge_request else pipeline.ref


def slug(ref: str) -> str:
    """Return a ref as host names may have it."""
    return re.sub(r"[^a-z0-9]", "-", ref.lower())[:SLUG_AT_MOST].strip("-")


def _of_instance(view: dsl.View) -> dict[str, Any]:
    settings, url = view.store.settings, urlsplit(view.base)
    return {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_SERVER": "yes",
        "CI_SERVER_URL": view.base,
        "CI_SERVER_HOST": url.hostname or "",
        "CI_SERVER_PROTOCOL": url.scheme,
        "CI_SERVER_NAME": "GitLab",
        "CI_SERVER_VERSION": settings.version,
        "CI_SERVER_VERSION_MAJOR": settings.release[0],
        "CI_SERVER_VERSION_MINOR": settings.release[1] if len(settings.release) > 1 else 0,
        "CI_API_V4_URL": f"{view.base}/api/v4",
    }


def _of_project(view: dsl.View, project: Project) -> dict[str, Any]:
    namespace = namespace_of(view.store, project)
    return {
        "CI_PROJECT_ID": project.id,
        "CI_PROJECT_NAME": project.path,
        "CI_PROJECT_TITLE": project.name,
        "CI_PROJECT_DESCRIPTION": project.description,
        "CI_PROJECT_PATH": project.full_path,
        "CI_PROJECT_PATH_SLUG": slug(project.full_path),
        "CI_PROJECT_NAMESPACE": namespace.full_path,
        "CI_PROJECT_NAMESPACE_ID": namespace.id,
        "CI_PROJECT_ROOT_NAMESPACE": project.full_path.partition("/")[0],
        "CI_PROJECT_URL": project.web_url(view),
        "CI_PROJECT_VISIBILITY": project.visibility,
        "CI_DEFAULT_BRANCH": project.default_branch,
        "CI_DEPLOY_FREEZE": True if is_frozen(view.store, project) else None,
        "CI_CONFIG_PATH": project.ci_config_path or ".gitlab-ci.yml",
    }


def _of_user(store: dsl.Store, pipeline: Pipeline) -> dict[str, Any]:
    user = store[User].get(pipeline.user_id)
    if user is None:
        return {}
    return {
        "GITLAB_USER_ID": user.id,
        "GITLAB_USER_LOGIN": user.username,
        "GITLAB_USER_NAME": user.name,
        "GITLAB_USER_EMAIL": user.email,
    }


def _of_commit(store: dsl.Store, project: Project, pipeline: Pipeline, commit: Commit) -> dict[str, Any]:
    title, _, rest = commit.message.strip().partition("\n")
    ref = source_ref(store, pipeline)
    on_branch = not pipeline.tag and pipeline.merge_request_id is None
    return {
        "CI_PIPELINE_SOURCE": pipeline.source,
        "CI_PIPELINE_TRIGGERED": True if pipeline.source == "trigger" else None,
        "CI_PIPELINE_SCHEDULE_DESCRIPTION": _schedule_description(store, pipeline),
        "CI_PIPELINE_CREATED_AT": store.now,
        "CI_COMMIT_SHA": commit.sha,
        "CI_COMMIT_SHORT_SHA": commit.sha[:8],
        "CI_COMMIT_BEFORE_SHA": pipeline.before_sha,
        "CI_COMMIT_REF_NAME": ref,
        "CI_COMMIT_REF_SLUG": slug(ref),
        "CI_COMMIT_BRANCH": pipeline.ref if on_branch else None,
        "CI_COMMIT_MESSAGE": commit.message,
        "CI_COMMIT_TITLE": title,
        "CI_COMMIT_DESCRIPTION": rest.strip(),
        "CI_COMMIT_REF_PROTECTED": not pipeline.tag and is_protected(store, project, ref),
        "CI_COMMIT_TIMESTAMP": date_of(commit.committer),
        "CI_COMMIT_AUTHOR": f"{commit.author.name} <{commit.author.email}>",
        **(_of_tag(store, project, pipeline) if pipeline.tag else {}),
    }


def _schedule_description(store: dsl.Store, pipeline: Pipeline) -> str | None:
    schedule = store[PipelineSchedule].get(pipeline.pipeline_schedule_id)
    return schedule.description if schedule and store.settings.release >= SCHEDULES_DESCRIBED_SINCE else None


def _of_tag(store: dsl.Store, project: Project, pipeline: Pipeline) -> dict[str, Any]:
    ref = find_ref(store, project, TAGS + pipeline.ref)
    tag = read_tag(store.objects, ref.sha) if ref else None
    return {"CI_COMMIT_TAG": pipeline.ref, "CI_COMMIT_TAG_MESSAGE": tag.message if tag else ""}


def _of_merge_request(view: dsl.View, one: MergeRequest, pipeline: Pipeline) -> dict[str, Any]:
    store, project = view.store, view.store[Project][one.project_id]
    version = latest_version(store, one)
    merged = pipeline.source_sha is not None
    milestone = store[Milestone].get(one.milestone_id)
    people = [user.username for user_id in one.assignee_ids if (user := store[User].get(user_id))]
    labels = [label.name for label_id in one.label_ids if (label := store[Label].get(label_id))]
    return {
        "CI_MERGE_REQUEST_ID": one.id,
        "CI_MERGE_REQUEST_IID": one.iid,
        "CI_MERGE_REQUEST_REF_PATH": f"refs/merge-requests/{one.iid}/head",
        "CI_MERGE_REQUEST_PROJECT_ID": project.id,
        "CI_MERGE_REQUEST_PROJECT_PATH": project.full_path,
        "CI_MERGE_REQUEST_PROJECT_URL": project.web_url(view),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": one.target_branch,
        "CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED": is_protected(store, project, one.target_branch),
        "CI_MERGE_REQUEST_TITLE": one.title,
        "CI_MERGE_REQUEST_DESCRIPTION": one.description,
        "CI_MERGE_REQUEST_DRAFT": one.draft,
        "CI_MERGE_REQUEST_SQUASH_ON_MERGE": one.squash,
        "CI_MERGE_REQUEST_ASSIGNEES": ", ".join(people) or None,
        "CI_MERGE_REQUEST_MILESTONE": milestone.title if milestone else None,
        "CI_MERGE_REQUEST_LABELS": ",".join(labels) or None,
        "CI_MERGE_REQUEST_APPROVED": True if is_approved(store, one) else None,
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": one.source_branch,
        **_of_source(view, store[Project].get(one.source_project_id)),
        "CI_MERGE_REQUEST_EVENT_TYPE": "merged_result" if merged else "detached",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": source_head(store, one) if merged else "",
        "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": target_head(store, one) if merged else "",
        "CI_MERGE_REQUEST_DIFF_ID": version.id,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": version.base_commit_sha,
    }


def _of_source(view: dsl.View, source: Project | None) -> dict[str, Any]:
    return {
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": source.id if source else None,
        "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": source.full_path if source else None,
        "CI_MERGE_REQUEST_SOURCE_PROJECT_URL": source.web_url(view) if source else None,
    }


def _open_merge_requests(store: dsl.Store, project: Project, branch: str) -> list[str]:
    own = store[MergeRequest].where(source_project_id=project.id, source_branch=branch, state="opened")
    return [reference(store, one) for one in list(own)[:OPEN_AT_MOST]]
