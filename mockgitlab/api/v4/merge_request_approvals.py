"""Approvals of merge requests: how a project asks for them, how many one has, approving. The rules: ``approval_rules``.

Source: https://docs.gitlab.com/api/merge_request_approvals/ and GitLab's lib/api/merge_request_approvals.rb.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.mergeability import mergeability
from mockgitlab.api.models.approval import RULE_SHORT, STATE_RULE, eligible_approvers, shown_users
from mockgitlab.api.models.approval_setting import PASSWORD, columns_that_hold, holds
from mockgitlab.api.models.merge_request import MergeRequest, latest_version
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.services import approvals
from mockgitlab.api.services.merge_request_merges import merge_if_ready
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import Conflict, Forbidden, NotFound, Unauthorized

States = Sequence[approvals.RuleState]
HERE = "projects/:id/merge_requests/:merge_request_iid"
SETTINGS = (
    *("approvals_before_merge", "reset_approvals_on_push", "selective_code_owner_removals"),
    *("disable_overriding_approvers_per_merge_request", "merge_requests_author_approval"),
    *("merge_requests_disable_committers_approval", "require_password_to_approve"),
)
NOBODY: Any = {"approvers": [], "approver_groups": []}
"""What once listed those who may approve, and is empty now."""

# How a project asks for approvals


def _settings(call: dsl.Call, project: Project) -> dict[str, Any]:
    shown = {name: getattr(project, name) for name in SETTINGS}
    return {**NOBODY, **shown, **columns_that_hold(call.store, project)}


@v4.get("projects/:id/approvals", rule=access.AS_DEVELOPER, edition="ee")
def show_project_approvals(call: dsl.Call, project: Project) -> dict[str, Any]:
    """Show how a project asks for approvals."""
    return _settings(call, project)


@v4.post(
    "projects/:id/approvals",
    rule=access.AS_MAINTAINER,
    edition="ee",
    params=[of_field(Project.fields[name], required=False) for name in SETTINGS],
    constraints=[dsl.at_least_one_of(*SETTINGS)],
)
def change_project_approvals(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Change how a project asks for approvals."""
    columns = {name: given[name] for name in SETTINGS if given.get(name) is not None}
    return _settings(call, call.store.update(project, **columns))


# How many a merge request has


def _approved_by(call: dsl.Call, merge_request: MergeRequest) -> list[dict[str, Any]]:
    view = call.view()
    found = approvals.approvals_of(call.store, merge_request)
    dated = call.settings.release >= (18, 9)
    return [
        {
            "user": view.one(USER_BASIC, call.store[User].get(one.user_id)),
            **({"approved_at": one.created_at} if dated else {}),
        }
        for one in found
    ]


def _shown(call: dsl.Call, merge_request: MergeRequest) -> dict[str, Any]:
    """Return the approvals of a merge request, in the Enterprise Edition with what its rules ask for."""
    about_user = {
        "user_has_approved": approvals.has_approved(call.store, merge_request, call.user),
        "user_can_approve": approvals.can_approve(call.store, call.user, merge_request),
    }
    told = {"approved": approvals.is_approved(call.store, merge_request)}
    approved_by = {"approved_by": _approved_by(call, merge_request)}
    if call.settings.edition != "ee":
        return {**about_user, **told, **approved_by}
    states = approvals.rule_states(call.store, merge_request)
    return {
        **_head(call, merge_request),
        **told,
        **_counts(call, states),
        **approved_by,
        "suggested_approvers": _suggested(call, states),
        **NOBODY,
        **about_user,
        **_rules(call, states),
    }


def _head(call: dsl.Call, merge_request: MergeRequest) -> dict[str, Any]:
    names = ("id", "iid", "project_id", "title", "description", "state", "created_at", "updated_at")
    status = mergeability(call.store, merge_request).merge_status
    return {**{name: getattr(merge_request, name) for name in names}, "merge_status": status}


def _counts(call: dsl.Call, states: States) -> dict[str, Any]:
    return {
        "approvals_required": sum(state.rule.approvals_required for state in states),
        "approvals_left": sum(state.left for state in states if not state.approved),
        "require_password_to_approve": holds(call.store, call.at(Project), PASSWORD),
    }


def _suggested(call: dsl.Call, states: States) -> Any:
    open_to = (user_id for state in states for user_id in state.eligible if user_id not in state.approved_by)
    return shown_users(call.view(), dict.fromkeys(open_to))


def _rules(call: dsl.Call, states: States) -> dict[str, Any]:
    view = call.view()
    return {
        "approval_rules_left": view.many(RULE_SHORT, [one.rule for one in states if not one.approved]),
        "has_approval_rules": any(state.rule.id for state in states),
        "merge_request_approvers_available": True,
        "multiple_approval_rules_available": True,
        "invalid_approvers_rules": view.many(RULE_SHORT, [one.rule for one in states if one.invalid]),
    }


