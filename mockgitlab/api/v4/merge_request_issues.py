"""Merge requests and issues: which close which, which speak of which.

Source: https://docs.gitlab.com/api/merge_requests/#list-issues-that-close-on-merge, GitLab's lib/api/issues.rb and
lib/api/commits.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import merge_request_access as rights
from mockgitlab.api import repository_access as code
from mockgitlab.api.cross_references import referred_merge_requests
from mockgitlab.api.mergeability import commits_of
from mockgitlab.api.models.issuable import comments
from mockgitlab.api.models.issue import ISSUE_BASIC, Issue
from mockgitlab.api.models.merge_request import MergeRequest, versions_of
from mockgitlab.api.models.merge_request_closing import closing_ids
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST_BASIC, MERGE_REQUEST_LISTED
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import merge_request_closings as closings
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.commits import find_commit

STATES = ("opened", "closed", "locked", "merged", "all")


@v4.get("projects/:id/merge_requests/:merge_request_iid/closes_issues", shape=ISSUE_BASIC, page="merge_requests")
def list_closed_issues(call: dsl.Call, merge_request: MergeRequest) -> list[Issue]:
    """List the issues that are closed when a merge request is merged."""
    return closings.closed_issues(call.store, merge_request, call.user)


@v4.get("projects/:id/merge_requests/:merge_request_iid/related_issues", shape=ISSUE_BASIC, page="merge_requests")
def list_related_issues(call: dsl.Call, merge_request: MergeRequest) -> list[Issue]:
    """List the issues of which a merge request speaks."""
    return closings.related_issues(call.store, merge_request, call.user)


# Of issues


def _readable(call: dsl.Call, found: list[MergeRequest]) -> list[MergeRequest]:
    shown = {one.id: one for one in found if rights.may_read(call.store, call.user, one)}
    return sorted(shown.values(), key=lambda one: one.id)


@v4.get("projects/:id/issues/:issue_iid/closed_by", shape=MERGE_REQUEST_BASIC, page="issues")
def list_closing_merge_requests(call: dsl.Call, issue: Issue) -> list[MergeRequest]:
    """List the merge requests that close an issue when they are merged."""
    found = (call.store[MergeRequest].get(one) for one in closing_ids(call.store, issue.id))
    return _readable(call, [one for one in found if one is not None])


@v4.get("projects/:id/issues/:issue_iid/related_merge_requests", shape=MERGE_REQUEST_LISTED, page="issues")
def list_related_merge_requests(call: dsl.Call, issue: Issue) -> list[MergeRequest]:
    """List the merge requests that speak of an issue, or of which the issue speaks."""
    project = call.at(Project)
    texts = [issue.title, issue.description, *(note.body for note in comments(call.store, issue))]
    found = [one for text in texts for one in referred_merge_requests(call.store, text, project)]
    return _readable(call, [*found, *_mentioning(call, issue, project)])


def _mentioning(call: dsl.Call, issue: Issue, project: Project) -> list[MergeRequest]:
    """Return the merge requests that GitLab's remarks on an issue say mention it."""
    notes = call.store[Note].having("noteable_id", issue.id)
    said = (one.body for one in notes if one.noteable_type == "Issue" and one.system_action == "cross_reference")
    return [one for text in said for one in referred_merge_requests(call.store, text, project)]


# Of commits


@v4.get(
    "projects/:id/repository/commits/:sha/merge_requests",
    rule=code.READ_ENABLED,
    job_token=True,
    shape=MERGE_REQUEST_BASIC,
    page="commits",
    params=[dsl.param("state", str, "Merge requests in this state", enum=STATES, since="17.9")],
)
def list_commit_merge_requests(call: dsl.Call, project: Project, sha: str, given: dsl.Given) -> list[MergeRequest]:
    """List the merge requests into a project that a commit is part of, or that it merged."""
    commit = find_commit(call, project, sha)
    state: Any = given.get("state") or "all"
    found = rights.readable_merge_requests(call, project)
    wanted = [one for one in found if state in ("all", one.state)]
    return [one for one in wanted if _has_commit(call.store, one, commit.sha)]


def _has_commit(store: dsl.Store, merge_request: MergeRequest, sha: str) -> bool:
    if sha in (merge_request.merge_commit_sha, merge_request.squash_commit_sha):
        return True
    return bool(versions_of(store, merge_request)) and any(one.sha == sha for one in commits_of(store, merge_request))
