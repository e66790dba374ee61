"""Approval rules of projects, groups and merge requests.

Those of groups GitLab keeps behind the flag ``approval_group_rules``, which is on here.
Source: https://docs.gitlab.com/api/merge_request_approvals/#approval-rules-for-a-project and GitLab's
ee/lib/api/project_approval_rules.rb, group_approval_rules.rb.
"""

from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.approval import (
    MERGE_REQUEST_RULE,
    PROJECT_RULE,
    ApprovalRule,
    MergeRequestApprovalRule,
    ProjectApprovalRule,
)
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import protected_branches
from mockgitlab.api.models.user import User
from mockgitlab.api.services import approvals
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import Forbidden, RecordNotFound, ValidationFailed
from mockgitlab.store import Query

IN_PROJECT, IN_GROUP = "projects/:id/approval_rules", "groups/:id/approval_rules"
IN_MERGE_REQUEST = "projects/:id/merge_requests/:merge_request_iid/approval_rules"
Rule = ProjectApprovalRule | MergeRequestApprovalRule
APPROVERS = (
    dsl.param("user_ids", dsl.IdList, "The IDs of users as approvers"),
    dsl.param("group_ids", dsl.IdList, "The IDs of groups as approvers"),
    dsl.param("usernames", dsl.CommaList, "The usernames of approvers, besides those of user_ids", since="15.8"),
)
BRANCHES = (
    dsl.param("protected_branch_ids", dsl.IdList, "The IDs of the protected branches the rule is for"),
    dsl.param(
        "applies_to_all_protected_branches",
        bool,
        "Whether it is for all protected branches",
        default=False,
        since="15.3",
    ),
)
HIDDEN = dsl.param("remove_hidden_groups", bool, "Whether groups that the user cannot see are removed, too")
FIELDS = ApprovalRule.fields


def _params(*more: dsl.Param, required: bool) -> tuple[dsl.Param, ...]:
    named = (of_field(FIELDS[name], required=required) for name in ("name", "approvals_required"))
    return (*named, *APPROVERS, *more)


KINDS = (of_field(FIELDS["rule_type"], required=False), of_field(FIELDS["report_type"], required=False))


# Finding


@v4.locator(f"{IN_PROJECT}/:approval_rule_id", f"{IN_GROUP}/:approval_rule_id", integer=True)
def find_project_rule(call: dsl.Call, value: str) -> ProjectApprovalRule:
    """Return the rule of a project or group with an id."""
    tie = _tie(call)
    found = call.store[ProjectApprovalRule].where(id=int(value), **tie).first()
    if found is None:
        raise RecordNotFound(reason=f"there is no approval rule {value} here")
    return found


@v4.locator(f"{IN_MERGE_REQUEST}/:approval_rule_id", integer=True)
def find_merge_request_rule(call: dsl.Call, value: str) -> MergeRequestApprovalRule:
    """Return the rule of a merge request with an id."""
    found = call.store[MergeRequestApprovalRule].where(id=int(value), **_tie(call)).first()
    if found is None:
        raise RecordNotFound(
            reason=f"merge request {call.at(MergeRequest).iid} has no approval rule {value} of its own"
        )
    return found


def _tie(call: dsl.Call) -> dict[str, int]:
    merge_request = call.maybe_at(MergeRequest)
    if merge_request is not None:
        return {"merge_request_id": merge_request.id}
    project = call.maybe_at(Project)
    return {"project_id": project.id} if project is not None else {"of_group_id": call.at(Group).id}


# What is given


def _columns(call: dsl.Call, given: dsl.Given, kept: ApprovalRule | None = None) -> dict[str, Any]:
    named = ("name", "approvals_required", "rule_type", "report_type")
    columns: dict[str, Any] = {name: given[name] for name in named if given.get(name) is not None}
    if any(name in given for name in ("user_ids", "usernames")):
        columns["user_ids"] = _users(call, given)
    if "group_ids" in given:
        columns["group_ids"] = _groups(
            call, given["group_ids"] or (), kept, hidden=not given.get("remove_hidden_groups")
        )
    if "protected_branch_ids" in given:
        columns["protected_branch_ids"] = _branches(call, given["protected_branch_ids"] or ())
    if given.get("applies_to_all_protected_branches") is not None:
        columns["applies_to_all_protected_branches"] = given["applies_to_all_protected_branches"]
    return columns


