"""How merge requests are shown. Source: GitLab's lib/api/entities/merge_request*.rb."""

from html import escape
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import mergeability as checks
from mockgitlab.api.merge_request_access import builds_open, may_collaborate, may_merge
from mockgitlab.api.models.issuable import GLOBALLY, asked_in
from mockgitlab.api.models.merge_request import MergeRequest, MergeRequestDiff, latest_version, reference
from mockgitlab.api.models.pipeline import PIPELINE_BASIC
from mockgitlab.api.models.pipeline_shapes import PIPELINE
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.rendering import html_of

RENDER_HTML = "render_html"
RECHECKED = "with_merge_status_recheck"
DIVERGED, REBASING = "include_diverged_commits_count", "include_rebase_in_progress"


def _when(option: str, read: Any) -> Any:
    return lambda one, view: read(one, view) if view.option(option) else dsl.OMIT


def _of_fork(one: MergeRequest, view: dsl.View) -> Any:
    return one.allow_collaboration and may_collaborate(view.store, one) if one.from_fork else dsl.OMIT


def _description_html(one: MergeRequest, view: dsl.View) -> str:
    return html_of(one.description or "", view, view.store[Project][one.project_id])


# People


def _merged_by(one: MergeRequest, view: dsl.View) -> Any:
    return view.one(USER_BASIC, view.store[User].get(one.merge_user_id)) if one.state == "merged" else None


def _merge_user(one: MergeRequest, view: dsl.View) -> Any:
    return view.one(USER_BASIC, view.store[User].get(one.merge_user_id))


def _reviewers(one: MergeRequest, view: dsl.View) -> Any:
    users = (view.store[User].get(user_id) for user_id in one.reviewer_ids)
    return view.many(USER_BASIC, [user for user in users if user is not None])


def _user(one: MergeRequest, view: dsl.View) -> dict[str, bool]:
    return {"can_merge": may_merge(view.store, view.store[User].get(view.user_id), one)}


def _first_contribution(one: MergeRequest, view: dsl.View) -> bool:
    """Tell whether no other merge request of the author was merged into the project before."""
    merged = view.store[MergeRequest].where(project_id=one.project_id, author_id=one.author_id, state="merged")
    return not any(other.id != one.id and (other.merged_at or "") <= (one.merged_at or "9") for other in merged)


# States


def _state_of(one: MergeRequest, view: dsl.View) -> checks.Mergeability:
    """Return whether it can be merged; lists that do not ask for a check say that there was none yet."""
    asked = view.option(RECHECKED)
    return checks.mergeability(view.store, one, "checking" if asked else "unchecked")


def _merge_status(one: MergeRequest, view: dsl.View) -> str:
    return _state_of(one, view).merge_status


@dsl.computed_in(since="15.6")
def _detailed(one: MergeRequest, view: dsl.View) -> str:
    """Whether it can be merged, or the first reason why it cannot."""
    return _state_of(one, view).detailed


@dsl.computed_in(since="15.6")
def _detailed_alone(one: MergeRequest, view: dsl.View) -> str:
    """The same of one merge request, which asks for a check."""
    return checks.mergeability(view.store, one).detailed


def _squash_on_merge(one: MergeRequest, view: dsl.View) -> bool:
    option = view.store.steady(Project)[one.project_id].squash_option
    return {"always": True, "never": False}.get(option, one.squash)


def _references(one: MergeRequest, view: dsl.View) -> dict[str, str]:
    short, full = f"!{one.iid}", reference(view.store, one)
    namespace_id = view.store.steady(Project)[one.project_id].namespace_id
    relative = short
    if asked_in(namespace_id) in view.options:
        relative = full.rpartition("/")[2]
    elif GLOBALLY in view.options:
        relative = full
    return {"short": short, "relative": relative, "full": full}


def _diff_refs(one: MergeRequest, view: dsl.View) -> dict[str, Any] | None:
    version = latest_version(view.store, one)
    if version.head_commit_sha is None:
        return None
    return {
        "base_sha": version.base_commit_sha,
        "head_sha": version.head_commit_sha,
        "start_sha": version.start_commit_sha,
    }


def _diverged(one: MergeRequest, view: dsl.View) -> int:
    source, target = checks.source_head(view.store, one), checks.target_head(view.store, one)
    return len(checks.commits_between(view.store, source, target))


# Pipelines


def _where_built(read: Any) -> Any:
    """Show what is told of pipelines to those to whom the project shows its CI/CD."""

    def show(one: MergeRequest, view: dsl.View) -> Any:
        project, user = view.store[Project][one.project_id], view.store[User].get(view.user_id)
        return read(one, view) if builds_open(view.store, user, project) else dsl.OMIT

    return show


