"""The issues that a merge request closes: found in its texts and commits, and closed when it is merged.

Source: https://docs.gitlab.com/user/project/issues/managing_issues/#closing-issues-automatically and GitLab's
lib/gitlab/closing_issue_extractor.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import issue_access
from mockgitlab.api.cross_references import referred_issues, resolved_issues
from mockgitlab.api.markdown import closing_references
from mockgitlab.api.mergeability import commits_of
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_closing import MergeRequestClosing, closed_issue_ids
from mockgitlab.api.models.note import notes_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services.repositories import Repository


def remember_closed(store: dsl.Store, merge_request: MergeRequest) -> None:
    """Keep which issues a merge request says it closes; nothing any more once it is closed or merged."""
    if merge_request.state not in ("opened", "locked"):
        return
    wanted = [issue.id for issue in _said_to_close(store, merge_request)]
    for one in store[MergeRequestClosing].having("merge_request_id", merge_request.id):
        if one.issue_id not in wanted:
            store.delete(one)
    known = closed_issue_ids(store, merge_request.id)
    for issue_id in wanted:
        if issue_id not in known:
            store.insert(MergeRequestClosing(merge_request_id=merge_request.id, issue_id=issue_id))


def _said_to_close(store: dsl.Store, merge_request: MergeRequest) -> list[Issue]:
    project = store[Project][merge_request.project_id]
    if merge_request.target_branch != Repository(store, project).default_branch:
        return []
    messages = [one.message for one in reversed(commits_of(store, merge_request))]
    text = "\n".join([merge_request.title, merge_request.description or "", *messages])
    author = store[User].get(merge_request.author_id)
    found = resolved_issues(store, closing_references(text), project)
    return [issue for issue in found if issue_access.may_read(store, author, issue)]


def closed_issues(store: dsl.Store, merge_request: MergeRequest, user: User | None) -> list[Issue]:
    """Return the issues that a merge request closes, as far as a user may see them and their projects let it."""
    found = [store[Issue].get(issue_id) for issue_id in closed_issue_ids(store, merge_request.id)]
    return [one for one in found if one and issue_access.may_read(store, user, one) and _closes_itself(store, one)]


def _closes_itself(store: dsl.Store, issue: Issue) -> bool:
    return bool(store[Project][issue.project_id].autoclose_referenced_issues)


def related_issues(store: dsl.Store, merge_request: MergeRequest, user: User | None) -> list[Issue]:
    """Return the issues that title, description, comments and commits of a merge request refer to."""
    project = store[Project][merge_request.project_id]
    texts = [merge_request.title, merge_request.description or ""]
    texts += [note.body for note in notes_of(store, merge_request)]
    texts += [one.message for one in commits_of(store, merge_request)]
    found = {one.id: one for text in texts for one in referred_issues(store, text, project)}
    return [one for one in found.values() if issue_access.may_read(store, user, one)]
