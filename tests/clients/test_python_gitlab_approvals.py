"""Approvals of merge requests through python-gitlab: rules, approving, what merging waits for."""

from typing import Any

import gitlab
import pytest

from tests.clients.python_gitlab_rig import refused
from tests.merge_request_world import OPENED, world

pytestmark = pytest.mark.mockgitlab(scenario=world(OPENED))


def proposed_by(bob: Any) -> Any:
    """Return the merge request, as bob sees it who opened it."""
    return bob.projects.get("acme/rocket").mergerequests.get(1)


def test_rules_of_a_project_are_made_changed_and_deleted(rocket: Any) -> None:
    rule = rocket.approvalrules.create({"name": "Security", "approvals_required": 1, "user_ids": [2]})
    rule.approvals_required = 2
    rule.save()
    assert [(one.name, one.approvals_required) for one in rocket.approvalrules.list(get_all=True)] == [("Security", 2)]
    rule.delete()
    assert rocket.approvalrules.list(get_all=True) == []


def test_how_a_project_asks_for_approvals_is_changed(rocket: Any) -> None:
    settings = rocket.approvals.get()
    settings.merge_requests_author_approval = True
    settings.save()
    assert rocket.approvals.get().merge_requests_author_approval is True


def test_a_merge_request_waits_for_its_approvals(rocket: Any, bob: Any) -> None:
    rocket.approvalrules.create({"name": "All Members", "approvals_required": 1})
    proposed = proposed_by(bob)
    assert proposed.detailed_merge_status == "not_approved"
    assert refused(gitlab.GitlabAuthenticationError, proposed.approve)[0] == 401
    reviewed = rocket.mergerequests.get(1)
    reviewed.approve(sha=reviewed.sha)
    assert [one["user"]["username"] for one in reviewed.approvals.get().approved_by] == ["ada"]
    [state] = reviewed.approval_state.get().rules
    assert (state["approved"], state["rule_type"]) == (True, "any_approver")
    reviewed.unapprove()
    assert reviewed.approvals.get().approvals_left == 1


def test_a_merge_request_has_rules_of_its_own(bob: Any) -> None:
    proposed = proposed_by(bob)
    rule = proposed.approval_rules.create({"name": "Mine", "approvals_required": 1, "user_ids": [2]})
    assert [one.id for one in proposed.approval_rules.list(get_all=True)] == [rule.id]
    rule.delete()
    assert proposed.approval_rules.list(get_all=True) == []
