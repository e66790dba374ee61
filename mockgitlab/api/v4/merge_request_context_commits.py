"""Context commits of merge requests: commits that help to review it and are not merged by it.

Source: https://docs.gitlab.com/api/merge_request_context_commits/ and GitLab's lib/api/merge_requests.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import merge_request_access as rights
from mockgitlab.api.models.context_commit import ContextCommit
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import commit_json
from mockgitlab.api.ruby import inspect
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest
from mockgitlab.git.objects import Commit, read_commit

AT = "projects/:id/merge_requests/:merge_request_iid/context_commits"
AT_MOST = 20
Shas = Annotated[list[str], "The SHAs of the commits"]


def _kept(call: dsl.Call, merge_request: MergeRequest) -> list[ContextCommit]:
    return list(call.store[ContextCommit].where(merge_request_id=merge_request.id))


def _shown(call: dsl.Call, project: Project, commits: list[Commit]) -> list[dict[str, Any]]:
    """Return commits as JSON, the newest first."""
    url = project.web_url(call.view())
    newest = sorted(commits, key=lambda one: one.committer.time, reverse=True)
    return [commit_json(one, url, trailers=True) for one in newest]


def _commits(call: dsl.Call, project: Project, shas: list[str]) -> list[Commit]:
    """Return the commits with some names; raises ``BadRequest`` unless each is one of the project."""
    found = [Repository(call.store, project).commit(sha) for sha in shas]
    missing = [sha for sha, commit in zip(shas, found, strict=True) if commit is None]
    if missing or not shas:
        reason = f"{project.full_path} has no commits {', '.join(missing)}" if missing else "no commit was given"
        raise BadRequest("One or more context commits' sha is not valid.", reason=reason)
    return [one for one in found if one is not None]


@v4.get(AT)
def list_context_commits(call: dsl.Call, project: Project, merge_request: MergeRequest) -> list[Any]:
    """List the context commits of a merge request, the newest first."""
    found = [read_commit(call.store.objects, one.sha) for one in _kept(call, merge_request)]
    return _shown(call, project, found)


@v4.post(AT, rule=rights.UPDATES)
def add_context_commits(call: dsl.Call, project: Project, merge_request: MergeRequest, commits: Shas) -> Any:
    """Add commits as context of a merge request."""
    if len(commits) > AT_MOST:
        text = f"Context commits array size should not be more than {AT_MOST}"
        raise BadRequest(text, reason=f"{len(commits)} were given")
    found = _commits(call, project, commits)
    known = {one.sha for one in _kept(call, merge_request)}
    twice = [one.sha for one in found if one.sha in known]
    if twice:
        raise BadRequest(f"Context commits: {inspect(twice)} are already created", reason="they are context already")
    for sha in dict.fromkeys(one.sha for one in found):
        call.store.insert(ContextCommit(merge_request_id=merge_request.id, sha=sha))
    return dsl.present(_shown(call, project, found), status=201)


@v4.delete(AT, rule=rights.DELETES, conditional=False)
def delete_context_commits(call: dsl.Call, project: Project, merge_request: MergeRequest, commits: Shas) -> None:
    """Take commits from the context of a merge request, which who may delete the merge request may."""
    unwanted = {one.sha for one in _commits(call, project, commits)}
    for one in _kept(call, merge_request):
        if one.sha in unwanted:
            call.store.delete(one)
