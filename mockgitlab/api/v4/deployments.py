"""Deployments of projects to their environments.

Source: https://docs.gitlab.com/api/deployments/ and GitLab's lib/api/deployments.rb, app/finders/deployments_finder.rb,
ee/lib/ee/api/deployments.rb, ee/app/services/deployments/approval_service.rb.
"""

from typing import Annotated, Literal, get_args

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import environment_access as rights
from mockgitlab.api import merge_request_access as merge_request_rights
from mockgitlab.api.merge_request_filters import EXCLUSIVE, LISTED, PARAMS, SCOPE
from mockgitlab.api.merge_request_filters import ORDER as MERGE_REQUEST_ORDER
from mockgitlab.api.models.deployment import DEPLOYMENT, DEPLOYMENT_EXTENDED, Deployment, Status, last_deployment
from mockgitlab.api.models.environment import Environment, find_environment
from mockgitlab.api.models.issuable import GLOBALLY
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_environment import DEPLOYMENT_APPROVAL, DeploymentApproval
from mockgitlab.api.services import deployments, environments
from mockgitlab.api.services.deployment_approvals import decide
from mockgitlab.api.services.removal import remove
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.merge_requests import listed
from mockgitlab.errors import BadRequest, Forbidden, ValidationFailed
from mockgitlab.store import Query

AT = "projects/:id/deployments"
ORDERS = ("id", "iid", "created_at", "updated_at", "finished_at", "ref")
TOLD = ("running", "success", "failed", "canceled")
"""The statuses that systems outside may tell."""
NO_REF = "The branch or tag does not exist"
BY_CI = "Deployments created using GitLab CI can not be updated using the API"
STATUS = dsl.param("status", str, "How the deployment stands", required=True, enum=TOLD)


# Finding


@v4.locator(f"{AT}/:deployment_id", integer=True)
def find_deployment(call: dsl.Call, value: str) -> Deployment:
    """Return the deployment with an id, for those who may see those of the project."""
    if call.method == "GET":
        rights.check_reads(call)
    return rights.record_in(call, Deployment, value)


# Reading


def _finished_after(query: Query[Deployment], time: str, call: dsl.Call) -> Query[Deployment]:
    return query.filter(lambda one: (one.finished_at or "") >= time, ("finished from", time))


def _finished_before(query: Query[Deployment], time: str, call: dsl.Call) -> Query[Deployment]:
    return query.filter(lambda one: "" < (one.finished_at or "") < time, ("finished before", time))


def _in_environment(query: Query[Deployment], name: str, call: dsl.Call) -> Query[Deployment]:
    if not name:
        return query
    found = find_environment(call.store, call.at(Project), name)
    return query.where(environment_id=found.id if found else None)


def _ordered(query: Query[Deployment], by: str, call: dsl.Call) -> Query[Deployment]:
    """Order as told, and where dates of changes filter by those; of several changed at once the latest comes first."""
    down = call.given.get("sort") == "desc"
    if by == "updated_at" or _asks(call, "updated"):
        sign = 1 if down else -1
        name = f"updated_at, id {sign}"
        return query.order_by(name, descending=down, value=lambda one: (one.updated_at, sign * one.id))
    return query.order_by("id" if by in ("iid", "created_at") else by, descending=down)


def _asks(call: dsl.Call, what: str) -> bool:
    return any(call.given.get(f"{what}_{side}") is not None for side in ("before", "after"))


def _check_pairs(call: dsl.Call) -> None:
    """Raise ``BadRequest`` for what GitLab's database could not answer quickly."""
    finished, by_finish = _asks(call, "finished"), call.given.get("order_by") == "finished_at"
    problem = ""
    if finished and _asks(call, "updated"):
        problem = "Both `updated_at` filter and `finished_at` filter can not be specified"
    elif finished != by_finish:
        problem = "`finished_at` filter and `finished_at` sorting must be paired"
    elif finished and call.given.get("status") != "success":
        problem = "`finished_at` filter must be combined with `success` status filter."
    if problem:
        raise BadRequest(f"400 Bad request - {problem}", reason="GitLab would need too long for this list")


ORDER = dsl.Filter(
    (
        dsl.param("order_by", str, "Order by one of these", default="id", enum=ORDERS),
        dsl.param("sort", str, "Order ascending or descending", default="asc", enum=("asc", "desc")),
    ),
    _ordered,
)


@v4.get(
    AT,
    rule=rights.READ,
    shape=DEPLOYMENT,
    filters=[
        *dsl.dates("updated"),
        dsl.by("finished_after", dsl.Timestamp, "Ended on or after this time", _finished_after),
        dsl.by("finished_before", dsl.Timestamp, "Ended before this time", _finished_before),
        dsl.by("environment", str, "To the environment with this name", _in_environment),
        dsl.eq("status", str, "That stand so", enum=get_args(Status)),
        ORDER,
    ],
    job_token=True,
)
def list_deployments(call: dsl.Call, project: Project) -> Query[Deployment]:
    """List the deployments of a project."""
    _check_pairs(call)
    return call.store[Deployment].where(project_id=project.id)


