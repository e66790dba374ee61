"""Merge requests: the lists and the single merge request.

Source: https://docs.gitlab.com/api/merge_requests/ and GitLab's lib/api/merge_requests.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import merge_request_access as rights
from mockgitlab.api.issuable_filters import check_scope
from mockgitlab.api.merge_request_filters import EXCLUSIVE, IIDS, LISTED, MINE, ORDER, PARAMS, SCOPE
from mockgitlab.api.mergeability import CHECKING, REBASES, head_pipeline
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issuable import GLOBALLY, asked_in
from mockgitlab.api.models.merge_request import MergeRequest, find_merge_request
from mockgitlab.api.models.merge_request_shapes import (
    DIVERGED,
    MERGE_REQUEST,
    MERGE_REQUEST_BASIC,
    MERGE_REQUEST_SIMPLE,
    REBASING,
    RECHECKED,
    RENDER_HTML,
)
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import pipeline_progress, progress
from mockgitlab.api.services.merge_request_states import tell_conflict
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden, RecordNotFound
from mockgitlab.store import Query

LIVE = dsl.param("non_archived", bool, "Leave out merge requests of archived projects", default=True)
SHOWN = (
    dsl.param(RENDER_HTML, bool, "Show title and description as HTML, too"),
    dsl.param(DIVERGED, bool, "Tell how many commits the target branch is ahead"),
    dsl.param(REBASING, bool, "Tell whether it is being rebased"),
)


# Finding


def merge_request_in(call: dsl.Call, value: str) -> MergeRequest:
    """Return the merge request of the path's project with an internal id, whether the caller may see it or not."""
    project = call.at(Project)
    found = find_merge_request(call.store, project, int(value))
    if found is None:
        raise RecordNotFound(reason=f"{project.full_path} has no merge request {value}")
    return up_to_date(call, found)


def up_to_date(call: dsl.Call, found: MergeRequest) -> MergeRequest:
    """Return a merge request as what goes on in the background leaves it."""
    for kind in (CHECKING, REBASES):
        progress.read(call.store, kind, found.id)
    return tell_conflict(call, call.store.fresh(found))


@v4.locator("projects/:id/merge_requests/:merge_request_iid", integer=True)
def find_readable(call: dsl.Call, value: str) -> MergeRequest:
    """Return the merge request with an internal id; raises ``Forbidden`` where the caller may not see it."""
    found = merge_request_in(call, value)
    if not rights.may_read(call.store, call.user, found):
        raise Forbidden(reason=hidden(call, found))
    return found


def find_own(call: dsl.Call, value: str) -> MergeRequest:
    """Return the merge request with an internal id as far as the caller may see it, as if there were none otherwise."""
    found = merge_request_in(call, value)
    if not rights.may_read(call.store, call.user, found):
        raise RecordNotFound(reason=hidden(call, found))
    return found


OWN = (("merge_request_iid", dsl.Locator(find_own, integer=True)),)
"""For operations to which a hidden merge request is none."""


def hidden(call: dsl.Call, merge_request: MergeRequest) -> str:
    """Say why a merge request is hidden from the caller."""
    project = call.store[Project][merge_request.project_id]
    who = call.user.username if call.user else "an anonymous request"
    setting = f"merge requests there are {project.merge_requests_access_level}, the project {project.visibility}"
    return f"{who} may not see merge request {merge_request.iid} of {project.full_path}: {setting}"


# Lists


def listed(call: dsl.Call, found: Query[MergeRequest], *where: Any) -> Query[MergeRequest]:
    """Return merge requests as lists show them."""
    details = [name for name in ("with_labels_details", RECHECKED) if call.option(name)]
    shape = MERGE_REQUEST_SIMPLE if call.given.get("view") == "simple" else MERGE_REQUEST_BASIC
    shown: Query[MergeRequest] = dsl.present(found, shape, options=(*where, *details))
    return shown


@v4.get("merge_requests", params=PARAMS, filters=(MINE, *LISTED, ORDER), constraints=EXCLUSIVE)
def list_merge_requests(call: dsl.Call) -> Query[MergeRequest]:
    """List merge requests of the instance, by default those that the user opened."""
    check_scope(call)
    return listed(call, rights.readable_merge_requests(call, None), GLOBALLY)


@v4.get("groups/:id/merge_requests", params=(*PARAMS, LIVE), filters=(SCOPE, *LISTED, ORDER), constraints=EXCLUSIVE)
def list_group_merge_requests(call: dsl.Call, group: Group) -> Query[MergeRequest]:
    """List merge requests of a group and the groups below it."""
    found = rights.readable_merge_requests(call, group, archived=call.given["non_archived"] is False)
    return listed(call, found, GLOBALLY, asked_in(group.id))


@v4.get(
    "projects/:id/merge_requests",
    rule=rights.READS,
    params=PARAMS,
    filters=(SCOPE, IIDS, *LISTED, ORDER),
    constraints=EXCLUSIVE,
    job_token=True,
)
def list_project_merge_requests(call: dsl.Call, project: Project) -> Query[MergeRequest]:
    """List merge requests of a project."""
    return listed(call, rights.readable_merge_requests(call, project))


# One merge request


@v4.get("projects/:id/merge_requests/:merge_request_iid", params=SHOWN, job_token=True)
def show_merge_request(call: dsl.Call, merge_request: MergeRequest) -> MergeRequest:
    """Show a merge request of a project."""
    pipeline = head_pipeline(call.store, merge_request)
    pipeline_progress.read(call.store, [pipeline] if pipeline else [])
    asked = (name for name in (RENDER_HTML, DIVERGED, REBASING) if call.option(name))
    now = call.at(MergeRequest)
    shown: MergeRequest = dsl.present(now, MERGE_REQUEST, options=("first_contribution", *asked))
    return shown
