"""What the approvals of a merge request add up to, and approving.

A rule is approved when enough of its eligible approvers approved, or when nobody is left who could. The author and,
where the project says so, those who committed do not count.

Source: https://docs.gitlab.com/user/project/merge_requests/approvals/rules/ and GitLab's
app/services/merge_requests/approval_service.rb.
"""

from dataclasses import dataclass
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, effects
from mockgitlab.api import merge_request_access as rights
from mockgitlab.api.mergeability import Check, commits_of, register
from mockgitlab.api.models.approval import (
    Approval,
    ApprovalRule,
    MergeRequestApprovalRule,
    ProjectApprovalRule,
    eligible_approvers,
)
from mockgitlab.api.models.approval_setting import OVERRIDES, RETAINS, holds
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.merge_request import MergeRequest, latest_version, versions_of
from mockgitlab.api.models.merge_request_reviewer import mark_review
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import ProtectedBranch, protections
from mockgitlab.api.models.user import User


@dataclass(frozen=True)
class RuleState:
    """A rule, and the ids of the users who may satisfy it and who did."""

    rule: ApprovalRule
    eligible: tuple[int, ...]
    approved_by: tuple[int, ...]

    @property
    def left(self) -> int:
        """How many approvals are still missing."""
        return max(self.rule.approvals_required - len(self.approved_by), 0)

    @property
    def invalid(self) -> bool:
        """Whether approvals are asked for that nobody can give."""
        return self.rule.rule_type != "any_approver" and self.rule.approvals_required > 0 and not self.eligible

    @property
    def approved(self) -> bool:
        """Whether enough approved, or all who could."""
        named = self.rule.rule_type != "any_approver"
        return self.left == 0 or (named and not set(self.eligible) - set(self.approved_by))


# Rules


def project_rules(store: dsl.Store, project: Project) -> list[ProjectApprovalRule]:
    """Return the rules of a project: its own, then those of the groups above."""
    groups = ancestors(store, store[Group][project.namespace_id])
    inherited = (rule for group in groups for rule in store[ProjectApprovalRule].having("of_group_id", group.id))
    return [*store[ProjectApprovalRule].having("project_id", project.id), *inherited]


def own_rules(store: dsl.Store, merge_request: MergeRequest) -> list[MergeRequestApprovalRule]:
    """Return the rules that a merge request has in place of its project's, unless the project forbids that."""
    if not holds(store, store[Project][merge_request.project_id], OVERRIDES):
        return []
    return store[MergeRequestApprovalRule].having("merge_request_id", merge_request.id)


def rules_for(store: dsl.Store, merge_request: MergeRequest) -> list[ApprovalRule]:
    """Return the rules that hold for a merge request; of a project without any, what it asks of everybody."""
    project = store[Project][merge_request.project_id]
    own = own_rules(store, merge_request)
    shared = [rule for rule in project_rules(store, project) if _is_for(store, project, rule, merge_request)]
    found: list[ApprovalRule] = [*own] or [*shared]
    wanted = max(project.approvals_before_merge, merge_request.approvals_before_merge or 0)
    if found or not wanted:
        return found
    return [ApprovalRule(id=0, name="", rule_type="any_approver", approvals_required=wanted)]


def _is_for(store: dsl.Store, project: Project, rule: ProjectApprovalRule, merge_request: MergeRequest) -> bool:
    target = merge_request.target_branch
    if rule.applies_to_all_protected_branches:
        return bool(protections(store, project, target))
    branches = [store[ProtectedBranch].get(branch_id) for branch_id in rule.protected_branch_ids]
    return not branches or any(branch is not None and branch.covers(target) for branch in branches)


# State


def approvals_of(store: dsl.Store, merge_request: MergeRequest) -> list[Approval]:
    """Return the approvals of a merge request, the oldest first."""
    return sorted(store[Approval].having("merge_request_id", merge_request.id), key=lambda one: one.id)


def rule_states(store: dsl.Store, merge_request: MergeRequest) -> list[RuleState]:
    """Return how far each rule of a merge request is satisfied."""
    barred, users = _barred(store, merge_request), [one.user_id for one in approvals_of(store, merge_request)]
    counted = [user_id for user_id in users if user_id not in barred]
    return [_state(store, rule, counted, barred) for rule in rules_for(store, merge_request)]


def _state(store: dsl.Store, rule: ApprovalRule, counted: list[int], barred: set[int]) -> RuleState:
    if rule.rule_type == "any_approver":
        return RuleState(rule, (), tuple(counted))
    eligible = tuple(user_id for user_id in eligible_approvers(store, rule) if user_id not in barred)
    return RuleState(rule, eligible, tuple(user_id for user_id in counted if user_id in eligible))