def _pipeline(one: MergeRequest, view: dsl.View) -> Any:
    return view.one(PIPELINE_BASIC, checks.head_pipeline(view.store, one))


def _head_pipeline(one: MergeRequest, view: dsl.View) -> Any:
    return view.one(PIPELINE, checks.head_pipeline(view.store, one))


def _latest_build(name: str, *statuses: str) -> Any:
    """Tell an instant of the head pipeline; where statuses are given, once it has one of them."""

    def read(one: MergeRequest, view: dsl.View) -> Any:
        pipeline = checks.head_pipeline(view.store, one)
        known = pipeline is not None and (not statuses or pipeline.status in statuses)
        return PIPELINE.render(pipeline, view)[name] if known else None

    return _where_built(read)


# Shapes

MERGE_REQUEST_SIMPLE = MergeRequest.shape(
    *("id", "iid", "project_id", "title", "description", "state", "created_at", "updated_at", "web_url"),
    name="MergeRequestSimple",
)
MERGE_REQUEST_BASIC = (
    MERGE_REQUEST_SIMPLE.without("web_url")
    .plus(merged_by=_merged_by)
    .plus(merge_user=_merge_user)
    .plus("merged_at", "closed_by", "closed_at", entity=MergeRequest)
    .plus(title_html=_when(RENDER_HTML, lambda one, view: escape(one.title, quote=False)))
    .plus(description_html=_when(RENDER_HTML, _description_html))
    .plus("target_branch", "source_branch", "user_notes_count", "upvotes", "downvotes", entity=MergeRequest)
    .plus("author", "assignees", "assignee", entity=MergeRequest)
    .plus(reviewers=_reviewers)
    .plus("source_project_id", entity=MergeRequest)
    .plus(target_project_id=lambda one, view: one.project_id)
    .plus("labels", entity=MergeRequest)
    .plus(draft=lambda one, view: one.draft)
    .plus("imported", "imported_from", entity=MergeRequest)
    .plus(work_in_progress=lambda one, view: one.draft)
    .plus("milestone", "merge_when_pipeline_succeeds", entity=MergeRequest)
    .plus(merge_status=_merge_status)
    .plus(detailed_merge_status=_detailed)
    .plus("merge_after", entity=MergeRequest)
    .plus(sha=lambda one, view: latest_version(view.store, one).head_commit_sha)
    .plus("merge_commit_sha", "squash_commit_sha", "discussion_locked", entity=MergeRequest)
    .plus("should_remove_source_branch", "force_remove_source_branch", "prepared_at", entity=MergeRequest)
    .plus(allow_collaboration=_of_fork)
    .plus(allow_maintainer_to_push=_of_fork)
    .plus(reference=lambda one, view: f"!{one.iid}")
    .plus(references=_references)
    .plus("web_url", "time_stats", "squash", entity=MergeRequest)
    .plus(squash_on_merge=_squash_on_merge)
    .plus("task_completion_status", entity=MergeRequest)
    .plus(has_conflicts=lambda one, view: _merge_status(one, view) == "cannot_be_merged")
    .plus(blocking_discussions_resolved=lambda one, view: not checks.has_open_discussions(view.store, one))
    .plus("approvals_before_merge", entity=MergeRequest)
    .called("MergeRequestBasic")
)
MERGE_REQUEST = (
    MERGE_REQUEST_BASIC.plus(merge_status=lambda one, view: checks.mergeability(view.store, one).merge_status)
    .plus(detailed_merge_status=_detailed_alone)
    .plus("subscribed", entity=MergeRequest)
    .plus(changes_count=lambda one, view: latest_version(view.store, one).real_size)
    .plus(latest_build_started_at=_latest_build("started_at"))
    .plus(latest_build_finished_at=_latest_build("finished_at", "success"))
    .plus(first_deployed_to_production_at=_where_built(lambda one, view: one.first_deployed_to_production_at))
    .plus(pipeline=_where_built(_pipeline))
    .plus(head_pipeline=_where_built(_head_pipeline))
    .plus(diff_refs=_diff_refs)
    .plus("merge_error", entity=MergeRequest)
    .plus(rebase_in_progress=_when(REBASING, lambda one, view: checks.is_being_rebased(view.store, one)))
    .plus(diverged_commits_count=_when(DIVERGED, _diverged))
    .plus(first_contribution=_when("first_contribution", _first_contribution))
    .plus(user=_user)
    .called("MergeRequest")
)
MERGE_REQUEST_LISTED = MERGE_REQUEST.without("subscribed")
"""To-do items show it without what depends on who looks at one alone."""
MERGE_REQUEST_DIFF = MergeRequestDiff.shape()
