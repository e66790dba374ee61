"""What merge requests change: commits, files, raw differences and versions.

Source: https://docs.gitlab.com/api/merge_requests/ and GitLab's lib/api/merge_requests.rb, merge_request_diffs.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api.diff_limits import Shown
from mockgitlab.api.mergeability import commits_between, commits_of
from mockgitlab.api.models.merge_request import MergeRequest, MergeRequestDiff, latest_version, versions_of
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST, MERGE_REQUEST_DIFF
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import commit_json, diff_json
from mockgitlab.api.services.merge_request_versions import changed_files, limits_of
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.commits import UNIDIFF
from mockgitlab.errors import RecordNotFound
from mockgitlab.git.changes import Change
from mockgitlab.git.generated import is_generated
from mockgitlab.git.objects import Commit
from mockgitlab.git.patches import whole_patch
from mockgitlab.store import Objects

File = tuple[Change, Shown]
RAW = "access_raw_diffs"
PAGE = "merge_requests"
AT = "projects/:id/merge_requests/:merge_request_iid"


def _commit(commit: Commit, url: str) -> dict[str, Any]:
    # A merge request keeps of its commits neither the parents nor the trailers that are given twice.
    return {**commit_json(commit, url), "parent_ids": [], "extended_trailers": {}}


def _diff(objects: Objects, file: File, *, unidiff: bool) -> dict[str, Any]:
    change, limits = file
    return diff_json(objects, change, unidiff=unidiff, generated=is_generated(change.old_path), limits=limits)


def _files(store: dsl.Store, version: MergeRequestDiff, *, expanded: bool = False) -> list[File]:
    """Return the files of a version that fit, each with how it is shown."""
    return list(zip(changed_files(store, version), limits_of(store, version, expanded=expanded).files, strict=False))


def _diffs(view: dsl.View, version: MergeRequestDiff, *, expanded: bool) -> list[dict[str, Any]]:
    objects, unidiff = view.store.objects, view.option("unidiff")
    return [_diff(objects, one, unidiff=unidiff) for one in _files(view.store, version, expanded=expanded)]


def _changes(one: MergeRequest, view: dsl.View) -> list[dict[str, Any]]:
    return _diffs(view, latest_version(view.store, one), expanded=view.option(RAW))


def _overflow(one: MergeRequest, view: dsl.View) -> bool:
    return not view.option(RAW) and latest_version(view.store, one).state == "overflow"


def _version_commits(version: MergeRequestDiff, view: dsl.View) -> list[dict[str, Any]]:
    merge_request = view.store[MergeRequest][version.merge_request_id]
    found = commits_between(view.store, version.start_commit_sha, version.head_commit_sha)
    url = view.store[Project][merge_request.project_id].web_url(view)
    return [_commit(one, url) for one in found]


MERGE_REQUEST_CHANGES = MERGE_REQUEST.plus(changes=_changes).plus(overflow=_overflow).called("MergeRequestChanges")
MERGE_REQUEST_DIFF_FULL = (
    MERGE_REQUEST_DIFF.plus(commits=_version_commits)
    .plus(diffs=lambda version, view: _diffs(view, version, expanded=True))
    .called("MergeRequestDiffFull")
)


@v4.get(f"{AT}/commits", page=PAGE)
def list_merge_request_commits(call: dsl.Call, project: Project, merge_request: MergeRequest) -> list[Any]:
    """List the commits of a merge request, the newest first."""
    url = project.web_url(call.view())
    return dsl.Mapped(  # type: ignore[return-value]
        commits_of(call.store, merge_request), lambda one: _commit(one, url)
    )


@v4.get(f"{AT}/changes", page=PAGE, params=[UNIDIFF])
def show_merge_request_changes(
    call: dsl.Call,
    merge_request: MergeRequest,
    access_raw_diffs: Annotated[bool, "Read the differences from the repository, without a limit"] = False,
) -> MergeRequest:
    """Show a merge request with the files that it changes; with ``access_raw_diffs`` none is collapsed."""
    options = [*(["unidiff"] if call.option("unidiff") else []), *([RAW] if access_raw_diffs else [])]
    shown: MergeRequest = dsl.present(merge_request, MERGE_REQUEST_CHANGES, options=options)
    return shown


@v4.get(f"{AT}/diffs", page=PAGE, params=[UNIDIFF], counted=False, page_at_most=30)
def list_merge_request_diffs(call: dsl.Call, merge_request: MergeRequest) -> list[Any]:
    """List the files that a merge request changes."""
    objects, unidiff = call.store.objects, call.option("unidiff")
    found = _files(call.store, latest_version(call.store, merge_request))
    return dsl.Mapped(found, lambda one: _diff(objects, one, unidiff=unidiff))  # type: ignore[return-value]


@v4.get(f"{AT}/raw_diffs", page=PAGE)
def show_raw_diffs(call: dsl.Call, merge_request: MergeRequest) -> dsl.Raw:
    """Show what a merge request changes as git writes it."""
    found = changed_files(call.store, latest_version(call.store, merge_request))
    headers = {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"}
    return dsl.Raw(whole_patch(call.store.objects, found), "text/plain", headers=headers)


# Versions


@v4.locator(f"{AT}/versions/:version_id", integer=True)
def find_version(call: dsl.Call, value: str) -> MergeRequestDiff:
    """Return the version of a merge request with this id."""
    merge_request = call.at(MergeRequest)
    found = call.store[MergeRequestDiff].get(int(value))
    if found is None or found.merge_request_id != merge_request.id:
        raise RecordNotFound(reason=f"merge request {merge_request.iid} has no version {value}")
    return found


@v4.get(f"{AT}/versions", page=PAGE, shape=MERGE_REQUEST_DIFF)
def list_versions(call: dsl.Call, merge_request: MergeRequest) -> list[MergeRequestDiff]:
    """List the versions of a merge request, the newest first."""
    return versions_of(call.store, merge_request)[::-1]


@v4.get(f"{AT}/versions/:version_id", page=PAGE, params=[UNIDIFF])
def show_version(call: dsl.Call, version: MergeRequestDiff) -> MergeRequestDiff:
    """Show a version of a merge request with its commits and the files that it changes."""
    options = ["unidiff"] if call.option("unidiff") else []
    shown: MergeRequestDiff = dsl.present(version, MERGE_REQUEST_DIFF_FULL, options=options)
    return shown