@v4.get(f"{HERE}/approvals")
def show_approvals(call: dsl.Call, merge_request: MergeRequest) -> dict[str, Any]:
    """Show how many approvals a merge request has and needs."""
    return _shown(call, merge_request)


@v4.post(f"{HERE}/approvals", edition="ee", deprecated="use approval rules", until="16.0")
def change_approvals(
    call: dsl.Call, merge_request: MergeRequest, approvals_required: Annotated[int, "How many approvals it needs"]
) -> dict[str, Any]:
    """Change how many approvals a merge request needs."""
    _check_rules(call, merge_request)
    return _shown(call, call.store.update(merge_request, approvals_before_merge=approvals_required))


def _check_rules(call: dsl.Call, merge_request: MergeRequest) -> None:
    if not approvals.may_change_rules(call, merge_request):
        raise Forbidden(reason=f"{access.me(call).username} may not change what approvals this merge request needs")


@v4.get(f"{HERE}/approval_state", edition="ee")
def show_approval_state(call: dsl.Call, merge_request: MergeRequest) -> dict[str, Any]:
    """Show the rules of a merge request, and who satisfied each."""
    states = [state for state in approvals.rule_states(call.store, merge_request) if state.rule.id]
    return {
        "approval_rules_overwritten": bool(approvals.own_rules(call.store, merge_request)),
        "rules": [_state(call, state) for state in states],
    }


def _state(call: dsl.Call, state: approvals.RuleState) -> dict[str, Any]:
    view = call.view()
    eligible = state.eligible if state.rule.rule_type != "any_approver" else eligible_approvers(call.store, state.rule)
    return {
        **STATE_RULE.render(state.rule, view),
        "eligible_approvers": shown_users(view, eligible),
        "source_rule": getattr(state.rule, "source_rule", lambda view: None)(view),
        "overridden": getattr(state.rule, "overridden", lambda view: False)(view),
        "code_owner": False,
        "approved_by": shown_users(view, state.approved_by),
        "approved": state.approved,
    }


# Approving


@v4.post(f"{HERE}/approve")
def approve_merge_request(
    call: dsl.Call,
    merge_request: MergeRequest,
    sha: Annotated[str | None, "The commit that must be the head of the merge request"] = None,
    approval_password: Annotated[str | None, "The user's password, where the project asks for it"] = None,
) -> dict[str, Any]:
    """Approve a merge request."""
    _check_may_approve(call, merge_request)
    _check_head(call, merge_request, sha)
    user, project = access.me(call), call.at(Project)
    if holds(call.store, project, PASSWORD) and (user.password is None or approval_password != user.password):
        raise Unauthorized(reason=f"{project.full_path} asks for approval_password, and it is not {user.username}'s")
    if not approvals.approve(call, merge_request):
        raise Unauthorized(reason=_why_not(call, merge_request))
    return _shown(call, merge_if_ready(call, merge_request))


def _check_may_approve(call: dsl.Call, merge_request: MergeRequest) -> None:
    if not approvals.may_approve(call.store, call.user, merge_request):
        role = access.NAMES.get(access.level(call, call.at(Project)), "no member")
        raise Forbidden(reason=f"{access.me(call).username} is {role} of the project; developer is needed to approve")


def _check_head(call: dsl.Call, merge_request: MergeRequest, sha: str | None) -> None:
    head = latest_version(call.store, merge_request).head_commit_sha
    if sha and sha != head:
        raise Conflict(f"SHA does not match HEAD of source branch: {head}", reason=f"sha says {sha}")


def _why_not(call: dsl.Call, merge_request: MergeRequest) -> str:
    user = access.me(call)
    if merge_request.state == "merged":
        return "the merge request is merged"
    if approvals.has_approved(call.store, merge_request, user):
        return f"{user.username} approved it already"
    whose = "opened it" if merge_request.author_id == user.id else "committed to it"
    return f"{user.username} {whose}, and the project lets such approvals not count"


@v4.post(f"{HERE}/unapprove")
def unapprove_merge_request(call: dsl.Call, merge_request: MergeRequest) -> dict[str, Any]:
    """Take one's approval of a merge request back."""
    _check_may_approve(call, merge_request)
    if not approvals.unapprove(call, merge_request):
        raise NotFound(reason=f"{access.me(call).username} has no approval of it to take back")
    return _shown(call, merge_request)


@v4.put(f"{HERE}/reset_approvals", success=202, since="15.4")
def reset_approvals(call: dsl.Call, merge_request: MergeRequest) -> int:
    """Take all approvals of a merge request back, which only the bots of project and group access tokens may.

    Answers the status alone.
    """
    user = access.me(call)
    is_bot = user.user_type == "project_bot" and access.level(call, call.at(Project)) >= access.DEVELOPER
    if not is_bot or merge_request.state == "merged":
        raise Unauthorized(reason=f"{user.username} is no bot of the project's or group's access tokens")
    approvals.reset(call.store, merge_request)
    return 202
