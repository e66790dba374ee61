"""External status checks: what is no valid one, and that they can keep merge requests from being merged.

Source: GitLab's ee/app/services/external_status_checks/ and
ee/app/services/merge_requests/mergeability/check_external_status_checks_passed_service.rb.
"""

from collections.abc import Iterator

from mockgitlab import dsl
from mockgitlab.api.mergeability import Check, register
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import ProtectedBranch
from mockgitlab.api.models.status_check import ExternalStatusCheck, applicable, status_of
from mockgitlab.api.url_rules import blocked
from mockgitlab.errors import Unprocessable

FOREIGN = "Protected branches all protected branches must exist within the project"


def check(store: dsl.Store, draft: ExternalStatusCheck) -> None:
    """Raise ``Unprocessable`` for what is no valid check; one without an id is to be made."""
    if problems := list(_problems(store, draft)):
        raise Unprocessable(problems, reason="names and addresses of checks are unique in a project")


def _problems(store: dsl.Store, draft: ExternalStatusCheck) -> Iterator[str]:
    others = [one for one in store[ExternalStatusCheck].where(project_id=draft.project_id) if one.id != draft.id]
    if not (draft.name or "").strip():
        yield "Name can't be blank"
    elif any(one.name == draft.name for one in others):
        yield "Name has already been taken"
    if not (draft.external_url or "").strip():
        yield "External url can't be blank"
    elif why := blocked(draft.external_url):
        yield f"External url {why}"
    elif any(one.external_url == draft.external_url for one in others):
        yield "External url has already been taken"
    branches = [store[ProtectedBranch].get(one) for one in draft.protected_branch_ids]
    if any(one is None or one.project_id != draft.project_id for one in branches):
        yield FOREIGN


def _not_passed(store: dsl.Store, merge_request: MergeRequest) -> bool:
    project = store[Project][merge_request.project_id]
    if store.settings.edition != "ee" or not project.only_allow_merge_if_all_status_checks_passed:
        return False
    return any(status_of(store, one, merge_request) != "passed" for one in applicable(store, merge_request))


register(Check("status_checks_must_pass", _not_passed, early=3, since="15.5"))