@v4.get(f"{AT}/:deployment_id", rule=rights.READ, shape=DEPLOYMENT_EXTENDED, job_token=True)
def show_deployment(deployment: Deployment) -> Deployment:
    """Show a deployment."""
    return deployment


@v4.get(
    f"{AT}/:deployment_id/merge_requests",
    rule=rights.READ,
    params=PARAMS,
    filters=(SCOPE, *LISTED, MERGE_REQUEST_ORDER),
    constraints=EXCLUSIVE,
    unlocated=("deployment_id",),
    job_token=True,
)
def list_deployed_merge_requests(
    call: dsl.Call, project: Project, deployment_id: Annotated[int, "The ID of the deployment"]
) -> Query[MergeRequest]:
    """List the merge requests that a deployment brought; there are none where there is no such deployment."""
    deployment = call.store[Deployment].get(deployment_id)
    shipped = deployment.merge_request_ids if deployment is not None else ()
    readable = merge_request_rights.readable_merge_requests(call, None, archived=True)
    return listed(call, readable.among("id", shipped), GLOBALLY)


# Writing


@v4.post(
    AT,
    rule=rights.WRITE,
    shape=DEPLOYMENT_EXTENDED,
    params=[
        dsl.param("environment", str, "The name of the environment, made where there is none", required=True),
        dsl.param("sha", str, "The commit that is deployed", required=True),
        dsl.param("ref", str, "The branch or tag that is deployed", required=True),
        dsl.param("tag", bool, "Whether the ref is a tag", required=True),
        STATUS,
    ],
    job_token=True,
)
def create_deployment(call: dsl.Call, project: Project, given: dsl.Given) -> Deployment:
    """Tell of a deployment by a system outside."""
    repository = Repository(call.store, project)
    if repository.commit(given["ref"]) is None:
        raise ValidationFailed({"ref": [NO_REF]}, reason=f"{project.full_path} has no branch or tag {given['ref']!r}")
    known = find_environment(call.store, project, given["environment"])
    environment = known or environments.create(call.store, project, {"name": given["environment"]})
    rights.check_unprotected(call, environment)
    commit = repository.commit(given["sha"])
    if commit is None:
        told = {"sha": ["The commit does not exist"]}
        raise ValidationFailed(told, reason=f"{project.full_path} has no commit {given['sha']!r}")
    tie = {"project_id": project.id, "environment_id": environment.id, "user_id": access.me(call).id}
    made = call.store.insert(Deployment(**tie, **given.only("ref", "sha", "tag")))
    return deployments.change_status(call.store, made, given["status"])


@v4.put(f"{AT}/:deployment_id", rule=rights.WRITE, shape=DEPLOYMENT_EXTENDED, params=[STATUS], job_token=True)
def update_deployment(call: dsl.Call, deployment: Deployment, given: dsl.Given) -> Deployment:
    """Tell how a deployment by a system outside stands now."""
    if deployment.deployable_id is not None:
        raise Forbidden(BY_CI, reason=f"the job {deployment.deployable_id} deploys")
    status = given["status"]
    if not deployments.may_become(deployment, status):
        told = {"status": [f'cannot transition via "{deployments.EVENTS[status]}"']}
        raise ValidationFailed(told, reason=f"the deployment is {deployment.status}, and cannot become {status}")
    return deployments.change_status(call.store, deployment, status)


def _check_destroys(call: dsl.Call) -> None:
    rights.ADMINISTER.check(call)
    rights.check_unprotected(call, call.store[Environment][call.at(Deployment).environment_id])


@v4.delete(f"{AT}/:deployment_id", rule=dsl.Rule("maintainer", _check_destroys), job_token=True)
def delete_deployment(call: dsl.Call, deployment: Deployment) -> None:
    """Delete a deployment that neither runs nor is what its environment has."""
    if deployment.status == "running":
        raise BadRequest(_told(call, "Cannot destroy running deployment"), reason="it runs")
    last = last_deployment(call.store, call.store[Environment][deployment.environment_id])
    if last is not None and last.id == deployment.id:
        raise BadRequest(_told(call, "Deployment currently deployed to environment"), reason="it is the last")
    remove(call.store, deployment)


def _told(call: dsl.Call, text: str) -> str:
    """Return a refusal as the documents have it, with the status, or as the source has it."""
    return f"400 {text}" if call.settings.errors == "documented" else text


# Approving


def _to_approve(call: dsl.Call, value: str) -> Deployment:
    rights.check_reads(call)
    return rights.record_in(call, Deployment, value)


@v4.post(
    f"{AT}/:deployment_id/approval",
    rule=rights.READ,
    shape=DEPLOYMENT_APPROVAL,
    edition="ee",
    locators=(("deployment_id", dsl.Locator(_to_approve, integer=True)),),
    job_token=True,
)
def approve_deployment(
    call: dsl.Call,
    deployment: Deployment,
    status: Annotated[Literal["approved", "rejected"], "What is decided"],
    comment: Annotated[str | None, "Why"] = None,
    represented_as: Annotated[str | None, "As which user, group or role, where several rules fit"] = None,
) -> DeploymentApproval:
    """Approve or reject a deployment that waits for it."""
    return decide(call, deployment, status, comment, represented_as)
