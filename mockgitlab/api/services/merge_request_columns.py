"""From the parameters of a request to the columns of a merge request: names to ids, and what the caller may set.

Source: GitLab's lib/api/merge_requests.rb and app/services/issuable_base_service.rb.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import repository_access as code
from mockgitlab.api.merge_request_access import develops, may_collaborate, merge_requests_open
from mockgitlab.api.models.merge_request import MergeRequest, without_draft
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services.issue_columns import (
    chosen,
    labels_of,
    milestone_of,
    that_count,
    title_of,
    wanted_assignees,
)
from mockgitlab.store import parse_instant, timestamp

PLANNED = ("assignee_ids", "reviewer_ids", "milestone_id", "label_ids", "discussion_locked", "time_estimate")
"""What only developers of the target project may set."""
AS_GIVEN = ("description", "time_estimate", "approvals_before_merge")
UNLESS_EMPTY = ("discussion_locked", "allow_collaboration", "target_branch")


def columns_of(
    call: dsl.Call, project: Project, before: MergeRequest | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the columns that parameters set of a merge request, or of a new one."""
    columns = {name: given[name] for name in AS_GIVEN if name in given}
    columns |= {name: given[name] for name in UNLESS_EMPTY if given.get(name) is not None}
    if given.get("title") is not None or given.get("wip_event"):
        columns["title"] = _title(before, given)
    if "merge_after" in given:
        columns["merge_after"] = _instant(given["merge_after"])
    if "remove_source_branch" in given:
        columns["force_remove_source_branch"] = given["remove_source_branch"]
    if given.get("allow_maintainer_to_push") is not None:
        columns["allow_collaboration"] = given["allow_maintainer_to_push"]
    columns |= _squash(project, before, given) | _relations(call, project, before, given)
    return columns if develops(call, project) else {n: value for n, value in columns.items() if n not in PLANNED}


def of_source(call: dsl.Call, merge_request: MergeRequest, columns: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a caller may not set, who does not push to the source project, or which no such branch has."""
    source = call.store[Project].get(merge_request.source_project_id)
    pushes = source is not None and code.may_push(call, source)
    refused = set() if pushes else {"force_remove_source_branch"}
    if not pushes or not may_collaborate(call.store, merge_request):
        refused.add("allow_collaboration")
    return {name: value for name, value in columns.items() if name not in refused}


def _title(before: MergeRequest | None, given: Mapping[str, Any]) -> str:
    """Return the title given, or the one before, marked as a draft's or not where that is asked for."""
    title = title_of(given["title"]) if given.get("title") is not None else before.title if before else ""
    if not given.get("wip_event"):
        return title
    return f"Draft: {without_draft(title)}" if given["wip_event"] == "draft" else without_draft(title)


def _instant(text: str | None) -> str | None:
    try:
        return timestamp(parse_instant(text)) if text else None
    except ValueError:
        return None


def _squash(project: Project, before: MergeRequest | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return whether commits are squashed: as the project always or never does, as given, or as it does by default."""
    if before is None and project.squash_option in ("always", "never"):
        return {"squash": project.squash_option == "always"}
    if given.get("squash") is not None:
        return {"squash": given["squash"]}
    return {"squash": project.squash_option == "default_on"} if before is None else {}


def _relations(
    call: dsl.Call, project: Project, before: MergeRequest | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    ids = wanted_assignees(given)
    if ids is not None:
        columns |= chosen("assignee_ids", ids, people(call, project, ids))
    if "reviewer_ids" in given:
        ids = list(dict.fromkeys(given["reviewer_ids"] or ()))
        columns |= chosen("reviewer_ids", ids, people(call, project, ids))
    if "milestone_id" in given:
        columns["milestone_id"] = milestone_of(call.store, project, given["milestone_id"])
    known = before.label_ids if before else ()
    label_ids = labels_of(call, project, known, given)
    return columns if label_ids == known else {**columns, "label_ids": label_ids}


def people(call: dsl.Call, project: Project, ids: Sequence[int]) -> list[int]:
    """Return the ids of those users who see the merge requests of a project; the Community Edition takes one."""
    users = [call.store[User].get(user_id) for user_id in that_count(call, ids)]
    return [user.id for user in users if user is not None and _sees(call.store, user, project)]


def _sees(store: dsl.Store, user: User, project: Project) -> bool:
    return access.can_read(store, user, project) and merge_requests_open(store, user, project)