def _barred(store: dsl.Store, merge_request: MergeRequest) -> set[int]:
    project = store[Project][merge_request.project_id]
    barred = set() if holds(store, project, "allow_author_approval") else {merge_request.author_id}
    if not holds(store, project, "allow_committer_approval"):
        emails = {one.committer.email.lower() for one in commits_of(store, merge_request)}
        barred |= {user.id for email in emails if (user := store[User].find(folded_email=email)) is not None}
    return barred if store.settings.edition == "ee" else set()


def is_approved(store: dsl.Store, merge_request: MergeRequest) -> bool:
    """Tell whether a merge request has the approvals that it needs; in the Community Edition, whether it has any."""
    if store.settings.edition != "ee":
        return bool(approvals_of(store, merge_request))
    return all(state.approved for state in rule_states(store, merge_request))


def has_approved(store: dsl.Store, merge_request: MergeRequest, user: User | None) -> bool:
    """Tell whether a user approved a merge request."""
    return user is not None and any(one.user_id == user.id for one in approvals_of(store, merge_request))


def may_approve(store: dsl.Store, user: User | None, merge_request: MergeRequest) -> bool:
    """Tell whether a user has the role to approve: a developer, or somebody named in a rule who sees the code."""
    if user is None or user.blocked:
        return False
    project = store[Project][merge_request.project_id]
    level = access.project_level(store, user, project)
    named = any(user.id in state.eligible for state in rule_states(store, merge_request))
    return not project.archived and level >= (access.REPORTER if named else access.DEVELOPER)


def can_approve(store: dsl.Store, user: User | None, merge_request: MergeRequest) -> bool:
    """Tell whether a user's approval would be taken now."""
    if user is None or not may_approve(store, user, merge_request) or has_approved(store, merge_request, user):
        return False
    return user.id not in _barred(store, merge_request)


# Approving


def approve(call: dsl.Call, merge_request: MergeRequest) -> bool:
    """Approve a merge request in the name of the caller; tells whether that was taken."""
    user = access.me(call)
    if merge_request.state == "merged" or not can_approve(call.store, user, merge_request):
        return False
    record(call.store, merge_request, user_id=user.id)
    effects.system_note(call, merge_request, "approved this merge request", "approved")
    effects.record_event(call, merge_request.project_id, "approved", merge_request)
    effects.resolve_todos(call, user.id, merge_request)
    return True


def record(store: dsl.Store, merge_request: MergeRequest, **columns: Any) -> Approval:
    """Keep that a user approved what a merge request changes now."""
    patch = next((one.patch_id_sha for one in versions_of(store, merge_request)[::-1]), None)
    own = {"merge_request_id": merge_request.id, "patch_id_sha": patch}
    approval = store.insert(Approval(**{**own, **columns}))
    mark_review(store, merge_request.id, approval.user_id, "approved")
    return approval


def take_back(store: dsl.Store, approval: Approval) -> None:
    """Forget an approval."""
    store.delete(approval)
    mark_review(store, approval.merge_request_id, approval.user_id, "unapproved")


def unapprove(call: dsl.Call, merge_request: MergeRequest) -> bool:
    """Take the caller's approval back; tells whether there was one to take back."""
    own = [one for one in approvals_of(call.store, merge_request) if one.user_id == access.me(call).id]
    if merge_request.state == "merged" or not own:
        return False
    for one in own:
        take_back(call.store, one)
    effects.system_note(call, merge_request, "unapproved this merge request", "unapproved")
    return True


def reset(store: dsl.Store, merge_request: MergeRequest) -> None:
    """Take all approvals of a merge request back."""
    for one in approvals_of(store, merge_request):
        store.delete(one)


def reset_on_push(store: dsl.Store, merge_request: MergeRequest, head: str) -> None:
    """Take approvals back after the source branch moved to another head, where the project says so.

    GitLab's own rebase takes none back, and other pushes none of those that were given to the same changes.
    """
    if _resets(store, merge_request) and merge_request.rebase_commit_sha != head:
        patch = latest_version(store, merge_request).patch_id_sha
        for one in approvals_of(store, merge_request):
            if one.patch_id_sha is None or one.patch_id_sha != patch:
                take_back(store, one)


def reset_on_retarget(store: dsl.Store, merge_request: MergeRequest) -> None:
    """Take all approvals back after the target branch became another, where the project says so of pushes."""
    if _resets(store, merge_request):
        for one in approvals_of(store, merge_request):
            take_back(store, one)


def _resets(store: dsl.Store, merge_request: MergeRequest) -> bool:
    return store.settings.edition == "ee" and not holds(store, store[Project][merge_request.project_id], RETAINS)


def may_change_rules(call: dsl.Call, merge_request: MergeRequest) -> bool:
    """Tell whether the caller may give a merge request rules of its own."""
    project = call.store[Project][merge_request.project_id]
    return holds(call.store, project, OVERRIDES) and rights.may_update(call, merge_request)


def _lacks_approvals(store: dsl.Store, merge_request: MergeRequest) -> bool:
    return store.settings.edition == "ee" and not is_approved(store, merge_request)


register(Check("not_approved", _lacks_approvals, early=2))