def _users(call: dsl.Call, given: dsl.Given) -> tuple[int, ...]:
    """Return the ids of the given users who are members: others are left out, as GitLab does."""
    names = [call.store[User].find(folded=name.lower()) for name in given.get("usernames") or ()]
    ids = dict.fromkeys((*(given.get("user_ids") or ()), *(user.id for user in names if user is not None)))
    project = call.maybe_at(Project)
    users = [user for user_id in ids if (user := call.store[User].get(user_id)) is not None]
    return tuple(user.id for user in users if project is None or access.project_level(call.store, user, project) > 0)


def _groups(call: dsl.Call, ids: Iterable[int], kept: ApprovalRule | None, *, hidden: bool) -> tuple[int, ...]:
    """Return the ids of the given groups that the caller sees, and of those kept that the caller does not see."""
    seen = access.visible_group_ids(call.store, call.user)
    unseen = [one for one in (kept.group_ids if kept and hidden else ()) if one not in seen]
    return tuple(dict.fromkeys((*(one for one in ids if one in seen), *unseen)))


def _branches(call: dsl.Call, ids: Iterable[int]) -> tuple[int, ...]:
    known = {one.id for one in protected_branches(call.store, call.at(Project))}
    return tuple(one for one in ids if one in known)


def _insert(call: dsl.Call, kind: type[Rule], given: dsl.Given, **more: Any) -> Rule:
    """Make a rule; one that names nobody asks everybody."""
    columns = {**_columns(call, given), **more}
    if given.get("rule_type") is None:
        named = columns.get("user_ids") or columns.get("group_ids")
        columns["rule_type"] = "regular" if named else "any_approver"
    _check(call, kind, columns, None)
    return call.store.insert(kind(**_tie(call), **columns))


def _change(call: dsl.Call, rule: Rule, given: dsl.Given) -> Any:
    columns = _columns(call, given, rule)
    _check(call, type(rule), {"rule_type": rule.rule_type, **columns}, rule)
    return call.store.update(rule, **columns)


def _check(call: dsl.Call, kind: type[Rule], columns: dict[str, Any], rule: Rule | None) -> None:
    others = [one for one in call.store[kind].where(**_tie(call)) if rule is None or one.id != rule.id]
    if any(one.name == columns.get("name") for one in others):
        raise ValidationFailed({"name": ["has already been taken"]}, reason=f"there is a rule {columns['name']!r}")
    if columns["rule_type"] == "any_approver" and any(one.rule_type == "any_approver" for one in others):
        where = "merge request" if kind is MergeRequestApprovalRule else "project"
        raise ValidationFailed({"rule_type": [f"any-approver for the {where} already exists"]})


# Rules of projects and groups

for _path, _reads, _writes, _more in (
    (IN_PROJECT, access.AS_DEVELOPER, access.AS_MAINTAINER, {}),
    (IN_GROUP, access.AS_MAINTAINER, access.AS_MAINTAINER, {"since": "16.7"}),
):
    _branches_too = BRANCHES if _path == IN_PROJECT else ()

    @v4.get(_path, rule=_reads, shape=PROJECT_RULE, edition="ee", page="merge_request_approvals", **_more)
    def list_rules(call: dsl.Call) -> Query[ProjectApprovalRule]:
        """List the approval rules."""
        return call.store[ProjectApprovalRule].where(**_tie(call))

    @v4.get(f"{_path}/:approval_rule_id", rule=_reads, shape=PROJECT_RULE, edition="ee", **_more)
    def show_rule(rule: ProjectApprovalRule) -> ProjectApprovalRule:
        """Show an approval rule."""
        return rule

    @v4.post(
        _path,
        rule=_writes,
        shape=PROJECT_RULE,
        edition="ee",
        params=_params(*KINDS, *_branches_too, required=True),
        **_more,
    )
    def create_rule(call: dsl.Call, given: dsl.Given) -> Rule:
        """Create an approval rule; those of groups are for all protected branches."""
        everywhere = {} if call.maybe_at(Project) else {"applies_to_all_protected_branches": True}
        return _insert(call, ProjectApprovalRule, given, **everywhere)

    @v4.put(
        f"{_path}/:approval_rule_id",
        rule=_writes,
        shape=PROJECT_RULE,
        edition="ee",
        params=_params(*_branches_too, HIDDEN, required=False),
        **_more,
    )
    def change_rule(call: dsl.Call, rule: ProjectApprovalRule, given: dsl.Given) -> Any:
        """Change an approval rule."""
        return _change(call, rule, given)


