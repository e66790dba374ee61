"""External status checks of merge requests, and what the services behind them said.

Source: https://docs.gitlab.com/api/status_checks/ and GitLab's ee/app/models/merge_requests/external_status_check.rb,
ee/app/models/merge_requests/status_check_response.rb, ee/lib/ee/api/entities.
"""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.merge_request import MergeRequest, latest_version
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import ProtectedBranch
from mockgitlab.store import Query

Status = Literal["passed", "failed", "pending"]


class ExternalStatusCheck(dsl.Entity):
    """A service that says of merge requests whether they pass; of those into some protected branches, or of all."""

    natural = "name"

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    name: str = dsl.required("The name of the check")
    external_url: str = dsl.required("The address of the service")
    shared_secret: str | None = dsl.hidden("The secret with which what is sent to it is signed")
    protected_branch_ids: tuple[int, ...] = dsl.references("ProtectedBranch", "The protected branches that it is for")
    created_at: str = dsl.now()

    @dsl.computed_in(since="17.0")
    def hmac(self, view: dsl.View) -> bool:
        """Whether there is a secret."""
        return bool(self.shared_secret)

    @dsl.computed
    def protected_branches(self, view: dsl.View) -> list[Any]:
        """The protected branches that it is for."""
        found = (view.store[ProtectedBranch].get(one) for one in self.protected_branch_ids)
        return view.many(_BRANCH, [one for one in found if one is not None])


class StatusCheckResponse(dsl.Entity):
    """What a service said of a commit of a merge request; once it is asked again that does not count."""

    id: int = dsl.serial()
    merge_request_id: int = dsl.parent("MergeRequest")
    external_status_check_id: int = dsl.parent("ExternalStatusCheck")
    sha: str = dsl.hidden("The commit")
    status: Status = dsl.hidden("What it said")
    created_at: str = dsl.now()


_BRANCH = ProtectedBranch.shape(
    *("id", "project_id", "name", "created_at", "updated_at", "code_owner_approval_required"),
    name="ExternalStatusCheckProtectedBranch",
)
EXTERNAL_STATUS_CHECK = ExternalStatusCheck.shape(
    "id", "name", "project_id", "external_url", "hmac", "protected_branches"
)
RESPONSE = StatusCheckResponse.shape("id").plus(
    merge_request=lambda one, view: view.one(MERGE_REQUEST, view.store[MergeRequest].get(one.merge_request_id)),
    external_status_check=lambda one, view: view.one(
        EXTERNAL_STATUS_CHECK, view.store[ExternalStatusCheck].get(one.external_status_check_id)
    ),
)


def status_checks_of(store: dsl.Store, project: Project) -> Query[ExternalStatusCheck]:
    """Return the external status checks of a project."""
    return store[ExternalStatusCheck].where(project_id=project.id)


def applicable(store: dsl.Store, merge_request: MergeRequest) -> Query[ExternalStatusCheck]:
    """Return the checks that are for merge requests into the target branch of one."""

    def covers(check: ExternalStatusCheck) -> bool:
        rows = [store[ProtectedBranch].get(one) for one in check.protected_branch_ids]
        return not rows or any(one is not None and one.covers(merge_request.target_branch) for one in rows)

    found = store[ExternalStatusCheck].where(project_id=merge_request.project_id)
    return found.filter(covers, ("covers", merge_request.target_branch))


def status_of(store: dsl.Store, check: ExternalStatusCheck, merge_request: MergeRequest) -> str:
    """Return what a service said last of the head of a merge request."""
    head = latest_version(store, merge_request).head_commit_sha
    found = store[StatusCheckResponse].having("merge_request_id", merge_request.id)
    said = [one.status for one in found if one.external_status_check_id == check.id and one.sha == head]
    return said[-1] if said else "pending"


def status_shape(merge_request: MergeRequest) -> dsl.Shape:
    """Return the shape in which a check is shown for a merge request."""
    own = ExternalStatusCheck.shape("id", "name", "external_url", name="StatusCheck")
    return own.plus(status=lambda check, view: status_of(view.store, check, merge_request))
