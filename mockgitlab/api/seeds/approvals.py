"""Approval rules and approvals in scenarios.

Rules are below projects and groups, and those of one merge request below it: ``{name: Security, approvals_required: 1,
users: [ada], groups: [acme/labs]}``. Approvals are below merge requests: ``approvals: [{user: ada}]``.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.approval import Approval, ApprovalRule, MergeRequestApprovalRule, ProjectApprovalRule
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.services.approvals import record


def _seed(kind: type[ApprovalRule]) -> dsl.collections.Seed:
    def seed(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> Any:
        """Make a rule; one that names nobody asks everybody."""
        if not str(columns.get("name") or "").strip():
            seeding.problem("name", "is missing: an approval rule needs one")
        named = columns.get("user_ids") or columns.get("group_ids")
        if columns.get("of_group_id") is not None:
            columns["applies_to_all_protected_branches"] = True
        given = {"rule_type": "regular" if named else "any_approver", "approvals_required": 1, **columns}
        return seeding.store.insert(kind(**given))

    return seed


def seed_approval(
    seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents
) -> Approval:
    """Approve a merge request in the name of a user."""
    if columns.get("user_id") is None:
        seeding.problem("user", "is missing: who approved?")
        return seeding.store.insert(Approval(**columns))
    merge_request = seeding.store[MergeRequest][columns.pop("merge_request_id")]
    return record(seeding.store, merge_request, **columns)


APPROVAL_RULES = dsl.Collection(
    "approval_rules",
    ProjectApprovalRule,
    {Project: tied_to, Group: lambda group: {"of_group_id": group.id}},
    _seed(ProjectApprovalRule),
)
MERGE_REQUEST_APPROVAL_RULES = dsl.Collection(
    "approval_rules",
    MergeRequestApprovalRule,
    {MergeRequest: lambda merge_request: {"merge_request_id": merge_request.id}},
    _seed(MergeRequestApprovalRule),
)
APPROVALS = dsl.Collection(
    "approvals",
    Approval,
    {MergeRequest: lambda merge_request: {"merge_request_id": merge_request.id}},
    seed_approval,
)