@v4.delete(f"{IN_PROJECT}/:approval_rule_id", rule=access.AS_MAINTAINER, edition="ee", page="merge_request_approvals")
def delete_rule(call: dsl.Call, rule: ProjectApprovalRule) -> None:
    """Delete an approval rule of a project."""
    call.store.delete(rule)
    for one in list(call.store[MergeRequestApprovalRule].where(source_rule_id=rule.id)):
        call.store.update(one, source_rule_id=None)


# Rules of merge requests


def _check_changes(call: dsl.Call) -> None:
    if not approvals.may_change_rules(call, call.at(MergeRequest)):
        text = "who may change the merge request may, unless the project forbids rules of merge requests' own"
        raise Forbidden(reason=f"{access.me(call).username} may not change its approval rules; {text}")


CHANGES = dsl.Rule("changes approval rules of the merge request", _check_changes)


@v4.get(IN_MERGE_REQUEST, shape=MERGE_REQUEST_RULE, edition="ee")
def list_merge_request_rules(call: dsl.Call) -> Query[MergeRequestApprovalRule]:
    """List the rules that a merge request has of its own."""
    return call.store[MergeRequestApprovalRule].where(**_tie(call))


@v4.get(f"{IN_MERGE_REQUEST}/:approval_rule_id", shape=MERGE_REQUEST_RULE, edition="ee", since="14.10")
def show_merge_request_rule(rule: MergeRequestApprovalRule) -> MergeRequestApprovalRule:
    """Show a rule of a merge request."""
    return rule


@v4.post(
    IN_MERGE_REQUEST,
    rule=CHANGES,
    shape=MERGE_REQUEST_RULE,
    edition="ee",
    params=_params(dsl.param("approval_project_rule_id", int, "The ID of the project's rule to change"), required=True),
)
def create_merge_request_rule(call: dsl.Call, given: dsl.Given) -> Rule:
    """Give a merge request a rule of its own, or change one of its project's for it."""
    source = _source(call, given.get("approval_project_rule_id"))
    if source is None:
        return _insert(call, MergeRequestApprovalRule, given)
    taken = {name: getattr(source, name) for name in ("name", "user_ids", "group_ids", "rule_type")}
    return _insert(call, MergeRequestApprovalRule, given, **taken, source_rule_id=source.id)


def _source(call: dsl.Call, rule_id: int | None) -> ProjectApprovalRule | None:
    if rule_id is None:
        return None
    known = {one.id: one for one in approvals.project_rules(call.store, call.at(Project))}
    if rule_id not in known:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no approval rule {rule_id}")
    return known[rule_id]


@v4.put(
    f"{IN_MERGE_REQUEST}/:approval_rule_id",
    rule=CHANGES,
    shape=MERGE_REQUEST_RULE,
    edition="ee",
    params=_params(HIDDEN, required=False),
)
def change_merge_request_rule(call: dsl.Call, rule: MergeRequestApprovalRule, given: dsl.Given) -> Any:
    """Change a rule of a merge request."""
    return _change(call, rule, given)


@v4.delete(f"{IN_MERGE_REQUEST}/:approval_rule_id", rule=CHANGES, edition="ee")
def delete_merge_request_rule(call: dsl.Call, rule: MergeRequestApprovalRule) -> None:
    """Delete a rule of a merge request."""
    call.store.delete(rule)
