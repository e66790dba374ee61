"""Merge requests, named in paths by their global id, below ``merge_requests`` as well as ``merge_request``.

Source: GitLab 8's doc/api/merge_requests.md, lib/api/merge_requests.rb and merge_request_diffs.rb, GitLab 9's
lib/api/v3/merge_requests.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import merge_request_access as rights
from mockgitlab.api import mergeability
from mockgitlab.api.merge_request_filters import MergeRequests
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.merge_request_shapes import (
    MERGE_REQUEST,
    MERGE_REQUEST_BASIC,
    MERGE_REQUEST_DIFF,
    MERGE_REQUEST_LISTED,
)
from mockgitlab.api.models.project import Project
from mockgitlab.api.ruby import inspect
from mockgitlab.api.services import merge_request_checks as checks
from mockgitlab.api.services import merge_request_merges as merges
from mockgitlab.api.v3.base import Refusal, record_at, shown_state, signed_in, v3
from mockgitlab.api.v3.commits import commit, diff
from mockgitlab.api.v3.issues import SHOWN as ISSUE_SHOWN
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.merge_request_changes import MERGE_REQUEST_CHANGES, MERGE_REQUEST_DIFF_FULL, find_version
from mockgitlab.api.v4.merge_requests import hidden, up_to_date
from mockgitlab.errors import Conflict, Forbidden, GrapeError

ALL = "projects/:id/merge_requests"
AT = f"{ALL}/:merge_request_id"
PLACES = (AT, "projects/:id/merge_request/:merge_request_id")
THERE = f"{ALL}/:merge_request_iid"

# Shapes


def _each(shape: dsl.Shape, name: str, retold: Any) -> Any:
    """Return a list that a shape shows, each object in it retold."""
    read = dict(shape.members)[name]
    return lambda record, view: [retold(one) for one in read(record, view)]


SHOWN = (
    MERGE_REQUEST.renaming(merge_when_pipeline_succeeds="merge_when_build_succeeds")
    .plus(state=shown_state)
    .only(
        *("id", "iid", "project_id", "title", "description", "state", "created_at", "updated_at", "target_branch"),
        *("source_branch", "upvotes", "downvotes", "author", "assignee", "source_project_id", "target_project_id"),
        *("labels", "work_in_progress", "milestone", "merge_when_build_succeeds", "merge_status", "sha"),
        *("merge_commit_sha", "subscribed", "user_notes_count", "should_remove_source_branch"),
        *("force_remove_source_branch", "web_url"),
    )
)
VERSION = MERGE_REQUEST_DIFF.without("patch_id_sha")
v3.dialect.show(
    {
        MERGE_REQUEST: SHOWN,
        MERGE_REQUEST_BASIC: SHOWN,
        MERGE_REQUEST_LISTED: SHOWN,
        MERGE_REQUEST_CHANGES: SHOWN.plus(changes=_each(MERGE_REQUEST_CHANGES, "changes", diff)),
        MERGE_REQUEST_DIFF: VERSION,
        MERGE_REQUEST_DIFF_FULL: VERSION.plus(
            commits=_each(MERGE_REQUEST_DIFF_FULL, "commits", commit),
            diffs=_each(MERGE_REQUEST_DIFF_FULL, "diffs", diff),
        ),
    }
)

# Refusals

SAME = "You can not use same project/branch for source and target"


class BranchesRefused(GrapeError):
    """The branches of a merge request are refused, under the key ``error``."""

    status = 422


def _branches(error: checks.BranchesRefused) -> BranchesRefused:
    return BranchesRefused([SAME if text == checks.SAME else text for text in error.message])


def _already_open(error: checks.AlreadyOpen) -> Conflict:
    return Conflict([f"Cannot Create: This merge request already exists: {inspect([error.other.title])}"])


v3.dialect.say(
    {
        checks.BranchesRefused: _branches,
        checks.AlreadyOpen: _already_open,
        merges.Unmergeable: lambda error: Refusal(406, error.message),
    }
)

# Finding


@v3.locator(*PLACES)
def find_merge_request(call: dsl.Call, value: str) -> MergeRequest:
    """Return the merge request with a global id; raises ``Forbidden`` where the caller may not see it."""
    found = up_to_date(call, record_at(call, MergeRequest, value))
    if not rights.may_read(call.store, call.user, found):
        raise Forbidden(reason=hidden(call, found))
    return found


v3.locator(f"{AT}/versions/:version_id", integer=True)(find_version)

# Lists

STATE = dsl.eq("state", str, "All unless given", ignore=("all",), enum=("opened", "closed", "merged", "all"))


@v3.get(
    ALL,
    rule=signed_in(rights.READS),
    shape=SHOWN,
    filters=[STATE, dsl.ids("iid", "iid"), dsl.order("created_at", "updated_at")],
)
def list_merge_requests(call: dsl.Call, project: Project) -> MergeRequests:
    """List the merge requests of a project."""
    return rights.readable_merge_requests(call, project)


# One merge request


def merge(call: dsl.Call, merge_request: MergeRequest, given: dsl.Given) -> Any:
    """Merge a merge request, at once unless it is to wait for a pipeline that runs."""
    if not mergeability.runs_pipeline(call.store, merge_request):
        given = dsl.Given(given.without("merge_when_pipeline_succeeds"))
    return merges.merge(call, merge_request, given)


ATTRIBUTES = ("description", "assignee_id", "milestone_id", "labels", "remove_source_branch")
BRANCHES = ("source_branch", "target_branch", "target_project_id")
EVENT = dsl.param("state_event", str, "Close or reopen it; merge does nothing", enum=("close", "reopen", "merge"))
WHEN = {"merge_when_build_succeeds": dsl.Renamed("merge_when_pipeline_succeeds")}
CANCEL = f"{THERE}/cancel_merge_when_pipeline_succeeds"

v3.adopt(v4, "POST", ALL, takes=("title", *BRANCHES, *ATTRIBUTES))
v3.adopt(v4, "DELETE", THERE, at=AT, gives_back=SHOWN)
for _at in PLACES:
    v3.adopt(v4, "GET", THERE, at=_at, takes=())
    v3.adopt(v4, "PUT", THERE, at=_at, takes=("title", "target_branch", EVENT, *ATTRIBUTES))
    v3.adopt(v4, "GET", f"{THERE}/commits", at=f"{_at}/commits", retold=commit, paginated=False)
    v3.adopt(v4, "GET", f"{THERE}/changes", at=f"{_at}/changes", takes=())
    v3.adopt(v4, "GET", f"{THERE}/closes_issues", at=f"{_at}/closes_issues", shape=ISSUE_SHOWN)
    v3.adopt(
        v4,
        "PUT",
        f"{THERE}/merge",
        at=f"{_at}/merge",
        takes=("merge_commit_message", "should_remove_source_branch", *WHEN, "sha"),
        renames=WHEN,
        handler=merge,
    )
    v3.adopt(v4, "POST", CANCEL, at=f"{_at}/cancel_merge_when_build_succeeds")
v3.adopt(v4, "POST", CANCEL, at=f"PUT {AT}/cancel_merge_when_build_succeeds")
"""As GitLab's documents had it, and clients sent it, though the route was POST."""
v3.adopt(v4, "GET", f"{THERE}/versions", at=f"{AT}/versions", paginated=False)
v3.adopt(v4, "GET", f"{THERE}/versions/:version_id", at=f"{AT}/versions/:version_id", takes=())
