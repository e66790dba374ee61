"""Approvals of merge requests, and the rules that say how many of whom are needed.

What they add up to: ``services.approvals``.

Source: https://docs.gitlab.com/api/merge_request_approvals/.
"""

from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group, avatar_url, full_name, web_url
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import viewer
from mockgitlab.api.models.protected_ref import PROTECTED_BRANCH, ProtectedBranch, protected_branches
from mockgitlab.api.models.user import USER_BASIC, User

RuleType = Literal["any_approver", "regular", "report_approver"]


class Approval(dsl.Entity):
    """That a user approved a merge request."""

    id: int = dsl.serial()
    merge_request_id: int = dsl.parent("MergeRequest")
    user_id: int = dsl.reference("User", "Who approved")
    created_at: str = dsl.now()
    patch_id_sha: str | None = dsl.hidden("The changes that were approved")


class ApprovalRule(dsl.Entity):
    """How many approvals are needed, and by whom: users, the members of groups, or with ``any_approver`` everybody."""

    id: int = dsl.serial()
    name: str = dsl.required("The name of the approval rule", present=True)
    rule_type: RuleType = dsl.optional("The type of the rule", default="regular")
    report_type: str | None = dsl.optional("The report that the approvals are about", enum=("code_coverage",))
    approvals_required: int = dsl.required("How many approvals the rule asks for", maximum=100)
    user_ids: tuple[int, ...] = dsl.references("User", "The IDs of users as approvers")
    group_ids: tuple[int, ...] = dsl.references("Group", "The IDs of groups as approvers")


class ProjectApprovalRule(ApprovalRule):
    """A rule for the merge requests of a project, or of all projects in a group, into all branches or some."""

    natural = "name"

    project_id: int | None = dsl.parent("Project")
    of_group_id: int | None = dsl.parent("Group")
    protected_branch_ids: tuple[int, ...] = dsl.references("ProtectedBranch", "The protected branches it is for")
    applies_to_all_protected_branches: bool = dsl.optional("Whether it is for all of them", default=False)


class MergeRequestApprovalRule(ApprovalRule):
    """A rule for one merge request, in place of those of its project."""

    merge_request_id: int = dsl.parent("MergeRequest")
    source_rule_id: int | None = dsl.reference("ProjectApprovalRule", "The rule of the project that it changes")

    @dsl.computed
    def source_rule(self, view: dsl.View) -> dict[str, int] | None:
        """How many approvals the project's rule asks for."""
        source = view.store[ProjectApprovalRule].get(self.source_rule_id)
        return {"approvals_required": source.approvals_required} if source else None

    @dsl.computed
    def overridden(self, view: dsl.View) -> bool:
        """Whether it differs from the project's rule."""
        source = view.store[ProjectApprovalRule].get(self.source_rule_id)
        return source is not None and any(
            getattr(self, name) != getattr(source, name)
            for name in ("name", "approvals_required", "user_ids", "group_ids")
        )


# Shapes

_RULE_GROUP = (
    Group.shape("id", "name", "path", "description", "visibility", "lfs_enabled", name="ApprovalRuleGroup")
    .plus(avatar_url=avatar_url, web_url=web_url)
    .plus("request_access_enabled", entity=Group)
    .plus(full_name=lambda group, view: full_name(view.store, group), full_path=lambda group, view: group.full_path)
    .plus("parent_id", "ldap_cn", "ldap_access", entity=Group)
)


def shown_users(view: dsl.View, user_ids: Any) -> Any:
    """Return the users with some ids, as JSON."""
    found = (view.store[User].get(user_id) for user_id in user_ids)
    return view.many(USER_BASIC, [user for user in found if user is not None])


def _groups(rule: ApprovalRule, view: dsl.View) -> list[Group]:
    found = (view.store[Group].get(group_id) for group_id in rule.group_ids)
    return [group for group in found if group is not None]


def _seen_groups(rule: ApprovalRule, view: dsl.View) -> list[Group]:
    return [one for one in _groups(rule, view) if access.can_read(view.store, viewer(view), one)]


def eligible_approvers(store: dsl.Store, rule: ApprovalRule) -> list[int]:
    """Return the ids of the users who are named in a rule, or members of groups named in it."""
    groups = store[Member].where(source_type="Namespace").among("source_id", rule.group_ids)
    members = (one.user_id for one in groups if not one.expired(store.today))
    return list(dict.fromkeys((*rule.user_ids, *members)))


_RULE = (
    ApprovalRule.shape("id", "name", "rule_type", name="ApprovalRule")
    .plus(report_type=lambda rule, view: rule.report_type or dsl.OMIT)
    .plus(eligible_approvers=lambda rule, view: shown_users(view, eligible_approvers(view.store, rule)))
    .plus("approvals_required", entity=ApprovalRule)
    .plus(users=lambda rule, view: shown_users(view, rule.user_ids))
    .plus(groups=lambda rule, view: view.many(_RULE_GROUP, _seen_groups(rule, view)))
    .plus(contains_hidden_groups=lambda rule, view: len(_seen_groups(rule, view)) < len(_groups(rule, view)))
)


def _protected_branches(rule: ProjectApprovalRule, view: dsl.View) -> Any:
    return view.many(PROTECTED_BRANCH, branches_of(view.store, rule))


def branches_of(store: dsl.Store, rule: ProjectApprovalRule) -> list[ProtectedBranch]:
    """Return the protected branches that a rule names, or where it is for all those of its project or group."""
    if not rule.applies_to_all_protected_branches:
        found = (store[ProtectedBranch].get(branch_id) for branch_id in rule.protected_branch_ids)
        return [branch for branch in found if branch is not None]
    if rule.project_id is None:
        return store[ProtectedBranch].having("group_id", rule.of_group_id)
    return protected_branches(store, store[Project][rule.project_id])


PROJECT_RULE = (
    _RULE.called("ProjectApprovalRule")
    .plus(protected_branches=_protected_branches)
    .plus("applies_to_all_protected_branches", entity=ProjectApprovalRule)
)
MERGE_REQUEST_RULE = _RULE.called("MergeRequestApprovalRule").plus(
    "source_rule", "overridden", entity=MergeRequestApprovalRule
)
STATE_RULE = _RULE.called("MergeRequestApprovalStateRule")
RULE_SHORT = ApprovalRule.shape("id", "name", "rule_type", name="ApprovalRuleShort")
