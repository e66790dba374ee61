"""External status checks of projects, and what they say of merge requests. Nothing is sent to the services.

Source: https://docs.gitlab.com/api/status_checks/ and GitLab's ee/lib/api/status_checks.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.merge_request_access import develops
from mockgitlab.api.models.merge_request import MergeRequest, latest_version
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.status_check import (
    EXTERNAL_STATUS_CHECK,
    RESPONSE,
    ExternalStatusCheck,
    StatusCheckResponse,
    applicable,
    status_checks_of,
    status_of,
    status_shape,
)
from mockgitlab.api.services import status_checks
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, Forbidden, RecordNotFound, Unauthorized, Unprocessable
from mockgitlab.store import Query

AT = "projects/:id/external_status_checks"
ONE = f"{AT}/:external_status_check_id"
OF_REQUEST = "projects/:id/merge_requests/:merge_request_iid"
RETRY = f"{OF_REQUEST}/status_checks/:external_status_check_id/retry"
NAMES = ("name", "external_url", "shared_secret")


def _check_maintainer(call: dsl.Call) -> None:
    project = call.at(Project)
    if access.level(call, project) < access.MAINTAINER:
        who, writes = access.me(call).username, call.operation.method in ("POST", "PUT")
        message = ["Not allowed"] if writes else None
        raise Unauthorized(message, reason=f"{who} is no maintainer of {project.full_path}")


def _check_approver(call: dsl.Call) -> None:
    if not develops(call, call.at(Project)):
        raise Forbidden(reason=f"{access.me(call).username} may not approve merge requests; developer is needed")


OF_PROJECT: dict[str, Any] = {"rule": dsl.Rule("maintainer", _check_maintainer), "edition": "ee", "since": "14.0"}
OF_MERGE_REQUESTS: dict[str, Any] = {"rule": dsl.Rule("developer", _check_approver), "edition": "ee", "since": "14.0"}


def _params(*, required: bool) -> list[dsl.Param]:
    return [
        dsl.param("name", str, "The name of the check", required=required),
        dsl.param("external_url", str, "The address of the service", required=required),
        dsl.param("shared_secret", str, "The secret with which what is sent to it is signed", since="17.0"),
        dsl.param("protected_branch_ids", dsl.IdList, "The protected branches that it is for"),
    ]


def _columns(given: dsl.Given) -> dict[str, Any]:
    found = given.only(*NAMES)
    if given.get("protected_branch_ids") is not None:
        found["protected_branch_ids"] = tuple(given["protected_branch_ids"])
    return found


@v4.locator(ONE, integer=True)
@v4.locator(RETRY.removesuffix("/retry"), integer=True)
def find_status_check(call: dsl.Call, value: str) -> ExternalStatusCheck:
    """Return the check of the project with this id; who may not have it is told so before."""
    call.operation.rule.check(call)
    found = status_checks_of(call.store, call.at(Project)).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no external status check {value}")
    return found


@v4.get(AT, shape=EXTERNAL_STATUS_CHECK, **OF_PROJECT)
def list_status_checks(call: dsl.Call, project: Project) -> Query[ExternalStatusCheck]:
    """List the external status checks of a project."""
    return status_checks_of(call.store, project)


@v4.post(AT, shape=EXTERNAL_STATUS_CHECK, params=_params(required=True), **OF_PROJECT)
def create_status_check(call: dsl.Call, project: Project, given: dsl.Given) -> ExternalStatusCheck:
    """Add an external status check to a project."""
    draft = ExternalStatusCheck(id=None, project_id=project.id, **_columns(given))
    status_checks.check(call.store, draft)
    return call.store.insert(ExternalStatusCheck(project_id=project.id, **_columns(given)))


@v4.put(ONE, shape=EXTERNAL_STATUS_CHECK, params=_params(required=False), **OF_PROJECT)
def update_status_check(call: dsl.Call, check: ExternalStatusCheck, given: dsl.Given) -> ExternalStatusCheck:
    """Change an external status check."""
    status_checks.check(call.store, check.replaced(_columns(given)))
    return call.store.update(check, **_columns(given))


@v4.delete(ONE, **OF_PROJECT)
def delete_status_check(call: dsl.Call, check: ExternalStatusCheck) -> None:
    """Delete an external status check with all that it said."""
    remove(call.store, check)


# Of merge requests


@v4.get(f"{OF_REQUEST}/status_checks", **OF_MERGE_REQUESTS)
def list_statuses(call: dsl.Call, merge_request: MergeRequest) -> Query[ExternalStatusCheck]:
    """List the external status checks that are for a merge request, and what they say of it."""
    found = applicable(call.store, merge_request)
    return dsl.present(found, status_shape(merge_request))  # type: ignore[no-any-return]


@v4.post(f"{OF_REQUEST}/status_check_responses", shape=RESPONSE, **OF_MERGE_REQUESTS)
def set_status(
    call: dsl.Call,
    merge_request: MergeRequest,
    external_status_check_id: Annotated[int, "The ID of the check"],
    sha: Annotated[str, "The head of the source branch"],
    status: Annotated[str, "What it says", dsl.Constraints(enum=("passed", "failed", "pending"))],
) -> StatusCheckResponse:
    """Say for an external status check whether a merge request passes."""
    check = find_status_check(call, str(external_status_check_id))
    head = latest_version(call.store, merge_request).head_commit_sha
    if sha != head:
        raise Conflict(f"SHA does not match HEAD of source branch: {head}", reason=f"sha says {sha}")
    return _say(call, check, merge_request, status)


def _say(call: dsl.Call, check: ExternalStatusCheck, merge_request: MergeRequest, status: Any) -> StatusCheckResponse:
    head = latest_version(call.store, merge_request).head_commit_sha or ""
    tied = {"merge_request_id": merge_request.id, "external_status_check_id": check.id}
    return call.store.insert(StatusCheckResponse(**tied, sha=head, status=status))


@v4.post(RETRY, success=202, **{**OF_MERGE_REQUESTS, "since": "15.7"})
def retry_status_check(call: dsl.Call, merge_request: MergeRequest, check: ExternalStatusCheck) -> dict[str, str]:
    """Ask the service of a failed check again, which makes it pending."""
    if status_of(call.store, check, merge_request) != "failed":
        raise Unprocessable("External status check must be failed", reason=f"{check.name} did not fail")
    _say(call, check, merge_request, "pending")
    return {"message": "202 Accepted"}
