"""What the messages of pushed commits mean: remarks where they mention something, and issues that they close.

Source: https://docs.gitlab.com/user/project/issues/crosslinking_issues/ and GitLab's
app/workers/process_commit_worker.rb.
"""

from collections.abc import Iterable
from dataclasses import replace

from mockgitlab import dsl
from mockgitlab.api import access, effects, issue_access
from mockgitlab.api.cross_references import (
    Referable,
    may_read,
    referred_issues,
    referred_merge_requests,
    resolved_issues,
)
from mockgitlab.api.markdown import closing_references
from mockgitlab.api.mergeability import commits_between
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import merged_as
from mockgitlab.api.models.note import notes_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import issues
from mockgitlab.api.services.accounts import email_owner
from mockgitlab.api.services.repositories import Repository
from mockgitlab.git.objects import Commit, read_commit

COMMITS_AT_MOST = 100


def pushed_commits(store: dsl.Store, project: Project, branch: str, old: str | None, new: str | None) -> list[Commit]:
    """Return the commits that a push to a branch brought, the newest first, of many the first hundred."""
    repository = Repository(store, project)
    head = repository.head
    return _pushed(store, old or (head.sha if head and branch != repository.default_branch else None), new)


def process(call: dsl.Call, project: Project, branch: str, commits: list[Commit]) -> None:
    """Remark what the commits of a push to a branch mention; on the default branch close what they say they close."""
    closes = branch == Repository(call.store, project).default_branch
    for commit in reversed(commits):
        if "#" in commit.message or "!" in commit.message or "/issues/" in commit.message:
            _process(_as_author(call, commit), project, commit, closes=closes)


def _pushed(store: dsl.Store, known: str | None, new: str | None) -> list[Commit]:
    """Return the commits that a push brought, the newest first; a line of history costs no more than itself."""
    found: list[Commit] = []
    while new is not None and new != known and len(found) < COMMITS_AT_MOST:
        commit = read_commit(store.objects, new)
        if len(commit.parents) > 1:
            return [*found, *commits_between(store, known or commit.parents[0], new)][:COMMITS_AT_MOST]
        found.append(commit)
        new = commit.parents[0] if commit.parents else None
    return found if new == known or len(found) == COMMITS_AT_MOST else _not_known(store, known, found)


def _not_known(store: dsl.Store, known: str | None, found: list[Commit]) -> list[Commit]:
    """Return the commits that do not lead to what was known, too: the branch began before it, or was forced."""
    return commits_between(store, known, found[0].sha)[:COMMITS_AT_MOST] if known and found else found


def _as_author(call: dsl.Call, commit: Commit) -> dsl.Call:
    author = email_owner(call.store, commit.author.email)
    return replace(call, user=author) if author is not None and not author.blocked else call


def _process(call: dsl.Call, project: Project, commit: Commit, *, closes: bool) -> None:
    store = call.store
    closed: list[Issue] = []
    if closes and merged_as(store, project, commit.sha) is None:
        closed = resolved_issues(store, closing_references(commit.message), project)
    remark_mentions(call, project, commit, commit.message, without=closed)
    for issue in closed:
        if _may_close(call, issue):
            issues.close(call, issue)


def remark_mentions(
    call: dsl.Call, project: Project, commit: Commit, text: str, *, without: Iterable[Issue] = ()
) -> None:
    """Remark on what a commit's message, or a comment on it, mentions and its author sees."""
    store = call.store
    found: list[Referable] = [one for one in referred_issues(store, text, project) if one not in without]
    for target in (*found, *referred_merge_requests(store, text, project)):
        if may_read(store, access.me(call), target):
            _remark(call, project, commit, target)


def _may_close(call: dsl.Call, issue: Issue) -> bool:
    lets = call.store[Project][issue.project_id].autoclose_referenced_issues
    return issue.state == "opened" and bool(lets) and issue_access.may_update(call, issue)


def _remark(call: dsl.Call, project: Project, commit: Commit, target: Referable) -> None:
    place = "" if target.project_id == project.id else f"{project.full_path}@"
    body = f"mentioned in commit {place}{commit.sha}"
    if not any(note.system and note.body == body for note in notes_of(call.store, target)):
        effects.system_note(call, target, body, "cross_reference")
